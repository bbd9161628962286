/** Writes what a card states, judges it and tells of what changed, inside the transaction that moves the name. */
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { Judgement } from '@weighhouse/formats/licence/judge.ts'
import { licenceTableVersion } from '@weighhouse/formats/licence/table-data.ts'
import { sharedWith, takenUnder } from '../agreements/index.ts'
import type { Tx } from '../events/index.ts'
import type { AccountId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { LineageDeps } from './index.ts'
import { expressionOf, type Judged, judgeRepo, type Kept, keptOf, tieRow } from './judging.ts'
import * as sql from './lineage.sql.ts'
import type { Stated } from './stated.ts'
import { stopOf } from './stops.ts'

type LicenceRow = Row<'repo_licence'>

const isSame = (a: LicenceRow | undefined, b: LicenceRow): boolean =>
  a !== undefined &&
  a.expression === b.expression &&
  a.verdict === b.verdict &&
  a.terms === b.terms &&
  a.findings === b.findings

const closes = (a: LicenceRow | undefined, b: LicenceRow): boolean =>
  (a?.stop ?? null) !== b.stop ||
  (a?.stop_from_ms ?? 0) !== b.stop_from_ms ||
  (a?.unknown_from_ms ?? null) !== b.unknown_from_ms ||
  (a?.excludes ?? null) !== b.excludes

export const makeWriting = ({ repos, events, shareGuard, clock }: LineageDeps) => {
  const rowOf = async (
    q: Querier,
    { id, ownerId, path }: Judged & { id: RepoId },
    { cardOid, keys, isCut }: Kept & { cardOid: LicenceRow['card_oid'] },
    { findings, terms, proposal, verdict }: Judgement,
  ): Promise<LicenceRow> => {
    const overrides = await sql.overridesOf(q, id, limits.licenceOverridesPerRepoMax)
    return {
      repo_id: id,
      owner_id: ownerId,
      path,
      card_oid: cardOid,
      stated: JSON.stringify({ keys, isCut }),
      expression: expressionOf(keys) ?? null,
      terms: JSON.stringify(terms),
      findings: JSON.stringify(findings),
      proposal: JSON.stringify(proposal),
      verdict,
      ...stopOf(findings, overrides, clock.nowMs()),
      excludes: terms.excludes.length === 0 ? null : terms.excludes.join(','),
      table_version: licenceTableVersion,
      judged_at_ms: clock.nowMs(),
    }
  }

  /** Tells what others read of it: those made from it follow. */
  const store = async (
    tx: Tx,
    {
      before,
      row,
      hasInherited,
    }: { before: LicenceRow | undefined; row: LicenceRow; hasInherited: boolean },
  ): Promise<void> => {
    await sql.putLicence(tx.q, row)
    if (closes(before, row)) await repos.raiseEpoch(tx.q, row.repo_id)
    if (isSame(before, row) && !hasInherited) return
    const { verdict: to, expression } = row
    const payload = { from: before?.verdict ?? null, to, expression }
    await events.append(tx, 'licence_judged', payload, row.repo_id)
  }

  /** Notes the agreements that go along; with `isKept` those from before stay. Answers whether they are others now. */
  const inherit = async (
    q: Querier,
    { id, ownerId }: { id: RepoId; ownerId: AccountId },
    ties: readonly Pick<Row<'repo_lineage'>, 'parent_id'>[],
    isKept: boolean,
  ): Promise<boolean> => {
    const parents = ties.flatMap(({ parent_id: parent }) => parent ?? [])
    const before = await sql.inheritedBy(q, [id])
    // What a parent has inherited goes along, whoever owns it.
    const further = await sql.inheritedBy(q, parents)
    const taken = await takenUnder(q, parents, ownerId)
    const rows = new Map<string, NewRow<'repo_inherits'>>()
    const found = [
      ...(isKept ? before : []),
      ...taken.map(({ agreement_id, repo_id }) => ({ agreement_id, parent_id: repo_id })),
      ...further,
    ]
    for (const { agreement_id, parent_id } of found) {
      if (!rows.has(agreement_id)) rows.set(agreement_id, { repo_id: id, agreement_id, parent_id })
    }
    const isSameSet =
      before.length === rows.size && before.every((one) => rows.has(one.agreement_id))
    if (!isSameSet) await sql.putInherited(q, id, [...rows.values()])
    return !isSameSet
  }

  const refuseShown = async (q: Querier, id: RepoId, isPrivate: boolean): Promise<void> => {
    if (!isPrivate) return shareGuard.refuse(q, id, 'everybody')
    const orgs = await sharedWith(q, id)
    return orgs.length === 0 ? undefined : shareGuard.refuse(q, id, { orgs })
  }

  /** Judges again by what is stored. Nothing is refused: what others see already is closed by the decision. */
  const judgeAgain = async (tx: Tx, id: RepoId): Promise<void> => {
    const before = await sql.licenceOf(tx.q, id)
    const where = await repos.whereabouts(tx.q, id)
    if (before === undefined || where === undefined) return
    const subject = { id, ownerId: where.ownerId, path: where.path }
    const ties = await sql.tiesOf(tx.q, [id])
    const kept = keptOf(before)
    const judgement = await judgeRepo(tx.q, subject, {
      ...kept,
      ties: ties.filter(({ origin }) => origin === 'card'),
      copied: ties.filter(({ origin }) => origin === 'hub'),
    })
    const given = { ...kept, cardOid: before.card_oid }
    const row = await rowOf(tx.q, subject, given, judgement)
    // What has come along stays, whoever owns it now.
    const hasInherited = await inherit(tx.q, subject, ties, true)
    await store(tx, { before, row, hasInherited })
  }

  return {
    judgeAgain,

    /** Errors: `licence_blocked` when others see the repo and may not see this; then nothing is written. */
    async write(
      tx: Tx,
      id: RepoId,
      { cardOid, ties, ...kept }: Stated,
      { isRefused }: { isRefused: boolean },
    ): Promise<void> {
      const { q } = tx
      const before = await sql.licenceOf(q, id)
      const stored = await sql.tiesOf(q, [id])
      const isSilent = ties.length === 0 && Object.keys(kept.keys).length === 0
      if (isSilent && before === undefined && stored.length === 0) return
      const where = await repos.whereabouts(q, id)
      if (where === undefined) return
      const revision = cardOid ?? null
      const rows = ties.map((tie, position) => ({
        child_id: id,
        position,
        origin: 'card' as const,
        revision,
        ...tieRow(tie),
      }))
      await sql.putTies(q, id, rows)
      const subject = { id, ownerId: where.ownerId, path: where.path }
      const copied = stored.filter(({ origin }) => origin === 'hub')
      const judgement = await judgeRepo(q, subject, { ...kept, ties: rows, copied })
      const row = await rowOf(q, subject, { ...kept, cardOid: revision }, judgement)
      const hasInherited = await inherit(q, subject, [...copied, ...rows], false)
      await store(tx, { before, row, hasInherited })
      if (isRefused) await refuseShown(q, id, where.visibility === 'private')
    },
  }
}

export type Writing = ReturnType<typeof makeWriting>
