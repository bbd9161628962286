/** What one may, may not and must, as it stands beside the text: never wider than the terms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainWordsOf } from './terms.ts'

const clauses = [
  { id: '1', title: 'Use', text: 'Use it.', strength: 'E' as const },
  { id: '2', title: 'Use policy', text: 'Not for this.', strength: 'A' as const },
]

const linesOf = (terms: Partial<Parameters<typeof plainWordsOf>[0]['terms']>) => {
  const whole = { permissions: [], prohibitions: [], obligations: [], ...terms }
  // A cast because the rest of the text has no part in it.
  const { may, mayNot } = plainWordsOf({ clauses, terms: whole } as never)
  return [...may, ...mayNot].map(({ text, clause }) => `${clause} ${text}`)
}

void test('what is forbidden for some purposes is not said to be forbidden at all', () => {
  const rail = {
    id: 'rail',
    clause: '2',
    action: 'use' as const,
    constraints: [
      {
        operand: 'purpose' as const,
        operator: 'isAnyOf' as const,
        value: ['RailMedicalAdvice', 'RailUnlawful'],
      },
    ],
  }
  assert.deepEqual(linesOf({ prohibitions: [rail] }), [
    '2 use it for medical advice without a professional who answers for it or anything unlawful',
  ])
})

void test('what is forbidden in any case stands without a condition', () => {
  const none = { id: 'none', clause: '2', action: 'distribute' as const, constraints: [] }
  assert.deepEqual(linesOf({ prohibitions: [none] }), ['2 pass it on or offer it to others'])
})

void test('nothing is drawn stronger than what backs it', () => {
  const limit = { operand: 'purpose' as const, operator: 'isA' as const, value: 'Education' }
  const rule = { clause: '1', action: 'download' as const, constraints: [], preconditions: [] }
  const first = { name: 'compensate' as const, detail: '' }
  const duty = { id: 'tell', clause: '1', name: 'inform', trigger: 'incident', debtor: 'consumer' }
  // A cast because the rest of the text has no part in it.
  const { may, mayNot, consumerMust } = plainWordsOf({
    clauses,
    terms: {
      permissions: [
        { ...rule, id: 'plain' },
        { ...rule, id: 'limited', constraints: [limit] },
        { ...rule, id: 'paid', preconditions: [first] },
      ],
      prohibitions: [
        { ...rule, id: 'never' },
        { ...rule, id: 'seldom', constraints: [{ any: [limit] }] },
      ],
      obligations: [duty],
    },
  } as never)
  const drawn = [...may, ...mayNot, ...consumerMust].map(({ id, strength }) => `${id} ${strength}`)
  assert.deepEqual(drawn, ['plain E', 'limited A', 'paid A', 'never E', 'seldom A', 'tell A'])
})

void test('a permission has its purposes and its people', () => {
  const get = {
    id: 'get',
    clause: '1',
    action: 'download' as const,
    preconditions: [{ name: 'compensate' as const, detail: 'EUR 100' }],
    constraints: [
      { operand: 'purpose' as const, operator: 'isA' as const, value: 'Education' },
      { operand: 'namedUsers' as const, operator: 'lteq' as const, value: 12 },
      { operand: 'dateTime' as const, operator: 'lt' as const, value: '2027-01-01T00:00:00Z' },
    ],
  }
  assert.deepEqual(linesOf({ permissions: [get] }), [
    '1 download it, for education, for 12 named people, after a payment (EUR 100)',
  ])
})
