/**
 * A certificate of deletion: what an organisation says, under its seal, that it has deleted. Its canonical JSON is what is signed; the form
 * is version 1, documented in `docs/reference/duties.md`.
 */
import { fail, isInstant, list, object, text, word } from '../json/read.ts'

/** DSSE payload type: no other statement passes for a certificate. */
export const certificateType = 'application/vnd.weighhouse.deletion-certificate.v1+json'

const methods = [
  'deleted', // removed by the system's ordinary means
  'overwritten',
  'cryptoErased', // the keys were destroyed
  'mediaDestroyed',
] as const

export interface DeletedRepo {
  readonly type: 'model' | 'dataset' | 'space' | 'kernel'
  readonly path: string
  /** Commits or versions; none for all of them. */
  readonly revisions: readonly string[]
}

export interface DeletionCertificate {
  readonly format: 'weighhouse.deletion-certificate.v1'
  readonly agreement: string
  readonly duty: string
  /** The organisation that deleted, by its id on the hub. */
  readonly org: string
  readonly deleted: readonly DeletedRepo[]
  /** Where copies were: systems, media, people. */
  readonly places: readonly string[]
  readonly method: (typeof methods)[number]
  /** UTC; when the last copy was gone. */
  readonly deletedAt: string
  /** Who answers for it. */
  readonly person: { readonly name: string; readonly title: string }
  /** What is left and why, such as backups that are overwritten later; null for nothing. */
  readonly remaining: string | null
}

const reposMax = 1_000
const revisionsMax = 1_000
const placesMax = 100

const deletedRepo = (value: unknown, at: string): DeletedRepo => {
  const members = object(value, at, ['type', 'path', 'revisions'])
  return {
    type: word(members['type'], `${at}.type`, ['model', 'dataset', 'space', 'kernel']),
    path: text(members['path'], `${at}.path`),
    revisions: list(members['revisions'], `${at}.revisions`, revisionsMax).map((one, i) =>
      text(one, `${at}.revisions[${i}]`, 100),
    ),
  }
}

/** Throws FormatError with the place, what was expected and what was found. */
export const parseCertificate = (value: unknown): DeletionCertificate => {
  const members = object(value, 'certificate', [
    'format',
    'agreement',
    'duty',
    'org',
    'deleted',
    'places',
    'method',
    'deletedAt',
    'person',
    'remaining',
  ])
  const deleted = list(members['deleted'], 'deleted', reposMax).map((one, i) =>
    deletedRepo(one, `deleted[${i}]`),
  )
  if (deleted.length === 0) fail('deleted', 'at least one repository', 0)
  const person = object(members['person'], 'person', ['name', 'title'])
  const { deletedAt, remaining } = members
  if (typeof deletedAt !== 'string' || !isInstant(deletedAt)) {
    fail('deletedAt', 'an instant in UTC such as 2027-11-22T00:00:00Z', deletedAt)
  }
  return {
    format: word(members['format'], 'format', ['weighhouse.deletion-certificate.v1']),
    agreement: text(members['agreement'], 'agreement'),
    duty: text(members['duty'], 'duty'),
    org: text(members['org'], 'org'),
    deleted,
    places: list(members['places'], 'places', placesMax).map((one, i) => text(one, `places[${i}]`)),
    method: word(members['method'], 'method', methods),
    // A cast because it was looked at above.
    deletedAt: deletedAt as string,
    person: {
      name: text(person['name'], 'person.name'),
      title: text(person['title'], 'person.title'),
    },
    remaining: remaining === null ? null : text(remaining, 'remaining', 2_000),
  }
}
