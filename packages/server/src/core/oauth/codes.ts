/** The flow by a page (RFC 6749 with PKCE): an app sends a person here, who lets it act for them, and goes back with a code. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Database } from '#db/connect.ts'
import type { Events } from '../events/index.ts'
import { type Identity, sha256Hex } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId, FamilyId, IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Chance, Clock } from '../kernel/time.ts'
import type { AccountPermit } from '../policy/index.ts'
import { type App, toApp } from './apps.ts'
import * as apps from './apps.sql.ts'
import { isProven, type IssuedByLeave, type Issuer } from './issue.ts'
import * as sql from './oauth.sql.ts'
import type { ClientProof, OauthProblem } from './problems.ts'
import { isRegistered, targetOf } from './redirects.ts'
import { keptScopes, knownScopes, type OauthScope, wordsOf } from './scopes.ts'

/** What an app asks for, as it came. */
export interface LeaveWish {
  readonly clientId: string
  readonly redirectUri: string
  readonly responseType: string | undefined
  readonly responseMode: string | undefined
  readonly scope: string
  readonly codeChallenge: string | undefined
  readonly codeChallengeMethod: string | undefined
  readonly nonce: string | undefined
}

/** The same, looked at: the app is known and may have people sent there. */
export interface LeaveRequest {
  readonly app: App
  /** Who answers for the app; undefined for one of the hub's own, and for one that registered itself. */
  readonly ownerName: string | undefined
  readonly redirectUri: string
  /** The start of it, which says whose it is: a scheme, with the host of a web page. */
  readonly target: string
  readonly scopes: readonly OauthScope[]
  /** What the scopes mean, for the person. */
  readonly words: readonly string[]
  readonly codeChallenge: string | undefined
  readonly nonce: string | undefined
}

/** A refusal that the app is told, at its redirect URI. */
export interface LeaveProblem {
  readonly problem: 'invalid_request' | 'invalid_scope' | 'unsupported_response_type'
  readonly sentence: string
}

/** What an ID token says beside who it is. */
export interface IdFacts {
  readonly appId: string
  readonly accountId: AccountId
  readonly provedAtMs: number
  readonly nonce: string | undefined
}

export interface Codes {
  /**
   * Errors: `invalid` for an unknown app or redirect URI: what is said then is for the person, who must not be sent anywhere. Everything
   * else that is wrong is an answer, for the app.
   */
  readLeave(wish: LeaveWish): Promise<LeaveRequest | LeaveProblem>
  /** Has the account allowed all of it before? */
  isAllowed(permit: AccountPermit, request: LeaveRequest): Promise<boolean>
  /** Writes down what the person allows, and answers a code for it: good once, for a minute. */
  giveLeave(
    ctx: Ctx,
    permit: AccountPermit,
    given: { request: LeaveRequest; provedAtMs: number },
  ): Promise<string>
  /** A code used twice ends all that came of it. */
  redeemCode(
    ctx: Ctx,
    claim: ClientProof & { code: string; redirectUri: string; verifier: string | undefined },
  ): Promise<(IssuedByLeave & { idFacts: IdFacts | undefined }) | { problem: OauthProblem }>
}

export interface CodesDeps {
  readonly db: Database
  readonly events: Events
  readonly identity: Identity
  readonly issuer: Issuer
  readonly clock: Clock
  readonly chance: Chance
  readonly ids: IdMaker
}

const challengeForm = /^[A-Za-z0-9_-]{43}$/
const verifierForm = /^[A-Za-z0-9._~-]{43,128}$/
const nonceCharsMax = 512

/** What is wrong with a request beyond app and address. */
const problemOf = (wish: LeaveWish, app: App): LeaveProblem | undefined => {
  const no = (sentence: string): LeaveProblem => ({ problem: 'invalid_request', sentence })
  if (wish.responseType !== 'code') {
    return {
      problem: 'unsupported_response_type',
      sentence: 'This hub answers with a code: send response_type=code.',
    }
  }
  if (wish.responseMode !== undefined && wish.responseMode !== 'query') {
    return no('This hub answers in the query: leave response_mode out.')
  }
  if (wish.codeChallenge === undefined) {
    if (!app.isConfidential || wish.codeChallengeMethod !== undefined) {
      return no('An app without a secret sends code_challenge, with code_challenge_method=S256.')
    }
  } else if (wish.codeChallengeMethod !== 'S256' || !challengeForm.test(wish.codeChallenge)) {
    return no('Only code_challenge_method=S256 is taken, with a code_challenge of 43 characters.')
  }
  if ((wish.nonce?.length ?? 0) > nonceCharsMax) {
    return no(`A nonce has at most ${nonceCharsMax} characters.`)
  }
  if (knownScopes(wish.scope).length > 0) return undefined
  return { problem: 'invalid_scope', sentence: 'This hub knows none of the scopes asked for.' }
}

/** Does the verifier fit what the page was shown? One that comes for a code without a challenge is refused: somebody took it away. */
const isVerified = (challenge: string | null, verifier: string | undefined): boolean => {
  if (challenge === null || verifier === undefined)
    return challenge === null && verifier === undefined
  if (!verifierForm.test(verifier)) return false
  const made = createHash('sha256').update(verifier).digest('base64url')
  return timingSafeEqual(Buffer.from(made), Buffer.from(challenge))
}

export const makeCodes = ({
  db,
  events,
  identity,
  issuer,
  clock,
  chance,
  ids,
}: CodesDeps): Codes => ({
  async readLeave(wish) {
    const row = await apps.appById(db.read, wish.clientId)
    if (row === undefined) {
      throw new HubError(
        'invalid',
        'The app that sent you here is not known to this hub, or was removed.',
      )
    }
    const app = toApp(row)
    if (!isRegistered(wish.redirectUri, app.redirectUris)) {
      throw new HubError(
        'invalid',
        `"${app.name}" asks to send you to an address that is not registered for it. Nothing was given away.`,
      )
    }
    const problem = problemOf(wish, app)
    if (problem !== undefined) return problem
    const { redirectUri, codeChallenge, nonce } = wish
    const scopes = knownScopes(wish.scope)
    const words = scopes.map(wordsOf)
    const target = targetOf(redirectUri)
    const owner = row.owner_id === null ? undefined : await identity.get(row.owner_id)
    const ownerName = owner?.name
    return { app, ownerName, redirectUri, target, scopes, words, codeChallenge, nonce }
  },

  async isAllowed({ actor }, { app, scopes }) {
    const kept = keptScopes((await apps.consentOf(db.read, actor.id, app.id)) ?? '')
    return scopes.every((scope) => kept.includes(scope))
  },

  async giveLeave(ctx, { actor }, { request, provedAtMs }) {
    const { app, redirectUri, scopes, codeChallenge, nonce } = request
    const code = chance.bytes(32).toString('base64url')
    const nowMs = clock.nowMs()
    await db.tx(async (q, after) => {
      if ((await apps.appById(q, app.id)) === undefined) {
        throw new HubError('conflict', 'The app was removed a moment ago.')
      }
      const kept = keptScopes((await apps.consentOf(q, actor.id, app.id)) ?? '')
      if (!scopes.every((scope) => kept.includes(scope))) {
        const all = [...new Set([...kept, ...scopes])].join(' ')
        const consent = { account_id: actor.id, app_id: app.id, created_at_ms: nowMs }
        await apps.putConsent(q, { ...consent, scopes: all })
        const payload = { appId: app.id, accountId: actor.id, scopes: scopes.join(' ') }
        await events.append({ q, after, ctx }, 'app_allowed', payload)
      }
      await sql.insertCode(q, {
        secret_sha256: sha256Hex(code),
        app_id: app.id,
        account_id: actor.id,
        family_id: ids<FamilyId>(),
        redirect_uri: redirectUri,
        scopes: scopes.join(' '),
        code_challenge: codeChallenge ?? null,
        nonce: nonce ?? null,
        proved_at_ms: provedAtMs,
        created_at_ms: nowMs,
        expires_at_ms: nowMs + limits.oauthCodeMs,
        used_at_ms: null,
      })
    })
    return code
  },

  async redeemCode(ctx, { code, redirectUri, verifier, ...proof }) {
    const key = sha256Hex(code)
    const row = await sql.codeBySecret(db.read, key)
    if (row === undefined) return { problem: 'invalid_grant' }
    const app = await apps.appById(db.read, row.app_id)
    // Another app learns nothing of a code, not even that it is one.
    if (proof.clientId !== undefined && proof.clientId !== row.app_id) {
      return { problem: 'invalid_grant' }
    }
    if (app === undefined || !isProven(app, proof)) return { problem: 'invalid_client' }
    if (row.used_at_ms !== null) {
      await issuer.endAll(row.family_id)
      return { problem: 'invalid_grant' }
    }
    const isGood =
      row.expires_at_ms > clock.nowMs() &&
      row.redirect_uri === redirectUri &&
      isVerified(row.code_challenge, verifier) &&
      (await issuer.isActive(row.account_id))
    if (!isGood) return { problem: 'invalid_grant' }
    const grant = { accountId: row.account_id, app, scopes: row.scopes, family: row.family_id }
    let isTwice = false
    try {
      const issued = await issuer.issue(ctx, grant, async ({ q }) => {
        isTwice = !(await sql.useCode(q, key, clock.nowMs()))
        if (isTwice) throw new HubError('conflict', 'This code was used a moment ago.')
      })
      const facts = {
        appId: app.id,
        accountId: row.account_id,
        provedAtMs: row.proved_at_ms,
        nonce: row.nonce ?? undefined,
      }
      const isAsked = keptScopes(row.scopes).includes('openid')
      return { ...issued, idFacts: isAsked ? facts : undefined }
    } catch (error) {
      if (!isTwice) throw error
      await issuer.endAll(row.family_id)
      return { problem: 'invalid_grant' }
    }
  },
})
