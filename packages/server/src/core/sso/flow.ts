/**
 * One sign-in: away to the provider, and back. An attempt belongs to one browser, is used once and leads to one provider; who comes back is
 * found by provider and subject, and by nothing else that a provider says.
 */
import { asAccount, sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { AccountPermit } from '../policy/index.ts'
import { OpenIdError, type OpenIdClaims } from '../ports/openid.ts'
import { type SsoDeps, toOpenIdProvider } from './index.ts'
import { makeSsoAccounts, refusing } from './accounts.ts'
import { personOf } from './people.ts'
import { methodOf, settingsOf } from './providers.ts'
import * as sql from './sso.sql.ts'

export interface Departure {
  /** Where the browser is to go. */
  readonly url: string
  /** For the browser alone: who comes back without it is not who went away. */
  readonly secret: string
  readonly lifeMs: number
}

export interface Arrival {
  /** Undefined where an identity was added to the account that is signed in already. */
  readonly session: { secret: string; lifeMs: number } | undefined
  readonly next: string
}

/** By the name as it was set: providers compare it letter by letter with what they were told. */
type CallbackOf = (name: string) => string

export interface Flow {
  /**
   * Begins a sign-in, or with `linkTo` the linking of that account. `callback` says where a provider of
   * this name sends the browser back to. Errors:
   * `entry_not_found`, `rate_limited`; `unauthenticated` when the provider cannot be used, with the reason.
   */
  depart(
    ctx: Ctx,
    name: string,
    wish: { next: string; callback: CallbackOf; linkTo?: AccountPermit },
  ): Promise<Departure>
  /**
   * Ends it. `query` is what the provider sent, `secret` what the browser kept, `signedIn` who it is signed in as now. Errors:
   * `unauthenticated` with the reason; `exists` for an identity or account that is linked already.
   */
  arrive(
    ctx: Ctx,
    name: string,
    back: {
      secret: string | undefined
      query: string
      callback: CallbackOf
      agent: string | undefined
      signedIn: AccountPermit | undefined
    },
  ): Promise<Arrival>
}

/** Kept from nobody: it is derived so that the row need not hold it, and says nothing of the secret. */
const stateOf = (secret: string): string => sha256Hex(`weighhouse sso state ${secret}`)

const sentences: Readonly<Record<OpenIdError['reason'], string>> = {
  forbidden_url: 'is set to an address that this hub does not use',
  forbidden_address: 'is at an address of a private network, which an administrator must allow',
  redirected: 'answers with a redirect, which is not followed',
  too_large: 'sends more than is read',
  stalled: 'does not answer in time',
  unreachable: 'cannot be reached',
  not_openid: 'does not describe itself as OpenID Connect asks',
  wrong_issuer: 'is not the one that this hub knows',
  wrong_state: 'answers another question than the one that was asked',
  refused_by_provider: 'did not let you in',
  wrong_audience: 'spoke to somebody else, not to this hub',
  wrong_nonce: 'answers with a word of another sign-in',
  expired: 'gave a word that is over already',
  not_yet_valid: 'gave a word that is not valid yet',
  bad_algorithm: 'signs its word in a way that is not accepted',
  bad_signature: 'gave a word whose signature is wrong',
  unknown_key: 'signs its word with a key that it does not publish',
  wrong_access_token: 'gave two words that do not belong together',
  wrong_person: 'speaks of two different people',
  bad_answer: 'gave an answer that cannot be read',
}

export const makeFlow = (deps: SsoDeps): Flow => {
  const { db, identity, signin, openid, sealer, clock, chance } = deps
  const { accountOf, link, confirm, update } = makeSsoAccounts(deps)

  const needProvider = async (name: string): Promise<sql.ProviderRow> => {
    const row = await sql.providerByName(db.read, name)
    const org = row?.org_id == null ? undefined : await identity.get(row.org_id)
    if (row !== undefined && row.disabled_at_ms === null && org?.isDisabled !== true) return row
    throw new HubError('entry_not_found', `Nobody signs in here by "${name.slice(0, 64)}".`)
  }

  /** The provider's failures, as a sentence for the person and a reason for the trail. */
  const heard = async <T>(ctx: Ctx, row: sql.ProviderRow, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof OpenIdError)) throw error
      const { reason, message } = error
      ctx.log.warn({ provider: row.name, reason, problem: message }, 'single sign-on failed')
      const sentence = `${row.name} ${sentences[reason]}. Try again; if it stays so, tell an administrator: ${reason}.`
      throw refusing(row)(reason, sentence, error)
    }
  }

  const keepAttempt = (attempt: Parameters<typeof sql.insertAttempt>[1]): Promise<void> =>
    db.tx(async (q) => {
      await sql.deleteOldAttempts(q, clock.nowMs())
      const own = attempt.ip == null ? 0 : await sql.countAttempts(q, attempt.ip)
      const isFull = (await sql.countAttempts(q, undefined)) >= limits.ssoAttemptsMax
      if (isFull || own >= limits.ssoAttemptsPerAddressMax) {
        throw new HubError('rate_limited', 'Too many sign-ins are under way. Wait a minute.', {
          retryAfterSeconds: 60,
        })
      }
      await sql.insertAttempt(q, attempt)
    })

  /** The attempt of this browser at this provider, taken out: used once, whatever comes of it. */
  const takeAttempt = async (row: sql.ProviderRow, secret: string | undefined) => {
    const attempt =
      secret === undefined ? undefined : await db.tx((q) => sql.takeAttempt(q, sha256Hex(secret)))
    const refuse = refusing(row)
    if (secret === undefined || attempt === undefined || attempt.expires_at_ms <= clock.nowMs()) {
      throw refuse(
        'no_attempt',
        'This sign-in was not begun in this browser, is used, or took too long. Begin again.',
      )
    }
    if (attempt.provider_id !== row.id) {
      throw refuse('wrong_provider', 'This sign-in was begun at another provider. Begin again.')
    }
    return attempt
  }

  return {
    async depart(ctx, name, { next, callback, linkTo }) {
      const row = await needProvider(name)
      const secret = chance.bytes(32).toString('base64url')
      const verifier = chance.bytes(48).toString('base64url')
      const nonce = chance.bytes(24).toString('base64url')
      await keepAttempt({
        secret_sha256: sha256Hex(secret),
        provider_id: row.id,
        verifier_sealed: sealer.seal(verifier),
        nonce,
        next,
        link_account_id: linkTo?.own ?? null,
        ip: ctx.ip ?? null,
        expires_at_ms: clock.nowMs() + limits.ssoAttemptLifeMs,
      })
      const attempt = { redirectUri: callback(row.name), state: stateOf(secret), nonce, verifier }
      const { scopes } = settingsOf(row)
      const wish = { scopes, asksAgain: linkTo !== undefined }
      const url = await heard(ctx, row, () =>
        openid.addressOf(toOpenIdProvider(deps, row), attempt, wish),
      )
      return { url, secret, lifeMs: limits.ssoAttemptLifeMs }
    },

    async arrive(ctx, name, { secret, query, callback, agent, signedIn }) {
      const row = await needProvider(name)
      const attempt = await takeAttempt(row, secret)
      const linkTo = attempt.link_account_id
      if (linkTo !== null && signedIn?.own !== linkTo) {
        const message = 'You are not signed in any more as who wanted to link this. Begin again.'
        throw refusing(row)('another_session', message)
      }
      const asked = {
        redirectUri: callback(row.name),
        state: stateOf(secret ?? ''),
        nonce: attempt.nonce,
        verifier: sealer.unseal(attempt.verifier_sealed),
      }
      const claims: OpenIdClaims = await heard(ctx, row, () =>
        openid.redeem(toOpenIdProvider(deps, row), asked, query),
      )
      const person = personOf(claims, settingsOf(row), refusing(row))
      const account =
        linkTo === null ? await accountOf(ctx, row, person) : await link(ctx, row, person, linkTo)
      await update(asAccount(ctx, account), row, person, account)
      if (linkTo !== null) return { session: undefined, next: attempt.next }
      const how = { method: methodOf(row), agent }
      const session = await signin.begin(ctx, account.id, how, (q) => confirm(q, row))
      return { session, next: attempt.next }
    },
  }
}
