/** What an event may be news about. Most events are none: they show on no page that is looked at for long. */
import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'
import type { HubEvent } from '../events/index.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'

export type Concern =
  | { readonly kind: 'repo'; readonly repoId: RepoId; readonly needs: 'repo.see' | 'repo.browse' }
  | { readonly kind: 'requests'; readonly repoId: RepoId; readonly subjectId: AccountId }
  | { readonly kind: 'agreement'; readonly agreementId: AgreementId }
  /** What it lets the people of its parties do; `byAll` what changes that only once every party has said it. */
  | {
      readonly kind: 'use'
      readonly agreementId: AgreementId
      readonly byAll: 'signed' | 'rescinded' | undefined
    }
  | { readonly kind: 'approvals'; readonly orgId: AccountId }
  | { readonly kind: 'jobs' }

const ofRepo = (repoId: string | undefined, needs: 'repo.see' | 'repo.browse') =>
  // A cast because events carry ids as text.
  repoId === undefined ? undefined : ({ kind: 'repo', repoId: repoId as RepoId, needs } as const)

/** Statements after which somebody may do more or less than before. */
const letsInOrOut: ReadonlySet<StatementKind> = new Set([
  'signed',
  'activated',
  'suspended',
  'resumed',
  'expired',
  'terminated',
  'rescinded',
  'closed',
  'grant_given',
  'grant_ended',
  'precondition_done',
  'attestation_given',
  'attestation_ended',
])

/** For the people of its parties, who are told nothing of what is only talked about. */
const useAfter = (event: HubEvent): Concern | undefined => {
  if (event.name !== 'agreement_stated') return undefined
  // Casts because events carry ids and kinds as text.
  const said = event.payload.said as StatementKind
  if (!letsInOrOut.has(said)) return undefined
  const agreementId = event.payload.agreementId as AgreementId
  // The last one to say these takes effect at once; those before are part of the talk.
  return {
    kind: 'use',
    agreementId,
    byAll: said === 'signed' || said === 'rescinded' ? said : undefined,
  }
}

/** Casts because events carry ids as text. */
const concernOf = (event: HubEvent): Concern | undefined => {
  switch (event.name) {
    case 'refs_updated':
    case 'licence_judged':
    case 'licence_decided':
    case 'licence_decision_ended':
      return ofRepo(event.repoId, 'repo.browse')
    case 'repo_created':
    case 'repo_moved':
    case 'repo_visibility_changed':
    case 'repo_hold_changed':
    case 'gate_changed':
      return ofRepo(event.repoId, 'repo.see')
    case 'access_requested':
    case 'access_cancelled':
    case 'access_decided': {
      if (event.repoId === undefined) return undefined
      const subjectId = event.payload.subjectId as AccountId
      return { kind: 'requests', repoId: event.repoId as RepoId, subjectId }
    }
    case 'agreement_stated':
    case 'duty_reminded':
    case 'agreement_end_announced':
      return { kind: 'agreement', agreementId: event.payload.agreementId as AgreementId }
    case 'act_asked':
    case 'act_approved':
    case 'act_refused':
    case 'token_approval_decided':
      return { kind: 'approvals', orgId: event.payload.orgId as AccountId }
    case 'job_parked':
    case 'job_retried':
      return { kind: 'jobs' }
    default:
      return undefined
  }
}

/** Each once, in the order in which they came up first. */
export const concernsOf = (events: readonly HubEvent[]): Concern[] => {
  const found = new Map<string, Concern>()
  for (const event of events) {
    for (const concern of [concernOf(event), useAfter(event)]) {
      if (concern === undefined) continue
      const key = JSON.stringify(concern)
      if (!found.has(key)) found.set(key, concern)
    }
  }
  return [...found.values()]
}

/** After these somebody may be signed in no longer, or be another than before. */
const endings: ReadonlySet<HubEvent['name']> = new Set([
  'sessions_ended',
  'account_disabled',
  'account_changed',
  'user_deprovisioned',
])

export const maySignOut = (events: readonly HubEvent[]): boolean =>
  events.some(({ name }) => endings.has(name))
