/** Where an agreement stands for one party, in a word: for lists, and for what waits for somebody. */
import { type Folder, stateOf } from './folder.ts'
import { sayableBy } from './sayable.ts'

/** It waits for the party; it is talked about; it is in force, or will be, or is paused; it is over. */
export const phases = ['needs', 'talk', 'force', 'ended'] as const
export type Phase = (typeof phases)[number]

/** States of `stateOf` in which nothing is given any more, whatever is still owed. */
export const overStates: ReadonlySet<string> = new Set([
  'terminated',
  'expired',
  'rescinded',
  'closed',
  'rejected',
  'withdrawn',
  'lapsed',
])

const openTalks: ReadonlySet<string> = new Set([
  'draft',
  'proposed',
  'countered',
  'agreed',
  'signing',
])

const forceStates: ReadonlySet<string> = new Set(['scheduled', 'active', 'suspended'])

/** As a party of the folder sees it; drafts of others that were not shown are talk to it. */
export const phaseFor = (folder: Folder, org: string): Phase => {
  const may = sayableBy(folder, org)
  const state = stateOf(folder)
  const isBare = state === 'draft' && folder.candidate === undefined
  const isWaitedFor = may.some((act) => act === 'signed' || act === 'agreed' || act === 'proposed')
  if (isWaitedFor || (isBare && may.includes('drafted'))) return 'needs'
  if (overStates.has(state)) return 'ended'
  return forceStates.has(state) && !openTalks.has(folder.talk) ? 'force' : 'talk'
}
