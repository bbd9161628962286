/** Writes what a card states, judges it and tells of what changed, inside the transaction that moves the name. */
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { Judgement } from '@weighhouse/formats/licence/judge.ts'
import { licenceTableVersion } from '@weighhouse/formats/licence/table-data.ts'
import { answerable, sharedWith, takenUnder } from '../agreements/index.ts'
import type { Tx } from '../events/index.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { LineageDeps } from './index.ts'
import { expressionOf, type Judged, judgeRepo, type Kept, keptOf, tieRow } from './judging.ts'
import * as sql from './lineage.sql.ts'
import type { Stated } from './stated.ts'
import { stopOf } from './stops.ts'

type LicenceRow = Row<'repo_licence'>
type TieRow = Pick<Row<'repo_lineage'>, 'parent_id' | 'relation'>

const isCopy = ({ relation }: TieRow): boolean => relation === 'copy'

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

  /** Agreements that come along with these, and who owes what follows from it. What a parent has inherited does, whoever owns it. */
  const comingWith = async (q: Querier, ties: readonly TieRow[], ownerId: AccountId) => {
    const parents = ties.flatMap(({ parent_id: parent }) => parent ?? [])
    const taken = await takenUnder(q, parents, ownerId)
    const further = await sql.inheritedBy(q, parents)
    const ids = [...new Set(further.map((one) => one.agreement_id))]
    const owing = [...taken, ...(await answerable(q, ids, ownerId))]
    return {
      coming: [
        ...taken.map(({ agreement_id, repo_id: parent_id }) => ({ agreement_id, parent_id })),
        ...further,
      ],
      owing: owing.map(({ agreement_id, org_id }) => ({
        agreementId: agreement_id,
        takerId: org_id,
      })),
    }
  }

  /**
   * Notes the agreements that go along; with `isKept` those from before stay. What is more than a copy since now is told. Answers whether
   * they are others now.
   */
  const inherit = async (
    tx: Tx,
    { id, ownerId }: { id: RepoId; ownerId: AccountId },
    ties: readonly TieRow[],
    { isKept, wasCopy }: { isKept: boolean; wasCopy: boolean },
  ): Promise<boolean> => {
    const { q } = tx
    const before = await sql.inheritedBy(q, [id])
    const known = new Set(before.map((one) => one.agreement_id))
    const found = await comingWith(q, ties, ownerId)
    const made = ties.filter((one) => !isCopy(one))
    const derived = made.length === ties.length ? found : await comingWith(q, made, ownerId)
    const under = derived.owing.filter((one) => wasCopy || !known.has(one.agreementId))
    if (under.length > 0) await events.append(tx, 'repo_inherited', { under }, id)
    const rows = new Map<AgreementId, NewRow<'repo_inherits'>>()
    for (const { agreement_id, parent_id } of [...(isKept ? before : []), ...found.coming]) {
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
    const hasInherited = await inherit(tx, subject, ties, { isKept: true, wasCopy: false })
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
      const hasInherited = await inherit(tx, subject, [...copied, ...rows], {
        isKept: false,
        wasCopy: stored.length > 0 && stored.every(isCopy),
      })
      await store(tx, { before, row, hasInherited })
      if (isRefused) await refuseShown(q, id, where.visibility === 'private')
    },
  }
}

export type Writing = ReturnType<typeof makeWriting>
