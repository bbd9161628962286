/** What the hub points out before anybody signs: a line above the text that leads to the clauses, and a note at each of them. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { Banner } from '../../parts/Banner.tsx'
import { plural } from '../../parts/words.ts'
import type { Finding } from '../data.ts'
import { type ByClause, isBlocking } from './findings.ts'
import { showClause } from './Outline.tsx'

export const ClauseFindings = ({ findings }: { readonly findings: readonly Finding[] }) => (
  <ul
    aria-label="What the hub points out"
    className="mt-3 flex flex-col gap-2 rounded-panel border border-line-2 bg-surface px-3 py-2 font-sans text-dense sm:-mx-3"
  >
    {findings.map((one) => (
      <li key={`${one.code} ${one.rule}`} className="flex gap-2">
        {isBlocking(one) ? (
          <CircleAlert size={16} className="mt-0.5 shrink-0 text-fail" aria-hidden />
        ) : (
          <TriangleAlert size={16} className="mt-0.5 shrink-0 text-warn" aria-hidden />
        )}
        <span className="min-w-0 break-words">
          {isBlocking(one) ? (
            <strong className="font-semibold text-fail">Cannot be signed: </strong>
          ) : null}
          {one.message}
        </span>
      </li>
    ))}
  </ul>
)

interface NoteProps {
  readonly body: AgreementBody
  readonly findings: ByClause
}

const Links = ({ body, ids }: { readonly body: AgreementBody; readonly ids: readonly string[] }) =>
  body.clauses.map(({ id, title }, i) =>
    ids.includes(id) ? (
      <span key={id}>
        {id === ids[0] ? ' ' : ', '}
        <button
          type="button"
          aria-label={`Clause ${i + 1}, ${title}`}
          onClick={() => showClause(id)}
          className="cursor-pointer text-link underline underline-offset-2"
        >
          {i + 1}
        </button>
      </span>
    ) : null,
  )

/** Nothing where there is nothing to say. */
export const FindingsNote = ({ body, findings }: NoteProps) => {
  const all = [...findings.values()].flat()
  const broken = [...findings].filter(([, found]) => found.some(isBlocking)).map(([id]) => id)
  if (all.length === 0) return null
  if (broken.length > 0) {
    return (
      <Banner kind="fail">
        This text cannot be signed: its terms do not hold together. See{' '}
        {broken.length === 1 ? 'clause' : 'clauses'}
        <Links body={body} ids={broken} />. Write another version without that.
      </Banner>
    )
  }
  return (
    <Banner kind="warn">
      The hub points out {plural(all.length, 'thing')} to know before signing, in{' '}
      {findings.size === 1 ? 'clause' : 'clauses'}
      <Links body={body} ids={[...findings.keys()]} />.
    </Banner>
  )
}
