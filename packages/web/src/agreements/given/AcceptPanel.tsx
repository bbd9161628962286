/** Restrictions that no request shows kept or broken: each person reads them and says that they keep to them. */
import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { hub } from '../../app/api.ts'
import { Banner } from '../../parts/Banner.tsx'
import { Button } from '../../parts/Button.tsx'
import { Panel } from '../../parts/Panel.tsx'
import { Time } from '../../parts/Time.tsx'
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { type Given, whenSaid } from '../data.ts'
import { plainWordsOf } from '../studio/terms.ts'

interface AcceptProps {
  readonly given: Given
  readonly text: {
    readonly sha256: string
    readonly version: number
    readonly restrictions: readonly string[]
    readonly body: AgreementBody
  }
}

const Accept = ({ given, text }: AcceptProps) => {
  const [isRead, setRead] = useState(false)
  const accept = useAct({
    act: () => hub.acceptAgreement({ org: given.org, id: given.id, sha256: text.sha256 }),
    stale: whenSaid,
    done: 'Accepted. It is written down with the text you have read.',
  })
  return (
    <>
      {accept.error === null ? null : <Banner kind="fail">{accept.error.message}</Banner>}
      <label className="flex min-h-11 cursor-pointer items-start gap-3 text-dense">
        <input
          type="checkbox"
          checked={isRead}
          onChange={({ target }) => setRead(target.checked)}
          className="mt-0.5 size-4 shrink-0 accent-accent"
        />
        <span>I have read the text beside, and I keep to these restrictions.</span>
      </label>
      <Button
        kind="primary"
        isBusy={accept.isPending}
        reason={isRead ? undefined : 'Confirm that you have read it.'}
        onClick={() => accept.mutate()}
      >
        Accept the restrictions
      </Button>
    </>
  )
}

export const AcceptPanel = ({ given, text }: AcceptProps) => {
  if (text.restrictions.length === 0) return null
  const lines = plainWordsOf(text.body).mayNot.filter(({ id }) => text.restrictions.includes(id))
  return (
    <Panel title={given.acceptedAt === null ? 'Before you use it' : 'What you accepted'}>
      <div className="flex flex-col gap-3">
        <p className="text-dense">
          The hub cannot see whether these are kept, so each person answers for them. You may not:
        </p>
        <ul className="list-disc ps-5 text-dense">
          {lines.map(({ id, text: words }) => (
            <li key={id}>{words}</li>
          ))}
        </ul>
        {given.acceptedAt === null ? (
          <Accept given={given} text={text} />
        ) : (
          <p className="flex items-center gap-2 text-dense">
            <CircleCheck size={16} strokeWidth={1.75} className="text-pass" aria-hidden />
            <span>
              Accepted <Time at={given.acceptedAt} asDay />, version {text.version}.
            </span>
          </p>
        )}
      </div>
    </Panel>
  )
}
