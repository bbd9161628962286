import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownersOf, splitOf, type Weighed } from './weights.ts'

const weights = (exclusiveBytes: number, sharedBytes: number) => ({
  logicalBytes: 100,
  storedBytes: exclusiveBytes + sharedBytes,
  exclusiveBytes,
  sharedBytes,
})

const weighed: Weighed = {
  repos: [
    { type: 'model', path: 'a/one', ...weights(10, 5) },
    { type: 'model', path: 'b/big', ...weights(50, 5) },
    { type: 'dataset', path: 'a/two', ...weights(20, 0) },
  ],
  logicalBytes: 300,
  storedBytes: 90,
  unneededBytes: 5,
  unneededGoneAt: null,
  freeBytes: null,
  countedAt: '2026-01-01T00:00:00Z',
}

void test('owners are summed, the heaviest first', () => {
  const owners = ownersOf(weighed.repos)
  assert.deepEqual(
    owners.map(({ owner, repos, exclusiveBytes }) => [owner, repos, exclusiveBytes]),
    [
      ['b', 1, 50],
      ['a', 2, 30],
    ],
  )
})

void test('every stored byte is in one part', () => {
  const parts = splitOf(weighed)
  assert.deepEqual(
    parts.map(({ bytes }) => bytes),
    [80, 5, 5],
  )
})
