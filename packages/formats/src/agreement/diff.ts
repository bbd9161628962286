/** What one version of an agreement changes of another: clauses word by word, machine terms rule by rule, and all else by its name. */
import { canonicalJson } from '../json/canonical.ts'
import type { Constraint, Terms } from '../terms/terms.ts'
import {
  constraintWords,
  obligationWords,
  permissionWords,
  prohibitionWords,
} from '../terms/words.ts'
import type { AgreementBody } from './body.ts'

export type Change = 'added' | 'removed' | 'changed'

/** Pieces of a text in their order; joined without the removed ones they are the new text, without the added ones the old. */
export interface Segment {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

export interface ClauseChange {
  readonly id: string
  readonly title: string
  readonly change: Change
  readonly segments: readonly Segment[]
}

export interface TermChange {
  readonly rule: string
  readonly kind: 'permission' | 'prohibition' | 'obligation'
  readonly clause: string
  readonly change: Change
  /** The rule in words. */
  readonly before: string | undefined
  readonly after: string | undefined
  /** Limits that came or went, in words. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

export interface MemberChange {
  readonly member: string
  /** Canonical JSON; `null` for a member that is not there. */
  readonly before: string
  readonly after: string
}

export interface BodyDiff {
  readonly clauses: readonly ClauseChange[]
  readonly terms: readonly TermChange[]
  readonly members: readonly MemberChange[]
}

/** Words with the spaces after them, so that joined they are the text. */
const wordsOf = (text: string): string[] => text.match(/\s*\S+\s*/g) ?? (text === '' ? [] : [text])

/** Beyond these the whole middle counts as replaced: the table of the comparison grows with the product. */
const cellsMax = 1_000_000

const push = (segments: Segment[], kind: Segment['kind'], words: readonly string[]): void => {
  if (words.length === 0) return
  const text = words.join('')
  const last = segments.at(-1)
  if (last?.kind === kind) segments[segments.length - 1] = { kind, text: last.text + text }
  else segments.push({ kind, text })
}

/** Lengths of the longest common subsequences of all ends of both, row by row. */
const commonLengths = (a: readonly string[], b: readonly string[]): Uint16Array[] => {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [row, below] = [rows[i], rows[i + 1]]
    if (row === undefined || below === undefined) break
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return rows
}

const middle = (segments: Segment[], a: readonly string[], b: readonly string[]): void => {
  if (a.length * b.length > cellsMax) {
    push(segments, 'removed', a)
    push(segments, 'added', b)
    return
  }
  const lengths = commonLengths(a, b)
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    const [was = '', is = ''] = [a[i], b[j]]
    const isBoth = i < a.length && j < b.length
    if (isBoth && was === is) {
      push(segments, 'same', [was])
      i += 1
      j += 1
    } else if (
      i < a.length &&
      (j >= b.length || (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      push(segments, 'removed', [was])
      i += 1
    } else {
      push(segments, 'added', [is])
      j += 1
    }
  }
}

/** Word by word. */
export const diffText = (before: string, after: string): Segment[] => {
  const [a, b] = [wordsOf(before), wordsOf(after)]
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let end = 0
  const most = Math.min(a.length, b.length) - start
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1
  const segments: Segment[] = []
  push(segments, 'same', a.slice(0, start))
  middle(segments, a.slice(start, a.length - end), b.slice(start, b.length - end))
  push(segments, 'same', a.slice(a.length - end))
  return segments
}

/** Pairs by id: in the order of the new ones, then what is gone. */
const pairs = <T extends { readonly id: string }>(
  before: readonly T[],
  after: readonly T[],
): { was: T | undefined; is: T | undefined }[] => {
  const old = new Map(before.map((one) => [one.id, one]))
  const kept = new Set(after.map(({ id }) => id))
  return [
    ...after.map((is) => ({ was: old.get(is.id), is })),
    ...before.filter(({ id }) => !kept.has(id)).map((was) => ({ was, is: undefined })),
  ]
}

const changeOf = (was: object | undefined, is: object | undefined): Change =>
  was === undefined ? 'added' : is === undefined ? 'removed' : 'changed'

const isSame = (was: unknown, is: unknown): boolean => canonicalJson(was) === canonicalJson(is)

const clauseText = ({ title, text, strength }: AgreementBody['clauses'][number]): string =>
  `${title} [${strength}]\n${text}`

const diffClauses = (
  before: AgreementBody['clauses'],
  after: AgreementBody['clauses'],
): ClauseChange[] =>
  pairs(before, after).flatMap(({ was, is }) => {
    const shown = is ?? was
    if (shown === undefined || (was !== undefined && is !== undefined && isSame(was, is))) return []
    const segments = diffText(
      was === undefined ? '' : clauseText(was),
      is === undefined ? '' : clauseText(is),
    )
    return [{ id: shown.id, title: shown.title, change: changeOf(was, is), segments }]
  })

const diffRules = <T extends { readonly id: string; readonly clause: string }>(
  kind: TermChange['kind'],
  { before, after }: { before: readonly T[]; after: readonly T[] },
  words: (rule: T) => string,
  limitsOf: (rule: T) => readonly Constraint[],
): TermChange[] =>
  pairs(before, after).flatMap(({ was, is }) => {
    const shown = is ?? was
    if (shown === undefined || (was !== undefined && is !== undefined && isSame(was, is))) return []
    const old = new Set(was === undefined ? [] : limitsOf(was).map(constraintWords))
    const now = new Set(is === undefined ? [] : limitsOf(is).map(constraintWords))
    return [
      {
        rule: shown.id,
        kind,
        clause: shown.clause,
        change: changeOf(was, is),
        before: was && words(was),
        after: is && words(is),
        added: [...now].filter((one) => !old.has(one)),
        removed: [...old].filter((one) => !now.has(one)),
      },
    ]
  })

const diffTerms = (before: Terms, after: Terms): TermChange[] => [
  ...diffRules(
    'permission',
    { before: before.permissions, after: after.permissions },
    permissionWords,
    ({ constraints }) => constraints,
  ),
  ...diffRules(
    'prohibition',
    { before: before.prohibitions, after: after.prohibitions },
    prohibitionWords,
    ({ constraints }) => constraints,
  ),
  ...diffRules(
    'obligation',
    { before: before.obligations, after: after.obligations },
    obligationWords,
    () => [],
  ),
]

/** Those that say nothing of their own: the number of a version, and what stands above. */
const passedOver: ReadonlySet<string> = new Set([
  'format',
  'agreement',
  'version',
  'supersedes',
  'clauses',
  'terms',
])

/** Nothing of what is the same; clauses and rules in the order of the later text, what is gone after them. */
export const diffBodies = (before: AgreementBody, after: AgreementBody): BodyDiff => {
  const old = new Map<string, unknown>(Object.entries(before))
  const now = new Map<string, unknown>(Object.entries(after))
  const members = new Set([...now.keys(), ...old.keys()])
  return {
    clauses: diffClauses(before.clauses, after.clauses),
    terms: diffTerms(before.terms, after.terms),
    members: [...members].flatMap((member) => {
      const [was, is] = [old.get(member) ?? null, now.get(member) ?? null]
      if (passedOver.has(member) || isSame(was, is)) return []
      return [{ member, before: canonicalJson(was), after: canonicalJson(is) }]
    }),
  }
}
