/** What a denial says: a sentence for people, a stable reason for programs. */
import type { RepoType } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import { givenPath } from '../kernel/agreement-path.ts'
import { HubError, type HubErrorCode } from '../kernel/errors.ts'
import { isoDate } from '../kernel/time.ts'
import type { AgreementDenial } from './agreement-denials.ts'
import type { AgreementReason } from './agreements.ts'
import type { Action, Decision, DenialReason } from './decide.ts'

type Denial = Extract<Decision, { allowed: false }>

/** What was asked for, as far as the asker may know of it. */
export interface Asked {
  readonly type?: RepoType
  readonly path?: string
  readonly account?: string
  /** Of a gate that opens by an agreement: where that is made or found. */
  readonly agreementPath?: string
}

const nameOf = ({ type, path, account }: Asked): string =>
  path === undefined ? (account ?? 'this') : `${type} ${path}`

type Sentence = (what: string, asked: Asked) => string

/** Beginnings; the clause and what was needed and found follow. */
const agreementSentences: Record<AgreementReason, Sentence> = {
  NO_PERMISSION: (what) => `The agreement does not let you ${what}.`,
  PROHIBITED: (what) => `The agreement forbids to ${what}.`,
  CONSTRAINT_UNSATISFIED: (what) =>
    `The agreement lets you ${what} under conditions that are not met.`,
  CONTEXT_MISSING: (what) =>
    `The agreement lets you ${what} under a condition that nothing is known about. Your organisation says it when it grants access.`,
  DUTY_UNFULFILLED: (what) => `Something has to be done before you may ${what}.`,
  QUOTA_EXHAUSTED: () => 'What the agreement allows is used up.',
  NOT_YET_EFFECTIVE: () => 'The agreement is not in force yet.',
  EXPIRED: () => 'The agreement is over: its time has ended.',
  USER_ASSENT_REQUIRED: (what) => `Accept the restrictions of the agreement before you ${what}.`,
  TRAINING_EXPIRED: () => 'A certificate that the agreement asks for is missing or over.',
  TERRITORY: () => 'The agreement does not reach the country of your organisation.',
  SUSPENDED: () => 'The agreement is suspended.',
  TERMINATED: () => 'The agreement was terminated.',
  RESCINDED: () => 'The agreement was undone by its parties.',
  GRANT_MISSING: () =>
    'Your organisation has this agreement, and has not let you use it. Ask an administrator of your organisation.',
}

const dayOf = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

const deeds: Partial<Record<AgreementReason, string>> = {
  SUSPENDED: 'paused it',
  TERMINATED: 'ended it',
  RESCINDED: 'agreed to undo it',
}

/** Who did it, when, and why, behind the beginning. */
const withLastWord = (
  beginning: string,
  { reason, lastWord }: Pick<AgreementDenial, 'reason' | 'lastWord'>,
): string => {
  if (lastWord === undefined) return beginning
  const { by, atMs, reason: why } = lastWord
  const day = dayOf.format(atMs)
  const start = beginning.replace(/\.$/, '')
  if (reason === 'EXPIRED') return `${start} on ${day}.`
  const deed = `${start}: ${by ?? 'this hub'} ${deeds[reason] ?? 'did so'} on ${day}.`
  return why === undefined ? deed : `${deed} Their reason: ${/[.!?…]$/.test(why) ? why : `${why}.`}`
}

/** One sentence, the agreement, its clause, what was needed and what was found. */
const explained = (beginning: string, denial: AgreementDenial): string => {
  const { title, clause, needed, actual } = denial
  return [
    withLastWord(beginning, denial),
    `Agreement "${title}"${clause === undefined ? '.' : `, clause ${clause.id} (${clause.title}): ${clause.text}`}`,
    ...(needed === undefined ? [] : [`Needed: ${needed}; found: ${actual ?? 'nothing'}.`]),
  ].join(' ')
}

const sentences: Record<DenialReason, Sentence> = {
  not_signed_in: (what) => `Signing in is required to ${what}. Send a token with your request.`,
  not_visible: () => 'Repository not found',
  token_is_read_only: (what) =>
    `This token has the role "read" and may not ${what}. Use a token with the role "write".`,
  token_scope_too_small: (what, asked) =>
    `This token's scope does not let it ${what} (${nameOf(asked)}). Use a token with a larger scope.`,
  token_not_accepted: (what) =>
    `The organisation does not accept this token to ${what}: it lives longer than its rules allow, or waits for approval. Ask an administrator of the organisation.`,
  role_too_low: (what) =>
    `You do not have the required permissions to ${what}. Ask an administrator of the owner for a higher role.`,
  not_an_admin: (what) => `Only an administrator of this hub may ${what}.`,
  // The beginnings of these four are what clients and their tests look for.
  gate_not_signed_in: (_what, asked) =>
    `Access to ${nameOf(asked)} is restricted. You must have access to it and be authenticated to access it. Please log in.`,
  gate_not_asked: (_what, asked) =>
    `Access to ${nameOf(asked)} is restricted and you are not in the authorized list. Visit its page to ask for access.`,
  gate_pending: (_what, asked) =>
    `Your request to access ${nameOf(asked)} is awaiting a review from the repo authors.`,
  gate_rejected: (_what, asked) =>
    `Your request to access ${nameOf(asked)} has been rejected by the repo's authors.`,
  // A code of its own kind for clients: those that catch anything else at a download say that the network is down.
  legal_hold: (_what, asked) =>
    `${nameOf(asked)} is under a legal hold: nobody reads or changes it until the hold is lifted. Ask the administrator of this hub.`,
  ORG_POLICY: () => 'Your organisation does not let its people take this.',
  takedown: () => 'Access to this resource is disabled.',
  quarantine: (_what, asked) =>
    `${nameOf(asked)} is in quarantine: something in it may do harm. Ask its owner.`,
  LICENSE_CONFLICT: (_what, asked) =>
    `${nameOf(asked)} was made from something whose licence does not let it be shared: only its owner's people may read it until the owner has mended that.`,
  LICENSE_UNKNOWN: (_what, asked) =>
    `${nameOf(asked)} was made from something whose licence is not known: only its owner's people may read it until a steward of the owner has decided.`,
  ...agreementSentences,
  gate_token_too_small: (_what, asked) =>
    `This token may not use your access to gated repositories (${nameOf(asked)}). Enable access to public gated repositories in its settings, or use another token.`,
}

export const wordsOf: Record<Action, string> = {
  'repo.see': 'see this repository',
  'repo.browse': 'browse this repository',
  'repo.read': 'read this repository',
  'repo.write': 'write to this repository',
  'repo.admin': 'administer this repository',
  'namespace.browse': 'browse this namespace',
  'namespace.create': 'create repositories under this namespace',
  'namespace.curate': 'curate this namespace',
  'namespace.audit': 'audit this namespace',
  'namespace.manage': 'manage this namespace',
  'namespace.bind': 'speak for this organisation to others',
  'hub.manage': 'manage this hub',
  'account.manage': 'manage this account',
}

/**
 * The same whether a repo is missing or hidden. What was hidden goes along as the cause, which no door renders: for the trail.
 */
export const notFound = (actor: Actor, hidden?: HiddenTarget): HubError =>
  new HubError(
    'repo_not_found',
    'Repository not found',
    { anonymous: actor.kind === 'anonymous' },
    hidden,
  )

/** A target that was not shown to exist. */
export interface HiddenTarget extends Asked {
  readonly action: Action
  readonly reason: DenialReason
}

const codeOf = (
  reason: DenialReason,
): Extract<
  HubErrorCode,
  | 'repo_disabled'
  | 'unauthenticated'
  | 'gated'
  | 'permission_denied'
  | 'agreement_required'
  | 'quota_exhausted'
> => {
  if (reason === 'QUOTA_EXHAUSTED') return 'quota_exhausted'
  if (Object.hasOwn(agreementSentences, reason)) return 'agreement_required'
  if (reason === 'takedown') return 'repo_disabled'
  if (reason === 'not_signed_in') return 'unauthenticated'
  // Clients tell the sentence of what is gated; of other refusals at a download they say that the network is down.
  if (reason === 'ORG_POLICY') return 'gated'
  return reason.startsWith('gate_') ? 'gated' : 'permission_denied'
}

const waitsForAgreement: ReadonlySet<DenialReason> = new Set([
  'gate_not_signed_in',
  'gate_not_asked',
  'gate_pending',
  'gate_rejected',
])

/** Of a gate that opens by an agreement: whose it is to make one, and where. */
const agreementNote = (
  reason: DenialReason,
  { path, agreementPath }: Asked,
): { note: string; agreementPath?: string } => {
  if (agreementPath === undefined || !waitsForAgreement.has(reason)) return { note: '' }
  const owner = path?.slice(0, path.indexOf('/')) ?? 'its owner'
  const what = `an agreement between your organisation and ${owner}`
  return { note: ` It takes ${what}: ${agreementPath}`, agreementPath }
}

/** Details: `reason`, and of a target that may be known `type`, `path`, `account`; under an agreement `see`, the page that says more. */
export const refusal = (
  actor: Actor,
  action: Action,
  { reason, reveal, agreement, rule }: Denial,
  asked: Asked = {},
): HubError => {
  if (!reveal) return notFound(actor, { action, reason, ...asked })
  const { type, path, account } = asked
  const { note, ...link } = agreementNote(reason, asked)
  const details = { reason, action, type, path, account, ...link }
  const sentence = `${sentences[reason](wordsOf[action], asked)}${note}`
  if (rule !== undefined) {
    const { org, kind, needed, actual } = rule
    const told = `${org} does not let its people take this. Needed: ${needed}; found: ${actual}. Ask an administrator of ${org}.`
    return new HubError(codeOf(reason), told, { ...details, org, rule: kind, needed, actual })
  }
  if (agreement === undefined) return new HubError(codeOf(reason), sentence, details)
  const { agreement: id, title, clause, needed, actual, who, org, providers, lastWord } = agreement
  const said =
    lastWord === undefined
      ? {}
      : {
          saidBy: lastWord.by,
          saidAt: isoDate(lastWord.atMs),
          saidReason: lastWord.reason,
        }
  const facts = {
    agreement: id,
    title,
    clause: clause?.id,
    needed,
    actual,
    who,
    org,
    providers: providers.join(', '),
    see: givenPath(id, org),
    ...said,
  }
  return new HubError(codeOf(reason), explained(sentence, agreement), { ...details, ...facts })
}
