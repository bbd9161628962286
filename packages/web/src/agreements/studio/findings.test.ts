/** Findings stand at the clause of the rule that they name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findingsByClause, isBlocked } from './findings.ts'

const clause = (id: string) => ({ id, title: id, text: '', strength: 'E' as const })

const text = {
  clauses: [clause('use'), clause('end'), clause('law')],
  terms: {
    permissions: [
      { id: 'get', clause: 'use', action: 'download', constraints: [], preconditions: [] },
    ],
    prohibitions: [],
    obligations: [
      { id: 'wipe', clause: 'end', name: 'delete', debtor: 'consumer', trigger: 'agreementEnd' },
    ],
  },
} satisfies Parameters<typeof findingsByClause>[0]

const finding = (rule: string, level: 'error' | 'warning') => ({
  code: 'no_due_date',
  level,
  rule,
  message: rule,
})

void test('each at its clause, in the order of the clauses', () => {
  const found = findingsByClause(text, [finding('wipe', 'error'), finding('get', 'warning')])
  assert.deepEqual(
    [...found].map(([id, all]) => [id, all.map(({ rule }) => rule)]),
    [
      ['use', ['get']],
      ['end', ['wipe']],
    ],
  )
})

void test('an error blocks, a warning does not', () => {
  assert.equal(isBlocked({ findings: [finding('get', 'warning')] }), false)
  assert.equal(isBlocked({ findings: [finding('get', 'warning'), finding('wipe', 'error')] }), true)
})
