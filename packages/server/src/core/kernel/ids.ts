/**
 * Identifiers made by us: 24 lower-case hex digits, the first eight the second of birth, so that they sort by time.
 * Hugging Face clients expect this form for users, organisations and repos.
 */
import type { Chance, Clock } from './time.ts'

export type AccountId = string & { readonly brand: 'AccountId' }
export type AgreementId = string & { readonly brand: 'AgreementId' }
export type AgreementGrantId = string & { readonly brand: 'AgreementGrantId' }
export type AttestationId = string & { readonly brand: 'AttestationId' }
export type DutyId = string & { readonly brand: 'DutyId' }
export type RepoId = string & { readonly brand: 'RepoId' }
export type TokenId = string & { readonly brand: 'TokenId' }
export type UploadId = string & { readonly brand: 'UploadId' }
export type LicenceOverrideId = string & { readonly brand: 'LicenceOverrideId' }
export type JobId = string & { readonly brand: 'JobId' }
export type SessionId = string & { readonly brand: 'SessionId' }
export type SignatoryId = string & { readonly brand: 'SignatoryId' }
export type SsoProviderId = string & { readonly brand: 'SsoProviderId' }
export type TeamId = string & { readonly brand: 'TeamId' }
export type GroupId = string & { readonly brand: 'GroupId' }
export type AccessRequestId = string & { readonly brand: 'AccessRequestId' }
export type CollectionId = string & { readonly brand: 'CollectionId' }
export type CollectionItemId = string & { readonly brand: 'CollectionItemId' }
export type PendingActId = string & { readonly brand: 'PendingActId' }
export type FamilyId = string & { readonly brand: 'FamilyId' }
export type AuditSinkId = string & { readonly brand: 'AuditSinkId' }

type AnyId =
  | AccountId
  | AgreementId
  | AgreementGrantId
  | AttestationId
  | DutyId
  | RepoId
  | TokenId
  | UploadId
  | JobId
  | LicenceOverrideId
  | SessionId
  | SignatoryId
  | SsoProviderId
  | TeamId
  | GroupId
  | AccessRequestId
  | CollectionId
  | CollectionItemId
  | PendingActId
  | FamilyId
  | AuditSinkId

const idForm = /^[0-9a-f]{24}$/

export const isId = (text: string): boolean => idForm.test(text)

/** Makes an id. Ids of one process are unique; two processes differ in 64 random bits. */
export type IdMaker = <Id extends AnyId>() => Id

export const makeIds = (clock: Clock, chance: Chance): IdMaker => {
  return <Id extends AnyId>() => {
    const seconds = Math.floor(clock.nowMs() / 1000)
    const head = seconds.toString(16).padStart(8, '0').slice(-8)
    // A cast because only this function mints ids.
    return (head + chance.bytes(8).toString('hex')) as Id
  }
}
