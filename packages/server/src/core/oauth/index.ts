/**
 * The oauth room: programs that get tokens by a person's leave. So far the device flow (RFC 8628), by which the command line of the
 * Hugging Face clients signs in, and refresh tokens that rotate.
 *
 * Invariants: codes are used once and are stored as hashes; nothing is issued that no signed-in person has allowed; a refresh token used
 * twice ends everything that descends from the same sign-in (RFC 9700 §4.14.2).
 */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { asAccount, type Identity, revokeToken, sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, FamilyId, IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { AccountPermit } from '../policy/index.ts'
import * as sql from './oauth.sql.ts'

/** The protocol's own words for what is not, or not yet. */
export type OauthProblem =
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'
  | 'invalid_grant'
  | 'invalid_client'

export interface DeviceOffer {
  readonly deviceCode: string
  readonly userCode: string
  readonly lifeSeconds: number
  readonly intervalSeconds: number
}

/** What a person is shown before they allow it. */
export interface DeviceRequest {
  readonly userCode: string
  readonly app: string
  readonly ip: string | undefined
  readonly agent: string | undefined
}

export interface IssuedByLeave {
  readonly accessToken: string
  readonly refreshToken: string
  readonly lifeSeconds: number
  readonly scopes: string
}

export interface Oauth {
  /** Errors, as an answer: `invalid_client`. */
  offerDevice(
    ctx: Ctx,
    wish: { clientId: string; scopes: string; agent: string | undefined },
  ): Promise<DeviceOffer | { problem: OauthProblem }>
  /** Undefined for a code that is unknown, over or decided about. Letters count in any case, dashes and spaces not at all. */
  deviceRequest(userCode: string): Promise<DeviceRequest | undefined>
  /** Errors: `entry_not_found` when there is nothing to decide (any more). */
  decideDevice(
    ctx: Ctx,
    permit: AccountPermit,
    decision: { userCode: string; isAllowed: boolean },
  ): Promise<void>
  redeemDevice(
    ctx: Ctx,
    claim: { deviceCode: string; clientId: string },
  ): Promise<IssuedByLeave | { problem: OauthProblem }>
  refresh(
    ctx: Ctx,
    claim: { refreshToken: string; clientId: string },
  ): Promise<IssuedByLeave | { problem: OauthProblem }>
}

export interface OauthDeps {
  readonly db: Database
  readonly identity: Identity
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
}

/** The public client of `huggingface_hub`: what `hf auth login` calls itself. */
const hfCommandLine = '26be6b09-91c5-47da-9861-d2d2bb7a7e36'

/** Letters that are not taken for one another, and make no words. */
const codeLetters = 'BCDFGHJKLMNPQRSTVWXZ'
const codeLength = 8

const plainCode = (text: string): string => text.toUpperCase().replace(/[^A-Z]/g, '')

export const makeOauth = ({ db, identity, clock, chance, ids }: OauthDeps): Oauth => {
  const makeUserCode = (): string => {
    let code = ''
    while (code.length < codeLength) {
      for (const byte of chance.bytes(32)) {
        // Rejection keeps the letters equally likely.
        if (byte < 240 && code.length < codeLength) code += codeLetters[byte % codeLetters.length]
      }
    }
    return code
  }

  const appOf = async (id: string): Promise<Row<'oauth_app'> | undefined> => {
    const found = await sql.appById(db.read, id)
    if (found !== undefined || id !== hfCommandLine) return found
    const row = {
      id,
      name: 'hf, the Hugging Face command line',
      created_at_ms: clock.nowMs(),
      disabled_at_ms: null,
      owner_id: null,
      secret_sha256: null,
      redirect_uris: null,
      website: null,
    }
    await db.tx((q) => sql.keepApp(q, row))
    return row
  }

  /** A token and what it is renewed with, written together with what they were given for. */
  const issue = async (
    ctx: Ctx,
    to: { accountId: AccountId; appId: string; appName: string; scopes: string; family: FamilyId },
    beside: Parameters<Identity['issueForApp']>[3],
  ): Promise<IssuedByLeave> => {
    const refreshToken = `hfr_${chance.bytes(32).toString('base64url')}`
    const nowMs = clock.nowMs()
    const expiresAtMs = nowMs + limits.cliTokenMs
    const wish = { label: to.appName, role: 'write', appId: to.appId, expiresAtMs } as const
    const account = await identity.get(to.accountId)
    const by = account === undefined ? ctx : asAccount(ctx, account)
    const { secret } = await identity.issueForApp(by, to.accountId, wish, async (tx, tokenId) => {
      await beside?.(tx, tokenId)
      await sql.insertRefresh(tx.q, {
        secret_sha256: sha256Hex(refreshToken),
        family_id: to.family,
        app_id: to.appId,
        account_id: to.accountId,
        token_id: tokenId,
        scopes: to.scopes,
        created_at_ms: nowMs,
        expires_at_ms: nowMs + limits.refreshLifeMs,
        used_at_ms: null,
      })
    })
    return {
      accessToken: secret,
      refreshToken,
      lifeSeconds: Math.floor(limits.cliTokenMs / 1000),
      scopes: to.scopes,
    }
  }

  const isActive = async (id: AccountId): Promise<boolean> =>
    (await identity.get(id))?.isDisabled === false

  const pendingByCode = async (userCode: string): Promise<Row<'oauth_device'> | undefined> => {
    const row = await sql.deviceByUserCode(db.read, plainCode(userCode))
    const isOpen = row?.state === 'pending' && row.expires_at_ms > clock.nowMs()
    return isOpen ? row : undefined
  }

  const refuseMany = async (q: Querier, ip: string | undefined, nowMs: number): Promise<void> => {
    const isFull =
      (await sql.countWaiting(q, ip ?? '', nowMs)) >= limits.devicesPerAddressMax ||
      (await sql.countWaiting(q, undefined, nowMs)) >= limits.devicesWaitingMax
    if (!isFull) return
    throw new HubError(
      'rate_limited',
      'Too many machines wait for leave. Use one of the codes they show, or wait a quarter of an hour.',
      { retryAfterSeconds: limits.deviceLifeMs / 1000 },
    )
  }

  /** Everything that descends from one sign-in. */
  const endAll = (family: FamilyId): Promise<void> =>
    db.tx(async (q) => {
      const nowMs = clock.nowMs()
      for (const id of await sql.endFamily(q, family, nowMs)) {
        await revokeToken(q, id, { atMs: nowMs, why: null })
      }
    })

  return {
    async offerDevice(ctx, { clientId, scopes, agent }) {
      const app = await appOf(clientId)
      if (app === undefined) return { problem: 'invalid_client' }
      const deviceCode = chance.bytes(32).toString('base64url')
      const userCode = makeUserCode()
      const nowMs = clock.nowMs()
      await db.tx(async (q) => {
        await sql.deleteOldDevices(q, nowMs - limits.deviceLifeMs)
        await refuseMany(q, ctx.ip, nowMs)
        await sql.insertDevice(q, {
          secret_sha256: sha256Hex(deviceCode),
          user_code: userCode,
          app_id: app.id,
          scopes: scopes.slice(0, 1024),
          state: 'pending',
          account_id: null,
          ip: ctx.ip ?? null,
          agent: agent?.slice(0, 256) ?? null,
          polled_at_ms: null,
          created_at_ms: nowMs,
          expires_at_ms: nowMs + limits.deviceLifeMs,
        })
      })
      return {
        deviceCode,
        userCode: `${userCode.slice(0, 4)}-${userCode.slice(4)}`,
        lifeSeconds: limits.deviceLifeMs / 1000,
        intervalSeconds: limits.devicePollSeconds,
      }
    },

    async deviceRequest(userCode) {
      const row = await pendingByCode(userCode)
      const app = row && (await sql.appById(db.read, row.app_id))
      return (
        row &&
        app && {
          userCode: row.user_code,
          app: app.name,
          ip: row.ip ?? undefined,
          agent: row.agent ?? undefined,
        }
      )
    },

    async decideDevice(_ctx, { actor }, { userCode, isAllowed }) {
      const row = await pendingByCode(userCode)
      const to = isAllowed
        ? ({ state: 'approved', account_id: actor.id } as const)
        : ({ state: 'denied' } as const)
      const isMoved =
        row !== undefined &&
        (await db.tx((q) => sql.moveDevice(q, row.secret_sha256, 'pending', to)))
      if (isMoved) return
      throw new HubError(
        'entry_not_found',
        'This code is unknown, over, or was decided about. Start again on the other machine.',
      )
    },

    async redeemDevice(ctx, { deviceCode, clientId }) {
      const key = sha256Hex(deviceCode)
      const row = await sql.deviceBySecret(db.read, key)
      if (row === undefined || row.app_id !== clientId) return { problem: 'invalid_grant' }
      const nowMs = clock.nowMs()
      if (row.expires_at_ms <= nowMs) return { problem: 'expired_token' }
      if (row.state === 'denied') return { problem: 'access_denied' }
      if (row.state === 'used') return { problem: 'invalid_grant' }
      const app = await sql.appById(db.read, row.app_id)
      if (app === undefined) return { problem: 'invalid_client' }
      if (row.state === 'pending' || row.account_id === null) {
        const sinceMs = nowMs - (row.polled_at_ms ?? 0)
        await db.tx((q) => sql.noteDevicePoll(q, key, nowMs))
        // A second of grace: the client's clock is not ours.
        const isTooFast = sinceMs < (limits.devicePollSeconds - 1) * 1000
        return { problem: isTooFast ? 'slow_down' : 'authorization_pending' }
      }
      if (!(await isActive(row.account_id))) return { problem: 'access_denied' }
      const family = ids<FamilyId>()
      const to = { accountId: row.account_id, appId: app.id, appName: app.name, family }
      return issue(ctx, { ...to, scopes: row.scopes }, async ({ q }) => {
        if (await sql.moveDevice(q, key, 'approved', { state: 'used' })) return
        throw new HubError('conflict', 'This code was used a moment ago.')
      })
    },

    async refresh(ctx, { refreshToken, clientId }) {
      const key = sha256Hex(refreshToken)
      const row = await sql.refreshBySecret(db.read, key)
      if (row === undefined || row.app_id !== clientId) return { problem: 'invalid_grant' }
      if (row.used_at_ms !== null) {
        await endAll(row.family_id)
        return { problem: 'invalid_grant' }
      }
      const app = await sql.appById(db.read, row.app_id)
      const isOver = row.expires_at_ms <= clock.nowMs() || !(await isActive(row.account_id))
      if (app === undefined || isOver) return { problem: 'invalid_grant' }
      const to = { accountId: row.account_id, appId: app.id, appName: app.name }
      return issue(ctx, { ...to, scopes: row.scopes, family: row.family_id }, async ({ q }) => {
        if (!(await sql.useRefresh(q, key, clock.nowMs()))) {
          throw new HubError('conflict', 'This refresh token was used a moment ago.')
        }
        await revokeToken(q, row.token_id, { atMs: clock.nowMs(), why: 'rotated' })
      })
    },
  }
}
