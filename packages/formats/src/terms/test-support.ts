/** Rules and limits for tests of terms. */
import type { Constraint } from './terms.ts'
import type { Action } from './vocabulary.ts'

/** Of the first clause. */
export const permission = (
  id: string,
  action: Action,
  constraints: Constraint[] = [],
  more = {},
) => ({
  id,
  clause: '1',
  action,
  constraints,
  preconditions: [],
  ...more,
})

/** Of the second clause. */
export const prohibition = (id: string, action: Action, constraints: Constraint[] = []) => ({
  id,
  clause: '2',
  action,
  constraints,
})

/** Before an instant. */
export const until = (value: string): Constraint => ({ operand: 'dateTime', operator: 'lt', value })

/** A case of a purpose. */
export const purposeIs = (value: string): Constraint => ({
  operand: 'purpose',
  operator: 'isA',
  value,
})
