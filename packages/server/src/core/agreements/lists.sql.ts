/** Lists of one organisation's agreements, and where each of them stands for it. */
import { expressionBuilder } from 'kysely'
import type { Phase } from '@weighhouse/formats/agreement/phase.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row, Schema } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'

/** Of those that it began, or of which something was put on the table. */
export const knownTo = (orgId: AccountId) => {
  const ofAgreement = expressionBuilder<Schema, 'agreement'>()
  return ofAgreement.or([
    ofAgreement('agreement.shown', '=', 1),
    ofAgreement('agreement.begun_by', '=', orgId),
  ])
}

/** Of one organisation, newest id first, before the given one: what others write and have not shown takes no room. */
export const agreementsOf = async (
  q: Querier,
  orgId: AccountId,
  { before, phase, limit }: { before: string | undefined; phase: Phase | undefined; limit: number },
): Promise<Row<'agreement'>[]> => {
  let query = q
    .selectFrom('agreement')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .selectAll('agreement')
    .where('agreement_party.org_id', '=', orgId)
    .where(knownTo(orgId))
    .orderBy('agreement.id', 'desc')
    .limit(limit)
  // A cast because a cursor is compared and not looked up.
  if (before !== undefined) query = query.where('agreement.id', '<', before as AgreementId)
  if (phase !== undefined) query = query.where('agreement_party.phase', '=', phase)
  return query.execute()
}

/** Of one organisation, those that wait for an answer or a signature, in order of id, after the given one. */
export const talksOf = async (
  q: Querier,
  orgId: AccountId,
  { after, limit }: { after: string; limit: number },
): Promise<Row<'agreement'>[]> =>
  q
    .selectFrom('agreement')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .selectAll('agreement')
    .where('agreement_party.org_id', '=', orgId)
    .where('agreement.life', '=', 'none')
    .where('agreement.state', 'in', ['proposed', 'countered', 'agreed', 'signing'])
    // A cast because a cursor is compared and not looked up.
    .where('agreement.id', '>', after as AgreementId)
    .orderBy('agreement.id')
    .limit(limit)
    .execute()

/** How many of one organisation's stand where. */
export const countPhases = async (
  q: Querier,
  orgId: AccountId,
): Promise<{ phase: Phase | null; count: number }[]> => {
  const rows = await q
    .selectFrom('agreement_party')
    .innerJoin('agreement', 'agreement.id', 'agreement_party.agreement_id')
    .select((eb) => ['agreement_party.phase', eb.fn.countAll<number>().as('count')])
    .where('agreement_party.org_id', '=', orgId)
    .where(knownTo(orgId))
    .groupBy('agreement_party.phase')
    .execute()
  return rows.map(({ phase, count }) => ({ phase, count: Number(count) }))
}

/** Says where an agreement stands for these parties. */
export const setPhase = async (
  q: Querier,
  id: AgreementId,
  { phase, orgs, onlyUnknown }: { phase: Phase; orgs: readonly AccountId[]; onlyUnknown: boolean },
): Promise<void> => {
  let query = q
    .updateTable('agreement_party')
    .set({ phase })
    .where('agreement_id', '=', id)
    .where('org_id', 'in', orgs)
  if (onlyUnknown) query = query.where('phase', 'is', null)
  await query.execute()
}

/** Those of which it is not known yet where they stand, in order of id, after the given one. */
export const unphased = async (
  q: Querier,
  { after, limit }: { after: string; limit: number },
): Promise<Row<'agreement'>[]> =>
  q
    .selectFrom('agreement')
    .selectAll()
    .where('id', 'in', (eb) =>
      eb.selectFrom('agreement_party').select('agreement_id').where('phase', 'is', null),
    )
    // A cast because a cursor is compared and not looked up.
    .where('id', '>', after as AgreementId)
    .orderBy('id')
    .limit(limit)
    .execute()
