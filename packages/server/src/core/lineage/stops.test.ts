import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf } from '@weighhouse/formats/licence/judge.ts'
import type { Finding } from '@weighhouse/formats/licence/finding.ts'
import type { Row } from '#db/schema.ts'
import { stopOf } from './stops.ts'

const block: Finding = { rule: 'R1', level: 'block', sentence: 'No.', parent: 'a/b' }
const unknown: Finding = { rule: 'R0', level: 'unknown', sentence: 'Who knows.', parent: 'c/d' }

const decided = (one: Finding, expiresAtMs: number): Row<'licence_override'> =>
  // A cast because who decided, and why, is not asked.
  ({
    covers: JSON.stringify([keyOf(one)]),
    expires_at_ms: expiresAtMs,
    ended_at_ms: null,
  }) as Row<'licence_override'>

const none = { stop: null, stop_from_ms: 0, unknown_from_ms: null }

void test('each kind of finding stops from when no decision holds any more', () => {
  assert.deepEqual(stopOf([], [], 10), none)
  assert.deepEqual(stopOf([{ ...block, level: 'warn' }], [], 10), none)
  assert.deepEqual(stopOf([unknown], [], 10), {
    stop: 'LICENSE_UNKNOWN',
    stop_from_ms: 0,
    unknown_from_ms: null,
  })
  assert.deepEqual(stopOf([block], [decided(block, 50)], 10), {
    stop: 'LICENSE_CONFLICT',
    stop_from_ms: 50,
    unknown_from_ms: null,
  })
  assert.equal(stopOf([block], [decided(block, 50)], 50).stop_from_ms, 0, 'at the instant')
})

void test('a decision about a violation lets nothing through that is not known', () => {
  assert.deepEqual(stopOf([block, unknown], [decided(block, 50)], 10), {
    stop: 'LICENSE_CONFLICT',
    stop_from_ms: 50,
    unknown_from_ms: 0,
  })
  assert.equal(
    stopOf([block, unknown], [decided(block, 50), decided(unknown, 30)], 10).unknown_from_ms,
    30,
  )
})
