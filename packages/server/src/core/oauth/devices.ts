/** The device flow (RFC 8628): a command line shows a code, and a person types it where they are signed in. */
import type { Database } from '#db/connect.ts'
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import { sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { FamilyId, IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { AccountPermit } from '../policy/index.ts'
import * as apps from './apps.sql.ts'
import type { IssuedByLeave, Issuer } from './issue.ts'
import * as sql from './oauth.sql.ts'
import type { OauthProblem } from './problems.ts'

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

export interface Devices {
  /** Errors, as an answer: `invalid_client`; `unauthorized_client` for an app that has pages. */
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
}

export interface DevicesDeps {
  readonly db: Database
  readonly issuer: Issuer
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

export const makeDevices = ({ db, issuer, clock, chance, ids }: DevicesDeps): Devices => {
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

  const appOf = async (id: string): Promise<apps.AppRow | undefined> => {
    const found = await apps.appById(db.read, id)
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
      from_ip: null,
      used_at_ms: null,
    }
    // Read again: a hub that removed it has a row that stays out of force.
    return db.tx(async (q) => {
      await apps.keepApp(q, row)
      return apps.appById(q, id)
    })
  }

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

  return {
    async offerDevice(ctx, { clientId, scopes, agent }) {
      const app = await appOf(clientId)
      if (app === undefined) return { problem: 'invalid_client' }
      // Its tokens act with all that an account may do: not for whoever registered an app.
      if (app.redirect_uris !== null) return { problem: 'unauthorized_client' }
      const deviceCode = chance.bytes(32).toString('base64url')
      const userCode = makeUserCode()
      const nowMs = clock.nowMs()
      await db.tx(async (q) => {
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
      const app = row && (await apps.appById(db.read, row.app_id))
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
      const app = await apps.appById(db.read, row.app_id)
      if (app === undefined) return { problem: 'invalid_client' }
      if (row.state === 'pending' || row.account_id === null) {
        const sinceMs = nowMs - (row.polled_at_ms ?? 0)
        await db.tx((q) => sql.noteDevicePoll(q, key, nowMs))
        // A second of grace: the client's clock is not ours.
        const isTooFast = sinceMs < (limits.devicePollSeconds - 1) * 1000
        return { problem: isTooFast ? 'slow_down' : 'authorization_pending' }
      }
      if (!(await issuer.isActive(row.account_id))) return { problem: 'access_denied' }
      const family = ids<FamilyId>()
      const accountId = row.account_id
      return issuer.issue(ctx, { accountId, app, scopes: row.scopes, family }, async ({ q }) => {
        if (!(await sql.moveDevice(q, key, 'approved', { state: 'used' }))) {
          throw new HubError('conflict', 'This code was used a moment ago.')
        }
        const consent = { account_id: accountId, app_id: app.id, created_at_ms: nowMs }
        await apps.putConsent(q, { ...consent, scopes: '' })
      })
    },
  }
}
