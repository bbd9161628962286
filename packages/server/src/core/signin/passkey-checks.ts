/** Answers of passkeys: parsed under bounds, their challenge taken once, their signature verified, their counter moved. */
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Row } from '#db/schema.ts'
import type { Tx } from '../events/index.ts'
import type { Account } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { Challenges } from './challenges.ts'
import type { SigninDeps } from './deps.ts'
import * as sql from './passkeys.sql.ts'

/** What the browser answered, as its `toJSON()` says it. */
export type PasskeyAnswer = AuthenticationResponseJSON
export type NewPasskeyAnswer = RegistrationResponseJSON

export interface GivenPasskey {
  readonly answer: PasskeyAnswer
  /** The hub's own, under which it was asked. */
  readonly url: string
}

export interface PasskeyChecks {
  /**
   * Does the work, in one transaction, for the account whose passkey answered. With `own` the question must have been asked for that
   * account, without it for anybody. Errors: `unauthenticated`, of whichever reason alike.
   */
  check<T>(
    ctx: Ctx,
    given: GivenPasskey & { readonly own?: AccountId },
    work: (tx: Tx, account: Account) => Promise<T>,
  ): Promise<T>
}

const clientDataCharsMax = 8_192

/** The challenge that an answer claims to answer; undefined for what is no answer. */
export const challengeIn = (clientDataJSON: string): string | undefined => {
  if (clientDataJSON.length > clientDataCharsMax) return undefined
  try {
    const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString())
    if (typeof data !== 'object' || data === null || !('challenge' in data)) return undefined
    return typeof data.challenge === 'string' ? data.challenge : undefined
  } catch {
    return undefined
  }
}

const refused = (cause?: unknown): HubError =>
  new HubError(
    'unauthenticated',
    'This passkey is not known here, or its answer came too late. Try again.',
    { reason: 'bad_passkey' },
    cause,
  )

/** The site a passkey belongs to: browsers and authenticators hold to it. */
export const siteOf = (url: string): { rpId: string; origin: string } => {
  const { hostname, origin } = new URL(url)
  return { rpId: hostname, origin }
}

/** Base64url of the account's id, by which an authenticator knows whose passkey it is. */
const handleOf = (id: AccountId): string => Buffer.from(id).toString('base64url')

/** Loaded at first use: it takes a fifth of a second, and commands do without. */
export const loadWebauthn = () => import('@simplewebauthn/server')

export const makePasskeyChecks = (
  { db, identity, clock }: SigninDeps,
  challenges: Challenges,
): PasskeyChecks => {
  /** The counter that the answer proves. Throws what the library says of it. */
  const verify = async (
    { answer, url }: GivenPasskey,
    { challenge, passkey }: { challenge: string; passkey: Row<'passkey'> },
  ): Promise<number> => {
    const { rpId, origin } = siteOf(url)
    const { verifyAuthenticationResponse } = await loadWebauthn()
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.public_key, 'base64url')),
        counter: passkey.sign_count,
      },
    })
    if (!verified) throw new Error('the signature does not hold')
    return authenticationInfo.newCounter
  }

  return {
    async check(ctx, given, work) {
      const { answer, own } = given
      const challenge = challengeIn(answer.response.clientDataJSON)
      if (challenge === undefined) throw refused()
      // Taken whatever comes of it: an answer is looked at once.
      const row = await db.tx((q) => challenges.take(q, 'passkey_use', challenge))
      if (row === undefined || row.account_id !== (own ?? null)) throw refused()
      const passkey = await sql.passkeyById(db.read, answer.id)
      const account = passkey === undefined ? undefined : await identity.get(passkey.account_id)
      if (passkey === undefined || account === undefined || account.isDisabled) throw refused()
      if (own !== undefined && account.id !== own) throw refused()
      const { userHandle } = answer.response
      if (userHandle !== undefined && userHandle !== handleOf(account.id)) throw refused()
      const counter = await verify(given, { challenge, passkey }).catch((error: unknown) => {
        throw refused(error)
      })
      return db.tx(async (q, after) => {
        const use = { from: passkey.sign_count, to: counter, atMs: clock.nowMs() }
        if (!(await sql.usePasskey(q, passkey.id, use))) throw refused()
        return work({ q, after, ctx }, account)
      })
    },
  }
}
