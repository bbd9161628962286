import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, SignatoryId } from '../kernel/ids.ts'
import { inForce } from '../policy/index.ts'

export const putParty = async (q: Querier, row: NewRow<'party'>): Promise<void> => {
  await q
    .insertInto('party')
    .values(row)
    .onConflict((c) => c.column('org_id').doUpdateSet({ ...row }))
    .execute()
}

export const partyOf = async (q: Querier, orgId: AccountId): Promise<Row<'party'> | undefined> =>
  q.selectFrom('party').selectAll().where('org_id', '=', orgId).executeTakeFirst()

export const insertKey = async (q: Querier, row: NewRow<'org_key'>): Promise<void> => {
  await q.insertInto('org_key').values(row).execute()
}

export const keyById = async (q: Querier, id: string): Promise<Row<'org_key'> | undefined> =>
  q.selectFrom('org_key').selectAll().where('id', '=', id).executeTakeFirst()

/** Newest first. */
export const keysOf = async (
  q: Querier,
  orgId: AccountId,
  limit: number,
): Promise<Row<'org_key'>[]> =>
  q
    .selectFrom('org_key')
    .selectAll()
    .where('org_id', '=', orgId)
    .orderBy('from_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()

/** Ends the use of the organisation's seal keys in force, but for one. */
export const supersedeSeals = async (
  q: Querier,
  { orgId, besides, atMs }: { orgId: AccountId; besides: string; atMs: number },
): Promise<void> => {
  await q
    .updateTable('org_key')
    .set({ to_ms: atMs })
    .where('org_id', '=', orgId)
    .where('use', '=', 'seal')
    .where('id', '!=', besides)
    .where('to_ms', 'is', null)
    .execute()
}

/** False when it was revoked before. */
export const revokeKey = async (
  q: Querier,
  id: string,
  { atMs, why }: { atMs: number; why: NonNullable<Row<'org_key'>['revoked_why']> },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('org_key')
    .set({ revoked_at_ms: atMs, revoked_why: why })
    .where('id', '=', id)
    .where('revoked_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export const insertSignatory = async (q: Querier, row: NewRow<'signatory'>): Promise<void> => {
  await q.insertInto('signatory').values(row).execute()
}

export const signatoryById = async (
  q: Querier,
  orgId: AccountId,
  id: SignatoryId,
): Promise<Row<'signatory'> | undefined> =>
  q
    .selectFrom('signatory')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('id', '=', id)
    .executeTakeFirst()

/** False when somebody confirmed it, or it was ended. */
export const confirmSignatory = async (
  q: Querier,
  id: SignatoryId,
  { by, atMs }: { by: AccountId; atMs: number },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('signatory')
    .set({ confirmed_by: by, confirmed_at_ms: atMs })
    .where('id', '=', id)
    .where('confirmed_at_ms', 'is', null)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export const endSignatory = async (q: Querier, id: SignatoryId, atMs: number): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('signatory')
    .set({ ended_at_ms: atMs })
    .where('id', '=', id)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export type ListedSignatory = Row<'signatory'> & { user_name: string; user_full_name: string }

export interface Signer extends ListedSignatory {
  email: string | null
}

/** Those with an authority in force who still belong to the organisation, in order of id. */
export const signersOf = async (
  q: Querier,
  { orgId, nowMs }: { orgId: AccountId; nowMs: number },
  limit: number,
): Promise<Signer[]> =>
  q
    .selectFrom('signatory')
    .innerJoin('account', 'account.id', 'signatory.user_id')
    .innerJoin('membership', (join) =>
      join
        .onRef('membership.org_id', '=', 'signatory.org_id')
        .onRef('membership.user_id', '=', 'signatory.user_id')
        .on(() => inForce('membership', nowMs)),
    )
    .selectAll('signatory')
    .select(['account.name as user_name', 'account.full_name as user_full_name', 'account.email'])
    .where('signatory.org_id', '=', orgId)
    .where('signatory.confirmed_at_ms', 'is not', null)
    .where('signatory.ended_at_ms', 'is', null)
    .where('signatory.from_ms', '<=', nowMs)
    .where('signatory.to_ms', '>', nowMs)
    .where('account.disabled_at_ms', 'is', null)
    .orderBy('signatory.id')
    .limit(limit)
    .execute()

/** With their names, in order of id, after the given one. */
export const signatoriesOf = async (
  q: Querier,
  orgId: AccountId,
  { after, limit, userId }: { after: string; limit: number; userId?: AccountId },
): Promise<ListedSignatory[]> => {
  let query = q
    .selectFrom('signatory')
    .innerJoin('account', 'account.id', 'signatory.user_id')
    .selectAll('signatory')
    .select(['account.name as user_name', 'account.full_name as user_full_name'])
    .where('signatory.org_id', '=', orgId)
    // A cast because a cursor is compared and not looked up.
    .where('signatory.id', '>', after as SignatoryId)
    .orderBy('signatory.id')
    .limit(limit)
  if (userId !== undefined) query = query.where('signatory.user_id', '=', userId)
  return query.execute()
}
