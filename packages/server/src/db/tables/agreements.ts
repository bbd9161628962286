/** Agreements: what was said, and what is read of it at each request. */
import type { AccountId, AgreementGrantId, AgreementId, RepoId, TokenId } from '#core/kernel/ids.ts'
import type { Flag } from './flag.ts'

/** agreements: one folder for each, whatever its versions. */
export interface AgreementTable {
  id: AgreementId
  title: string
  template_id: string
  /** The party that began it. */
  begun_by: AccountId | null
  /** Was a version ever put on the table? Until then it is there for those who began it alone. */
  shown: Flag
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
  /** Where it stands for this party; null until it has been worked out. */
  phase: 'needs' | 'talk' | 'force' | 'ended' | null
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

export interface AgreementDoneTable {
  agreement_id: AgreementId
  /** `<rule id>/<name>`. */
  precondition: string
  at_ms: number
  by_id: AccountId
}

export interface AgreementsTables {
  agreement: AgreementTable
  agreement_party: AgreementPartyTable
  agreement_version: AgreementVersionTable
  agreement_statement: AgreementStatementTable
  agreement_repo: AgreementRepoTable
  agreement_grant: AgreementGrantTable
  agreement_assent: AgreementAssentTable
  agreement_done: AgreementDoneTable
}
