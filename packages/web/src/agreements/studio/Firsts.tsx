/** What has to be done before something is permitted, such as a payment: the side that gives says when it was. */
import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleDashed } from 'lucide-react'
import { useState } from 'react'
import { hub } from '../../app/api.ts'
import { Button } from '../../parts/Button.tsx'
import { Time } from '../../parts/Time.tsx'
import { plainName } from '../../parts/words.ts'
import { statementsQuery } from '../data.ts'
import { SayDialog } from '../SayDialog.tsx'
import { isSigned, type OwnPeople } from './people.ts'
import { type First, firstsOf, firstWords } from './terms.ts'

const FirstRow = ({
  first,
  doneAt,
  onNote,
}: {
  readonly first: First
  readonly doneAt: string | undefined
  /** Absent for who does not say it. */
  readonly onNote: (() => void) | undefined
}) => (
  <li className="flex items-start gap-2 py-2 text-dense">
    {doneAt === undefined ? (
      <CircleDashed size={16} strokeWidth={1.75} className="text-ink-3" aria-hidden />
    ) : (
      <CircleCheck size={16} strokeWidth={1.75} className="text-pass" aria-hidden />
    )}
    <div className="min-w-0 flex-1">
      <p>
        {firstWords(first.name)}
        {first.detail === '' ? '' : `: ${plainName(first.detail)}`}
      </p>
      <p className="text-meta text-ink-3">
        {doneAt === undefined ? (
          `before the other side may ${first.what}`
        ) : (
          <>
            done, as was said on <Time at={doneAt} asDay />
          </>
        )}
      </p>
    </div>
    {doneAt !== undefined || onNote === undefined ? null : (
      <Button size="tight" aria-label={`It was done: ${firstWords(first.name)}`} onClick={onNote}>
        It was done
      </Button>
    )}
  </li>
)

/** `gives` is whether the viewer's side is one of those that say it. */
export const Firsts = ({
  named,
  agreement,
  body,
  gives,
}: OwnPeople & { readonly gives: boolean }) => {
  const { data } = useQuery(statementsQuery(named))
  const [noting, setNoting] = useState<First>()
  const firsts = firstsOf(body)
  if (firsts.length === 0) return null
  const doneAt = ({ rule, name }: First): string | undefined =>
    data?.statements.find(
      ({ kind, data: said }) => kind === 'precondition_done' && said.subject === `${rule}/${name}`,
    )?.at
  const mayNote = gives && isSigned(agreement)
  return (
    <section>
      <h3 className="text-dense font-semibold">What has to be done first</h3>
      <ul className="mt-1 flex flex-col divide-y divide-line">
        {firsts.map((first) => (
          <FirstRow
            key={`${first.rule}/${first.name}`}
            first={first}
            doneAt={doneAt(first)}
            onNote={mayNote ? () => setNoting(first) : undefined}
          />
        ))}
      </ul>
      {noting === undefined ? null : (
        <SayDialog
          title={`It was done: ${firstWords(noting.name)}`}
          verb="Say that it was done"
          act={() => hub.notePrecondition({ ...named, rule: noting.rule, name: noting.name })}
          onClose={() => setNoting(undefined)}
        >
          <p className="text-dense">
            From now on the other side may {noting.what}. It stands in the record, and cannot be
            taken back.
          </p>
        </SayDialog>
      )}
    </section>
  )
}
