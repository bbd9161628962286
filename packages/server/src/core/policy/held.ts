/** What holds stop, whatever anybody's rights are. */
import type { HoldKind } from '#db/schema.ts'
import type { Actor } from '../kernel/actor.ts'
import type { RepoAction, RepoFacts } from './decide.ts'

/** Content that is held is given to nobody and taken from nobody. What was taken down shows nothing; what a court wants stays as it is. */
const stoppedBy: Record<HoldKind, readonly RepoAction[]> = {
  quarantine: ['repo.read', 'repo.write'],
  takedown: ['repo.browse', 'repo.read', 'repo.write'],
  legal_hold: ['repo.read', 'repo.write', 'repo.admin'],
}

/** The hold that stops this, if one does. */
export const held = (
  actor: Actor,
  action: RepoAction,
  { hold }: Pick<RepoFacts, 'hold'>,
): HoldKind | undefined =>
  hold !== undefined && actor.kind !== 'system' && stoppedBy[hold].includes(action)
    ? hold
    : undefined
