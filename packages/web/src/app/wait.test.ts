import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitBefore } from './wait.ts'

void test('longer with each failure, up to a minute, and spread', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((failures) => waitBefore(failures, 1)),
    [1_000, 2_000, 4_000, 8_000],
  )
  assert.equal(waitBefore(0, 0), 500)
  assert.equal(waitBefore(1_000_000, 1), 60_000)
})
