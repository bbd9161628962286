/** What a gate is, and what becomes of it by a wish. */
import type { Row } from '#db/schema.ts'
import type { GateFact } from '../events/index.ts'
import { HubError } from '../kernel/errors.ts'
import type { GateNow, GateWish } from './index.ts'

type GateRow = Pick<Row<'repo'>, 'gate' | 'gate_covers_members' | 'gate_template'>

export const gateOf = (row: GateRow | undefined): Required<GateFact> => ({
  kind: row?.gate ?? null,
  coversMembers: row?.gate_covers_members === 1,
  template: row?.gate_template ?? null,
})

export const shownGate = ({ kind, coversMembers, template }: Required<GateFact>): GateNow => ({
  kind: kind ?? undefined,
  coversMembers,
  template: template ?? undefined,
})

/** A gate that is of another kind from now on asks for no agreement that it was not said to ask for. Errors: `invalid`. */
export const gateAfter = (from: Required<GateFact>, wish: GateWish): Required<GateFact> => {
  const kind = wish.kind === undefined ? from.kind : wish.kind
  const kept = kind === 'manual' ? from.template : null
  const template = wish.template === undefined ? kept : wish.template
  if (template !== null && kind !== 'manual') {
    throw new HubError(
      'invalid',
      `A gate that opens by an agreement is "manual"; this one is "${kind ?? 'none'}".`,
    )
  }
  return { kind, coversMembers: wish.coversMembers ?? from.coversMembers, template }
}

export const isSameGate = (one: Required<GateFact>, other: Required<GateFact>): boolean =>
  one.kind === other.kind &&
  one.coversMembers === other.coversMembers &&
  one.template === other.template
