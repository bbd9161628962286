/**
 * The state of an agreement as its statements tell it: a fold. The same rules refuse a command before it is written down and find a chain
 * that was forged afterwards.
 */
import { FormatError } from '../error.ts'
import { rules } from './folder-rules.ts'
import type { Folder } from './folder-types.ts'
import { hashOf, type Statement, type StatementKind } from './statement.ts'

export type { Folder } from './folder-types.ts'

/** Before the first statement. */
export const nothingSaid = (agreement: string): Folder => ({
  agreement,
  seq: 0,
  head: null,
  atMs: 0,
  parties: [],
  createdBy: null,
  talk: 'none',
  life: 'none',
  candidate: undefined,
  inForce: undefined,
  lastVersion: 0,
  shown: [],
  suspendedBy: undefined,
  ended: undefined,
  rescindedBy: [],
})

/** One word for people and lists. */
export const stateOf = ({ talk, life, ended }: Folder): string => {
  if (life === 'none') return talk === 'none' ? 'draft' : talk
  return life === 'closing' ? (ended ?? life) : life
}

/** What stands in the way of a statement, in words; undefined when it may be said. */
export const problemOf = (
  folder: Folder,
  { kind, org, data }: Pick<Statement, 'kind' | 'org' | 'data'>,
): string | undefined => {
  if (kind === 'created') return folder.seq === 0 ? undefined : 'an agreement is created once'
  if (folder.seq === 0) return 'an agreement begins by being created'
  if (org !== null && !folder.parties.some((party) => party.org === org))
    return 'only parties speak'
  const rule = rules[kind]
  if (rule === undefined) return undefined
  if (rule.talks !== undefined && !rule.talks.includes(folder.talk)) {
    return `"${kind}" needs a version that is ${rule.talks.join(' or ')}; this one is ${folder.talk}`
  }
  if (rule.lives !== undefined && !rule.lives.includes(folder.life)) {
    return `"${kind}" needs an agreement that is ${rule.lives.join(' or ')}; this one is ${stateOf(folder)}`
  }
  if (rule.by === 'party' && org === null) return `"${kind}" is said by a party`
  if (rule.by === 'clock' && org !== null) return `"${kind}" comes of time, and is said by nobody`
  const { candidate } = folder
  if (rule.aboutCandidate === true) {
    const isSame = candidate?.version === data.version && candidate?.sha256 === data.sha256
    if (!isSame)
      return `version ${candidate?.version ?? '?'} is on the table, not what this is about`
  }
  return problemOfParty(folder, kind, org, data)
}

const problemOfParty = (
  { candidate, createdBy, lastVersion, suspendedBy, rescindedBy, notice }: Folder,
  kind: StatementKind,
  org: string | null,
  data: Statement['data'],
): string | undefined => {
  switch (kind) {
    case 'drafted':
    case 'countered': {
      // Before anything is on the table, the others do not know of it.
      if (
        kind === 'drafted' &&
        (candidate?.author ?? (lastVersion === 0 ? createdBy : org)) !== org
      ) {
        return 'a draft is written by those who began it'
      }
      if (kind === 'countered' && candidate?.author === org) {
        return 'the other side counters; withdraw it to propose something else'
      }
      return data.version === lastVersion + 1 && data.sha256 !== undefined
        ? undefined
        : `version ${lastVersion + 1} comes next`
    }
    case 'proposed':
    case 'withdrawn':
      return candidate?.author === org ? undefined : 'only those who wrote this version do this'
    case 'agreed':
      return candidate?.agreedBy.includes(org ?? '') ? 'this party has agreed already' : undefined
    case 'first_signed': {
      const isSigned = candidate?.firstSignedBy?.some((one) => one.org === org) === true
      return isSigned ? 'somebody of this party has signed first already' : undefined
    }
    case 'signed':
      return candidate?.signedBy.includes(org ?? '') ? 'this party has signed already' : undefined
    case 'resumed':
      return org === null || suspendedBy === org
        ? undefined
        : 'those who suspended it take it up again'
    case 'notice_given':
      if (notice !== undefined) return 'notice was given already'
      return isTime(data.until) ? undefined : 'a notice says until when'
    case 'terminated':
      return org === null && notice === undefined ? 'nobody has given notice' : undefined
    case 'rescinded':
      return rescindedBy.includes(org ?? '') ? 'this party has said so already' : undefined
    default:
      return undefined
  }
}

const isTime = (text: string | undefined): boolean =>
  text !== undefined && !Number.isNaN(Date.parse(text))

const isByAll = (folder: Folder, orgs: readonly string[]): boolean =>
  folder.parties.every(({ org }) => orgs.includes(org))

const begin = (folder: Folder, { kind, org, data }: Statement): Folder => ({
  ...folder,
  talk: kind === 'drafted' ? 'draft' : 'countered',
  lastVersion: data.version ?? folder.lastVersion,
  candidate: {
    version: data.version ?? 0,
    sha256: data.sha256 ?? '',
    author: org ?? '',
    agreedBy: org === null ? [] : [org],
    signedBy: [],
  },
})

const show = (folder: Folder): Folder => ({
  ...folder,
  shown:
    folder.candidate === undefined ? folder.shown : [...folder.shown, folder.candidate.version],
})

const sign = (folder: Folder, org: string): Folder => {
  const { candidate } = folder
  if (candidate === undefined) return folder
  const signedBy = [...candidate.signedBy, org]
  if (!isByAll(folder, signedBy))
    return { ...folder, talk: 'signing', candidate: { ...candidate, signedBy } }
  const { version, sha256 } = candidate
  // An amendment takes effect where the agreement stands; a first version waits for its day.
  const life = folder.life === 'none' ? 'scheduled' : folder.life
  const inForce = { version, sha256 }
  // Who signs an amendment goes on: notice that was given is taken back by it.
  return { ...folder, talk: 'none', life, candidate: undefined, inForce, notice: undefined }
}

const signFirst = (folder: Folder, { org, actor }: Statement): Folder => {
  const { candidate } = folder
  if (candidate === undefined) return folder
  const first = { org: org ?? '', person: actor?.id ?? '' }
  const firstSignedBy = [...(candidate.firstSignedBy ?? []), first]
  return { ...folder, talk: 'signing', candidate: { ...candidate, firstSignedBy } }
}

const agree = (folder: Folder, org: string): Folder => {
  const { candidate } = folder
  if (candidate === undefined) return folder
  const agreedBy = [...candidate.agreedBy, org]
  const talk = isByAll(folder, agreedBy) ? 'agreed' : folder.talk
  return { ...folder, talk, candidate: { ...candidate, agreedBy } }
}

const end = (folder: Folder, ended: NonNullable<Folder['ended']>): Folder => ({
  ...folder,
  life: 'closing',
  ended,
  talk: 'none',
  candidate: undefined,
})

const move = (folder: Folder, statement: Statement): Folder => {
  const { kind, org, data } = statement
  const by = org ?? ''
  switch (kind) {
    case 'created':
      return { ...folder, parties: data.parties ?? [], createdBy: org }
    case 'drafted':
      return begin(folder, statement)
    case 'countered':
      return show(begin(folder, statement))
    case 'proposed':
      return show({ ...folder, talk: 'proposed' })
    case 'agreed':
      return agree(folder, by)
    case 'rejected':
    case 'withdrawn':
    case 'lapsed':
      return { ...folder, talk: kind, candidate: undefined }
    case 'first_signed':
      return signFirst(folder, statement)
    case 'signed':
      return sign(folder, by)
    case 'activated':
      return { ...folder, life: 'active', isResumedEarly: undefined }
    case 'suspended': {
      const wasScheduled = folder.life === 'scheduled' || undefined
      return { ...folder, life: 'suspended', suspendedBy: org, wasScheduled }
    }
    case 'resumed': {
      // What has not begun does not begin by a pause: its first day is said by the clock, and duties count from there.
      const { wasScheduled: isResumedEarly } = folder
      const life = isResumedEarly === true ? 'scheduled' : 'active'
      return { ...folder, life, suspendedBy: undefined, wasScheduled: undefined, isResumedEarly }
    }
    case 'expired':
    case 'terminated':
      return end(folder, kind)
    case 'rescinded': {
      const rescindedBy = [...folder.rescindedBy, by]
      const next = { ...folder, rescindedBy }
      return isByAll(folder, rescindedBy) ? end(next, 'rescinded') : next
    }
    case 'notice_given':
      return { ...folder, notice: { by, untilMs: Date.parse(data.until ?? '') } }
    case 'closed':
      return { ...folder, life: 'closed' }
    default:
      return folder
  }
}

/** Hubs of before took the end of a pause for the beginning: what they said after it, where nobody could say it before one, says so. */
const asItWasTold = (folder: Folder, statement: Statement): Folder =>
  folder.isResumedEarly === true &&
  folder.life === 'scheduled' &&
  problemOf(folder, statement) !== undefined
    ? { ...folder, life: 'active', isResumedEarly: undefined }
    : folder

/**
 * The folder after one more statement. Throws FormatError when it is not the next one of this chain, goes back in time, or says what may
 * not be said here.
 */
export const append = async (folder: Folder, statement: Statement): Promise<Folder> => {
  const { seq, prev, agreement, at } = statement
  if (agreement !== folder.agreement || seq !== folder.seq + 1 || prev !== folder.head) {
    throw new FormatError(
      `chain of ${folder.agreement}: expected statement ${folder.seq + 1} after ${folder.head ?? 'nothing'}, found ${seq} after ${prev ?? 'nothing'}`,
    )
  }
  const atMs = Date.parse(at)
  if (Number.isNaN(atMs) || atMs < folder.atMs) {
    throw new FormatError(`chain of ${agreement}: statement ${seq} is older than the one before`)
  }
  const told = asItWasTold(folder, statement)
  const isByTime = statement.kind === 'terminated' && statement.org === null
  const problem =
    isByTime && atMs < (folder.notice?.untilMs ?? 0)
      ? 'the notice is not over'
      : problemOf(told, statement)
  if (problem !== undefined)
    throw new FormatError(`chain of ${agreement}: statement ${seq}: ${problem}`)
  return { ...move(told, statement), seq, atMs, head: await hashOf(statement) }
}

/** Replays a whole chain. Throws FormatError at the first statement that does not belong. */
export const replay = async (
  agreement: string,
  statements: readonly Statement[],
): Promise<Folder> => {
  let folder = nothingSaid(agreement)
  for (const statement of statements) folder = await append(folder, statement)
  return folder
}
