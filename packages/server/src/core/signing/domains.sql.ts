import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

type Domain = Row<'org_domain'>

/** In order of their names. */
export const domainsOf = async (q: Querier, orgId: AccountId): Promise<Domain[]> =>
  q
    .selectFrom('org_domain')
    .selectAll()
    .where('org_id', '=', orgId)
    .orderBy('domain')
    .limit(1_000)
    .execute()

export const domainOf = async (
  q: Querier,
  orgId: AccountId,
  domain: string,
): Promise<Domain | undefined> =>
  q
    .selectFrom('org_domain')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('domain', '=', domain)
    .executeTakeFirst()

export const provenOf = async (
  q: Querier,
  orgIds: readonly AccountId[],
): Promise<Pick<Domain, 'org_id' | 'domain'>[]> =>
  orgIds.length === 0
    ? []
    : q
        .selectFrom('org_domain')
        .select(['org_id', 'domain'])
        .where('org_id', 'in', orgIds)
        .where('state', '=', 'verified')
        .orderBy('domain')
        .limit(1_000)
        .execute()

export const isProvedByOther = async (
  q: Querier,
  { org_id: orgId, domain }: Pick<Domain, 'org_id' | 'domain'>,
): Promise<boolean> => {
  const row = await q
    .selectFrom('org_domain')
    .select('org_id')
    .where('domain', '=', domain)
    .where('org_id', '!=', orgId)
    .where('state', '=', 'verified')
    .executeTakeFirst()
  return row !== undefined
}

export const insertDomain = async (q: Querier, row: Domain): Promise<void> => {
  await q.insertInto('org_domain').values(row).execute()
}

/** False when it is named no more, or with another proof. */
export const updateDomain = async (
  q: Querier,
  { org_id: orgId, domain, token, ...to }: Domain,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('org_domain')
    .set(to)
    .where('org_id', '=', orgId)
    .where('domain', '=', domain)
    .where('token', '=', token)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export const deleteDomain = async (
  q: Querier,
  { org_id: orgId, domain }: Pick<Domain, 'org_id' | 'domain'>,
): Promise<void> => {
  await q
    .deleteFrom('org_domain')
    .where('org_id', '=', orgId)
    .where('domain', '=', domain)
    .execute()
}

/** Those that were proved and not looked at since, longest ago first. */
export const dueDomains = async (q: Querier, beforeMs: number, limit: number): Promise<Domain[]> =>
  q
    .selectFrom('org_domain')
    .selectAll()
    .where('state', 'in', ['verified', 'lost'])
    .where('checked_at_ms', '<', beforeMs)
    .orderBy('checked_at_ms')
    .limit(limit)
    .execute()
