/** Situations that the owner's own rules decide, and holds. */
import { agreed, all, one, refused, type Situation } from './situation.ts'

export const byOwner: readonly Situation[] = [
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
]
