import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsInSight } from './row-window.ts'

void test('rows in sight, with some around them, never beyond the table', () => {
  const sight = { screenPx: 900, rowPx: 30, count: 5_000 }
  assert.deepEqual(rowsInSight({ ...sight, topPx: 200 }), [0, 80])
  assert.deepEqual(rowsInSight({ ...sight, topPx: -30_000 }), [960, 1_080])
  assert.deepEqual(rowsInSight({ ...sight, topPx: -149_100 }), [4_920, 5_000])
  assert.deepEqual(rowsInSight({ ...sight, topPx: 900_000 }), [0, 0])
  assert.deepEqual(rowsInSight({ ...sight, topPx: -30_000, count: 3 }), [3, 3])
})
