/** Providers: who may be believed about whom. The hub's are set by its administrators, an organisation's by its own. */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import { refuseUser } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, SsoProviderId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { HubPermit, NamespacePermit, NamespaceRef } from '../policy/index.ts'
import { OpenIdError, type OpenIdFacts } from '../ports/openid.ts'
import { type SsoDeps, toOpenIdProvider } from './index.ts'
import {
  defaultSettings,
  refuseIssuer,
  refuseProviderName,
  refuseSettings,
  type SsoSettings,
} from './settings.ts'
import * as sql from './sso.sql.ts'

export interface SsoProvider extends SsoSettings {
  readonly id: SsoProviderId
  readonly name: string
  readonly issuer: string
  readonly clientId: string
  readonly hasSecret: boolean
  readonly isDisabled: boolean
  readonly createdAtMs: number
}

export interface SsoProviderWish extends Partial<SsoSettings> {
  readonly issuer?: string
  readonly clientId?: string
  /** Null for none. */
  readonly secret?: string | null
  readonly isDisabled?: boolean
}

/** Leave to set the providers of the hub, or those of one organisation. */
export type SsoPermit = HubPermit | NamespacePermit<'namespace.manage'>

export interface Providers {
  /** In order of name. */
  providers(permit: SsoPermit, page: { after: string; limit: number }): Promise<SsoProvider[]>
  /** Names are unique on the hub. Errors: `invalid`, `exists`, `too_many`. */
  addProvider(
    ctx: Ctx,
    permit: SsoPermit,
    name: string,
    wish: SsoProviderWish & { issuer: string; clientId: string },
  ): Promise<SsoProvider>
  /**
   * What is absent stays. Disabling ends the sessions that came by it. Another issuer knows other people: who was linked, and the sessions,
   * are forgotten. Errors: `entry_not_found`, `invalid`.
   */
  setProvider(
    ctx: Ctx,
    permit: SsoPermit,
    name: string,
    wish: SsoProviderWish,
  ): Promise<SsoProvider>
  /** Accounts and what they were given stay; sessions that came by it end. Errors: `entry_not_found`. */
  removeProvider(ctx: Ctx, permit: SsoPermit, name: string): Promise<void>
  /** Asks the provider about itself. Errors: `entry_not_found`; `unavailable` with what is wrong. */
  testProvider(ctx: Ctx, permit: SsoPermit, name: string): Promise<OpenIdFacts>
  /** Those that a sign-in page shows, in order of name: the hub's, then those of the organisation of this name. */
  offered(orgName: string | undefined): Promise<{ name: string; org: string | undefined }[]>
}

/** How sessions say that they came by it. */
export const methodOf = ({ name_key: key }: sql.ProviderRow): string => `sso:${key}`

export const settingsOf = (row: sql.ProviderRow): SsoSettings =>
  // A cast because only this room writes the column.
  ({ ...defaultSettings, ...(JSON.parse(row.settings) as Partial<SsoSettings>) })

const toProvider = (row: sql.ProviderRow): SsoProvider => ({
  ...settingsOf(row),
  id: row.id,
  name: row.name,
  issuer: row.issuer,
  clientId: row.client_id,
  hasSecret: row.secret_sealed !== null,
  isDisabled: row.disabled_at_ms !== null,
  createdAtMs: row.created_at_ms,
})

const orgOf = (permit: SsoPermit): NamespaceRef | undefined => {
  if (!('namespace' in permit)) return undefined
  refuseUser(permit.namespace)
  return permit.namespace
}

const settingsIn = (wish: SsoProviderWish, before: SsoSettings): SsoSettings => ({
  scopes: wish.scopes ?? before.scopes,
  groupsClaim: wish.groupsClaim ?? before.groupsClaim,
  rules: wish.rules ?? before.rules,
  mailDomains: wish.mailDomains?.map((domain) => domain.toLowerCase()) ?? before.mailDomains,
  createsAccounts: wish.createsAccounts ?? before.createsAccounts,
})

export const makeProviders = (deps: SsoDeps): Providers => {
  const { db, events, identity, signin, openid, sealer, clock, ids } = deps

  const need = async (q: Querier, permit: SsoPermit, name: string): Promise<sql.ProviderRow> => {
    const org = orgOf(permit)
    const row = await sql.providerByName(q, name)
    if (row !== undefined && row.org_id === (org?.id ?? null)) return row
    const whose = org?.name ?? 'this hub'
    throw new HubError('entry_not_found', `${whose} has no single sign-on provider "${name}".`)
  }

  const refuseUnknown = async ({ rules }: SsoSettings): Promise<void> => {
    for (const org of new Set(rules.map((rule) => rule.org.toLowerCase()))) {
      await identity.need(org, 'org')
    }
  }

  const changed = (tx: Tx, row: sql.ProviderRow): Promise<void> => {
    const payload = { providerId: row.id, orgId: row.org_id, name: row.name }
    return events.append(tx, 'sso_provider_changed', payload)
  }

  const listed = async (orgId: AccountId | null) =>
    (await sql.providersOf(db.read, orgId, { after: '', limit: limits.ssoProvidersPerOrgMax }))
      .filter((row) => row.disabled_at_ms === null)
      .map((row) => row.name)

  return {
    providers: async (permit, { after, limit }) => {
      const page = { after, limit: Math.min(limit, limits.apiPageMax) }
      return (await sql.providersOf(db.read, orgOf(permit)?.id ?? null, page)).map(toProvider)
    },

    async addProvider(ctx, permit, name, wish) {
      const org = orgOf(permit)
      const settings = settingsIn(wish, defaultSettings)
      refuseProviderName(name)
      refuseIssuer(wish.issuer)
      refuseSettings(settings, org?.name)
      await refuseUnknown(settings)
      const nowMs = clock.nowMs()
      const row: Row<'sso_provider'> = {
        id: ids<SsoProviderId>(),
        org_id: org?.id ?? null,
        name,
        name_key: name.toLowerCase(),
        issuer: wish.issuer,
        client_id: wish.clientId,
        secret_sealed: wish.secret == null ? null : sealer.seal(wish.secret),
        settings: JSON.stringify(settings),
        created_at_ms: nowMs,
        disabled_at_ms: wish.isDisabled === true ? nowMs : null,
      }
      const most = org === undefined ? limits.ssoProvidersMax : limits.ssoProvidersPerOrgMax
      await db
        .tx(async (q, after) => {
          if ((await sql.countProviders(q, row.org_id)) >= most) {
            throw new HubError('too_many', `There are ${most} providers already. Remove one first.`)
          }
          await sql.insertProvider(q, row)
          await changed({ q, after, ctx }, row)
        })
        .catch((error: unknown) => {
          if (!db.flavor.isUniqueViolation(error)) throw error
          throw new HubError('exists', `A provider "${name}" is known to this hub already.`)
        })
      return toProvider(row)
    },

    async setProvider(ctx, permit, name, wish) {
      const org = orgOf(permit)
      const before = await need(db.read, permit, name)
      const settings = settingsIn(wish, settingsOf(before))
      const { issuer = before.issuer, clientId = before.client_id, secret, isDisabled } = wish
      refuseIssuer(issuer)
      refuseSettings(settings, org?.name)
      await refuseUnknown(settings)
      const sealed = secret == null ? null : sealer.seal(secret)
      const ended = isDisabled === true ? (before.disabled_at_ms ?? clock.nowMs()) : null
      const to = {
        issuer,
        client_id: clientId,
        settings: JSON.stringify(settings),
        secret_sealed: secret === undefined ? before.secret_sealed : sealed,
        disabled_at_ms: isDisabled === undefined ? before.disabled_at_ms : ended,
      }
      await db.tx(async (q, after) => {
        const tx = { q, after, ctx }
        await db.flavor.lockEvents(q)
        await sql.updateProvider(q, before.id, to)
        const isAnother = issuer !== before.issuer
        if (isAnother) await sql.deleteIdentitiesOf(q, before.id)
        if (isAnother || to.disabled_at_ms !== null) {
          await sql.deleteAttemptsOf(q, before.id)
          await signin.endByMethod(tx, methodOf(before))
        }
        await changed(tx, before)
      })
      return toProvider({ ...before, ...to })
    },

    async removeProvider(ctx, permit, name) {
      await db.tx(async (q, after) => {
        await db.flavor.lockEvents(q)
        const row = await need(q, permit, name)
        const tx = { q, after, ctx }
        await sql.deleteProvider(q, row.id)
        await signin.endByMethod(tx, methodOf(row))
        const payload = { providerId: row.id, orgId: row.org_id, name: row.name }
        await events.append(tx, 'sso_provider_removed', payload)
      })
    },

    async testProvider(_ctx, permit, name) {
      const row = await need(db.read, permit, name)
      try {
        return await openid.describe(toOpenIdProvider(deps, row))
      } catch (error) {
        if (!(error instanceof OpenIdError)) throw error
        const message = `${row.name} cannot be used: ${error.message}`
        throw new HubError('unavailable', message, { reason: error.reason }, error)
      }
    },

    async offered(orgName) {
      const named = orgName === undefined ? undefined : await identity.find(orgName)
      const org = named?.kind === 'org' && !named.isDisabled ? named : undefined
      const own = org === undefined ? [] : await listed(org.id)
      return [
        ...(await listed(null)).map((name) => ({ name, org: undefined })),
        ...own.map((name) => ({ name, org: org?.name })),
      ]
    },
  }
}
