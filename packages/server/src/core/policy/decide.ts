/**
 * The one answer to "may this actor do this here": pure, total over closed unions, no I/O. Facts come from `facts.sql.ts`. A rule of
 * access is changed here and in the case table beside it, and nowhere else; the filters of `visible.sql.ts` say the same in SQL.
 */
import type { AccessState, GateKind, HoldKind, RoleName, Visibility } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import { unreachable } from '../kernel/errors.ts'
import type { AgreementId } from '../kernel/ids.ts'
import type { AgreementDenial } from './agreement-denials.ts'
import { type AgreementFacts, type AgreementReason, answerOf, type Metered } from './agreements.ts'
import { credentialCap } from './credential.ts'
import { type OrgRuleDenial, type OrgRuleFacts, ruledOut } from './org-rules.ts'
import { type UpstreamFacts, type UpstreamReason, withinReach } from './upstream.ts'
import { held } from './held.ts'
import { higher, lower, roleStanding, rolesAcrossGroups, type Standing } from './roles.ts'

/** What may be asked of a repo. */
export const repoActions = [
  'repo.see', // that it exists, its metadata
  'repo.browse', // names of its files, its history, its card and terms: what a gate leaves open
  'repo.read', // its files
  'repo.write', // commits, branches, tags, uploads, requests for access
  'repo.admin', // visibility, gate, move, delete
] as const
export type RepoAction = (typeof repoActions)[number]

/** What may be asked of a namespace: a user's own, or an organisation's. */
export const namespaceActions = [
  'namespace.browse', // what only its people see: private collections, roles of members
  'namespace.create', // new repos
  'namespace.curate', // collections, the public page
  'namespace.audit', // members with their rights, the trail
  'namespace.manage', // members, teams, groups, policy, service accounts
  'namespace.bind', // speaking for it to others: agreements, seals, signatories
] as const
export type NamespaceAction = (typeof namespaceActions)[number]

export type Action = RepoAction | NamespaceAction | 'hub.manage' | 'account.manage'

export interface NamespaceFacts {
  readonly ownerId: string
  /** The actor's role in the owning organisation, if it is one. */
  readonly role: RoleName | undefined
  /** The organisation does not accept the actor's token: it lives too long, or waits for approval. */
  readonly isTokenRefused: boolean
}

export interface GateFacts {
  readonly kind: GateKind
  readonly coversMembers: boolean
  /** Of the actor's own request, or of an organisation's that speaks for the actor; expired ones are none. */
  readonly state: AccessState | 'none'
}

export interface RepoFacts extends NamespaceFacts {
  readonly repoId: string
  readonly visibility: Visibility
  /** In a resource group, membership alone opens nothing. */
  readonly isInGroup: boolean
  /** The best role given on the repo or its resource group, to the actor or a team. */
  readonly grant: RoleName | undefined
  readonly gate: GateFacts | undefined
  /** Those about it that give something to an organisation of the actor. */
  readonly agreements: readonly AgreementFacts[]
  /** Of the actor's own organisations, about what is not theirs. Undefined where they have none. */
  readonly ruled?: OrgRuleFacts
  /** What it was made from says of it. */
  readonly upstream?: UpstreamFacts | undefined
  /** Stands above all else that is said. */
  readonly hold: HoldKind | undefined
}

export type DenialReason =
  | 'not_signed_in'
  | 'not_visible'
  | 'token_is_read_only'
  | 'token_scope_too_small'
  | 'token_not_accepted'
  | 'role_too_low'
  | 'not_an_admin'
  | 'gate_not_signed_in'
  | 'gate_not_asked'
  | 'gate_pending'
  | 'gate_rejected'
  | 'gate_token_too_small'
  | 'ORG_POLICY'
  | HoldKind
  | UpstreamReason
  | AgreementReason

/** `reveal` says whether the target may be shown to exist. */
export type Decision =
  | {
      readonly allowed: true
      readonly untilMs?: number | undefined
      /** By which it is, where the owner's own rules do not suffice. */
      readonly agreement?: AgreementId
      readonly title?: string
      /** The actor's organisation that it gives to, by name. */
      readonly org?: string | undefined
      /** Who uses it, where its terms count. */
      readonly metered?: Metered
    }
  | {
      readonly allowed: false
      readonly reason: DenialReason
      readonly reveal: boolean
      readonly agreement?: AgreementDenial
      readonly rule?: OrgRuleDenial
    }

/**
 * Files that a gate leaves open, so that terms can be read before they are accepted: the card, licences and git's own attributes, at the
 * top of a repo.
 */
export const isLeftOpen = (path: string): boolean =>
  /^(README\.md|\.gitattributes|(LICEN[CS]E|NOTICE|COPYING|TERMS|USE_POLICY)[^/]*)$/i.test(path)

export type Denied = Extract<Decision, { allowed: false }>

export const yes: Decision = { allowed: true }
export const no = (reason: DenialReason, reveal = true): Denied => ({
  allowed: false,
  reason,
  reveal,
})

const membershipStanding = (facts: OwnFacts): Standing => {
  if (facts.role === undefined) return 'none'
  const across: readonly RoleName[] = rolesAcrossGroups
  return facts.isInGroup && !across.includes(facts.role) ? 'none' : roleStanding[facts.role]
}

/** What the account may do, whatever credential it came by. */
const accountStanding = (actor: Actor, facts: NamespaceFacts, asMember: Standing): Standing => {
  if (actor.kind === 'anonymous') return 'none'
  if (actor.kind === 'system' || actor.isAdmin || actor.id === facts.ownerId) return 'manage'
  return facts.isTokenRefused ? 'none' : asMember
}

const isVisible = (actor: Actor, facts: OwnFacts, standing: Standing, cap: Standing): boolean => {
  if (standing !== 'none') return true
  switch (facts.visibility) {
    case 'public':
      return true
    case 'internal':
      return actor.kind !== 'anonymous' && cap !== 'none'
    case 'private':
      return false
    default:
      return unreachable(facts.visibility)
  }
}

const gateReasons = {
  none: 'gate_not_asked',
  pending: 'gate_pending',
  rejected: 'gate_rejected',
} as const

/** Why the gate stays shut, or undefined. */
const gateProblem = (
  actor: Actor,
  facts: OwnFacts,
  { account, cap }: { account: Standing; cap: Standing },
): DenialReason | undefined => {
  const { gate } = facts
  if (gate === undefined) return undefined
  if (actor.kind === 'anonymous') return 'gate_not_signed_in'
  const isGranted = facts.grant !== undefined && !facts.isTokenRefused
  const byRole =
    account === 'write' ||
    account === 'manage' ||
    (account === 'read' && (!gate.coversMembers || isGranted))
  if (!byRole && gate.state !== 'accepted') return gateReasons[gate.state]
  const scope = actor.kind === 'user' ? actor.token?.scope : undefined
  return cap === 'none' && scope?.readsGated !== true ? 'gate_token_too_small' : undefined
}

const needed: Record<RepoAction, Standing> = {
  'repo.see': 'none',
  'repo.browse': 'none',
  'repo.read': 'none',
  'repo.write': 'write',
  'repo.admin': 'manage',
}

const suffices = (standing: Standing, need: Standing): boolean => lower(standing, need) === need

/** Why a standing that does not suffice does not: the credential, the organisation's rule, or the role. */
const shortfall = (
  actor: Actor,
  facts: NamespaceFacts,
  account: Standing,
  need: Standing,
): DenialReason => {
  if (actor.kind === 'anonymous') return 'not_signed_in'
  if (actor.kind === 'user' && actor.tokenRole === 'read') return 'token_is_read_only'
  if (suffices(account, need)) return 'token_scope_too_small'
  return facts.isTokenRefused ? 'token_not_accepted' : 'role_too_low'
}

/** What is done in the words of terms, any of which will do; agreements give nothing else. Who may download files may know their names. */
export const termsActions: Partial<Record<RepoAction, readonly ('discover' | 'download')[]>> = {
  'repo.browse': ['discover', 'download'],
  'repo.read': ['download'],
}

/** Facts of a repo before any agreement is asked about. */
export type OwnFacts = Omit<RepoFacts, 'agreements'>

const isOpenToAgreements = (actor: Actor, facts: OwnFacts, base: Denied): boolean => {
  if (base.reason !== 'not_visible' && !base.reason.startsWith('gate_')) return false
  const scope = actor.kind === 'user' ? actor.token?.scope : undefined
  return credentialCap(actor, facts) !== 'none' || scope?.readsGated === true
}

/** Does anything hang on agreements? Where not, decisions are the same with none of them known. */
export const asksAgreements = (actor: Actor, facts: OwnFacts): boolean => {
  // Reading is refused by all that hides a repo or shuts its gate, so it stands for the other actions.
  const base = decideByOwner(actor, 'repo.read', facts)
  return actor.kind === 'user' && !base.allowed && isOpenToAgreements(actor, facts, base)
}

/**
 * Where the owner's own rules say no, an agreement may say yes; where it says no too, that is the nearer reason. Its people know of what it
 * is about, so nothing is hidden from them.
 */
export const byAgreement = (
  actor: Actor,
  action: RepoAction,
  facts: RepoFacts,
  base: Decision,
): Decision => {
  if (base.allowed || facts.agreements.length === 0) return base
  if (!isOpenToAgreements(actor, facts, base)) return base
  const isHidden = base.reason === 'not_visible'
  if (action === 'repo.see') return yes
  const asked = termsActions[action]
  if (asked === undefined) return isHidden ? no('role_too_low') : base
  const { given, denial } = withinReach(facts.agreements, facts.upstream, action === 'repo.read')
  if (denial !== undefined) return { ...no(denial.reason), agreement: denial }
  const answer = answerOf(given, ...asked)
  if (answer === undefined) return base
  if (answer.allowed) return answer
  return { ...no(answer.denial.reason), agreement: answer.denial }
}

/**
 * What may not be shown to others stays with its owner's people: members, those with a grant, whatever token they bring. What is merely not
 * known stops what one organisation gives another, who rely on it; who finds it in the open reads what is known.
 */
export const stopped = (
  actor: Actor,
  action: RepoAction,
  facts: OwnFacts,
  found: Decision,
): UpstreamReason | undefined => {
  const stop = action === 'repo.read' ? facts.upstream?.stop : undefined
  if (stop === undefined || accountOf(actor, facts) !== 'none') return undefined
  const isByAgreement = found.allowed && found.agreement !== undefined
  return stop === 'LICENSE_CONFLICT' || isByAgreement ? stop : undefined
}

/** Decides an act on a repo: holds, upstream terms, the owner's own rules, agreements, the rules of the actor's organisations. */
export const decideRepo = (actor: Actor, action: RepoAction, facts: RepoFacts): Decision => {
  const found = byAgreement(actor, action, facts, decideByOwner(actor, action, facts))
  if (!found.allowed && !found.reveal) return found
  const stop = held(actor, action, facts) ?? stopped(actor, action, facts, found)
  if (stop !== undefined) return no(stop)
  const rule = found.allowed ? ruledOut(action, facts.ruled) : undefined
  return rule === undefined ? found : { ...no('ORG_POLICY'), rule }
}

const accountOf = (actor: Actor, facts: OwnFacts): Standing => {
  const granted = facts.grant === undefined ? 'none' : roleStanding[facts.grant]
  return accountStanding(actor, facts, higher(membershipStanding(facts), granted))
}

export const decideByOwner = (actor: Actor, action: RepoAction, facts: OwnFacts): Decision => {
  const account = accountOf(actor, facts)
  const cap = credentialCap(actor, facts)
  const standing = lower(account, cap)
  if (!isVisible(actor, facts, standing, cap)) return no('not_visible', false)
  if (action === 'repo.see') return yes
  const need = needed[action]
  if (!suffices(standing, need)) return no(shortfall(actor, facts, account, need))
  const problem = action === 'repo.read' ? gateProblem(actor, facts, { account, cap }) : undefined
  return problem === undefined ? yes : no(problem)
}
