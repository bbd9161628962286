/** The protocol's own words for what is not, or not yet. */
export type OauthProblem =
  | 'authorization_pending'
  | 'slow_down'
  | 'expired_token'
  | 'access_denied'
  | 'invalid_grant'
  | 'invalid_client'
  | 'unauthorized_client'

/** What a client says of itself when it asks for a token. */
export interface ClientProof {
  /** Undefined where the code says whose it is. */
  readonly clientId: string | undefined
  readonly secret: string | undefined
}
