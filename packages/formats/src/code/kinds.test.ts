import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partsOfLine } from './kinds.ts'

void test('a line is cut into its parts, and nothing of it is lost', () => {
  assert.deepEqual(partsOfLine('def run():', [3, 4, 1, 0, 3, 5]), [
    ['def', 'keyword'],
    [' ', 'plain'],
    ['run', 'function'],
    ['():', 'plain'],
  ])
  assert.deepEqual(partsOfLine('abc', []), [['abc', 'plain']])
  assert.deepEqual(partsOfLine('', [3, 4]), [])
  for (const odd of [[99, 4], [-5, 4, 1, 1], [1], [2, 99], [0, 1, 3, 2, 7, 7]]) {
    const parts = partsOfLine('abc', odd)
    assert.equal(parts.map(([text]) => text).join(''), 'abc', String(odd))
  }
})
