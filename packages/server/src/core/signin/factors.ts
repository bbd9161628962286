/** The second factor: an authenticator app, and recovery codes for the day it is lost. */
import type { Querier } from '#db/flavor.ts'
import type { Tx } from '../events/index.ts'
import { sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { AccountPermit } from '../policy/index.ts'
import type { SigninDeps } from './deps.ts'
import type { Sessions } from './sessions.ts'
import * as sql from './factors.sql.ts'
import { base32, otpauthUri, stepOf } from './totp.ts'

export interface SecondFactor {
  readonly isOn: boolean
  readonly recoveryCodesLeft: number
}

export interface Factors {
  secondFactor(permit: AccountPermit): Promise<SecondFactor>
  /** A shared secret to put into an app; nothing changes until it is confirmed. Errors: `proof_needed`, `conflict` when there is one. */
  beginTotp(permit: AccountPermit, issuer: string): Promise<{ secret: string; uri: string }>
  /** Answers ten recovery codes, once. Errors: `proof_needed`, `invalid` code, `conflict`. */
  confirmTotp(ctx: Ctx, permit: AccountPermit, code: string): Promise<string[]>
  /** Ten new ones; the old ones end. Errors: `proof_needed`, `conflict` without a second factor. */
  renewRecoveryCodes(permit: AccountPermit): Promise<string[]>
  /** Takes the app and the codes away. Errors: `proof_needed`. */
  removeTotp(ctx: Ctx, permit: AccountPermit): Promise<void>
}

const secretBytes = 20
const codesCount = 10
/** Without letters and digits that are taken for one another. 80 bits in 16 of them, so that a stolen hash is no use. */
const codeAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
const codeChars = 16

/** As people type it. */
const plainCode = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')

const conflict = (message: string): HubError => new HubError('conflict', message)

export interface FactorChecks {
  isOn(q: Querier, accountId: AccountId): Promise<boolean>
  /** Takes a code of the app, whether confirmed or not. */
  takeTotp(q: Querier, accountId: AccountId, code: string): Promise<boolean>
  /** Takes a code of the confirmed app or a recovery code; neither is accepted twice. */
  take(q: Querier, accountId: AccountId, code: string): Promise<'totp' | 'recovery' | undefined>
  remove(tx: Tx, accountId: AccountId): Promise<void>
}

/** What signing in needs of a second factor. */
export const makeFactorChecks = ({ clock, sealer, events }: SigninDeps): FactorChecks => {
  const takeTotp = async (q: Querier, accountId: AccountId, code: string): Promise<boolean> => {
    const row = await sql.totpOf(q, accountId)
    if (row === undefined) return false
    const secret = Buffer.from(sealer.unseal(row.secret_sealed), 'base64url')
    const step = stepOf(secret, code.replaceAll(/\s/g, ''), clock.nowMs())
    return step !== undefined && (await sql.takeStep(q, accountId, step))
  }

  return {
    takeTotp,

    async isOn(q, accountId) {
      const row = await sql.totpOf(q, accountId)
      return row !== undefined && row.confirmed_at_ms !== null
    },

    async take(q, accountId, code) {
      const row = await sql.totpOf(q, accountId)
      if (row === undefined || row.confirmed_at_ms === null) return undefined
      if (await takeTotp(q, accountId, code)) return 'totp'
      const taken = { sha256: sha256Hex(plainCode(code)), atMs: clock.nowMs() }
      return (await sql.takeCode(q, accountId, taken)) ? 'recovery' : undefined
    },

    async remove(tx, accountId) {
      await sql.deleteCodes(tx.q, accountId)
      const removed = await sql.deleteTotp(tx.q, accountId)
      if (removed?.confirmed_at_ms == null) return
      await events.append(tx, 'second_factor_changed', { accountId, isOn: false })
    },
  }
}

export const makeFactors = (
  { db, clock, chance, events, sealer }: SigninDeps,
  checks: FactorChecks,
  { requireFresh }: Pick<Sessions, 'requireFresh'>,
): Factors => {
  const newCodes = (): string[] =>
    Array.from({ length: codesCount }, () =>
      [...chance.bytes(codeChars)].map((byte) => codeAlphabet[byte & 31] ?? '').join(''),
    )

  const keepCodes = async (q: Querier, own: AccountId, codes: readonly string[]): Promise<void> => {
    await sql.deleteCodes(q, own)
    await sql.insertCodes(q, own, codes.map(sha256Hex))
  }

  const spelled = (codes: readonly string[]): string[] =>
    codes.map((code) => code.match(/.{4}/g)?.join('-') ?? code)

  const refuseSecond = async (q: Querier, own: AccountId): Promise<void> => {
    if ((await sql.totpOf(q, own))?.confirmed_at_ms == null) return
    throw conflict('An authenticator app is set up. Remove it first.')
  }

  return {
    async secondFactor({ actor }) {
      const isOn = await checks.isOn(db.read, actor.id)
      return { isOn, recoveryCodesLeft: isOn ? await sql.countCodes(db.read, actor.id) : 0 }
    },

    async beginTotp(permit, issuer) {
      await requireFresh(permit)
      const { actor } = permit
      const secret = chance.bytes(secretBytes)
      await db.tx(async (q) => {
        // Looked at and put in place one at a time.
        await db.flavor.lockEvents(q)
        await refuseSecond(q, actor.id)
        await sql.deleteTotp(q, actor.id)
        await sql.insertTotp(q, {
          account_id: actor.id,
          secret_sealed: sealer.seal(secret.toString('base64url')),
          last_step: 0,
          created_at_ms: clock.nowMs(),
          confirmed_at_ms: null,
        })
      })
      return { secret: base32(secret), uri: otpauthUri(secret, issuer, actor.name) }
    },

    async confirmTotp(ctx, permit, code) {
      await requireFresh(permit)
      const { id: accountId } = permit.actor
      const codes = newCodes()
      await db.tx(async (q, after) => {
        await db.flavor.lockEvents(q)
        await refuseSecond(q, accountId)
        if (!(await checks.takeTotp(q, accountId, code))) {
          throw new HubError('invalid', 'This code is not right. Is the clock of your phone?', {
            reason: 'bad_code',
          })
        }
        await sql.confirmTotp(q, accountId, clock.nowMs())
        await keepCodes(q, accountId, codes)
        const payload = { accountId, isOn: true }
        await events.append({ q, after, ctx }, 'second_factor_changed', payload)
      })
      return spelled(codes)
    },

    async renewRecoveryCodes(permit) {
      await requireFresh(permit)
      const { id } = permit.actor
      if (!(await checks.isOn(db.read, id))) throw conflict('There is no second factor to recover.')
      const codes = newCodes()
      await db.tx(async (q) => {
        await db.flavor.lockEvents(q)
        await keepCodes(q, id, codes)
      })
      return spelled(codes)
    },

    async removeTotp(ctx, permit) {
      await requireFresh(permit)
      await db.tx((q, after) => checks.remove({ q, after, ctx }, permit.actor.id))
    },
  }
}
