/** Whom a party has given access under an agreement. */
import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import { type AgreementGrant, grantsQuery } from '../data.ts'
import { purposeLabel } from '@weighhouse/formats/terms/purposes.ts'
import { Entries, type Entry } from './Entries.tsx'
import { GiveForm } from './GiveForm.tsx'
import { isSigned, type OwnPeople, whomWords } from './people.ts'

const entryOf = (grant: AgreementGrant): Entry => ({
  id: grant.id,
  title: `${plainName(grant.project)}, ${whomWords(grant.granteeKind, grant.granteeName)}`,
  isOver: grant.isOver,
  about: (
    <>
      {grant.purposes.map(purposeLabel).join(', ')}
      {grant.isOver ? ' · over' : null}
      {grant.to === null ? null : (
        <>
          {' '}
          · until <Time at={grant.to} asDay />
        </>
      )}
    </>
  ),
})

export const Grants = ({ named, agreement, body }: OwnPeople) => {
  const { data, error } = useQuery(grantsQuery(named))
  const [isGiving, setGiving] = useState(false)
  return (
    <section>
      <h3 className="text-dense font-semibold">Whom {named.org} has given access</h3>
      {error === null ? null : <p className="mt-1 text-dense text-ink-3">{error.message}</p>}
      {data?.length === 0 ? (
        <p className="mt-1 text-dense text-ink-2">
          Nobody yet. The agreement covers the organisation; who of its people uses it is for you to
          say.
        </p>
      ) : null}
      <Entries
        items={(data ?? []).map(entryOf)}
        endTitle={({ title }) => `End access of ${title}`}
        endVerb="End access"
        end={({ id }) => hub.endAgreementGrant({ ...named, grant: id })}
      >
        The hub gives no more access under it from now on. What was downloaded stays where it is:
        the agreement says what becomes of it.
      </Entries>
      {isGiving ? (
        <GiveForm named={named} body={body} onDone={() => setGiving(false)} />
      ) : isSigned(agreement) ? (
        <Button
          size="small"
          icon={<UserPlus size={14} strokeWidth={2} aria-hidden />}
          onClick={() => setGiving(true)}
        >
          Give access
        </Button>
      ) : (
        <p className="text-meta text-ink-3">Access can be given once it is signed.</p>
      )}
    </section>
  )
}
