/** The rooms as a door sees them. */
import type { Access } from './access/index.ts'
import type { Agreements } from './agreements/index.ts'
import type { Audit } from './audit/index.ts'
import type { Chunks } from './chunks/index.ts'
import type { Commits } from './commits/index.ts'
import type { Content } from './content/index.ts'
import type { Identity } from './identity/index.ts'
import type { Jobs } from './jobs/index.ts'
import type { Chance, Clock } from './kernel/time.ts'
import type { Live } from './live/index.ts'
import type { Lineage } from './lineage/index.ts'
import type { Organisations } from './organisations/index.ts'
import type { Oauth } from './oauth/index.ts'
import type { HubPermit, Policy } from './policy/index.ts'
import type { RepoType } from '#db/schema.ts'
import type { Provisioning } from './provisioning/index.ts'
import type { Highlighter } from './ports/highlighter.ts'
import type { Quota } from './quota/index.ts'
import type { Refs } from './refs/index.ts'
import type { DownloadCounter, Repos } from './repos/index.ts'
import type { Scanning } from './scanning/index.ts'
import type { Search } from './search/index.ts'
import type { Signin } from './signin/index.ts'
import type { Signing } from './signing/index.ts'
import type { Social } from './social/index.ts'
import type { Sso } from './sso/index.ts'

export type { AccessRequest, GateTerms, PlacedRequest } from './access/index.ts'
export type {
  Audit,
  Denial,
  Entry as AuditEntry,
  SinkInfo,
  TrailFilter,
  TrailPermit,
} from './audit/index.ts'
export type {
  NewPasskeyAnswer,
  Passkey,
  PasskeyAnswer,
  Proof,
  SecondFactor,
  Session,
  SessionHolder,
} from './signin/index.ts'
export type {
  App,
  AppDesk,
  ClientProof,
  IdFacts,
  IssuedByLeave,
  LeaveProblem,
  LeaveRequest,
  LeaveWish,
  NewApp,
  OauthProblem,
  OauthScope,
} from './oauth/index.ts'
export type {
  Agreement,
  AgreementGrant,
  Duty,
  Given,
  Attestation,
  AttestationWish,
  GrantWish,
  SupposedRow,
  Supposition,
  Reservation,
  UsageStatement,
  Template as AgreementTemplate,
} from './agreements/index.ts'
export type { LicenceDecision, LicenceView, LineageView } from './lineage/index.ts'
export type { Change, News } from './live/index.ts'
export type { OrgDomain, OrgKey, Signatory } from './signing/index.ts'
export type { Actor } from './kernel/actor.ts'
export type { Account, Issued, Token, TokenHolder, TokenWish } from './identity/index.ts'
export type { GrantTarget, Invitation, OrgPolicy, TakingRules } from './organisations/index.ts'
export type { DirectoryGroup, DirectoryUser, GroupWish, UserWish } from './provisioning/index.ts'
export type { Fetch as XorbFetch, Reconstruction } from './chunks/index.ts'
export type { Operation } from './commits/index.ts'
export type {
  BrowsePermit,
  Explained,
  LastWord,
  MatrixRow,
  NamespacePermit,
  Permit,
  ReadPermit,
  RepoAction,
  RepoRef,
} from './policy/index.ts'
export type { ByteRange, ByteSource } from './ports/byte-store.ts'
export type { DirectoryEntry, Entry, FileEntry, Ref, Revision } from './refs/index.ts'
export type { GateNow, GateWish, Repo } from './repos/index.ts'
export type { RepoFacts, SortKey } from './search/index.ts'
export type { Collection, CollectionItem, CollectionListWish } from './social/index.ts'
export type { SsoIdentity, SsoPermit, SsoProvider, SsoProviderWish, SsoRule } from './sso/index.ts'
export type { Coloured } from './ports/highlighter.ts'
export type { RepoType, RoleName, Visibility } from '#db/schema.ts'

export interface RepoWeight {
  readonly path: string
  readonly type: RepoType
  readonly logicalBytes: number
  readonly storedBytes: number
  readonly exclusiveBytes: number
  readonly sharedBytes: number
}

export interface HubWeight {
  readonly repos: readonly RepoWeight[]
  readonly logicalBytes: number
  readonly storedBytes: number
  /** Stored bytes that no repo needs. */
  readonly unneededBytes: number
  readonly unneededGoneAtMs: number | undefined
}

export interface Hub {
  readonly clock: Clock
  readonly chance: Chance
  readonly policy: Policy
  readonly identity: Identity
  readonly quota: Quota
  readonly chunks: Chunks
  readonly content: Content
  readonly repos: Repos
  readonly organisations: Organisations
  readonly provisioning: Provisioning
  readonly downloads: DownloadCounter
  readonly refs: Refs
  readonly lineage: Lineage
  readonly commits: Commits
  readonly access: Access
  readonly scanning: Scanning
  readonly search: Search
  readonly social: Social
  readonly jobs: Jobs
  readonly audit: Audit
  readonly live: Live
  readonly signin: Signin
  readonly oauth: Oauth
  readonly signing: Signing
  readonly agreements: Agreements
  readonly sso: Sso
  readonly highlighter: Highlighter
  /** Throws `unavailable` with the reason when the hub cannot serve. */
  checkReady(): Promise<void>
  /** What each repo takes on the disk. Reads every repo. */
  weigh(permit: HubPermit): Promise<HubWeight>
  /** Where it stands: for its administrators. `freeBytes` is undefined where the store does not say. */
  standing(
    permit: HubPermit,
  ): Promise<{ engine: 'sqlite' | 'postgres'; freeBytes: number | undefined }>
}
