/** Judges one repo by what is stored of its ancestors: loads them level by level, within bounds, and lets the rules speak. */
import {
  cardSigns,
  declaredLicence,
  readLicence,
  type Relation,
} from '@weighhouse/formats/licence/card.ts'
import { judge, type Judgement } from '@weighhouse/formats/licence/judge.ts'
import {
  type Known,
  lineageCountMax,
  lineageDepthMax,
  type Tie,
  walkLineage,
} from '@weighhouse/formats/licence/lineage.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import * as sql from './lineage.sql.ts'
import type { CardKeys, Stated } from './stated.ts'

/** The repo that is judged; the id is absent for one that is not there yet. */
export interface Judged {
  readonly id: RepoId | undefined
  readonly ownerId: AccountId
  /** `owner/name`. */
  readonly path: string
}

/** What is kept of a card beside its ties. */
export interface Kept {
  readonly keys: CardKeys
  readonly isCut: boolean
}

// A cast because only this room writes the column.
export const keptOf = (row: Pick<Row<'repo_licence'>, 'stated'>): Kept =>
  JSON.parse(row.stated) as Kept

/** What a card says, as SPDX spells it; undefined when it says nothing clear. */
export const expressionOf = (keys: CardKeys): string | undefined => {
  const declared = declaredLicence(keys)
  return declared.kind === 'expression' ? declared.text : undefined
}

type AnyTie = Pick<Row<'repo_lineage'>, 'type' | 'name' | 'parent_id' | 'relation' | 'licence'>

export const tieRow = (tie: Stated['ties'][number]): AnyTie => ({
  type: tie.type,
  name: tie.name,
  parent_id: tie.parentId ?? null,
  relation: tie.relation,
  licence: tie.licence ?? null,
})

const keyOf = ({ type, name, parent_id: id, licence }: AnyTie): string =>
  id ?? `elsewhere:${type}/${name}/${licence ?? ''}`

const toTie = (tie: AnyTie): Tie => ({
  parent: keyOf(tie),
  // A cast because only this room writes the column.
  relation: tie.relation as Relation,
})

const root = 'root'

/** Everything above some ties, as far as it is followed at all. */
const load = async (q: Querier, first: readonly AnyTie[], subject: Judged) => {
  const ties = new Map<string, readonly Tie[]>([[subject.id ?? root, first.map(toTie)]])
  const known = new Map<string, Known>()
  let level = first
  for (let depth = 0; level.length > 0 && depth <= lineageDepthMax; depth += 1) {
    for (const one of level) {
      if (one.parent_id !== null || known.has(keyOf(one))) continue
      const declared = readLicence(one.licence ?? '')
      known.set(keyOf(one), { name: one.name, declared, isOwn: false })
    }
    const ids = [...new Set(level.flatMap(({ parent_id: id }) => id ?? []))]
      .filter((id) => !ties.has(id))
      .slice(0, lineageCountMax)
    const names = new Map(level.map((one) => [one.parent_id, one.name]))
    const rows = new Map((await sql.licencesOf(q, ids)).map((row) => [row.repo_id, row]))
    for (const id of ids) {
      const row = rows.get(id)
      known.set(id, {
        name: row?.path ?? names.get(id) ?? id,
        declared: declaredLicence(row === undefined ? {} : keptOf(row).keys),
        isOwn: row?.owner_id === subject.ownerId,
      })
      ties.set(id, [])
    }
    const next = ties.size > lineageCountMax ? [] : await sql.tiesOf(q, ids)
    for (const id of ids) ties.set(id, next.filter((one) => one.child_id === id).map(toTie))
    level = next
  }
  return { ties, known }
}

/** `copied` are ties that the hub made itself: what is copied brings its words, or their lack, along. */
export const judgeRepo = async (
  q: Querier,
  subject: Judged,
  stated: Kept & { readonly ties: readonly AnyTie[]; readonly copied: readonly AnyTie[] },
): Promise<Judgement> => {
  const { ties, known } = await load(q, [...stated.copied, ...stated.ties], subject)
  const copied = new Set(stated.copied.map(keyOf))
  const walk = walkLineage(
    subject.id ?? root,
    (key) => ties.get(key) ?? [],
    (key) => {
      const one = known.get(key)
      return one !== undefined && copied.has(key) ? { ...one, isOwn: true } : one
    },
  )
  const name = subject.path.slice(subject.path.indexOf('/') + 1)
  const declared = declaredLicence(stated.keys)
  return judge(
    { name, declared, ...cardSigns(stated.keys) },
    { ...walk, isCut: walk.isCut || stated.isCut },
  )
}
