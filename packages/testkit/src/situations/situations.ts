/**
 * The table of situations: who asks, what is true, and the reason that every door gives. One line each; the suite beside drives all doors,
 * and `npm run docs` prints the table.
 */
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

const one = (
  name: string,
  who: Who,
  world: World,
  [browse, read, write]: readonly [Outcome, Outcome, Outcome],
): Situation => ({ name, who, world, browse, read, write })

const agreed = (world: AgreementWorld = {}, more: World = {}): World => ({
  visibility: 'private',
  agreements: [{ grant: 'dora', ...world }],
  ...more,
})

/** What an agreement refuses: the view stays, writing is no matter of agreements. */
const refused = (read: Outcome, browse: Outcome = 'ok'): readonly [Outcome, Outcome, Outcome] => [
  browse,
  read,
  'ROLE_TOO_LOW',
]
const all = (outcome: Outcome): readonly [Outcome, Outcome, Outcome] => [outcome, outcome, outcome]
const nowhere = (reason: Outcome) => refused(reason, reason)

const research = { operand: 'purpose', operator: 'isA', value: 'NonCommercialResearch' } as const
const inEu = { operand: 'spatial', operator: 'isAnyOf', value: ['EU'] } as const
const inChile = { operand: 'spatial', operator: 'isAnyOf', value: ['CL'] } as const
const dated = (operator: 'lt' | 'gteq', value: string) =>
  ({ operand: 'dateTime', operator, value }) as const
const rail = (value: readonly string[]) => [
  {
    id: 'rail',
    clause: '1',
    action: 'use' as const,
    constraints: [{ operand: 'purpose', operator: 'isAnyOf', value } as const],
  },
]
const payment = [{ name: 'compensate', detail: 'EUR 100' }] as const

export const situations: readonly Situation[] = [
  // The owner's own rules.
  one('public, nobody', 'nobody', { visibility: 'public' }, ['ok', 'ok', 'NOT_SIGNED_IN']),
  one('public, a stranger', 'eve', { visibility: 'public' }, ['ok', 'ok', 'ROLE_TOO_LOW']),
  one('public, the owner', 'ann', { visibility: 'public' }, all('ok')),
  one('internal, nobody', 'nobody', { visibility: 'internal' }, all('hidden')),
  one('internal, a stranger', 'eve', { visibility: 'internal' }, ['ok', 'ok', 'ROLE_TOO_LOW']),
  one('private, nobody', 'nobody', { visibility: 'private' }, all('hidden')),
  one('private, a stranger', 'eve', { visibility: 'private' }, all('hidden')),
  one('private, a reader of the owner', 'mel', { visibility: 'private' }, [
    'ok',
    'ok',
    'ROLE_TOO_LOW',
  ]),
  one('private, the owner', 'ann', { visibility: 'private' }, all('ok')),
  one('private, the hub’s administrator', 'root', { visibility: 'private' }, all('ok')),

  // Holds stand above all.
  one('legal hold, the owner', 'ann', { hold: 'legal_hold' }, ['ok', 'LEGAL_HOLD', 'LEGAL_HOLD']),
  one('takedown, the owner', 'ann', { hold: 'takedown' }, all('TAKEDOWN')),
  one('quarantine, the owner', 'ann', { hold: 'quarantine' }, ['ok', 'QUARANTINE', 'QUARANTINE']),
  one('legal hold, the hub’s administrator', 'root', { hold: 'legal_hold' }, [
    'ok',
    'LEGAL_HOLD',
    'LEGAL_HOLD',
  ]),
  one('legal hold, nobody', 'nobody', { hold: 'legal_hold', visibility: 'public' }, [
    'ok',
    'LEGAL_HOLD',
    'LEGAL_HOLD',
  ]),
  one('takedown of a private one, a stranger', 'eve', { hold: 'takedown' }, all('hidden')),
  one('legal hold, by agreement', 'dora', agreed({}, { hold: 'legal_hold' }), [
    'ok',
    'LEGAL_HOLD',
    'LEGAL_HOLD',
  ]),
  one('takedown, by agreement', 'dora', agreed({}, { hold: 'takedown' }), all('TAKEDOWN')),

  // Gates.
  one('gated, nobody', 'nobody', { visibility: 'public', gate: 'auto' }, [
    'ok',
    'GATE_NOT_SIGNED_IN',
    'NOT_SIGNED_IN',
  ]),
  one('gated, not asked', 'eve', { visibility: 'public', gate: 'auto' }, refused('GATE_NOT_ASKED')),
  one(
    'gated, pending',
    'eve',
    { visibility: 'public', gate: 'manual', request: 'pending' },
    refused('GATE_PENDING'),
  ),
  one(
    'gated, rejected',
    'eve',
    { visibility: 'public', gate: 'manual', request: 'rejected' },
    refused('GATE_REJECTED'),
  ),
  one(
    'gated, accepted',
    'eve',
    { visibility: 'public', gate: 'manual', request: 'accepted' },
    refused('ok'),
  ),
  one(
    'gated, accepted once',
    'eve',
    { visibility: 'public', gate: 'manual', request: 'over' },
    refused('GATE_NOT_ASKED'),
  ),
  one(
    'gated, the organisation was accepted',
    'dora',
    { visibility: 'public', gate: 'manual', orgRequest: 'accepted' },
    refused('ok'),
  ),
  one(
    'gated, the organisation waits',
    'dora',
    { visibility: 'public', gate: 'manual', orgRequest: 'pending' },
    refused('GATE_PENDING'),
  ),
  one('gated, a reader of the owner', 'mel', { gate: 'manual' }, refused('ok')),
  one(
    'gated for members too, a reader of the owner',
    'mel',
    { gate: 'manual', gateCoversMembers: true },
    refused('GATE_NOT_ASKED'),
  ),
  one('gated, the owner', 'ann', { gate: 'manual' }, all('ok')),
  one(
    'gated, not asked, and agreed',
    'dora',
    agreed({}, { visibility: 'public', gate: 'manual' }),
    refused('ok'),
  ),
  one(
    'gated, rejected, and agreed',
    'dora',
    agreed({}, { visibility: 'public', gate: 'manual', request: 'rejected' }),
    refused('ok'),
  ),
  one(
    'gated, agreed and suspended',
    'dora',
    agreed({ life: 'suspended' }, { visibility: 'public', gate: 'manual' }),
    refused('SUSPENDED'),
  ),

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

  // Terms.
  one(
    'a purpose that is meant',
    'dora',
    agreed({ limits: [research], purposes: ['NonCommercialResearch'] }),
    refused('ok'),
  ),
  one(
    'a purpose that is a case of it',
    'dora',
    agreed({ limits: [research], purposes: ['duo:0000006'] }),
    refused('ok'),
  ),
  one(
    'another purpose',
    'dora',
    agreed({ limits: [research], purposes: ['Commercial'] }),
    refused('CONSTRAINT_UNSATISFIED'),
  ),
  one('no purpose', 'dora', agreed({ limits: [research] }), refused('CONTEXT_MISSING')),
  one('a seat within', 'dora', agreed({ limits: [inEu] }), refused('ok')),
  one('a seat without', 'dora', agreed({ limits: [inChile] }), refused('TERRITORY')),
  one(
    'a permission that has ended',
    'dora',
    agreed({ limits: [dated('lt', '2025-01-01T00:00:00Z')] }),
    refused('EXPIRED'),
  ),
  one(
    'a permission that has not begun',
    'dora',
    agreed({ limits: [dated('gteq', '2031-01-01T00:00:00Z')] }),
    refused('NOT_YET_EFFECTIVE'),
  ),
  one(
    'a certificate that nobody has shown',
    'dora',
    agreed({
      limits: [{ operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] }],
    }),
    refused('CONTEXT_MISSING'),
  ),
  one(
    'an environment that is meant',
    'dora',
    agreed({
      limits: [{ operand: 'environment', operator: 'eq', value: 'Production' }],
      environment: 'Production',
    }),
    refused('ok'),
  ),
  one(
    'another environment',
    'dora',
    agreed({
      limits: [{ operand: 'environment', operator: 'eq', value: 'Production' }],
      environment: 'Test',
    }),
    refused('CONSTRAINT_UNSATISFIED'),
  ),
  one('a payment that is due', 'dora', agreed({ preconditions: payment }), [
    'ok',
    'DUTY_UNFULFILLED',
    'ROLE_TOO_LOW',
  ]),
  one('a payment that was noted', 'dora', agreed({ preconditions: payment, isDone: true }), [
    'ok',
    'ok',
    'ROLE_TOO_LOW',
  ]),
  one(
    'a purpose that is forbidden',
    'dora',
    agreed({
      prohibitions: rail(['RailMedicalAdvice']),
      purposes: ['RailMedicalAdvice'],
    }),
    nowhere('PROHIBITED'),
  ),
  one(
    'restrictions that were not accepted',
    'dora',
    agreed({ prohibitions: rail(['RailMedicalAdvice']) }),
    nowhere('USER_ASSENT_REQUIRED'),
  ),
  one(
    'restrictions that were accepted',
    'dora',
    agreed({ prohibitions: rail(['RailMedicalAdvice']), hasAccepted: true }),
    refused('ok'),
  ),
  one(
    'a download without a view: who may download may see',
    'dora',
    agreed({ seesNothing: true }),
    refused('ok'),
  ),

  one(
    'a download without a view, for another purpose',
    'dora',
    agreed({ seesNothing: true, limits: [research], purposes: ['Commercial'] }),
    nowhere('CONSTRAINT_UNSATISFIED'),
  ),

  // Several agreements: permissions add up, and the nearest refusal is told.
  one(
    'suspended, and another that permits',
    'dora',
    {
      visibility: 'private',
      agreements: [{ life: 'suspended', grant: 'dora' }, { grant: 'dora' }],
    },
    refused('ok'),
  ),
  one(
    'expired, and another without a grant',
    'dora',
    {
      visibility: 'private',
      agreements: [{ from: -9, to: -1, grant: 'dora' }, { grant: 'someone else' }],
    },
    nowhere('GRANT_MISSING'),
  ),

  // The rules of the asker's own organisation.
  one(
    'agreed, and the clinic takes no pickle',
    'dora',
    agreed(
      {},
      {
        rules: { formats_denied: ['pickle'] },
      },
    ),
    refused('ok'),
  ),
  one(
    'public, and the clinic takes no safetensors',
    'dora',
    {
      visibility: 'public',
      rules: { formats_denied: ['safetensors'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'agreed, and the clinic takes no safetensors',
    'dora',
    agreed(
      {},
      {
        rules: { formats_denied: ['safetensors'] },
      },
    ),
    refused('ORG_POLICY'),
  ),
  one(
    'the clinic takes what is licensed, and this is not',
    'dora',
    {
      visibility: 'public',
      rules: { licences_allowed: ['mit'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'the clinic takes from Germany',
    'dora',
    {
      visibility: 'public',
      rules: { countries_allowed: ['DE'] },
    },
    refused('ok'),
  ),
  one(
    'the clinic takes from Chile alone',
    'dora',
    {
      visibility: 'public',
      rules: { countries_allowed: ['CL'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'a rule of the clinic, a program of it',
    'robot',
    {
      visibility: 'public',
      rules: { countries_allowed: ['CL'] },
    },
    refused('ORG_POLICY'),
  ),
  one(
    'a rule of the clinic, a stranger',
    'eve',
    {
      visibility: 'public',
      rules: { countries_allowed: ['CL'] },
    },
    refused('ok'),
  ),
  one(
    'a rule of the clinic reveals nothing',
    'dora',
    {
      visibility: 'private',
      rules: { countries_allowed: ['CL'] },
    },
    all('hidden'),
  ),
  one(
    'a rule of the clinic under a hold',
    'dora',
    agreed(
      {},
      {
        hold: 'quarantine',
        rules: { countries_allowed: ['CL'] },
      },
    ),
    ['ok', 'QUARANTINE', 'QUARANTINE'],
  ),
]
