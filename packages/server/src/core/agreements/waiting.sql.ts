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

/** Of the party: the person administers it now. */
const isTheirs = ({ accountId, nowMs }: Waiter): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_party'>()
  return eb.exists(
    eb
      .selectFrom('membership')
      .select('membership.role')
      .whereRef('membership.org_id', '=', 'agreement_party.org_id')
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
    .where('agreement_party.stage', '=', 'needs')
    .where(isTheirs(waiter))
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

/** Owed by such an organisation, late or due before the given time; and shown to it, waiting for its answer. The earliest first. */
export const waitingDuties = async (
  q: Querier,
  waiter: Waiter,
  { beforeMs, limit }: { beforeMs: number; limit: number },
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
    .select([
      'agreement_duty.id',
      'agreement_duty.agreement_id',
      'agreement_duty.name',
      'agreement_duty.due_ms',
      'agreement_duty.state',
      'agreement.title',
      'account.name as org_name',
    ])
    .where((eb) => {
      const isDebtor = eb('agreement_party.org_id', '=', eb.ref('agreement_duty.debtor_id'))
      const isOtherSide = eb.or([
        eb('agreement_party.role', '!=', eb.ref('debtor.role')),
        eb('agreement_party.role', '=', 'member'),
      ])
      return eb.or([
        eb.and([
          isDebtor,
          eb.or([
            eb('agreement_duty.state', '=', 'overdue'),
            eb.and([
              eb('agreement_duty.state', '=', 'open'),
              eb('agreement_duty.due_ms', '<', beforeMs),
            ]),
          ]),
        ]),
        eb.and([eb.not(isDebtor), isOtherSide, eb('agreement_duty.state', '=', 'fulfilled')]),
      ])
    })
    .where(isTheirs(waiter))
    .orderBy('agreement_duty.due_ms')
    .orderBy('agreement_duty.id')
    .limit(limit)
    .execute()
