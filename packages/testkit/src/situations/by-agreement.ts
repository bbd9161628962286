/** Situations of agreements: where one stands, and whom its party lets use it. */
import { agreed, all, nowhere, one, refused, type Situation } from './situation.ts'

export const byAgreement: readonly Situation[] = [
  // Lives of an agreement.
  one('agreed and granted', 'dora', agreed(), refused('ok')),
  one('agreed, a stranger', 'eve', agreed(), all('hidden')),
  one('agreed, nobody', 'nobody', agreed(), all('hidden')),
  one('agreed, who has left the clinic', 'dora', agreed({}, { hasLeft: true }), all('hidden')),
  one('not signed by all', 'dora', agreed({ life: 'none' }), all('hidden')),
  one('scheduled', 'dora', agreed({ life: 'scheduled', from: 3 }), nowhere('NOT_YET_EFFECTIVE')),
  one('active, and its first day is to come', 'dora', agreed({ from: 3 }), [
    'NOT_YET_EFFECTIVE',
    'NOT_YET_EFFECTIVE',
    'ROLE_TOO_LOW',
  ]),
  one('suspended', 'dora', agreed({ life: 'suspended' }), nowhere('SUSPENDED')),
  one('over by the clock', 'dora', agreed({ from: -9, to: -1 }), nowhere('EXPIRED')),
  one('at the instant of its end', 'dora', agreed({ from: -9, to: 0 }), nowhere('EXPIRED')),
  one(
    'closing: terminated',
    'dora',
    agreed({ life: 'closing', state: 'terminated' }),
    nowhere('TERMINATED'),
  ),
  one(
    'closing: rescinded',
    'dora',
    agreed({ life: 'closing', state: 'rescinded' }),
    nowhere('RESCINDED'),
  ),
  one(
    'closing: expired',
    'dora',
    agreed({ life: 'closing', state: 'expired' }),
    nowhere('EXPIRED'),
  ),
  one('closed', 'dora', agreed({ life: 'closed' }), all('hidden')),
  one('the clinic gives', 'dora', agreed({ isGiver: true }), all('hidden')),
  one('agreed by others than the owner', 'dora', agreed({ isOfOthers: true }), all('hidden')),

  // Grants.
  one('no grant', 'dora', agreed({ grant: 'someone else' }), nowhere('GRANT_MISSING')),
  one('a grant for everybody', 'dora', agreed({ grant: 'org' }), refused('ok')),
  one('a grant for a team', 'dora', agreed({ grant: 'team' }), refused('ok')),
  one('a grant that was ended', 'dora', agreed({ grant: 'ended' }), nowhere('GRANT_MISSING')),
  one('a grant whose time is over', 'dora', agreed({ grant: 'over' }), nowhere('GRANT_MISSING')),
  one('a grant for another token', 'dora', agreed({ grant: 'another token' }), [
    'GRANT_MISSING',
    'GRANT_MISSING',
    'ROLE_TOO_LOW',
  ]),
  one('a program, by a grant for everybody', 'robot', agreed({ grant: 'org' }), refused('ok')),
  one('a program without a grant', 'robot', agreed(), nowhere('GRANT_MISSING')),
]
