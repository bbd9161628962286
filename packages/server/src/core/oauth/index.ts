/**
 * The oauth room: programs that get tokens by a person's leave. By a code that a command line shows (RFC 8628), or by a page that an app
 * sends people to (RFC 6749 with PKCE, OpenID Connect); with refresh tokens that rotate.
 *
 * Invariants: codes are used once and are stored as hashes; nothing is issued that no signed-in person has allowed; a token given to an app
 * reaches no further than the scopes that were allowed; a code used twice, or a refresh token used again after its overlap, ends everything
 * that descends from the same sign-in (RFC 9700 §4.14.2); people are sent to registered addresses only.
 */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Events } from '../events/index.ts'
import { forgetTokens, type Identity } from '../identity/index.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import type { IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import { type Apps, makeApps } from './apps.ts'
import { type Codes, makeCodes } from './codes.ts'
import { type Devices, makeDevices } from './devices.ts'
import { type IssuedByLeave, makeIssuer } from './issue.ts'
import { type Keys, makeKeys } from './keys.ts'
import * as sql from './oauth.sql.ts'
import type { ClientProof, OauthProblem } from './problems.ts'
import { keptScopes, oauthScopes, type OauthScope } from './scopes.ts'

export type { AllowedApp, App, AppDesk, AppWish, NewApp } from './apps.ts'
export type { IdFacts, LeaveProblem, LeaveRequest, LeaveWish } from './codes.ts'
export type { DeviceOffer, DeviceRequest } from './devices.ts'
export type { IssuedByLeave } from './issue.ts'
export type { ClientProof, OauthProblem } from './problems.ts'
export type { OauthScope } from './scopes.ts'
export { endRefreshesOf } from './oauth.sql.ts'

export interface Oauth extends Devices, Codes, Apps, Keys {
  /** What an app may ask for. */
  readonly scopes: readonly OauthScope[]
  /** A new pair for a refresh token. The same may come again for a minute, in case the answer was lost. Errors: `rate_limited`. */
  refresh(
    ctx: Ctx,
    claim: ClientProof & { refreshToken: string },
  ): Promise<IssuedByLeave | { problem: OauthProblem }>
  /** What an app's token was given for; undefined for a token that reaches as far as its account lets it. */
  scopesOf(actor: Actor): Promise<readonly OauthScope[] | undefined>
  /** Forgets what is over. Answers how many rows and apps. */
  prune(signal: AbortSignal): Promise<{ rows: number; apps: number }>
}

export interface OauthDeps {
  readonly db: Database
  readonly events: Events
  readonly identity: Identity
  readonly sealer: Sealer
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
}

export const makeOauth = (deps: OauthDeps): Oauth => {
  const { db, clock } = deps
  const issuer = makeIssuer(deps)
  const apps = makeApps(deps)

  type Forget = (q: Querier, batch: { beforeMs: number; limit: number }) => Promise<number>

  /** Each with how long rows stay beyond their end, so that who comes late is told more than that they are unknown. */
  const forgets: readonly (readonly [keptMs: number, forget: Forget])[] = [
    [limits.oauthKeptMs, (q, batch) => sql.deleteExpired(q, 'oauth_code', batch)],
    [limits.deviceLifeMs, (q, batch) => sql.deleteExpired(q, 'oauth_device', batch)],
    [
      limits.oauthKeptMs,
      async (q, batch) => {
        const tokens = await sql.deleteExpiredRefresh(q, batch)
        await forgetTokens(q, tokens)
        return tokens.length
      },
    ],
  ]

  const pruneRows = async (signal: AbortSignal): Promise<number> => {
    const limit = limits.oauthPruneBatch
    let rows = 0
    for (const [keptMs, forget] of forgets) {
      const beforeMs = clock.nowMs() - keptMs
      let deleted: number = limit
      while (deleted === limit) {
        signal.throwIfAborted()
        deleted = await db.tx((q) => forget(q, { beforeMs, limit }))
        rows += deleted
      }
    }
    return rows
  }

  return {
    ...makeDevices({ ...deps, issuer }),
    ...makeCodes({ ...deps, issuer }),
    ...makeKeys(deps),
    ...apps,
    scopes: oauthScopes,
    refresh: issuer.refresh,

    async scopesOf(actor) {
      // An app that was let in by a page has a fine-grained token; nothing need be looked up for others.
      const token = actor.kind === 'user' ? actor.token : undefined
      if (token?.scope === undefined) return undefined
      const text = await sql.scopesOfToken(db.read, token.id)
      return text === undefined ? undefined : keptScopes(text)
    },

    prune: async (signal) => ({ rows: await pruneRows(signal), apps: await apps.pruneApps() }),
  }
}
