/** What terms ask a party to attest. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Constraint } from '@weighhouse/formats/terms/terms.ts'
import { isSigned, whomWords, wordsAsked } from './people.ts'

const termsWith = (constraints: readonly Constraint[]) => ({
  terms: {
    permissions: [
      { id: 'a', clause: '1', action: 'download' as const, constraints, preconditions: [] },
      { id: 'b', clause: '1', action: 'use' as const, constraints, preconditions: [] },
    ],
    prohibitions: [],
    obligations: [],
  },
})

void test('the words of terms, each once and of its kind', () => {
  const body = termsWith([
    { operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects', 'Privacy'] },
    { operand: 'ethicsApproval', operator: 'eq', value: 'OnFile' },
  ])
  assert.deepEqual(wordsAsked(body, 'userTraining'), ['HumanSubjects', 'Privacy'])
  assert.deepEqual(wordsAsked(body, 'ethicsApproval'), ['OnFile'])
  assert.deepEqual(wordsAsked(termsWith([]), 'userTraining'), [])
})

void test('who it is, and when something can be given', () => {
  assert.equal(whomWords('user', 'dora'), 'dora')
  assert.equal(whomWords('user', null), 'one person')
  const onTable = { version: 1 } as Parameters<typeof isSigned>[0]['inForce']
  assert.equal(isSigned({ inForce: onTable, state: 'active' }), true)
  assert.equal(isSigned({ inForce: onTable, state: 'terminated' }), false)
  assert.equal(isSigned({ inForce: null, state: 'draft' }), false)
})
