/**
 * Signing in by somebody else's word: OpenID Connect Core 1.0, authorization code flow with PKCE. Driver: `openid/client`.
 *
 * Invariants: claims are answered only when signature, issuer, audience, nonce, times and the hash of the access token were right; nothing
 * is remembered between two calls.
 */

export interface OpenIdProvider {
  /** Compared with what the provider says of itself and with each ID token. */
  readonly issuer: string
  readonly clientId: string
  /** Undefined for a public client. */
  readonly clientSecret: string | undefined
  readonly mayBePrivate: boolean
}

/** What binds an answer to the question that one browser was sent away with. */
export interface OpenIdAttempt {
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  /** Of PKCE. */
  readonly verifier: string
}

/** Verified claims of the ID token, with those of the userinfo endpoint that it does not have itself. */
export interface OpenIdClaims extends Readonly<Record<string, unknown>> {
  readonly sub: string
}

/** What a provider says of itself. */
export interface OpenIdFacts {
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly hasUserinfo: boolean
  /** How many keys sign its tokens. */
  readonly keys: number
  readonly algorithms: readonly string[]
  readonly hasPkce: boolean
}

export type OpenIdReason =
  | 'forbidden_url'
  | 'forbidden_address'
  | 'redirected'
  | 'too_large'
  | 'stalled'
  | 'unreachable'
  | 'not_openid'
  | 'wrong_issuer'
  | 'wrong_state'
  | 'refused_by_provider'
  | 'wrong_audience'
  | 'wrong_nonce'
  | 'expired'
  | 'not_yet_valid'
  | 'bad_algorithm'
  | 'bad_signature'
  | 'unknown_key'
  | 'wrong_access_token'
  | 'wrong_person'
  | 'bad_answer'

/** Why somebody's word does not count. The message is for the log and for administrators. */
export class OpenIdError extends Error {
  readonly reason: OpenIdReason

  constructor(reason: OpenIdReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'OpenIdError'
    this.reason = reason
  }
}

/** Errors of all: `OpenIdError`. */
export interface OpenId {
  describe(provider: OpenIdProvider): Promise<OpenIdFacts>
  /** Where the browser is to go. `asksAgain` has the provider ask for a proof although it knows the person. */
  addressOf(
    provider: OpenIdProvider,
    attempt: OpenIdAttempt,
    wish: { scopes: string; asksAgain: boolean },
  ): Promise<string>
  /** The claims behind what the browser came back with; `query` is without its question mark. */
  redeem(provider: OpenIdProvider, attempt: OpenIdAttempt, query: string): Promise<OpenIdClaims>
}
