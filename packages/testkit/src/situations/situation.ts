/** What a situation is, and short words for writing one in a line: see `situations.ts`. */
import type { BodyWish } from '@weighhouse/server/core/agreements/index.ts'

/** `dora` works at the clinic, `mel` reads at the lab, which owns the repo; `ann` administers the lab, `root` the hub. */
export type Who = 'nobody' | 'eve' | 'dora' | 'robot' | 'mel' | 'ann' | 'root'

type Terms = BodyWish['terms']
type Constraint = Terms['permissions'][number]['constraints'][number]

export interface AgreementWorld {
  readonly life?: 'scheduled' | 'active' | 'suspended' | 'closing' | 'closed' | 'none'
  /** Of an agreement that is closing. */
  readonly state?: string
  /** Days from now. */
  readonly from?: number
  readonly to?: number | null
  /** On the download; the view is free. */
  readonly limits?: readonly Constraint[]
  readonly preconditions?: Terms['permissions'][number]['preconditions']
  readonly prohibitions?: Terms['prohibitions']
  readonly seesNothing?: boolean
  readonly grant?: 'dora' | 'org' | 'team' | 'someone else' | 'another token' | 'ended' | 'over'
  readonly purposes?: readonly string[]
  readonly environment?: string
  readonly hasAccepted?: boolean
  readonly isDone?: boolean
  /** Of what its terms count, by everybody of the clinic. */
  readonly used?: Readonly<Partial<Record<'downloadsTotal' | 'bytesTotal', number>>>
  /** A training of dora's, for the project of her grant where no other is named. */
  readonly attested?: 'given' | 'over' | 'ended' | 'for another project'
  /** Days from now until notice is over that was given. */
  readonly notice?: number
  /** Why the lab has suspended it. */
  readonly reason?: string
  /** The clinic gives, and is given nothing. */
  readonly isGiver?: boolean
  /** The lab is no party. */
  readonly isOfOthers?: boolean
}

export interface World {
  readonly visibility?: 'public' | 'internal' | 'private'
  readonly hold?: 'legal_hold' | 'takedown' | 'quarantine'
  readonly gate?: 'auto' | 'manual'
  readonly gateCoversMembers?: boolean
  /** Of the asker's request. */
  readonly request?: 'pending' | 'accepted' | 'rejected' | 'over'
  /** Of a request in the name of the clinic. */
  readonly orgRequest?: 'pending' | 'accepted' | 'rejected'
  readonly agreements?: readonly AgreementWorld[]
  /** Of the clinic, for its people. */
  readonly rules?: Partial<
    Record<'formats_denied' | 'licences_allowed' | 'countries_allowed', readonly string[]>
  >
  /** What licences of what it was made from say; once decided about, it is let through for a day. */
  readonly licence?: {
    readonly conflict?: 'found' | 'decided'
    readonly unknown?: 'found' | 'decided'
    readonly excludes?: string
  }
  /** Dora is no member of the clinic any more. */
  readonly hasLeft?: boolean
}

/** `ok`, `hidden`, or the reason. */
export type Outcome = string

export interface Situation {
  readonly name: string
  readonly who: Who
  readonly world: World
  readonly browse: Outcome
  readonly read: Outcome
  readonly write: Outcome
}

export const one = (
  name: string,
  who: Who,
  world: World,
  [browse, read, write]: readonly [Outcome, Outcome, Outcome],
): Situation => ({ name, who, world, browse, read, write })

export const agreed = (world: AgreementWorld = {}, more: World = {}): World => ({
  visibility: 'private',
  agreements: [{ grant: 'dora', ...world }],
  ...more,
})

/** What an agreement refuses: the view stays, writing is no matter of agreements. */
export const refused = (
  read: Outcome,
  browse: Outcome = 'ok',
): readonly [Outcome, Outcome, Outcome] => [browse, read, 'ROLE_TOO_LOW']
export const all = (outcome: Outcome): readonly [Outcome, Outcome, Outcome] => [
  outcome,
  outcome,
  outcome,
]
export const nowhere = (reason: Outcome) => refused(reason, reason)
