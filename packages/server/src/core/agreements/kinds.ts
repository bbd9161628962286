/** Kinds of statements that the chain treats apart. */
import type { StatementKind } from '@weighhouse/formats/agreement/statement.ts'

/** By what a party ends an agreement or a duty, said however much was said before. */
export const endings: ReadonlySet<StatementKind> = new Set([
  'withdrawn',
  'rejected',
  'suspended',
  'terminated',
  'rescinded',
  'grant_ended',
  'duty_fulfilled',
  'duty_done',
  'duty_waived',
])

/** What the rules of an agreement may open something for. */
export const startsDuties: ReadonlySet<StatementKind> = new Set([
  'signed',
  'activated',
  'expired',
  'terminated',
  'rescinded',
])
