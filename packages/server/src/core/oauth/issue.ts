/** What apps are given: an access token and what it is renewed with, in families that end together. */
import { timingSafeEqual } from 'node:crypto'
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import {
  asAccount,
  copyApprovals,
  endTokenAt,
  type Identity,
  revokeToken,
  sha256Hex,
} from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, FamilyId, TokenId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import * as apps from './apps.sql.ts'
import * as sql from './oauth.sql.ts'
import type { ClientProof, OauthProblem } from './problems.ts'
import { keptScopes, tokenScopeOf } from './scopes.ts'

export interface IssuedByLeave {
  readonly accessToken: string
  readonly refreshToken: string
  readonly lifeSeconds: number
  readonly scopes: string
}

export interface IssueDeps {
  readonly db: Database
  readonly identity: Identity
  readonly clock: Clock
  readonly chance: Chance
}

interface Grant {
  readonly accountId: AccountId
  readonly app: apps.AppRow
  readonly scopes: string
  readonly family: FamilyId
}

type Beside = NonNullable<Parameters<Identity['issueForApp']>[3]>

/** A command line has no page to lead people to. It signs in for long and acts with all that its account may do. */
const isCommandLine = (app: apps.AppRow): boolean => app.redirect_uris === null

const lifeOf = (app: apps.AppRow): number =>
  isCommandLine(app) ? limits.cliTokenMs : limits.appTokenMs

/** Does the proof hold for the app? One that has a secret must show it. */
export const isProven = (app: apps.AppRow, { clientId, secret }: ClientProof): boolean => {
  if (clientId !== undefined && clientId !== app.id) return false
  if (app.secret_sha256 === null) return true
  const shown = Buffer.from(sha256Hex(secret ?? ''))
  return timingSafeEqual(shown, Buffer.from(app.secret_sha256))
}

export const makeIssuer = ({ db, identity, clock, chance }: IssueDeps) => {
  /** A token and what it is renewed with, written together with what they were given for. */
  const issue = async (ctx: Ctx, grant: Grant, beside: Beside): Promise<IssuedByLeave> => {
    const { app, accountId, scopes, family } = grant
    const refreshToken = `hfr_${chance.bytes(32).toString('base64url')}`
    const nowMs = clock.nowMs()
    const lifeMs = lifeOf(app)
    const powers = isCommandLine(app)
      ? ({ role: 'write' } as const)
      : ({ role: 'fineGrained', scope: tokenScopeOf(keptScopes(scopes)) } as const)
    const wish = { label: app.name, appId: app.id, expiresAtMs: nowMs + lifeMs, ...powers }
    const account = await identity.get(accountId)
    const by = account === undefined ? ctx : asAccount(ctx, account)
    const { secret } = await identity.issueForApp(by, accountId, wish, async (tx, tokenId) => {
      await beside(tx, tokenId)
      await apps.touchApp(tx.q, app.id, nowMs)
      await sql.insertRefresh(tx.q, {
        secret_sha256: sha256Hex(refreshToken),
        family_id: family,
        app_id: app.id,
        account_id: accountId,
        token_id: tokenId,
        scopes,
        created_at_ms: nowMs,
        expires_at_ms: nowMs + limits.refreshLifeMs,
        used_at_ms: null,
        ended_at_ms: null,
      })
    })
    const lifeSeconds = Math.floor(lifeMs / 1000)
    return { accessToken: secret, refreshToken, lifeSeconds, scopes }
  }

  const isActive = async (id: AccountId): Promise<boolean> =>
    (await identity.get(id))?.isDisabled === false

  /** Everything that descends from one sign-in. */
  const endAll = (family: FamilyId): Promise<void> =>
    db.tx(async (q) => {
      const nowMs = clock.nowMs()
      for (const id of await sql.endFamily(q, family, nowMs)) {
        await revokeToken(q, id, { atMs: nowMs, why: null })
      }
    })

  const isRepeatable = ({ used_at_ms: usedAtMs, ended_at_ms: endedAtMs }: Row<'oauth_refresh'>) =>
    endedAtMs === null && (usedAtMs === null || clock.nowMs() - usedAtMs <= limits.refreshOverlapMs)

  /** Uses a refresh token, or again because the answer may have been lost. The first use lets the old access token go on a little. */
  const renew = async (
    q: Querier,
    key: string,
    { app, tokenId }: { app: apps.AppRow; tokenId: TokenId },
  ): Promise<void> => {
    const nowMs = clock.nowMs()
    const isFirst = await sql.useRefresh(q, key, nowMs)
    const row = await sql.refreshBySecret(q, key)
    if (row === undefined || (!isFirst && !isRepeatable(row))) {
      throw new HubError('conflict', 'This refresh token was used a moment ago.')
    }
    await copyApprovals(q, row.token_id, tokenId)
    if (!isFirst) {
      const sinceMs = nowMs - limits.refreshOverlapMs
      if ((await sql.countRenewals(q, row.family_id, sinceMs)) < limits.refreshRepeatsMax) return
      throw new HubError(
        'rate_limited',
        'This refresh token was repeated too often. Sign in again.',
      )
    }
    const endMs = row.created_at_ms + lifeOf(app)
    await endTokenAt(q, row.token_id, Math.min(endMs, nowMs + limits.refreshOverlapMs))
  }

  const refresh = async (
    ctx: Ctx,
    claim: ClientProof & { readonly refreshToken: string },
  ): Promise<IssuedByLeave | { problem: OauthProblem }> => {
    const key = sha256Hex(claim.refreshToken)
    const row = await sql.refreshBySecret(db.read, key)
    if (row === undefined || row.app_id !== claim.clientId) return { problem: 'invalid_grant' }
    const app = await apps.appById(db.read, row.app_id)
    if (app === undefined || !isProven(app, claim)) return { problem: 'invalid_client' }
    if (!isRepeatable(row)) {
      await endAll(row.family_id)
      return { problem: 'invalid_grant' }
    }
    const isOver = row.expires_at_ms <= clock.nowMs() || !(await isActive(row.account_id))
    if (isOver) return { problem: 'invalid_grant' }
    const grant = { accountId: row.account_id, app, scopes: row.scopes, family: row.family_id }
    return issue(ctx, grant, ({ q }, tokenId) => renew(q, key, { app, tokenId }))
  }

  return { issue, isActive, endAll, refresh }
}

export type Issuer = ReturnType<typeof makeIssuer>
