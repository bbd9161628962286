/** What waits for one person in all organisations that they administer. */
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { Querier } from '#db/flavor.ts'
import type { Row, Schema } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'
import { inForce } from '../policy/index.ts'

export interface Waiter {
  readonly accountId: AccountId
  readonly nowMs: number
}

/** The organisation of this column is one that the person administers now. Asked from the person's side, who has few of them. */
const isTheirs = (
  column: 'agreement_party.org_id' | 'agreement_duty.debtor_id',
  { accountId, nowMs }: Waiter,
): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_party' | 'agreement_duty'>()
  return eb(
    column,
    'in',
    eb
      .selectFrom('membership')
      .select('membership.org_id')
      .where('membership.user_id', '=', accountId)
      .where('membership.role', '=', 'admin')
      .where(inForce('membership', nowMs)),
  )
}

export interface WaitingAgreement extends Pick<Row<'agreement'>, 'id' | 'title' | 'folder'> {
  org_id: AccountId
  org_name: string
  updated_at_ms: number
}

/** Newest first. */
export const waitingAgreements = async (
  q: Querier,
  waiter: Waiter,
  limit: number,
): Promise<WaitingAgreement[]> =>
  q
    .selectFrom('agreement_party')
    .innerJoin('agreement', 'agreement.id', 'agreement_party.agreement_id')
    .innerJoin('account', 'account.id', 'agreement_party.org_id')
    .select([
      'agreement.id',
      'agreement.title',
      'agreement.folder',
      'agreement.updated_at_ms',
      'agreement_party.org_id',
      'account.name as org_name',
    ])
    .where('agreement_party.phase', '=', 'needs')
    .where(isTheirs('agreement_party.org_id', waiter))
    .orderBy('agreement.updated_at_ms', 'desc')
    .orderBy('agreement.id')
    .limit(limit)
    .execute()

export interface WaitingDuty extends Pick<
  Row<'agreement_duty'>,
  'id' | 'agreement_id' | 'name' | 'due_ms' | 'state'
> {
  title: string
  org_name: string
}

const shown = [
  'agreement_duty.id',
  'agreement_duty.agreement_id',
  'agreement_duty.name',
  'agreement_duty.due_ms',
  'agreement_duty.state',
  'agreement.title',
  'account.name as org_name',
] as const

/** Owed by such an organisation and due before the given time, late or not. The earliest first. */
export const waitingDuties = async (
  q: Querier,
  waiter: Waiter,
  { beforeMs, limit }: { beforeMs: number; limit: number },
): Promise<WaitingDuty[]> =>
  q
    .selectFrom('agreement_duty')
    .innerJoin('agreement', 'agreement.id', 'agreement_duty.agreement_id')
    .innerJoin('account', 'account.id', 'agreement_duty.debtor_id')
    .select(shown)
    .where('agreement_duty.state', 'in', ['open', 'overdue'])
    .where('agreement_duty.due_ms', '<', beforeMs)
    .where(isTheirs('agreement_duty.debtor_id', waiter))
    .orderBy('agreement_duty.due_ms')
    .orderBy('agreement_duty.id')
    .limit(limit)
    .execute()

/** Shown to such an organisation by its debtor, waiting for its answer. The earliest first, what has no date last. */
export const waitingAnswers = async (
  q: Querier,
  waiter: Waiter,
  limit: number,
): Promise<WaitingDuty[]> =>
  q
    .selectFrom('agreement_duty')
    .innerJoin('agreement', 'agreement.id', 'agreement_duty.agreement_id')
    .innerJoin('agreement_party', 'agreement_party.agreement_id', 'agreement_duty.agreement_id')
    .innerJoin('agreement_party as debtor', (join) =>
      join
        .onRef('debtor.agreement_id', '=', 'agreement_duty.agreement_id')
        .onRef('debtor.org_id', '=', 'agreement_duty.debtor_id'),
    )
    .innerJoin('account', 'account.id', 'agreement_party.org_id')
    .select(shown)
    .where('agreement_duty.state', '=', 'fulfilled')
    .whereRef('agreement_party.org_id', '!=', 'agreement_duty.debtor_id')
    .where((eb) =>
      eb.or([
        eb('agreement_party.role', '!=', eb.ref('debtor.role')),
        eb('agreement_party.role', '=', 'member'),
      ]),
    )
    .where(isTheirs('agreement_party.org_id', waiter))
    .orderBy('agreement_duty.due_ms', (order) => order.asc().nullsLast())
    .orderBy('agreement_duty.id')
    .limit(limit)
    .execute()
