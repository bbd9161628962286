import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, PendingActId } from '../kernel/ids.ts'

export const policyOf = async (
  q: Querier,
  orgId: AccountId,
): Promise<Row<'org_policy'> | undefined> =>
  q.selectFrom('org_policy').selectAll().where('org_id', '=', orgId).executeTakeFirst()

export const takingRulesOf = async (q: Querier, orgId: AccountId): Promise<Row<'org_rule'>[]> =>
  q.selectFrom('org_rule').selectAll().where('org_id', '=', orgId).execute()

/** No words, no rule. */
export const putTakingRule = async (
  q: Querier,
  orgId: AccountId,
  kind: Row<'org_rule'>['kind'],
  words: readonly string[],
): Promise<void> => {
  await q.deleteFrom('org_rule').where('org_id', '=', orgId).where('kind', '=', kind).execute()
  if (words.length === 0) return
  const row = { org_id: orgId, kind, words: JSON.stringify(words) }
  await q.insertInto('org_rule').values(row).execute()
}

export const putPolicy = async (q: Querier, row: NewRow<'org_policy'>): Promise<void> => {
  const { org_id: _org, ...rest } = row
  await q
    .insertInto('org_policy')
    .values(row)
    .onConflict((c) => c.column('org_id').doUpdateSet(rest))
    .execute()
}

export type ActRow = Row<'pending_act'>

export const insertAct = async (q: Querier, row: NewRow<'pending_act'>): Promise<void> => {
  await q.insertInto('pending_act').values(row).execute()
}

export const actById = async (q: Querier, id: PendingActId): Promise<ActRow | undefined> =>
  q.selectFrom('pending_act').selectAll().where('id', '=', id).executeTakeFirst()

const open = (q: Querier, orgId: AccountId, nowMs: number) =>
  q
    .selectFrom('pending_act')
    .where('org_id', '=', orgId)
    .where('state', '=', 'open')
    .where('expires_at_ms', '>', nowMs)

/** The same act, asked for by the same person and not decided about. */
export const openActLike = async (
  q: Querier,
  like: Pick<ActRow, 'org_id' | 'act' | 'payload' | 'asked_by'>,
  nowMs: number,
): Promise<PendingActId | undefined> => {
  const row = await open(q, like.org_id, nowMs)
    .select('id')
    .where('act', '=', like.act)
    .where('payload', '=', like.payload)
    .where('asked_by', '=', like.asked_by)
    .executeTakeFirst()
  return row?.id
}

export const countOpenActs = async (
  q: Querier,
  orgId: AccountId,
  nowMs: number,
): Promise<number> => {
  const row = await open(q, orgId, nowMs)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

export type ListedAct = ActRow & { asked_by_name: string; decided_by_name: string | null }

/** Oldest first; open ones end with their time. */
export const actsOf = async (
  q: Querier,
  orgId: AccountId,
  page: { isOpen: boolean; after: string; limit: number; nowMs: number },
): Promise<ListedAct[]> =>
  q
    .selectFrom('pending_act')
    .innerJoin('account as asker', 'asker.id', 'pending_act.asked_by')
    .leftJoin('account as decider', 'decider.id', 'pending_act.decided_by')
    .selectAll('pending_act')
    .select(['asker.name as asked_by_name', 'decider.name as decided_by_name'])
    .where('pending_act.org_id', '=', orgId)
    .$if(page.isOpen, (query) =>
      query
        .where('pending_act.state', '=', 'open')
        .where('pending_act.expires_at_ms', '>', page.nowMs),
    )
    // A cast because any text has its place in the order.
    .where('pending_act.id', '>', page.after as PendingActId)
    .orderBy('pending_act.id')
    .limit(page.limit)
    .execute()

/** Answers whether it was open until now: of two who decide at once, one does. */
export const closeAct = async (
  q: Querier,
  id: PendingActId,
  as: { state: 'done' | 'refused'; decided_by: AccountId | null; decided_at_ms: number },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('pending_act')
    .set(as)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('expires_at_ms', '>', as.decided_at_ms)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
