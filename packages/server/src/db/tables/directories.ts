/** Single sign-on and directories of organisations. */
import type { AccountId, SsoProviderId, TeamId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'

/** sso: an OpenID provider that people sign in by. */
export interface SsoProviderTable {
  id: SsoProviderId
  /** The organisation whose people it knows; null for one of the whole hub. */
  org_id: AccountId | null
  name: string
  name_key: string
  issuer: string
  client_id: string
  secret_sealed: string | null
  /** JSON: scopes, claims, rules from groups to roles, domains. */
  settings: string
  created_at_ms: number
  disabled_at_ms: number | null
}

/** sso: which of a provider's people is which account. */
export interface SsoIdentityTable {
  provider_id: SsoProviderId
  subject: string
  account_id: AccountId
  /** As the provider said it last; says nothing about who it is. */
  email: string | null
  /** JSON: the memberships and places in teams that it gave, so that it takes away no others. */
  given: string
  created_at_ms: number
  used_at_ms: number | null
}

export interface SsoAttemptTable {
  secret_sha256: string
  provider_id: SsoProviderId
  verifier_sealed: string
  nonce: string
  /** The page to go to afterwards. */
  next: string
  /** The signed-in account that the identity is to be added to. */
  link_account_id: AccountId | null
  ip: string | null
  expires_at_ms: number
}

/** provisioning: a person as an organisation's directory knows them. */
export interface ScimUserTable {
  org_id: AccountId
  account_id: AccountId
  user_name: string
  user_name_key: string
  external_id: string | null
  is_active: Flag
  /** Was the account made by the directory? Then it ends with it. */
  is_managed: Flag
  /** JSON: what the directory said beside. */
  attributes: string
  /** When the directory last made the person active. */
  active_since_ms: number
  /** When the directory disabled the account it manages: it enables only what it has disabled itself. */
  disabled_at_ms: number | null
  created_at_ms: number
  updated_at_ms: number
}

/** provisioning: a directory's group is a team, and ends with it. */
export interface ScimGroupTable {
  team_id: TeamId
  org_id: AccountId
  /** As the directory writes it; the team's name is made of it. */
  display_name: string
  external_id: string | null
  created_at_ms: number
  updated_at_ms: number
}

/** provisioning: people who are not active, and groups that they are in once they are. */
export interface ScimWaitingTable {
  team_id: TeamId
  org_id: AccountId
  account_id: AccountId
}

/** provisioning: the directory of an organisation, and how many it has ended of late. */
export interface ScimDirectoryTable {
  org_id: AccountId
  window_start_ms: number
  /** Active when the window began, and ended within it. */
  window_active: number
  window_ended: number
  /** Since when nobody is deactivated any more. */
  braked_at_ms: number | null
  changed_at_ms: number
}

export interface DirectoriesTables {
  sso_provider: SsoProviderTable
  sso_identity: SsoIdentityTable
  sso_attempt: SsoAttemptTable
  scim_user: ScimUserTable
  scim_group: ScimGroupTable
  scim_waiting: ScimWaitingTable
  scim_directory: ScimDirectoryTable
}
