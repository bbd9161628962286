/** The text that is signed: the words first, machine terms beneath, what backs each beside. Changes are said as well as coloured. */
import '@fontsource/ibm-plex-serif/latin-400.css'
import '@fontsource/ibm-plex-serif/latin-600.css'
import type { AgreementBody, Clause } from '@weighhouse/formats/agreement/body.ts'
import { Reply } from 'lucide-react'
import { Avatar } from '../../parts/Avatar.tsx'
import { LinkButton } from '../../parts/Button.tsx'
import { ClassLabel, Weight } from '../../parts/Weight.tsx'
import { plainName } from '../../parts/words.ts'
import type { Diff, Finding } from '../data.ts'
import { checkWords } from '../words.ts'
import { ClauseFindings } from './Findings.tsx'
import type { ByClause } from './findings.ts'
import { clauseAnchor } from './Outline.tsx'
import { textSegments } from './segments.ts'
import { termsOfClause } from './terms.ts'
import { weightOf } from './weights.ts'

type ClauseDiff = Diff['clauses'][number]
type TermDiff = Diff['terms'][number]

const Deleted = ({ text }: { readonly text: string }) => (
  <del className="rounded-bar bg-del-bg text-del-ink">
    <span className="sr-only">deleted: </span>
    {text}
  </del>
)

const Inserted = ({ text }: { readonly text: string }) => (
  <ins className="rounded-bar bg-add-bg text-add-ink decoration-2 underline-offset-3">
    <span className="sr-only">inserted: </span>
    {text}
  </ins>
)

const Words = ({
  clause,
  diff,
}: {
  readonly clause: Clause
  readonly diff: ClauseDiff | undefined
}) => {
  if (diff === undefined) return <>{clause.text}</>
  return (
    <>
      {textSegments(diff.segments).map(({ kind, text }, i) => {
        if (kind === 'same') return <span key={i}>{text}</span>
        const edge = / *$/.exec(text)?.[0] ?? ''
        const bare = text.slice(0, text.length - edge.length)
        return (
          <span key={i}>
            {kind === 'added' ? <Inserted text={bare} /> : <Deleted text={bare} />}
            {edge === '' ? ' ' : edge}
          </span>
        )
      })}
    </>
  )
}

/** A rule that is changed: where one limit took the place of others, that alone is marked; else the whole of it before and after. */
const Changed = ({ change, words }: { readonly change: TermDiff; readonly words: string }) => {
  const { added, removed, before } = change
  const [limit] = added
  const at = limit === undefined || added.length > 1 ? -1 : words.indexOf(limit)
  if (limit !== undefined && at !== -1) {
    return (
      <>
        {words.slice(0, at)}
        {removed.length === 0 ? null : <Deleted text={removed.join(' and ')} />}{' '}
        <Inserted text={limit} />
        {words.slice(at + limit.length)}
      </>
    )
  }
  return (
    <>
      {before === null ? null : <Deleted text={before} />} <Inserted text={words} />
    </>
  )
}

interface TermsProps {
  readonly body: AgreementBody
  readonly clause: Clause
  readonly changes: readonly TermDiff[]
}

const Terms = ({ body, clause, changes }: TermsProps) => (
  <ul className="mt-2 flex flex-col gap-1">
    {termsOfClause(body, clause.id).map(({ id, words }) => {
      const change = changes.find(({ rule }) => rule === id)
      return (
        <li key={id} className="flex gap-2 text-ink-2">
          <span className="pt-0.5">
            <Weight kind={weightOf[clause.strength]} size={13} />
          </span>
          <code className="min-w-0 text-code" translate="no" dir="ltr">
            {change === undefined ? words : <Changed change={change} words={words} />}
          </code>
        </li>
      )
    })}
    <li className="ps-[21px] text-meta text-ink-3">{checkWords[clause.strength]}</li>
  </ul>
)

export interface Redline {
  readonly diff: Diff
  /** Who asks for the changes. */
  readonly by: string
  /** Where they are answered; absent for those who asked. */
  readonly counterTo: string | undefined
}

const Asked = ({
  by,
  counterTo,
  what,
}: {
  readonly by: string
  readonly counterTo: string | undefined
  readonly what: string
}) => (
  <p className="mt-3 flex flex-wrap items-center gap-2 rounded-panel border border-line-2 bg-surface px-3 py-2 font-sans text-dense sm:-mx-3">
    <Avatar name={by} kind="org" size={18} />
    <span className="min-w-0 flex-1">
      <strong className="font-semibold">{by}</strong> {what}
    </span>
    {counterTo === undefined ? null : (
      <LinkButton
        to={counterTo}
        size="tight"
        icon={<Reply size={12} strokeWidth={2} aria-hidden />}
      >
        Counter
      </LinkButton>
    )}
  </p>
)

interface ClauseProps {
  readonly body: AgreementBody
  readonly clause: Clause
  readonly number: number
  readonly redline: Redline | undefined
  readonly findings: readonly Finding[] | undefined
}

const ClauseSection = ({ body, clause, number, redline, findings }: ClauseProps) => {
  const diff = redline?.diff.clauses.find(({ id }) => id === clause.id)
  const changes = redline?.diff.terms.filter((one) => one.clause === clause.id) ?? []
  const isChanged = diff !== undefined || changes.length > 0
  return (
    <section
      id={clauseAnchor(clause.id)}
      tabIndex={-1}
      aria-labelledby={`${clauseAnchor(clause.id)}-title`}
      className="scroll-mt-4 border-t border-paper-line py-5 outline-none first:border-t-0"
    >
      <header className="flex items-start gap-3">
        <h2
          id={`${clauseAnchor(clause.id)}-title`}
          className="min-w-0 flex-1 font-serif text-[16px]/[22px] font-semibold"
        >
          <span className="inline-block w-7 font-sans text-dense font-normal text-ink-3">
            {number}
          </span>
          {plainName(clause.title)}
        </h2>
        <ClassLabel strength={clause.strength} />
      </header>
      <div className="sm:ps-7">
        <p className="mt-1 font-serif text-[15px]/[24px] whitespace-pre-line">
          <Words clause={clause} diff={diff?.change === 'changed' ? diff : undefined} />
        </p>
        <Terms body={body} clause={clause} changes={changes} />
        {findings === undefined ? null : <ClauseFindings findings={findings} />}
        {redline !== undefined && isChanged ? (
          <Asked
            by={redline.by}
            counterTo={redline.counterTo}
            what={diff?.change === 'added' ? 'asks for this clause' : 'asks for this change'}
          />
        ) : null}
      </div>
    </section>
  )
}

interface PaperProps {
  readonly body: AgreementBody
  readonly redline?: Redline | undefined
  readonly findings?: ByClause
}

const Removed = ({ diff, by, counterTo }: Redline) => {
  const gone = diff.clauses.filter(({ change }) => change === 'removed')
  return gone.map(({ id, title, segments }) => (
    <section key={id} className="border-t border-paper-line py-5" aria-label={`Left out: ${title}`}>
      <p className="font-serif text-[15px]/[24px]">
        <Deleted text={`${title}. ${segments.map(({ text }) => text).join('')}`} />
      </p>
      <Asked by={by} counterTo={counterTo} what="leaves this clause out" />
    </section>
  ))
}

export const Paper = ({ body, redline, findings }: PaperProps) => (
  <article
    lang={body.language}
    aria-label="The text"
    className="mx-auto max-w-[776px] border-x border-paper-line bg-paper px-5 py-3 sm:px-10"
  >
    {body.clauses.map((clause, i) => (
      <ClauseSection
        key={clause.id}
        body={body}
        clause={clause}
        number={i + 1}
        redline={redline}
        findings={findings?.get(clause.id)}
      />
    ))}
    {redline === undefined ? null : <Removed {...redline} />}
  </article>
)
