/** Decisions about one actor and one repo, made as they are asked for. */
import type { Actor } from '../kernel/actor.ts'
import type { AgreementId } from '../kernel/ids.ts'
import type { AgreementDenial } from './agreement-denials.ts'
import { decideRepo, type Decision, type RepoAction, type RepoFacts } from './decide.ts'

export type Deciding = (action: RepoAction) => Decision

/** Each decision is made once, however often it is asked for. Who may read may browse, by the same agreement: that is not asked twice. */
export const decisionsOf = (actor: Actor, facts: RepoFacts): Deciding => {
  const made = new Map<RepoAction, Decision>()
  const decide = (action: RepoAction): Decision => {
    const known = made.get(action)
    if (known !== undefined) return known
    const decision = decideRepo(actor, action, facts)
    made.set(action, decision)
    return decision
  }
  return (action) => {
    const reading = action === 'repo.browse' ? decide('repo.read') : undefined
    return reading?.allowed === true ? reading : decide(action)
  }
}

/** The agreement that gives all that can be asked for; none where something is refused. */
export const grantedBy = (decision: Deciding): AgreementId | undefined => {
  const reading = decision('repo.read')
  return reading.allowed ? reading.agreement : undefined
}

/** What agreements refuse, of what they could give. */
export const agreedDenials = (decision: Deciding): readonly AgreementDenial[] =>
  (['repo.browse', 'repo.read'] as const).flatMap((action) => {
    const made = decision(action)
    return made.allowed || made.agreement === undefined ? [] : [made.agreement]
  })
