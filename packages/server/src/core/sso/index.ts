/**
 * The sso room: people whom a provider vouches for (OpenID Connect). Which providers are believed, which account their people are, and what
 * their groups give.
 *
 * Invariants: an account is found by provider and subject only, never by name or e-mail, and is linked to one by whom it belongs to or was
 * made by it; an organisation's provider touches that organisation and never an administrator of the hub; what comes back is used once, by
 * the browser that went away, at the provider it went to; a provider takes away only what it gave.
 */
import type { Database } from '#db/connect.ts'
import type { Events } from '../events/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { IdMaker } from '../kernel/ids.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { Organisations } from '../organisations/index.ts'
import type { OpenId, OpenIdProvider } from '../ports/openid.ts'
import type { Provisioning } from '../provisioning/index.ts'
import type { Signin } from '../signin/index.ts'
import { type Flow, makeFlow } from './flow.ts'
import { type Identities, makeIdentities } from './identities.ts'
import { makeProviders, type Providers } from './providers.ts'
import type { ProviderRow } from './sso.sql.ts'

export type { SsoPermit, SsoProvider, SsoProviderWish } from './providers.ts'
export type { SsoIdentity } from './identities.ts'
export type { SsoRule } from './settings.ts'

export interface Sso extends Providers, Flow, Identities {}

export interface SsoDeps {
  readonly db: Database
  readonly events: Events
  readonly identity: Identity
  readonly organisations: Organisations
  readonly signin: Signin
  readonly provisioning: Pick<Provisioning, 'managedAs'>
  readonly openid: OpenId
  readonly sealer: Sealer
  /** May an organisation's provider be in a private network? The hub's own may. */
  readonly mayBePrivate: boolean
  readonly systemCtx: (reason: string) => Ctx
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
}

/** As the port takes it, its secret opened. */
export const toOpenIdProvider = (
  { sealer, mayBePrivate }: SsoDeps,
  row: ProviderRow,
): OpenIdProvider => ({
  issuer: row.issuer,
  clientId: row.client_id,
  clientSecret: row.secret_sealed === null ? undefined : sealer.unseal(row.secret_sealed),
  mayBePrivate: mayBePrivate || row.org_id === null,
})

export const makeSso = (deps: SsoDeps): Sso => ({
  ...makeProviders(deps),
  ...makeFlow(deps),
  ...makeIdentities(deps),
})
