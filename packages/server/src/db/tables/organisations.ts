/** Teams, grants and rules of organisations. */
import type { AccountId, GroupId, PendingActId, RepoId, TeamId, TokenId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'
import type { RoleName } from './people.ts'

/** organisations: members who are given access together. */
export interface TeamTable {
  id: TeamId
  org_id: AccountId
  name: string
  name_key: string
  created_at_ms: number
}

export interface TeamMemberTable {
  team_id: TeamId
  user_id: AccountId
  created_at_ms: number
}

/** organisations: repos that membership alone does not open. */
export interface ResourceGroupTable {
  id: GroupId
  org_id: AccountId
  name: string
  name_key: string
  created_at_ms: number
}

/** organisations: a role on one repo or resource group, for a person or a team. */
export interface AccessGrantTable {
  target_id: RepoId | GroupId
  grantee_id: AccountId | TeamId
  target_kind: 'repo' | 'group'
  grantee_kind: 'user' | 'team'
  role: RoleName
  /** `rankOf(role)`, so that SQL finds the highest. */
  rank: number
  created_by: AccountId | null
  created_at_ms: number
  expires_at_ms: number | null
}

/** organisations: what an organisation demands of those who act in it. */
export interface OrgPolicyTable {
  org_id: AccountId
  token_life_ms_max: number | null
  needs_token_approval: Flag
  needs_two_people: Flag
  updated_at_ms: number
}

/** What an organisation lets its own people take from others. */
export interface OrgRuleTable {
  org_id: AccountId
  kind: 'formats_denied' | 'licences_allowed' | 'countries_allowed'
  /** JSON list. */
  words: string
}

export interface TokenApprovalTable {
  token_id: TokenId
  org_id: AccountId
  state: 'pending' | 'approved' | 'denied'
  decided_by: AccountId | null
  decided_at_ms: number | null
  created_at_ms: number
}

/** organisations: an act that waits for a second person. */
export interface PendingActTable {
  id: PendingActId
  org_id: AccountId
  act: string
  /** JSON, by act. */
  payload: string
  state: 'open' | 'done' | 'refused'
  asked_by: AccountId
  created_at_ms: number
  expires_at_ms: number
  decided_by: AccountId | null
  decided_at_ms: number | null
}

export interface OrganisationsTables {
  team: TeamTable
  team_member: TeamMemberTable
  resource_group: ResourceGroupTable
  access_grant: AccessGrantTable
  org_policy: OrgPolicyTable
  org_rule: OrgRuleTable
  token_approval: TokenApprovalTable
  pending_act: PendingActTable
}
