/**
 * Why a decision is what it is: each layer in its order and what it said, what the answer rests on, what else there was, and who can do
 * something about it. Pure; it asks the functions that decide, so that it cannot say something else.
 */
import type { Actor } from '../kernel/actor.ts'
import type { AgreementId } from '../kernel/ids.ts'
import type { AgreementDenial } from './agreement-denials.ts'
import { answersOf } from './agreements.ts'
import {
  byAgreement,
  decideByOwner,
  decideRepo,
  type DenialReason,
  type RepoAction,
  type RepoFacts,
  stopped,
  termsActions,
} from './decide.ts'
import { ruledOut } from './org-rules.ts'
import { held } from './held.ts'

/** In the order they are asked: holds, licences of what it was made from, the owner's own rules, agreements, the asker's organisations. */
export type Layer = 'hold' | 'upstream' | 'owner' | 'agreements' | 'organisation'

export interface LayerSaid {
  readonly layer: Layer
  readonly said: 'permit' | 'deny' | 'nothing'
  readonly code?: string
}

export interface Fix {
  readonly who: AgreementDenial['who'] | 'owner' | 'hub'
  readonly label: string
  /** Below the hub's own URL. */
  readonly path: string
}

export interface Explanation {
  readonly isAllowed: boolean
  /** Stable: `OK_PUBLIC`, `OK_OWNER`, `OK_AGREEMENT`, or why not. */
  readonly code: string
  readonly layers: readonly LayerSaid[]
  /** By which it is permitted. */
  readonly agreement: AgreementId | undefined
  /** The nearest refusal, told first. */
  readonly denial: AgreementDenial | undefined
  /** Other agreements, and why they do not permit either. */
  readonly nearMisses: readonly AgreementDenial[]
  readonly fixes: readonly Fix[]
  readonly untilMs: number | undefined
}

/** Stable codes are in capitals, whichever layer says them. */
export const codeOf = (reason: DenialReason): string => reason.toUpperCase()

const permitCode = (facts: RepoFacts): string =>
  facts.visibility === 'public' && facts.gate === undefined ? 'OK_PUBLIC' : 'OK_OWNER'

const layersOf = (actor: Actor, action: RepoAction, facts: RepoFacts): LayerSaid[] => {
  const hold = held(actor, action, facts)
  const base = decideByOwner(actor, action, facts)
  const agreed = byAgreement(actor, action, facts, base)
  const upstream = stopped(actor, action, facts, agreed)
  const byOwner: LayerSaid = base.allowed
    ? { layer: 'owner', said: 'permit', code: permitCode(facts) }
    : { layer: 'owner', said: 'deny', code: codeOf(base.reason) }
  const byTerms: LayerSaid =
    agreed === base
      ? { layer: 'agreements', said: 'nothing' }
      : agreed.allowed
        ? { layer: 'agreements', said: 'permit', code: 'OK_AGREEMENT' }
        : { layer: 'agreements', said: 'deny', code: codeOf(agreed.reason) }
  return [
    hold === undefined
      ? { layer: 'hold', said: 'nothing' }
      : { layer: 'hold', said: 'deny', code: codeOf(hold) },
    upstream === undefined
      ? { layer: 'upstream', said: 'nothing' }
      : { layer: 'upstream', said: 'deny', code: upstream },
    byOwner,
    byTerms,
    ruledOut(action, facts.ruled) === undefined
      ? { layer: 'organisation', said: 'nothing' }
      : { layer: 'organisation', said: 'deny', code: 'ORG_POLICY' },
  ]
}

/** When what the owner's own rules rest on ends by itself: a membership or a grant, an acceptance at the gate. */
export interface OwnEnds {
  readonly standingMs: number | undefined
  readonly gateMs: number | undefined
}

const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)

/** What is open to everyone has no end for anybody. */
const ownUntil = (
  action: RepoAction,
  { visibility, gate }: RepoFacts,
  { standingMs, gateMs }: OwnEnds,
): number | undefined => {
  const isReading = action === 'repo.read'
  const isOpen = visibility === 'public' && (!isReading || gate === undefined)
  if (isOpen && (isReading || action === 'repo.see' || action === 'repo.browse')) return undefined
  return isReading && gate !== undefined ? earlier(standingMs, gateMs) : standingMs
}

interface Named {
  /** `owner/name` below the prefix of its type. */
  readonly page: string
  readonly owner: string
}

const agreementFix = ({ agreement, title, who, reason }: AgreementDenial): Fix => {
  const path = `/agreements/${agreement}`
  switch (reason) {
    case 'USER_ASSENT_REQUIRED':
      return { who, label: `Read and accept the restrictions of "${title}"`, path }
    case 'GRANT_MISSING':
      return { who, label: `Name them under "${title}"`, path }
    case 'CONTEXT_MISSING':
      return { who, label: `Say what is missing in a grant under "${title}"`, path }
    case 'DUTY_UNFULFILLED':
      return { who, label: `Do what "${title}" asks for first`, path }
    case 'SUSPENDED':
      return { who, label: `Ask why "${title}" is suspended`, path }
    default:
      return { who, label: `Propose an amendment of "${title}"`, path }
  }
}

const ownFixes: Partial<Record<DenialReason, (named: Named) => Fix>> = {
  not_signed_in: () => ({ who: 'you', label: 'Sign in', path: '/login' }),
  gate_not_signed_in: () => ({ who: 'you', label: 'Sign in', path: '/login' }),
  gate_not_asked: ({ page }) => ({ who: 'you', label: 'Ask for access', path: page }),
  gate_pending: ({ page, owner }) => ({
    who: 'owner',
    label: `Ask ${owner} to decide`,
    path: page,
  }),
  gate_rejected: ({ page, owner }) => ({ who: 'owner', label: `Ask ${owner} why`, path: page }),
  LICENSE_CONFLICT: ({ page, owner }) => ({
    who: 'owner',
    label: `Ask ${owner} to mend its licence`,
    path: page,
  }),
  LICENSE_UNKNOWN: ({ page, owner }) => ({
    who: 'owner',
    label: `Ask ${owner} to say what it was made from`,
    path: page,
  }),
  role_too_low: ({ owner }) => ({
    who: 'owner',
    label: `Ask an administrator of ${owner} for a higher role`,
    path: `/${owner}`,
  }),
}

const fixesOf = (
  reason: DenialReason,
  told: readonly AgreementDenial[],
  named: Named,
): readonly Fix[] => {
  const own = ownFixes[reason]
  if (own !== undefined) return [own(named)]
  if (told.length > 0) return told.map(agreementFix)
  if (reason.startsWith('token_') || reason === 'gate_token_too_small') {
    return [{ who: 'you', label: 'Use another token', path: '/settings/tokens' }]
  }
  if (reason === 'ORG_POLICY') {
    return [{ who: 'your_organisation', label: 'Ask its administrator', path: '/settings' }]
  }
  if (reason === 'not_visible') {
    return [
      { who: 'owner', label: `Agree with ${named.owner} on its use`, path: '/agreements/new' },
    ]
  }
  return [{ who: 'hub', label: 'Ask the administrator of this hub', path: '/' }]
}

export const explainRepo = (
  actor: Actor,
  action: RepoAction,
  facts: RepoFacts,
  { named, ends }: { named: Named; ends: OwnEnds },
): Explanation => {
  const decision = decideRepo(actor, action, facts)
  const layers = layersOf(actor, action, facts)
  if (decision.allowed) {
    const { agreement } = decision
    const untilMs = agreement === undefined ? ownUntil(action, facts, ends) : decision.untilMs
    const code = agreement === undefined ? permitCode(facts) : 'OK_AGREEMENT'
    const nothing = { denial: undefined, nearMisses: [], fixes: [] }
    return { isAllowed: true, code, layers, agreement, untilMs, ...nothing }
  }
  const [asked] = termsActions[action] ?? []
  const denial = decision.agreement
  const nearMisses =
    asked === undefined || denial === undefined
      ? []
      : answersOf(facts.agreements, asked).flatMap((answer) =>
          answer.allowed || answer.denial.agreement === denial.agreement ? [] : [answer.denial],
        )
  const told = denial === undefined ? [] : [denial, ...nearMisses]
  return {
    isAllowed: false,
    code: codeOf(decision.reason),
    layers,
    agreement: undefined,
    denial,
    nearMisses,
    fixes: fixesOf(decision.reason, told, named),
    untilMs: undefined,
  }
}
