import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateMs } from './read.ts'

void test('dates that exist, with a zone or as a day', () => {
  assert.equal(dateMs('2024-02-29T12:00:00Z'), Date.UTC(2024, 1, 29, 12))
  assert.equal(dateMs('2026-10-25T02:30:00.500+02:00'), Date.UTC(2026, 9, 25, 0, 30, 0, 500))
  assert.equal(dateMs('2026-10-25T02:30+01:00'), Date.UTC(2026, 9, 25, 1, 30))
  assert.equal(dateMs('2026-01-31'), Date.UTC(2026, 0, 31))
  for (const wrong of [
    '2026-02-29',
    '2026-02-30T00:00:00Z',
    '2026-04-31T00:00:00+02:00',
    '2026-13-01T00:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+25:00',
    '+002026-01-01T00:00:00Z',
    '5 May 2026',
    '1',
    '',
  ]) {
    assert.equal(dateMs(wrong), undefined, wrong)
  }
})
