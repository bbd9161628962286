/** Programs of a party read nothing: an administrator accepts restrictions in their name, and answers for it. */
import { restrictionsOf } from '@weighhouse/formats/terms/assent.ts'
import { Bot } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Field } from '../../parts/Field.tsx'
import { SaveForm } from '../../parts/SaveForm.tsx'
import { whenSaid } from '../data.ts'
import { isSigned, type OwnPeople } from './people.ts'

const Form = ({ named }: Pick<OwnPeople, 'named'>) => {
  const [account, setAccount] = useState('')
  const accept = useAct({
    act: () => hub.acceptAgreementFor({ ...named, account: account.trim() }),
    stale: whenSaid,
    done: () => `Accepted for ${account.trim()}.`,
  })
  return (
    <SaveForm
      save={accept}
      verb="Accept for it"
      reason={account.trim() === '' ? 'Name the program first.' : undefined}
    >
      <Field
        label="Service account"
        help={`A program of ${named.org}. You answer for what it does.`}
        value={account}
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        onChange={({ target }) => setAccount(target.value)}
      />
    </SaveForm>
  )
}

export const Programs = ({ named, agreement, body }: OwnPeople) => {
  const [isOpen, setOpen] = useState(false)
  if (restrictionsOf(body.terms).length === 0 || !isSigned(agreement)) return null
  return (
    <section>
      <h3 className="text-dense font-semibold">Programs</h3>
      <p className="mt-1 mb-2 text-dense text-ink-2">
        People accept the restrictions for themselves, on the page of what they use. For programs
        you do.
      </p>
      {isOpen ? (
        <Form named={named} />
      ) : (
        <Button
          size="small"
          icon={<Bot size={14} strokeWidth={2} aria-hidden />}
          onClick={() => setOpen(true)}
        >
          Accept for a program
        </Button>
      )}
    </section>
  )
}
