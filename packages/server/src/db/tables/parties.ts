/** Organisations as parties of agreements. */
import type { AccountId, SignatoryId } from '#core/kernel/ids.ts'

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

export interface PartiesTables {
  party: PartyTable
  org_key: OrgKeyTable
  org_domain: OrgDomainTable
  signatory: SignatoryTable
  org_template: OrgTemplateTable
}
