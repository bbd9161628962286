import type { AccessState, GateKind, HoldKind, RepoType, Visibility } from '#db/schema.ts'

/** Business events: past tense, payloads of ids and facts. */
export interface EventPayloads {
  account_created: { accountId: string; kind: 'user' | 'org'; name: string }
  account_disabled: { accountId: string }
  account_enabled: { accountId: string }
  member_added: { orgId: string; userId: string; role: string }
  token_created: { tokenId: string; accountId: string; role: string }
  account_changed: { accountId: string }
  account_removed: { accountId: string; kind: 'org'; name: string }
  member_removed: { orgId: string; userId: string }
  token_revoked: { tokenId: string; accountId: string }
  token_renamed: { tokenId: string; accountId: string }
  token_rotated: { tokenId: string; accountId: string; newTokenId: string; endsAtMs: number }
  token_leaked: { tokenId: string; accountId: string; path: string; file: string }
  token_approval_decided: { tokenId: string; orgId: string; state: 'approved' | 'denied' }
  team_created: { orgId: string; teamId: string; name: string }
  team_renamed: { orgId: string; teamId: string; name: string }
  team_deleted: { orgId: string; teamId: string }
  team_member_added: { orgId: string; teamId: string; userId: string }
  team_member_removed: { orgId: string; teamId: string; userId: string }
  group_created: { orgId: string; groupId: string; name: string }
  group_deleted: { orgId: string; groupId: string }
  repo_grouped: { orgId: string; groupId: string | null }
  access_granted: {
    orgId: string
    targetId: string
    granteeId: string
    role: string
    isOutside: boolean
    expiresAtMs: number | null
  }
  access_withdrawn: { orgId: string; targetId: string; granteeId: string }
  invitation_created: { orgId: string; role: string }
  invitation_revoked: { orgId: string }
  invitation_accepted: { orgId: string; userId: string; role: string }
  org_rule_changed: { orgId: string; kind: string; words: string }
  org_policy_changed: {
    orgId: string
    tokenLifeMsMax: number | null
    needsTokenApproval: boolean
    needsTwoPeople: boolean
  }
  org_transferred: { orgId: string; fromId: string; toId: string }
  act_asked: { orgId: string; pendingActId: string; act: string }
  act_approved: { orgId: string; pendingActId: string; act: string; askedBy: string }
  act_refused: { orgId: string; pendingActId: string; act: string; askedBy: string }
  repo_created: { type: RepoType; path: string; visibility: Visibility }
  repo_deleted: { type: RepoType; path: string }
  repo_moved: { type: RepoType; from: string; to: string }
  repo_visibility_changed: { from: Visibility; to: Visibility }
  /** Its licence, its terms or what the rules say of them. */
  licence_judged: { from: string | null; to: string; expression: string | null }
  /** Made of what came under these agreements, since now; `takerId` is who owes what follows from it. */
  repo_inherited: { under: readonly { agreementId: string; takerId: string }[] }
  licence_decided: {
    overrideId: string
    covers: readonly string[]
    reason: string
    expiresAtMs: number
  }
  licence_decision_ended: { overrideId: string }
  /** It failed too often and waits for somebody. */
  job_parked: { jobId: string; kind: string }
  job_retried: { jobId: string; kind: string }
  repo_hold_changed: { from: HoldKind | null; to: HoldKind | null; reason: string }
  gate_changed: { from: GateFact; to: GateFact }
  access_requested: { requestId: string; subjectId: string; state: AccessState; terms: string }
  access_cancelled: { requestId: string; subjectId: string }
  access_decided: {
    requestId: string
    subjectId: string
    from: AccessState | null
    to: AccessState
    isGrant: boolean
    expiresAtMs: number | null
  }
  collection_created: { collectionId: string; ownerId: string; title: string }
  collection_deleted: { collectionId: string; ownerId: string; title: string }
  refs_updated: { updates: readonly RefUpdate[] }
  content_linked: { sha256: string; sizeBytes: number }
  xorb_damaged: { xorb: string }
  signed_in: { accountId: string; sessionId: string; method: string }
  /** One session, or all of an account's. */
  sessions_ended: { accountId: string; sessionId: string | null }
  password_changed: { accountId: string; how: 'by_itself' | 'by_link' }
  recovery_offered: { accountId: string; dropsSecondFactor: boolean }
  second_factor_changed: { accountId: string; isOn: boolean }
  passkey_added: { accountId: string; passkeyId: string }
  passkey_removed: { accountId: string; passkeyId: string }
  app_registered: { appId: string; name: string }
  app_removed: { appId: string }
  app_allowed: { appId: string; accountId: string; scopes: string }
  app_ended: { appId: string; accountId: string }
  sso_provider_changed: { providerId: string; orgId: string | null; name: string }
  sso_provider_removed: { providerId: string; orgId: string | null; name: string }
  sso_identity_linked: { providerId: string; accountId: string }
  sso_identity_unlinked: { providerId: string; accountId: string }
  party_described: { orgId: string; legalName: string; seat: string }
  domain_changed: { orgId: string; domain: string; state: string }
  org_key_added: { orgId: string; keyId: string; use: string; isBrought: boolean }
  org_key_revoked: { orgId: string; keyId: string; why: string }
  template_written: { orgId: string; template: string; version: number }
  template_withdrawn: { orgId: string; template: string }
  signatory_named: {
    orgId: string
    signatoryId: string
    userId: string
    title: string
    toMs: number
  }
  signatory_confirmed: { orgId: string; signatoryId: string; userId: string }
  signatory_ended: { orgId: string; signatoryId: string; userId: string }
  /** A statement of its chain, which says more. */
  agreement_stated: { agreementId: string; seq: number; said: string; orgId: string | null }
  /** Its debtor was reminded, and when it is late the other side told. */
  duty_reminded: { agreementId: string; dutyId: string; dueMs: number | null }
  agreement_end_announced: { agreementId: string; toMs: number | null }
  user_provisioned: { orgId: string; userId: string; isManaged: boolean }
  user_deprovisioned: { orgId: string; userId: string; isManaged: boolean }
  directory_braked: { orgId: string; activeBefore: number; ended: number }
  directory_resumed: { orgId: string }
}

export interface GateFact {
  readonly kind: GateKind | null
  readonly coversMembers: boolean
  /** By which template its owner agrees with those who ask. */
  readonly template?: string | null
}

export interface RefUpdate {
  readonly ref: string
  readonly from: string | null
  readonly to: string | null
}
