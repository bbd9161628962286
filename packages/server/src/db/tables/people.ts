/** Users and organisations, what they are to each other, and their tokens. */
import type { AccountId, TokenId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'

/** identity: users and organisations share one namespace. */
export interface AccountTable {
  id: AccountId
  kind: 'user' | 'org'
  name: string
  /** Lower-cased name: unique. */
  name_key: string
  full_name: string
  email: string | null
  is_admin: Flag
  disabled_at_ms: number | null
  /** Raised when a membership changes; counts with the epochs of the account's repos. */
  policy_epoch: number
  created_at_ms: number
  /** For a service account: the organisation it works for. It has no password and no sessions. */
  service_of: AccountId | null
  /** A few words about itself. */
  details: string | null
  website: string | null
}

export interface PasswordTable {
  account_id: AccountId
  /** `scrypt$N$r$p$salt$key`, base64url parts. */
  hash: string
  changed_at_ms: number
}

export type RoleName = 'admin' | 'maintainer' | 'write' | 'contributor' | 'read' | 'auditor'

export interface MembershipTable {
  org_id: AccountId
  user_id: AccountId
  role: RoleName
  created_at_ms: number
  /** From then on the membership counts for nothing. */
  expires_at_ms: number | null
}

export interface TokenTable {
  id: TokenId
  account_id: AccountId
  label: string
  role: 'read' | 'write' | 'fineGrained'
  /** SHA-256 of the secret, hex: the secret itself is shown once and never stored. */
  secret_sha256: string
  /** Last four characters, so that a person can tell tokens apart. */
  hint: string
  created_at_ms: number
  last_used_at_ms: number | null
  expires_at_ms: number | null
  revoked_at_ms: number | null
  /** JSON of `TokenScope`, for a fine-grained token. */
  scope: string | null
  /** JSON array of CIDR ranges the token is accepted from; null for anywhere. */
  ip_ranges: string | null
  /** The app a person let act for them, where the token came by OAuth. */
  app_id: string | null
  /** Why it ended before its time, where that was nobody's wish: its secret lay open in a repo, or a new one has taken its place. */
  ended_why: 'leaked' | 'rotated' | null
}

/** identity: one-time links, such as the first set-up. */
export interface InvitationTable {
  secret_sha256: string
  purpose: 'setup' | 'membership'
  created_at_ms: number
  expires_at_ms: number
  /** Which organisation invites. */
  account_id: AccountId | null
  /** JSON, by purpose. */
  payload: string | null
}

export interface PeopleTables {
  account: AccountTable
  password: PasswordTable
  membership: MembershipTable
  token: TokenTable
  invitation: InvitationTable
}
