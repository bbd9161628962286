/** How people prove who they are. */
import type { AccountId, SessionId } from '#core/kernel/ids.ts'

/** signin: a browser that has signed in. Its cookie is stored as SHA-256 only. */
export interface SessionTable {
  id: SessionId
  account_id: AccountId
  secret_sha256: string
  /** How it was proved, such as `password`. */
  method: string
  created_at_ms: number
  used_at_ms: number
  expires_at_ms: number
  /** Last time the person proved who they are: dangerous acts want it fresh. */
  proved_at_ms: number
  ended_at_ms: number | null
  ip: string | null
  agent: string | null
}

/** signin: failures of one subject, `account:<name key>`, known or not, `factor:<account id>` or `address:<network>`. */
export interface SignInFailureTable {
  subject: string
  count: number
  first_at_ms: number
  locked_until_ms: number | null
}

/** signin: an authenticator app's shared secret. */
export interface TotpTable {
  account_id: AccountId
  secret_sealed: string
  /** The newest step of which a code was taken: none is taken twice. */
  last_step: number
  created_at_ms: number
  /** Null until a first code proved that the app has the secret. */
  confirmed_at_ms: number | null
}

export interface RecoveryCodeTable {
  account_id: AccountId
  sha256: string
  used_at_ms: number | null
}

export interface PasskeyTable {
  /** The credential's own id, base64url. */
  id: string
  account_id: AccountId
  /** COSE key, base64url. */
  public_key: string
  sign_count: number
  /** JSON list of texts. */
  transports: string
  label: string
  created_at_ms: number
  used_at_ms: number | null
}

/** signin: a question that waits for its answer, or a link that waits to be used. */
export interface ChallengeTable {
  secret_sha256: string
  kind: 'second_factor' | 'passkey_new' | 'passkey_use' | 'recovery'
  account_id: AccountId | null
  /** Address or network that asked; null for the hub itself. */
  network: string | null
  /** JSON. */
  payload: string
  expires_at_ms: number
}

export interface SigninTables {
  session: SessionTable
  sign_in_failure: SignInFailureTable
  totp: TotpTable
  recovery_code: RecoveryCodeTable
  passkey: PasskeyTable
  challenge: ChallengeTable
}
