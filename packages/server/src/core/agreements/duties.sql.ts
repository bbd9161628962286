import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Querier } from '#db/flavor.ts'
import type { DutyState, NewRow, Row } from '#db/schema.ts'
import type { AccountId, AgreementId, DutyId, RepoId } from '../kernel/ids.ts'
import { dueBy } from './agreements.sql.ts'
import { saidOfKinds } from './statements.sql.ts'

/** Not settled: what was shown may still be disputed. */
const owed: readonly DutyState[] = ['open', 'overdue', 'fulfilled']

export const insertDuty = async (q: Querier, row: NewRow<'agreement_duty'>): Promise<void> => {
  await q.insertInto('agreement_duty').values(row).execute()
}

export const dutyById = async (
  q: Querier,
  agreementId: AgreementId,
  id: DutyId,
): Promise<Row<'agreement_duty'> | undefined> =>
  q
    .selectFrom('agreement_duty')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('id', '=', id)
    .executeTakeFirst()

export const setDuty = async (
  q: Querier,
  id: DutyId,
  to: Partial<NewRow<'agreement_duty'>>,
): Promise<void> => {
  await q.updateTable('agreement_duty').set(to).where('id', '=', id).execute()
}

/** Of one agreement, in order of id, after the given one. */
export const dutiesOf = async (
  q: Querier,
  agreementId: AgreementId,
  { after, limit }: { after: string; limit: number },
): Promise<Row<'agreement_duty'>[]> =>
  q
    .selectFrom('agreement_duty')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    // A cast because a cursor is compared and not looked up.
    .where('id', '>', after as DutyId)
    .orderBy('id')
    .limit(limit)
    .execute()

/** The last round of each series: what a rule has opened for somebody, by what set it going. */
export interface Series {
  rule: string
  debtor_id: AccountId
  cause: string
  start_ms: number
  rounds: number
}

export const seriesOf = async (
  q: Querier,
  agreementId: AgreementId,
  limit: number,
): Promise<Series[]> => {
  const rows = await q
    .selectFrom('agreement_duty')
    .select((eb) => [
      'rule',
      'debtor_id',
      'cause',
      eb.fn.min('start_ms').as('start_ms'),
      eb.fn.max('round').as('rounds'),
    ])
    .where('agreement_id', '=', agreementId)
    .groupBy(['rule', 'debtor_id', 'cause'])
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    ...row,
    start_ms: Number(row.start_ms),
    rounds: Number(row.rounds),
  }))
}

export const countDuties = async (q: Querier, agreementId: AgreementId): Promise<number> => {
  const row = await q
    .selectFrom('agreement_duty')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('agreement_id', '=', agreementId)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Of one agreement, in these states. */
export const dutiesIn = async (
  q: Querier,
  agreementId: AgreementId,
  states: readonly DutyState[],
  limit: number,
): Promise<Row<'agreement_duty'>[]> =>
  q
    .selectFrom('agreement_duty')
    .selectAll()
    .where('agreement_id', '=', agreementId)
    .where('state', 'in', states)
    .orderBy('id')
    .limit(limit)
    .execute()

/** What an organisation owes and what it is owed, in order of date and id, after the given ones. What has no date is not among them. */
export const calendarOf = async (
  q: Querier,
  orgId: AccountId,
  {
    fromMs,
    toMs,
    after,
    limit,
  }: { fromMs: number; toMs: number; after: { dueMs: number; id: string }; limit: number },
): Promise<(Row<'agreement_duty'> & { title: string })[]> =>
  q
    .selectFrom('agreement_duty')
    .innerJoin('agreement', 'agreement.id', 'agreement_duty.agreement_id')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement_duty.agreement_id')
    .selectAll('agreement_duty')
    .select('agreement.title')
    .where('agreement_party.org_id', '=', orgId)
    .where('agreement_duty.due_ms', '>=', fromMs)
    .where('agreement_duty.due_ms', '<', toMs)
    .where((eb) =>
      eb.or([
        eb('agreement_duty.due_ms', '>', after.dueMs),
        eb.and([
          eb('agreement_duty.due_ms', '=', after.dueMs),
          // A cast because a cursor is compared and not looked up.
          eb('agreement_duty.id', '>', after.id as DutyId),
        ]),
      ]),
    )
    .orderBy('agreement_duty.due_ms')
    .orderBy('agreement_duty.id')
    .limit(limit)
    .execute()

/** Whose time has come: those that are open and late, and those whose evidence nobody spoke against. */
export const lateDuties = async (
  q: Querier,
  { nowMs, silentSinceMs }: { nowMs: number; silentSinceMs: number },
  limit: number,
): Promise<Row<'agreement_duty'>[]> =>
  q
    .selectFrom('agreement_duty')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'open'), eb('due_ms', '<=', nowMs)]),
        eb.and([eb('state', '=', 'fulfilled'), eb('fulfilled_ms', '<=', silentSinceMs)]),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute()

/** Late in an agreement that runs although it is suspended by it. */
export const unsuspended = async (q: Querier, limit: number): Promise<Row<'agreement_duty'>[]> =>
  q
    .selectFrom('agreement_duty')
    .innerJoin('agreement', 'agreement.id', 'agreement_duty.agreement_id')
    .selectAll('agreement_duty')
    .where('agreement_duty.state', '=', 'overdue')
    .where('agreement_duty.suspends', '=', 1)
    .where('agreement.life', '=', 'active')
    .orderBy('agreement_duty.id')
    .limit(limit)
    .execute()

/** Remembers a derivative, once for each party that got what it was made of. */
export const putDerivative = async (
  q: Querier,
  row: NewRow<'agreement_derivative'>,
): Promise<void> => {
  await q
    .insertInto('agreement_derivative')
    .values(row)
    .onConflict((c) => c.columns(['agreement_id', 'repo_id', 'taker_id']).doNothing())
    .execute()
}

/** What was made of what came under an agreement, oldest first: since this time, or before it and still there. */
export const derivativesOf = async (
  q: Querier,
  agreementId: AgreementId,
  { sinceMs, limit }: { sinceMs: number; limit: number },
): Promise<{ repo_id: RepoId; taker_id: AccountId; at_ms: number }[]> =>
  q
    .selectFrom('agreement_derivative')
    .leftJoin('repo', 'repo.id', 'agreement_derivative.repo_id')
    .select([
      'agreement_derivative.repo_id',
      'agreement_derivative.taker_id',
      'agreement_derivative.at_ms',
    ])
    .where('agreement_id', '=', agreementId)
    .where((eb) => eb.or([eb('at_ms', '>=', sinceMs), eb('repo.id', 'is not', null)]))
    .orderBy('at_ms')
    .orderBy('agreement_derivative.repo_id')
    .limit(limit)
    .execute()

/** Agreements whose rules may have something to open. */
export const agreementsToLookAt = async (
  q: Querier,
  nowMs: number,
  limit: number,
): Promise<Row<'agreement'>[]> => dueBy(q, 'duties_ms', { nowMs, limit }).execute()

/** Those that have ended and under which nobody owes anything any more. */
export const agreementsToClose = async (q: Querier, limit: number): Promise<Row<'agreement'>[]> =>
  q
    .selectFrom('agreement')
    .selectAll()
    .where('life', '=', 'closing')
    .where('duties_ms', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('agreement_duty')
            .select('agreement_duty.id')
            .whereRef('agreement_duty.agreement_id', '=', 'agreement.id')
            .where('agreement_duty.state', 'in', owed),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute()

/** Agreements that hold, or will, and those that are over under which an organisation still owes something. */
export const boundBy = async (
  q: Querier,
  orgId: AccountId,
  limit: number,
): Promise<Pick<Row<'agreement'>, 'id' | 'title' | 'life'>[]> =>
  q
    .selectFrom('agreement')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement.id')
    .select(['agreement.id', 'agreement.title', 'agreement.life'])
    .where('agreement_party.org_id', '=', orgId)
    .where((eb) =>
      eb.or([
        eb('agreement.life', 'in', ['scheduled', 'active', 'suspended']),
        eb.and([
          eb('agreement.life', '=', 'closing'),
          eb.or([
            // Its end has just come: what it opens is not known yet.
            eb('agreement.duties_ms', 'is not', null),
            eb.exists(
              eb
                .selectFrom('agreement_duty')
                .select('agreement_duty.id')
                .whereRef('agreement_duty.agreement_id', '=', 'agreement.id')
                .where('agreement_duty.debtor_id', '=', orgId)
                .where('agreement_duty.state', 'in', owed),
            ),
          ]),
        ]),
      ]),
    )
    .orderBy('agreement.id')
    .limit(limit)
    .execute()

/** When something of this kind was said last, and by whom. */
export const lastSaid = async (
  q: Querier,
  id: AgreementId,
  kinds: readonly StatementKind[],
): Promise<Pick<Row<'agreement_statement'>, 'org_id' | 'at_ms'> | undefined> =>
  saidOfKinds(q, id, kinds)
    .select(['org_id', 'at_ms'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
