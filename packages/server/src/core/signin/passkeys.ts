/** Passkeys: kept by a person's device, bound to this site, and enough alone, since the device asks who its person is. */
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import { passwordOf } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { AccountPermit } from '../policy/index.ts'
import type { Challenges } from './challenges.ts'
import type { SigninDeps } from './deps.ts'
import {
  challengeIn,
  type GivenPasskey,
  loadWebauthn,
  type NewPasskeyAnswer,
  type PasskeyChecks,
  siteOf,
} from './passkey-checks.ts'
import * as sql from './passkeys.sql.ts'
import { type NewSession, sessionIdOf, type SessionRows, type Sessions } from './sessions.ts'

export interface Passkey {
  /** The credential's own id, base64url. */
  readonly id: string
  readonly label: string
  readonly createdAtMs: number
  readonly usedAtMs: number | undefined
}

export interface Passkeys {
  /** What a browser needs to make one. Errors: `proof_needed`, `permission_denied` for a token, `too_many`. */
  offerPasskey(
    ctx: Ctx,
    permit: AccountPermit,
    url: string,
  ): Promise<PublicKeyCredentialCreationOptionsJSON>
  /** Errors: `proof_needed`, `invalid` for an answer that does not hold, `exists`. */
  addPasskey(
    ctx: Ctx,
    permit: AccountPermit,
    given: { answer: NewPasskeyAnswer; url: string; label: string },
  ): Promise<Passkey>
  /** In the order they were made. */
  listPasskeys(permit: AccountPermit): Promise<Passkey[]>
  /** Errors: `permission_denied` for a token, `entry_not_found`, `invalid`. */
  renamePasskey(permit: AccountPermit, id: string, label: string): Promise<void>
  /** Errors: `proof_needed`, `entry_not_found`; `conflict` for the last way in. */
  removePasskey(ctx: Ctx, permit: AccountPermit, id: string): Promise<void>
  /** What a browser needs to ask for one: anybody's to sign in, or the permit's own to prove it. Errors: `rate_limited`. */
  askPasskey(
    ctx: Ctx,
    url: string,
    permit?: AccountPermit,
  ): Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Errors: `unauthenticated`. */
  signInByPasskey(
    ctx: Ctx,
    given: GivenPasskey & { agent: string | undefined },
  ): Promise<NewSession>
}

interface Parts {
  readonly challenges: Challenges
  readonly checks: PasskeyChecks
  readonly rows: SessionRows
  readonly requireFresh: Sessions['requireFresh']
}

const hubName = 'Weighhouse'
/** ES256, EdDSA and RS256: what authenticators have. */
const algorithms = [-7, -8, -257]
const idCharsMax = 1_364
const transportsMax = 8

const labelOf = (text: string): string => {
  const label = text.trim()
  if (label.length > 0 && label.length <= limits.passkeyLabelCharsMax) return label
  throw new HubError(
    'invalid',
    `A passkey is named in 1 to ${limits.passkeyLabelCharsMax} characters; this has ${label.length}.`,
  )
}

const transportsOf = (row: Row<'passkey'>): string[] =>
  // A cast because only this room writes it.
  JSON.parse(row.transports) as string[]

const toPasskey = (row: Row<'passkey'>): Passkey => ({
  id: row.id,
  label: row.label,
  createdAtMs: row.created_at_ms,
  usedAtMs: row.used_at_ms ?? undefined,
})

const badAnswer = (cause?: unknown): HubError =>
  new HubError(
    'invalid',
    'This passkey was not made for this page, or came too late. Try again.',
    { reason: 'bad_passkey' },
    cause,
  )

const unknownKey = (): HubError => new HubError('entry_not_found', 'There is no such passkey here.')

export const makePasskeys = (
  { db, clock, events }: SigninDeps,
  { challenges, checks, rows, requireFresh }: Parts,
): Passkeys => {
  const refuseMany = async (q: Querier, { actor }: AccountPermit): Promise<void> => {
    const most = limits.passkeysPerAccountMax
    if ((await sql.passkeysOf(q, actor.id, most)).length < most) return
    throw new HubError('too_many', `An account has at most ${most} passkeys. Remove one first.`)
  }

  const refuseLast = async (q: Querier, { actor }: AccountPermit): Promise<void> => {
    if ((await passwordOf(q, actor.id)) !== undefined) return
    if ((await sql.passkeysOf(q, actor.id, 2)).length > 1) return
    throw new HubError(
      'conflict',
      'This passkey is the only way into the account. Add another one or set a password first.',
      { reason: 'last_way_in' },
    )
  }

  return {
    async offerPasskey(ctx, permit, url) {
      await requireFresh(permit)
      await refuseMany(db.read, permit)
      const { actor } = permit
      const question = { kind: 'passkey_new', accountId: actor.id, ip: ctx.ip } as const
      const challenge = await db.tx((q) => challenges.ask(q, question))
      const known = await sql.passkeysOf(db.read, actor.id, limits.passkeysPerAccountMax)
      const { generateRegistrationOptions } = await loadWebauthn()
      return generateRegistrationOptions({
        rpName: hubName,
        rpID: siteOf(url).rpId,
        userName: actor.name,
        userDisplayName: actor.name,
        userID: new Uint8Array(Buffer.from(actor.id)),
        // As bytes: a text would be encoded once more.
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        timeout: limits.challengeLifeMs,
        attestationType: 'none',
        excludeCredentials: known.map((row) => ({ id: row.id, transports: transportsOf(row) })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: algorithms,
      })
    },

    async addPasskey(ctx, permit, { answer, url, label }) {
      await requireFresh(permit)
      const { id: accountId } = permit.actor
      const { rpId, origin } = siteOf(url)
      const challenge = challengeIn(answer.response.clientDataJSON)
      if (challenge === undefined || answer.id.length > idCharsMax) throw badAnswer()
      const asked = await db.tx((q) => challenges.take(q, 'passkey_new', challenge))
      if (asked?.account_id !== accountId) throw badAnswer()
      const { verifyRegistrationResponse } = await loadWebauthn()
      const { registrationInfo } = await verifyRegistrationResponse({
        response: answer,
        expectedChallenge: challenge,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
        supportedAlgorithmIDs: algorithms,
      }).catch((error: unknown) => {
        throw badAnswer(error)
      })
      if (registrationInfo === undefined) throw badAnswer()
      const { credential } = registrationInfo
      const transports = (credential.transports ?? []).slice(0, transportsMax)
      const row: NewRow<'passkey'> & Row<'passkey'> = {
        id: credential.id,
        account_id: accountId,
        public_key: Buffer.from(credential.publicKey).toString('base64url'),
        sign_count: credential.counter,
        transports: JSON.stringify(transports.filter((one) => /^[a-z-]{1,32}$/.test(one))),
        label: labelOf(label),
        created_at_ms: clock.nowMs(),
        used_at_ms: null,
      }
      await db.tx(async (q, after) => {
        await db.flavor.lockEvents(q)
        await refuseMany(q, permit)
        if ((await sql.passkeyById(q, row.id)) !== undefined) {
          throw new HubError('exists', 'This passkey has been added before.')
        }
        await sql.insertPasskey(q, row)
        const payload = { accountId, passkeyId: row.id }
        await events.append({ q, after, ctx }, 'passkey_added', payload)
      })
      return toPasskey(row)
    },

    async listPasskeys({ actor }) {
      const found = await sql.passkeysOf(db.read, actor.id, limits.passkeysPerAccountMax)
      return found.map(toPasskey)
    },

    async renamePasskey(permit, id, label) {
      sessionIdOf(permit)
      const name = labelOf(label)
      const isKnown = await db.tx((q) => sql.renamePasskey(q, { id, own: permit.actor.id }, name))
      if (!isKnown) throw unknownKey()
    },

    async removePasskey(ctx, permit, id) {
      await requireFresh(permit)
      const { id: accountId } = permit.actor
      await db.tx(async (q, after) => {
        await db.flavor.lockEvents(q)
        if ((await sql.passkeyById(q, id))?.account_id !== accountId) throw unknownKey()
        await refuseLast(q, permit)
        await sql.deletePasskey(q, id)
        const payload = { accountId, passkeyId: id }
        await events.append({ q, after, ctx }, 'passkey_removed', payload)
      })
    },

    async askPasskey(ctx, url, permit) {
      const own = permit?.actor.id
      const known =
        own === undefined ? [] : await sql.passkeysOf(db.read, own, limits.passkeysPerAccountMax)
      const question = { kind: 'passkey_use', ip: ctx.ip, ...(own && { accountId: own }) } as const
      const challenge = await db.tx((q) => challenges.ask(q, question))
      const { generateAuthenticationOptions } = await loadWebauthn()
      return generateAuthenticationOptions({
        rpID: siteOf(url).rpId,
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        timeout: limits.challengeLifeMs,
        allowCredentials: known.map((row) => ({ id: row.id, transports: transportsOf(row) })),
        userVerification: 'required',
      })
    },

    signInByPasskey: (ctx, { agent, ...given }) =>
      checks.check(ctx, given, (tx, account) =>
        rows.begin(tx, account, { method: 'passkey', agent }),
      ),
  }
}
