/** When a duty counts as what, and how full a count is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evidenceLines, percentOf, whenOf } from './words.ts'

const nowMs = Date.parse('2026-03-01T00:00:00Z')

void test('what is late, near, far, without a date, shown and settled', () => {
  const at = (state: 'open' | 'overdue' | 'fulfilled' | 'done' | 'waived', dueAt: string | null) =>
    whenOf({ state, dueAt }, nowMs)
  assert.equal(at('overdue', '2026-02-01T00:00:00Z'), 'overdue')
  assert.equal(at('open', '2026-03-31T00:00:00Z'), 'soon')
  assert.equal(at('open', '2026-03-31T00:00:01Z'), 'later')
  assert.equal(at('open', null), 'undated')
  assert.equal(at('fulfilled', '2026-02-01T00:00:00Z'), 'answer')
  assert.equal(at('waived', null), 'settled')
})

void test('a count is full only when nothing is left', () => {
  assert.equal(percentOf({ used: 8, reserved: 1, most: 10 }), 90)
  assert.equal(percentOf({ used: 9_999, reserved: 0, most: 10_000 }), 99)
  assert.equal(percentOf({ used: 0, reserved: 0, most: 0 }), 100)
  assert.equal(percentOf({ used: 5, reserved: 0, most: null }), undefined)
})

void test('evidence is read as pairs', () => {
  assert.deepEqual(evidenceLines('{"text":"Done","n":1}'), [
    ['text', 'Done'],
    ['n', '1'],
  ])
  assert.deepEqual(evidenceLines(null), [])
})
