/** Apps that act for people. */
import type { AccountId, FamilyId, TokenId } from '#core/kernel/ids.ts'

/** oauth: a program that asks people for tokens. */
export interface OauthAppTable {
  /** Its public client id. */
  id: string
  name: string
  created_at_ms: number
  disabled_at_ms: number | null
  /** Who registered it; null for the hub's own and for those that registered themselves. */
  owner_id: AccountId | null
  /** Null for public clients. */
  secret_sha256: string | null
  /** JSON list; null for apps without pages. */
  redirect_uris: string | null
  website: string | null
  /** Of those that registered themselves, and only of those: from where. */
  from_ip: string | null
  /** When it was last given something. */
  used_at_ms: number | null
}

/** oauth: a code that a page handed out, for a token. */
export interface OauthCodeTable {
  secret_sha256: string
  app_id: string
  account_id: AccountId
  /** Of all that comes of it: a code used twice ends them. */
  family_id: FamilyId
  redirect_uri: string
  scopes: string
  /** S256, base64url. */
  code_challenge: string | null
  nonce: string | null
  /** When the person had last proved who they are. */
  proved_at_ms: number
  created_at_ms: number
  expires_at_ms: number
  used_at_ms: number | null
}

/** oauth: what somebody allowed an app, so that they are not asked again. */
export interface OauthConsentTable {
  account_id: AccountId
  app_id: string
  scopes: string
  created_at_ms: number
}

/** oauth: keys that sign ID tokens. */
export interface OauthKeyTable {
  /** Its `kid`. */
  id: string
  private_sealed: string
  /** JSON. */
  public_jwk: string
  created_at_ms: number
  retired_at_ms: number | null
}

export interface OauthDeviceTable {
  secret_sha256: string
  user_code: string
  app_id: string
  scopes: string
  state: 'pending' | 'approved' | 'denied' | 'used'
  account_id: AccountId | null
  ip: string | null
  agent: string | null
  polled_at_ms: number | null
  created_at_ms: number
  expires_at_ms: number
}

export interface OauthRefreshTable {
  secret_sha256: string
  /** Every refresh token that descends from one sign-in. */
  family_id: FamilyId
  app_id: string
  account_id: AccountId
  token_id: TokenId
  scopes: string
  created_at_ms: number
  expires_at_ms: number
  used_at_ms: number | null
  /** Of the whole family, when a token of it was used by somebody who should not have it, or the person took their leave back. */
  ended_at_ms: number | null
}

export interface OauthTables {
  oauth_app: OauthAppTable
  oauth_code: OauthCodeTable
  oauth_consent: OauthConsentTable
  oauth_key: OauthKeyTable
  oauth_device: OauthDeviceTable
  oauth_refresh: OauthRefreshTable
}
