/**
 * What is agreed: the canonical JSON of this is what organisations sign. It holds the words for people and the terms for machines side by
 * side, so that neither can be changed without the other's signatures. Version 1; documented in `docs/reference/agreement-chain.md`.
 */
import { fail, isInstant, list, object, text, word } from '../json/read.ts'
import { parseTerms, type Terms } from '../terms/terms.ts'
import { type BodyParty, parseParty } from './party.ts'
import type { PartyRole } from './statement.ts'

export type { BodyParty } from './party.ts'

export interface Clause {
  readonly id: string
  readonly title: string
  readonly text: string
  /** Enforced, metered, attested, or words alone: never shown alike. */
  readonly strength: 'E' | 'M' | 'A' | 'N'
}

export interface AgreementBody {
  readonly format: 'weighhouse.agreement.v1'
  readonly agreement: string
  readonly version: number
  readonly supersedes: { readonly version: number; readonly sha256: string } | null
  readonly title: string
  /** `altered`: more was changed than its fields, or the hub does not have it. Absent where it was filled and nothing else. */
  readonly template: { readonly id: string; readonly version: number; readonly altered?: true }
  readonly language: string
  /** Two people of each party sign, one beside the other; one where it is absent. */
  readonly signing?: 'countersigned'
  readonly parties: readonly BodyParty[]
  readonly scope: {
    readonly repos: readonly {
      readonly id: string
      readonly type: 'model' | 'dataset' | 'space' | 'kernel'
      readonly path: string
    }[]
  }
  readonly clauses: readonly Clause[]
  readonly terms: Terms
  /** UTC; in force from here on. */
  readonly from: string
  /** UTC, exclusive; null for no end. */
  readonly to: string | null
  /** IANA name: months are counted there. */
  readonly timezone: string
  readonly noticeDays: number
  /** What becomes of models that were made from these when it ends: `survive`, `delete`, or `windDown` for so many days. */
  readonly derivativesOnEnd: {
    readonly rule: 'survive' | 'delete' | 'windDown'
    readonly days: number
  }
  readonly ownership: {
    readonly results: 'provider' | 'consumer' | 'creator' | 'joint'
    readonly grantBack: string | null
  }
  /** Which text wins when a paper contract says something else, and that contract's number. */
  readonly precedence: 'paper' | 'machine'
  readonly paperRef: string | null
  readonly governingLaw: string
  readonly contacts: {
    readonly legal: string
    readonly technical: string
    readonly incident: string
  }
}

const partiesMax = 50
const reposMax = 1_000
const clausesMax = 200
const clauseCharsMax = 10_000

const whole = (value: unknown, at: string, most: number): number =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most
    ? Number(value)
    : fail(at, `a whole number of at most ${most}`, value)

const textOrNull = (value: unknown, at: string): string | null =>
  value === null ? null : text(value, at)

const hashForm = /^[0-9a-f]{64}$/

const hash = (value: unknown, at: string): string =>
  typeof value === 'string' && hashForm.test(value) ? value : fail(at, 'a SHA-256 in hex', value)

const instant = (value: unknown, at: string): string =>
  typeof value === 'string' && isInstant(value)
    ? value
    : fail(at, 'an instant in UTC such as 2027-11-22T00:00:00Z', value)

const clause = (value: unknown, at: string): Clause => {
  const members = object(value, at, ['id', 'title', 'text', 'strength'])
  return {
    id: text(members['id'], `${at}.id`),
    title: text(members['title'], `${at}.title`),
    text: text(members['text'], `${at}.text`, clauseCharsMax),
    strength: word(members['strength'], `${at}.strength`, ['E', 'M', 'A', 'N']),
  }
}

const repo = (value: unknown, at: string): AgreementBody['scope']['repos'][number] => {
  const members = object(value, at, ['id', 'type', 'path'])
  return {
    id: text(members['id'], `${at}.id`),
    type: word(members['type'], `${at}.type`, ['model', 'dataset', 'space', 'kernel']),
    path: text(members['path'], `${at}.path`),
  }
}

const timezone = (value: unknown): string => {
  const name = text(value, 'timezone')
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return fail('timezone', 'an IANA name such as Europe/Berlin', value)
  }
}

const refuseTwins = (names: readonly string[], at: string): void => {
  const twin = names.find((name, i) => names.indexOf(name) !== i)
  if (twin !== undefined) fail(at, 'each only once', twin)
}

const supersedes = (value: unknown): AgreementBody['supersedes'] => {
  if (value === null) return null
  const members = object(value, 'supersedes', ['version', 'sha256'])
  return {
    version: whole(members['version'], 'supersedes.version', 1_000_000),
    sha256: hash(members['sha256'], 'supersedes.sha256'),
  }
}

const derivatives = (value: unknown): AgreementBody['derivativesOnEnd'] => {
  const members = object(value, 'derivativesOnEnd', ['rule', 'days'])
  return {
    rule: word(members['rule'], 'derivativesOnEnd.rule', ['survive', 'delete', 'windDown']),
    days: whole(members['days'], 'derivativesOnEnd.days', 36_500),
  }
}

const contacts = (value: unknown): AgreementBody['contacts'] => {
  const members = object(value, 'contacts', ['legal', 'technical', 'incident'])
  return {
    legal: text(members['legal'], 'contacts.legal'),
    technical: text(members['technical'], 'contacts.technical'),
    incident: text(members['incident'], 'contacts.incident'),
  }
}

const ownership = (value: unknown): AgreementBody['ownership'] => {
  const members = object(value, 'ownership', ['results', 'grantBack'])
  const results = ['provider', 'consumer', 'creator', 'joint'] as const
  return {
    results: word(members['results'], 'ownership.results', results),
    grantBack: textOrNull(members['grantBack'], 'ownership.grantBack'),
  }
}

const bodyMembers = [
  'format',
  'agreement',
  'version',
  'supersedes',
  'title',
  'template',
  'language',
  'signing',
  'parties',
  'scope',
  'clauses',
  'terms',
  'from',
  'to',
  'timezone',
  'noticeDays',
  'derivativesOnEnd',
  'ownership',
  'precedence',
  'paperRef',
  'governingLaw',
  'contacts',
]

/** Every rule names a clause that is there: machine terms without words would bind nobody. */
const refuseWordless = (
  { permissions, prohibitions, obligations }: Terms,
  clauses: readonly Clause[],
): void => {
  const known = new Set(clauses.map(({ id }) => id))
  for (const rule of [...permissions, ...prohibitions, ...obligations]) {
    if (!known.has(rule.clause))
      fail(`terms: ${rule.id}`, 'a clause of this agreement', rule.clause)
  }
}

/** Does somebody give, and somebody receive? */
export const isExchange = (roles: readonly PartyRole[]): boolean =>
  roles.some((role) => role === 'provider' || role === 'member') &&
  roles.some((role) => role === 'consumer' || role === 'member')

const refuseStrangers = (parties: readonly BodyParty[]): void => {
  if (parties.length < 2) fail('parties', 'two or more', parties.length)
  refuseTwins(
    parties.map(({ org }) => org),
    'parties',
  )
  const roles = parties.map(({ role }) => role)
  if (!isExchange(roles)) fail('parties', 'somebody who provides and somebody who consumes', roles)
}

/** Throws FormatError with the place, what was expected and what was found. */
export const parseBody = (value: unknown): AgreementBody => {
  const members = object(value, 'agreement', bodyMembers)
  const template = object(members['template'], 'template', ['id', 'version', 'altered'])
  const scope = object(members['scope'], 'scope', ['repos'])
  const parties = list(members['parties'], 'parties', partiesMax).map((one, i) =>
    parseParty(one, `parties[${i}]`),
  )
  const repos = list(scope['repos'], 'scope.repos', reposMax).map((one, i) =>
    repo(one, `scope.repos[${i}]`),
  )
  const clauses = list(members['clauses'], 'clauses', clausesMax).map((one, i) =>
    clause(one, `clauses[${i}]`),
  )
  const terms = parseTerms(members['terms'])
  refuseStrangers(parties)
  if (repos.length === 0) fail('scope.repos', 'at least one repository', 0)
  refuseTwins(
    repos.map(({ id }) => id),
    'scope.repos',
  )
  refuseTwins(
    clauses.map(({ id }) => id),
    'clauses',
  )
  refuseWordless(terms, clauses)
  const from = instant(members['from'], 'from')
  const to = members['to'] === null ? null : instant(members['to'], 'to')
  if (to !== null && Date.parse(to) <= Date.parse(from)) fail('to', `an instant after ${from}`, to)
  return {
    format: word(members['format'], 'format', ['weighhouse.agreement.v1']),
    agreement: text(members['agreement'], 'agreement'),
    version: whole(members['version'], 'version', 1_000_000),
    supersedes: supersedes(members['supersedes']),
    title: text(members['title'], 'title'),
    template: {
      id: text(template['id'], 'template.id'),
      version: whole(template['version'], 'template.version', 1_000_000),
      ...(template['altered'] === undefined
        ? {}
        : template['altered'] === true
          ? { altered: true }
          : fail('template.altered', 'true, or nothing', template['altered'])),
    },
    language: text(members['language'], 'language'),
    ...(members['signing'] === undefined
      ? {}
      : { signing: word(members['signing'], 'signing', ['countersigned']) }),
    parties,
    scope: { repos },
    clauses,
    terms,
    from,
    to,
    timezone: timezone(members['timezone']),
    noticeDays: whole(members['noticeDays'], 'noticeDays', 3_650),
    derivativesOnEnd: derivatives(members['derivativesOnEnd']),
    ownership: ownership(members['ownership']),
    precedence: word(members['precedence'], 'precedence', ['paper', 'machine']),
    paperRef: textOrNull(members['paperRef'], 'paperRef'),
    governingLaw: text(members['governingLaw'], 'governingLaw'),
    contacts: contacts(members['contacts']),
  }
}
