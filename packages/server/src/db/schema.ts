/**
 * Every table, once. Ids are text made by us, times integer milliseconds UTC, booleans 0/1, sizes safe integers, JSON text.
 * A room writes only its own tables; the policy room alone reads the facts of others.
 */
import type { Insertable, Selectable } from 'kysely'
import type { GitOid, Sha256, XetHash } from '@weighhouse/formats/digest/digest.ts'
import type {
  AccessRequestId,
  AccountId,
  AgreementGrantId,
  AgreementId,
  AttestationId,
  AuditSinkId,
  CollectionId,
  CollectionItemId,
  DutyId,
  FamilyId,
  GroupId,
  JobId,
  LicenceOverrideId,
  PendingActId,
  RepoId,
  SessionId,
  SignatoryId,
  SsoProviderId,
  TeamId,
  TokenId,
  UploadId,
} from '#core/kernel/ids.ts'

export type Flag = 0 | 1

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

export type RepoType = 'model' | 'dataset' | 'space' | 'kernel'
export type Visibility = 'public' | 'internal' | 'private'

export interface RepoTable {
  id: RepoId
  type: RepoType
  owner_id: AccountId
  name: string
  name_key: string
  visibility: Visibility
  /** Stands above everybody's rights; who placed it and why is in the trail. */
  hold: HoldKind | null
  created_at_ms: number
  updated_at_ms: number
  /** Raised whenever access facts change: tickets minted under an older epoch are decided again. */
  policy_epoch: number
  downloads: number
  likes: number
  /** Content asks for an accepted request: given at once, or by a person. Null for no gate. */
  gate: GateKind | null
  /** Do members of the owning organisation who may only read need one too? */
  gate_covers_members: Flag
  /** By which template its owner agrees with organisations, where the gate opens by an agreement and by nothing else. */
  gate_template: string | null
  /** Resource group: within one, membership alone opens nothing. */
  group_id: GroupId | null
}

export type HoldKind = 'legal_hold' | 'takedown' | 'quarantine'
export type GateKind = 'auto' | 'manual'

/** repos: old `owner/name` keys that lead to a moved repo. */
export interface RepoAliasTable {
  type: RepoType
  path_key: string
  repo_id: RepoId
  created_at_ms: number
}

/** content: one row per byte sequence the hub holds. */
export interface ContentTable {
  sha256: Sha256
  size_bytes: number
  /** How the bytes are held: whole in the byte store, or as chunks, which `xet_hash` names. */
  held: 'whole' | 'chunks'
  git_oid: GitOid | null
  /** The Xet file by which the chunks are read. Others may have the same SHA-256: clients cut differently. */
  xet_hash: XetHash | null
  created_at_ms: number
  /** Set while the sweep takes the bytes away: nothing may link to it any more. */
  doomed_at_ms: number | null
}

/** content: a repo's right to a content. No link, no bytes, whoever knows the hash. */
export interface ContentLinkTable {
  repo_id: RepoId
  sha256: Sha256
  size_bytes: number
  created_at_ms: number
}

/** content: a file on its way in. */
export interface UploadTable {
  id: UploadId
  repo_id: RepoId
  actor_id: AccountId
  sha256: Sha256
  size_bytes: number
  part_bytes: number
  parts: number
  created_at_ms: number
  expires_at_ms: number
}

export interface UploadPartTable {
  upload_id: UploadId
  number: number
  size_bytes: number
  sha256: Sha256
  created_at_ms: number
}

/** chunks: a group of chunks, stored as one object of the xorb store. */
export interface XorbTable {
  hash: XetHash
  /** Of the stored object. */
  size_bytes: number
  raw_bytes: number
  chunks: number
  created_at_ms: number
  /** Last upload, last time a file named it, or the time when the last file that did was forgotten. */
  used_at_ms: number
  /** First time a file named it; null for an upload that was not finished yet. */
  named_at_ms: number | null
  /** Set while the sweep takes the bytes away: nothing may name it any more. */
  doomed_at_ms: number | null
  /** When every hash in it was last found right. */
  checked_at_ms: number
  /** Set when its bytes were found wrong; the next upload of the same xorb mends it. */
  damaged_at_ms: number | null
}

/** chunks: what is where in a xorb. Apart from `xorb`, whose rows are read often and must stay short. */
export interface XorbIndexTable {
  hash: XetHash
  /** See `formats/xet/xorb.ts`: 40 bytes a chunk. */
  body: Uint8Array
}

/** chunks: who has sent a xorb whole, and so may name it again. */
export interface XorbHolderTable {
  account_id: AccountId
  xorb_hash: XetHash
  created_at_ms: number
}

/** chunks: where a chunk that clients may ask for lies. Only some chunks: each file's first, and one in 1,024. */
export interface XorbChunkTable {
  chunk_hash: XetHash
  xorb_hash: XetHash
  position: number
}

/** chunks: a file as a list of terms, verified. */
export interface XetFileTable {
  hash: XetHash
  sha256: Sha256
  size_bytes: number
  /** 44 bytes a term, see `core/chunks/terms.ts`. */
  terms: Uint8Array
  created_at_ms: number
}

/** chunks: which xorbs a file needs. */
export interface XetFileXorbTable {
  file_hash: XetHash
  xorb_hash: XetHash
}

/** refs: git objects, keyed by repo. */
export interface GitObjectTable {
  repo_id: RepoId
  oid: GitOid
  kind: 'commit' | 'tree' | 'blob' | 'tag'
  size_bytes: number
  /** The object's body; null when `content_sha256` says where the bytes are. */
  body: Uint8Array | null
  content_sha256: Sha256 | null
  /** For a blob that is an LFS pointer: what it points at. */
  lfs_sha256: Sha256 | null
  lfs_size_bytes: number | null
}

export interface RefTable {
  repo_id: RepoId
  /** Full name: `refs/heads/main`. */
  name: string
  /** Object the ref names: a commit, or an annotated tag. */
  oid: GitOid
  /** The commit behind it. */
  commit_oid: GitOid
  updated_at_ms: number
}

export interface EventTable {
  seq: number
  name: string
  at_ms: number
  actor_id: string | null
  repo_id: string | null
  request_id: string
  /** JSON object: ids and facts. */
  payload: string
  /** By which door it came; null for the hub itself. */
  door: string | null
  token_id: string | null
  /** The organisation the actor acted for. */
  behalf_id: string | null
  ip: string | null
}

export interface EventCursorTable {
  consumer: string
  seq: number
}

export interface JobTable {
  id: JobId
  kind: string
  /** The same work queued twice is one row. */
  work_key: string
  payload: string
  state: 'queued' | 'running' | 'parked'
  run_at_ms: number
  attempts: number
  lease_until_ms: number | null
  last_error: string | null
  created_at_ms: number
}

export interface QuotaTable {
  account_id: AccountId
  storage_bytes_max: number
}

/** search: what the default branch says of itself, derived and rebuildable. */
export interface RepoFactTable {
  repo_id: RepoId
  /** Commit the facts were read from; null for an empty repo. */
  commit_oid: GitOid | null
  /** JSON of RepoFacts. */
  facts: string
  pipeline_tag: string | null
  library_name: string | null
  parameters: number | null
  /** JSON list of the formats of its files; null while nothing is known of them. */
  formats: string | null
}

export interface RepoTagTable {
  tag: string
  repo_id: RepoId
}

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

export type OrgType = 'Company' | 'Hospital' | 'Academic' | 'NonProfit' | 'PublicBody'

/** signing: an organisation as a party in law. */
export interface PartyTable {
  org_id: AccountId
  legal_name: string
  /** ISO 3166-1, two letters. */
  seat: string
  org_type: OrgType
  updated_at_ms: number
}

/** signing: Ed25519 keys of organisations. */
export interface OrgKeyTable {
  /** SHA-256 of the public key in hex: its `keyid`. */
  id: string
  org_id: AccountId
  /** Statements of the organisation, or the key that puts another in the place of a lost one. */
  use: 'seal' | 'recovery'
  /** 32 bytes, base64url. */
  public_key: string
  /** Null for a key that was brought: its owner signs elsewhere. */
  private_sealed: string | null
  from_ms: number
  /** From here on it makes no new statements. */
  to_ms: number | null
  revoked_at_ms: number | null
  revoked_why: 'superseded' | 'compromised' | 'lost' | null
  created_by: string | null
  created_at_ms: number
}

/** signing: domains an organisation says are its own, and whether that was proved. */
export interface OrgDomainTable {
  org_id: AccountId
  domain: string
  /** What its proof holds. */
  token: string
  state: 'pending' | 'verified' | 'lost'
  method: 'dns' | 'file' | null
  /** When the proof was there last. */
  seen_at_ms: number | null
  verified_at_ms: number | null
  checked_at_ms: number | null
  problem: string | null
}

/** signing: who may sign for an organisation. Two people have said so. */
export interface SignatoryTable {
  id: SignatoryId
  org_id: AccountId
  user_id: AccountId
  title: string
  /** JSON list of `provider`, `consumer`. */
  sides: string
  /** JSON list of template ids; null for all. */
  templates: string | null
  from_ms: number
  to_ms: number
  named_by: AccountId
  named_at_ms: number
  confirmed_by: AccountId | null
  confirmed_at_ms: number | null
  ended_at_ms: number | null
}

/** agreements: templates that an organisation wrote for itself. */
export interface OrgTemplateTable {
  org_id: AccountId
  name: string
  version: number
  /** Canonical JSON, as it was tried out. */
  body: string
  created_by: string | null
  created_at_ms: number
  withdrawn_at_ms: number | null
}

/** agreements: one folder for each, whatever its versions. */
export interface AgreementTable {
  id: AgreementId
  title: string
  template_id: string
  /** The party that began it. */
  begun_by: AccountId | null
  /** One word for lists, as the folder tells it. */
  state: string
  life: 'none' | 'scheduled' | 'active' | 'suspended' | 'closing' | 'closed'
  /** The newest version that all have signed. */
  in_force: number | null
  from_ms: number | null
  /** Exclusive; null for no end. */
  to_ms: number | null
  /** When the offer on the table lapses. */
  offer_until_ms: number | null
  /** When to look again at what its rules open; null when nothing can come. */
  duties_ms: number | null
  /** When its parties are told next that its end comes. */
  tell_ms: number | null
  /** Of the last statement: what a command expects. */
  seq: number
  /** JSON: the fold of the statements, so that they need not be replayed at each command. */
  folder: string
  created_at_ms: number
  updated_at_ms: number
}

export interface AgreementPartyTable {
  agreement_id: AgreementId
  org_id: AccountId
  role: 'provider' | 'consumer' | 'member' | 'coordinator'
}

export interface AgreementVersionTable {
  agreement_id: AgreementId
  version: number
  author_id: AccountId
  sha256: string
  /** Canonical JSON: the bytes that are signed. */
  body: string
  created_at_ms: number
}

export interface AgreementStatementTable {
  agreement_id: AgreementId
  seq: number
  kind: string
  org_id: AccountId | null
  at_ms: number
  hash: string
  /** DSSE, JSON. */
  envelope: string
  /** What a caller names a command by, so that repeating it does nothing. */
  command_key: string | null
}

/** agreements: which repos the versions in force are about. */
export interface AgreementRepoTable {
  repo_id: RepoId
  agreement_id: AgreementId
}

/** agreements: a party lets its own people use what an agreement gives, for a purpose. */
export interface AgreementGrantTable {
  id: AgreementGrantId
  agreement_id: AgreementId
  org_id: AccountId
  project: string
  /** JSON list. */
  purposes: string
  environment: string | null
  grantee_id: string
  grantee_kind: 'org' | 'team' | 'user'
  /** For this token alone. */
  token_id: TokenId | null
  from_ms: number
  to_ms: number | null
  ended_at_ms: number | null
  created_by: AccountId
  created_at_ms: number
}

/** agreements: somebody has accepted restrictions that nobody can see kept from outside. */
export interface AgreementAssentTable {
  agreement_id: AgreementId
  account_id: AccountId
  version: number
  at_ms: number
}

/** agreements: what a party owes, opened by a rule and by something that happened. */
export interface AgreementDutyTable {
  id: DutyId
  agreement_id: AgreementId
  /** The body that holds the rule. */
  version: number
  rule: string
  name: string
  debtor_id: AccountId
  /** What opened it: unique with the rule and the debtor. */
  cause: string
  /** From 1, of what comes back; counted from `start_ms`. */
  round: number
  start_ms: number
  opened_ms: number
  /** The first instant that is too late; null for what has no date. */
  due_ms: number | null
  /** Is the agreement suspended while it is late? */
  suspends: Flag
  state: DutyState
  /** JSON: what its debtor showed last. */
  evidence: string | null
  fulfilled_ms: number | null
  /** What was said last, by the other side. */
  reason: string | null
  by_id: AccountId | null
  /** When its debtor is reminded next. */
  tell_ms: number | null
  updated_at_ms: number
}

/** agreements: what an organisation has used of what its terms count. */
export interface AgreementMeterTable {
  agreement_id: AgreementId
  org_id: AccountId
  operand: string
  /** `all`, or a month of the agreement's time zone such as `2026-01`. */
  period: string
  used: number
  /** By what runs at this moment. */
  reserved: number
  /** Grows with each change: who counts on a number finds out that it is another. */
  version: number
}

/** agreements: one use that is under way or was counted, by a key that makes it the same use again. */
export interface AgreementUseTable {
  agreement_id: AgreementId
  use_key: string
  org_id: AccountId
  account_id: AccountId
  project: string
  /** JSON: amounts by operand and period. */
  amounts: string
  state: 'reserved' | 'counted' | 'released'
  at_ms: number
  /** When a use that never ended is given back, and when its key is forgotten. */
  expires_ms: number
}

/** agreements: what a party says of its people or projects, with a document behind it. */
export interface AgreementAttestationTable {
  id: AttestationId
  agreement_id: AgreementId
  org_id: AccountId
  kind: 'userTraining' | 'ethicsApproval'
  word: string
  subject_kind: 'org' | 'user' | 'project'
  /** An account, or the name of a project. */
  subject_id: string
  link: string | null
  sha256: string | null
  to_ms: number | null
  ended_at_ms: number | null
  created_at_ms: number
}

/** agreements: what was used in a month of the agreement's time zone, by project. */
export interface AgreementUsageTable {
  agreement_id: AgreementId
  org_id: AccountId
  month: string
  project: string
  operand: string
  amount: number
}

/** agreements: what the hub stated of a month. */
export interface AgreementUsageStatementTable {
  agreement_id: AgreementId
  org_id: AccountId
  month: string
  sha256: string
  /** DSSE, JSON. */
  envelope: string
  disputed: string | null
  at_ms: number
}

export type DutyState = 'open' | 'overdue' | 'fulfilled' | 'done' | 'waived'

export interface AgreementDoneTable {
  agreement_id: AgreementId
  /** `<rule id>/<name>`. */
  precondition: string
  at_ms: number
  by_id: AccountId
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

export type AccessState = 'pending' | 'accepted' | 'rejected'

/** access: a person's or an organisation's way through the gate of a repo. */
export interface AccessRequestTable {
  id: AccessRequestId
  repo_id: RepoId
  /** A user, or an organisation for all its members and service accounts. */
  subject_id: AccountId
  state: AccessState
  /** Given by a manager of the repo, not asked for. */
  is_grant: Flag
  asked_by: AccountId
  /** JSON object: answers to the gate's form. */
  fields: string
  /** The terms that were shown, in `gate_terms`. */
  terms_sha256: string | null
  created_at_ms: number
  reviewed_at_ms: number | null
  reviewed_by: AccountId | null
  reason: string | null
  expires_at_ms: number | null
  /** Of a request at a gate that opens by an agreement: the organisation that agrees. Such a request says where that stands and opens nothing. */
  for_org_id: AccountId | null
  /** The agreement it waits for, or came by. */
  agreement_id: AgreementId | null
}

/** access: texts that somebody accepted, by hash. */
export interface GateTermsTable {
  sha256: string
  body: string
  created_at_ms: number
}

export interface RepoLikeTable {
  account_id: AccountId
  repo_id: RepoId
  created_at_ms: number
}

export interface CollectionTable {
  id: CollectionId
  owner_id: AccountId
  title: string
  slug: string
  description: string | null
  theme: string
  is_private: Flag
  position: number
  created_at_ms: number
  updated_at_ms: number
}

export interface CollectionItemTable {
  id: CollectionItemId
  collection_id: CollectionId
  kind: RepoType | 'collection'
  target_id: RepoId | CollectionId
  note: string | null
  position: number
  created_at_ms: number
}

export interface CollectionLikeTable {
  account_id: AccountId
  collection_id: CollectionId
  created_at_ms: number
}

/** audit: acts, from the events, and denials, from the doors. May be pruned by age; events are not. */
export interface AuditEntryTable {
  /** In the order of writing: a sink that has sent n misses none below. */
  seq: number
  /** The event it tells of; null for a denial. */
  event_seq: number | null
  at_ms: number
  outcome: 'done' | 'denied'
  /** Event name, or the action that was denied. */
  act: string
  actor_id: string | null
  actor_name: string | null
  behalf_id: string | null
  token_id: string | null
  door: string | null
  ip: string | null
  target_kind: 'repo' | 'account' | 'hub' | null
  target_id: string | null
  target_path: string | null
  /** Whose namespace it happened in: who may read it there. */
  owner_id: string | null
  reason: string | null
  request_id: string
  /** JSON object. */
  details: string
}

/** audit: where entries are sent as they come. */
export interface AuditSinkTable {
  id: AuditSinkId
  kind: 'syslog' | 'http'
  target: string
  secret_sealed: string | null
  /** The last entry that was delivered. */
  after_seq: number
  last_error: string | null
  created_at_ms: number
  disabled_at_ms: number | null
}

/** lineage: what a repo says it was made from. Kept when its repo is gone, for as long as others name it. */
export interface RepoLineageTable {
  child_id: RepoId
  /** In the order of the card. */
  position: number
  /** `card`, or `hub` for what the hub itself has copied. */
  origin: 'card' | 'hub'
  type: 'model' | 'dataset' | 'space' | 'kernel'
  /** As the card writes it. */
  name: string
  /** The repo of that name which its writer saw here; null for what is elsewhere. */
  parent_id: RepoId | null
  relation: string
  /** What the card says the licence of the parent is. */
  licence: string | null
  /** The card it was read from: its blob. */
  revision: GitOid | null
}

/** lineage: what was made of it. Kept like the lineage. */
export interface RepoLicenceTable {
  repo_id: RepoId
  owner_id: AccountId
  path: string
  /** The card that was read: its blob. */
  card_oid: GitOid | null
  /** JSON object: the keys of the card that matter. */
  stated: string
  /** As SPDX spells what the card says; null when it says nothing clear. */
  expression: string | null
  /** JSON: effective terms, findings, proposal. */
  terms: string
  findings: string
  proposal: string
  verdict: 'ok' | 'warn' | 'ask' | 'conflict' | 'unknown' | 'block'
  /** Why only its owner's people may read it, and from when on: later than now while a steward's decision holds. */
  stop: 'LICENSE_UNKNOWN' | 'LICENSE_CONFLICT' | null
  stop_from_ms: number
  /** Beside a violation: from when on what is not known stops as well; null where all is known. */
  unknown_from_ms: number | null
  /** ISO codes, comma-separated: organisations with a seat there do not get it under an agreement. */
  excludes: string | null
  table_version: string
  judged_at_ms: number
}

/** lineage: a steward's decision about findings. */
export interface LicenceOverrideTable {
  id: LicenceOverrideId
  repo_id: RepoId
  /** JSON list: keys of the findings it is about. */
  covers: string
  reason: string
  counsel: string | null
  by_id: AccountId | null
  created_at_ms: number
  expires_at_ms: number
  ended_at_ms: number | null
}

/** lineage: an agreement under which the owner got what the repo was made from. */
export interface RepoInheritsTable {
  repo_id: RepoId
  agreement_id: AgreementId
  parent_id: RepoId
}

export interface MetaTable {
  key: string
  value: string
}

export interface Schema {
  account: AccountTable
  password: PasswordTable
  membership: MembershipTable
  token: TokenTable
  invitation: InvitationTable
  repo: RepoTable
  repo_alias: RepoAliasTable
  content: ContentTable
  content_link: ContentLinkTable
  upload: UploadTable
  upload_part: UploadPartTable
  xorb: XorbTable
  xorb_index: XorbIndexTable
  xorb_holder: XorbHolderTable
  xorb_chunk: XorbChunkTable
  xet_file: XetFileTable
  xet_file_xorb: XetFileXorbTable
  git_object: GitObjectTable
  ref: RefTable
  event: EventTable
  event_cursor: EventCursorTable
  job: JobTable
  quota: QuotaTable
  repo_fact: RepoFactTable
  repo_tag: RepoTagTable
  session: SessionTable
  sign_in_failure: SignInFailureTable
  totp: TotpTable
  recovery_code: RecoveryCodeTable
  passkey: PasskeyTable
  challenge: ChallengeTable
  sso_provider: SsoProviderTable
  sso_identity: SsoIdentityTable
  sso_attempt: SsoAttemptTable
  scim_user: ScimUserTable
  scim_group: ScimGroupTable
  party: PartyTable
  org_key: OrgKeyTable
  org_domain: OrgDomainTable
  signatory: SignatoryTable
  org_template: OrgTemplateTable
  agreement: AgreementTable
  agreement_party: AgreementPartyTable
  agreement_version: AgreementVersionTable
  agreement_statement: AgreementStatementTable
  agreement_repo: AgreementRepoTable
  agreement_grant: AgreementGrantTable
  agreement_assent: AgreementAssentTable
  agreement_done: AgreementDoneTable
  agreement_duty: AgreementDutyTable
  agreement_attestation: AgreementAttestationTable
  agreement_meter: AgreementMeterTable
  agreement_usage: AgreementUsageTable
  agreement_usage_statement: AgreementUsageStatementTable
  agreement_use: AgreementUseTable
  scim_waiting: ScimWaitingTable
  scim_directory: ScimDirectoryTable
  oauth_app: OauthAppTable
  oauth_code: OauthCodeTable
  oauth_consent: OauthConsentTable
  oauth_key: OauthKeyTable
  oauth_device: OauthDeviceTable
  oauth_refresh: OauthRefreshTable
  team: TeamTable
  team_member: TeamMemberTable
  resource_group: ResourceGroupTable
  access_grant: AccessGrantTable
  org_policy: OrgPolicyTable
  org_rule: OrgRuleTable
  token_approval: TokenApprovalTable
  pending_act: PendingActTable
  access_request: AccessRequestTable
  gate_terms: GateTermsTable
  repo_like: RepoLikeTable
  collection: CollectionTable
  collection_item: CollectionItemTable
  collection_like: CollectionLikeTable
  audit_entry: AuditEntryTable
  audit_sink: AuditSinkTable
  repo_lineage: RepoLineageTable
  repo_licence: RepoLicenceTable
  licence_override: LicenceOverrideTable
  repo_inherits: RepoInheritsTable
  meta: MetaTable
}

export type Row<T extends keyof Schema> = Selectable<Schema[T]>
export type NewRow<T extends keyof Schema> = Insertable<Schema[T]>
