import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, SsoProviderId } from '../kernel/ids.ts'

export type ProviderRow = Row<'sso_provider'>
export type IdentityRow = Row<'sso_identity'>

export const insertProvider = async (q: Querier, row: NewRow<'sso_provider'>): Promise<void> => {
  await q.insertInto('sso_provider').values(row).execute()
}

export const updateProvider = async (
  q: Querier,
  id: SsoProviderId,
  to: Partial<
    Pick<ProviderRow, 'issuer' | 'client_id' | 'secret_sealed' | 'settings' | 'disabled_at_ms'>
  >,
): Promise<void> => {
  await q.updateTable('sso_provider').set(to).where('id', '=', id).execute()
}

export const providerByName = async (q: Querier, name: string): Promise<ProviderRow | undefined> =>
  q
    .selectFrom('sso_provider')
    .selectAll()
    .where('name_key', '=', name.toLowerCase())
    .executeTakeFirst()

/** Of the hub (null) or of one organisation. */
const providersFor = (q: Querier, orgId: AccountId | null) =>
  q
    .selectFrom('sso_provider')
    .where((eb) => (orgId === null ? eb('org_id', 'is', null) : eb('org_id', '=', orgId)))

/** In order of name. */
export const providersOf = async (
  q: Querier,
  orgId: AccountId | null,
  page: { after: string; limit: number },
): Promise<ProviderRow[]> =>
  providersFor(q, orgId)
    .selectAll()
    .where('name_key', '>', page.after.toLowerCase())
    .orderBy('name_key')
    .limit(page.limit)
    .execute()

export const countProviders = async (q: Querier, orgId: AccountId | null): Promise<number> => {
  const row = await providersFor(q, orgId)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** With whom it knows and who is on the way to it. */
export const deleteProvider = async (q: Querier, id: SsoProviderId): Promise<void> => {
  await q.deleteFrom('sso_attempt').where('provider_id', '=', id).execute()
  await q.deleteFrom('sso_identity').where('provider_id', '=', id).execute()
  await q.deleteFrom('sso_provider').where('id', '=', id).execute()
}

export const deleteAttemptsOf = async (q: Querier, id: SsoProviderId): Promise<void> => {
  await q.deleteFrom('sso_attempt').where('provider_id', '=', id).execute()
}

/** When a provider is another one than before, its words about people are too. */
export const deleteIdentitiesOf = async (q: Querier, id: SsoProviderId): Promise<void> => {
  await q.deleteFrom('sso_identity').where('provider_id', '=', id).execute()
}

export const insertAttempt = async (q: Querier, row: NewRow<'sso_attempt'>): Promise<void> => {
  await q.insertInto('sso_attempt').values(row).execute()
}

/** Takes an attempt out: whatever comes of it, it is not tried twice. */
export const takeAttempt = async (
  q: Querier,
  secretSha256: string,
): Promise<Row<'sso_attempt'> | undefined> => {
  const row = await q
    .selectFrom('sso_attempt')
    .selectAll()
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()
  const { numDeletedRows } = await q
    .deleteFrom('sso_attempt')
    .where('secret_sha256', '=', secretSha256)
    .executeTakeFirst()
  return numDeletedRows === 1n ? row : undefined
}

export const deleteOldAttempts = async (q: Querier, beforeMs: number): Promise<void> => {
  await q.deleteFrom('sso_attempt').where('expires_at_ms', '<', beforeMs).execute()
}

/** In all, or from one address. */
export const countAttempts = async (q: Querier, ip: string | undefined): Promise<number> => {
  let query = q.selectFrom('sso_attempt').select((eb) => eb.fn.countAll().as('count'))
  if (ip !== undefined) query = query.where('ip', '=', ip)
  return Number((await query.executeTakeFirst())?.count ?? 0)
}

export const insertIdentity = async (q: Querier, row: NewRow<'sso_identity'>): Promise<void> => {
  await q.insertInto('sso_identity').values(row).execute()
}

export const identityOf = async (
  q: Querier,
  providerId: SsoProviderId,
  subject: string,
): Promise<IdentityRow | undefined> =>
  q
    .selectFrom('sso_identity')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('subject', '=', subject)
    .executeTakeFirst()

export const identityFor = async (
  q: Querier,
  providerId: SsoProviderId,
  accountId: AccountId,
): Promise<IdentityRow | undefined> =>
  q
    .selectFrom('sso_identity')
    .selectAll()
    .where('provider_id', '=', providerId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()

/** In order of the providers' names. */
export const identitiesOf = async (
  q: Querier,
  accountId: AccountId,
  page: { after: string; limit: number },
): Promise<(IdentityRow & { name: string })[]> =>
  q
    .selectFrom('sso_identity')
    .innerJoin('sso_provider', 'sso_provider.id', 'sso_identity.provider_id')
    .selectAll('sso_identity')
    .select('sso_provider.name')
    .where('sso_identity.account_id', '=', accountId)
    .where('sso_provider.name_key', '>', page.after.toLowerCase())
    .orderBy('sso_provider.name_key')
    .limit(page.limit)
    .execute()

export const deleteIdentity = async (
  q: Querier,
  providerId: SsoProviderId,
  accountId: AccountId,
): Promise<boolean> => {
  const { numDeletedRows } = await q
    .deleteFrom('sso_identity')
    .where('provider_id', '=', providerId)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export const updateIdentity = async (
  q: Querier,
  { provider_id, subject }: IdentityRow,
  to: Partial<Pick<IdentityRow, 'email' | 'given' | 'used_at_ms'>>,
): Promise<void> => {
  await q
    .updateTable('sso_identity')
    .set(to)
    .where('provider_id', '=', provider_id)
    .where('subject', '=', subject)
    .execute()
}
