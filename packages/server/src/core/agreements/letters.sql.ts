import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { dueBy } from './agreements.sql.ts'
import { saidOfKinds } from './statements.sql.ts'

export interface DutyToTell extends Row<'agreement_duty'> {
  title: string
  folder: string
}

/** Duties whose debtor is to be reminded. */
export const dutiesToTell = async (
  q: Querier,
  nowMs: number,
  limit: number,
): Promise<DutyToTell[]> =>
  q
    .selectFrom('agreement_duty')
    .innerJoin('agreement', 'agreement.id', 'agreement_duty.agreement_id')
    .selectAll('agreement_duty')
    .select(['agreement.title', 'agreement.folder'])
    .where('agreement_duty.tell_ms', '<=', nowMs)
    .where('agreement_duty.state', 'in', ['open', 'overdue'])
    .orderBy('agreement_duty.tell_ms')
    .limit(limit)
    .execute()

/** False when somebody else has told it before. */
export const noteDutyTold = async (
  q: Querier,
  { id, tell_ms }: Pick<Row<'agreement_duty'>, 'id' | 'tell_ms'>,
  nextMs: number | null,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('agreement_duty')
    .set({ tell_ms: nextMs })
    .where('id', '=', id)
    .where('tell_ms', '=', tell_ms)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export const agreementsToTell = async (
  q: Querier,
  nowMs: number,
  limit: number,
): Promise<Row<'agreement'>[]> =>
  dueBy(q, 'tell_ms', { nowMs, limit }).where('life', 'in', ['active', 'suspended']).execute()

/** False when somebody else has told it before. */
export const noteAgreementTold = async (
  q: Querier,
  { id, tell_ms }: Pick<Row<'agreement'>, 'id' | 'tell_ms'>,
  nextMs: number | null,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('agreement')
    .set({ tell_ms: nextMs })
    .where('id', '=', id)
    .where('tell_ms', '=', tell_ms)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** How often one of these was said of an agreement since then, up to a limit. */
export const countSaid = async (
  q: Querier,
  id: AgreementId,
  { sinceMs, kinds }: { sinceMs: number; kinds: readonly StatementKind[] },
  limit: number,
): Promise<number> => {
  const rows = await saidOfKinds(q, id, kinds)
    .select('seq')
    .where('at_ms', '>', sinceMs)
    .limit(limit)
    .execute()
  return rows.length
}

/** How many agreements an organisation has begun since then, up to a limit. */
export const countBegun = async (
  q: Querier,
  { orgId, sinceMs }: { orgId: AccountId; sinceMs: number },
  limit: number,
): Promise<number> => {
  const rows = await q
    .selectFrom('agreement')
    .select('id')
    .where('begun_by', '=', orgId)
    .where('created_at_ms', '>', sinceMs)
    .limit(limit)
    .execute()
  return rows.length
}
