import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aboutWords } from './about.ts'

void test('a name says it; without one, everything does, within bounds', () => {
  assert.equal(aboutWords({ type: 'model', path: 'lab/m' }), 'lab/m')
  assert.equal(aboutWords({ needsTwoPeople: false }), 'needsTwoPeople false')
  assert.equal(aboutWords({ x: 'y'.repeat(500) }).length, 200)
})
