/** When a duty counts as what, and how full a count is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificateType } from '@weighhouse/formats/agreement/certificate.ts'
import { evidenceLines, lineWords, percentOf, usageLines, whenOf } from './words.ts'

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

void test('a certificate is read in words, not as the envelope that it came in', () => {
  const said = {
    format: 'weighhouse.deletion-certificate.v1',
    agreement: 'a',
    duty: 'd',
    org: 'o',
    deleted: [{ type: 'model', path: 'lab/retina', revisions: [] }],
    places: ['the cluster', 'two laptops'],
    method: 'cryptoErased',
    deletedAt: '2026-01-02T00:00:00Z',
    person: { name: 'Zoë', title: 'Director' },
    remaining: null,
  }
  const payload = Buffer.from(JSON.stringify(said)).toString('base64')
  const certificate = {
    payloadType: certificateType,
    payload,
    signatures: [{ keyid: 'a1'.repeat(32), sig: Buffer.alloc(64).toString('base64') }],
  }
  assert.deepEqual(evidenceLines(JSON.stringify({ certificate })), [
    ['Deleted', 'lab/retina'],
    ['Where it was', 'the cluster, two laptops'],
    ['How', 'Their key was destroyed'],
    ['When', '2026-01-02'],
    ['Who answers for it', 'Zoë, Director'],
    ['What remains', 'Nothing'],
  ])
})

void test('evidence is read as pairs', () => {
  assert.deepEqual(evidenceLines('{"text":"Done","n":1}'), [
    ['What was done', 'Done'],
    ['n', '1'],
  ])
  assert.deepEqual(evidenceLines('no JSON'), [['As it was sent', 'no JSON']])
  assert.deepEqual(evidenceLines(null), [])
})

void test('a month is read line by line, and one that cannot be read has none', () => {
  const lines = [{ project: 'Study', operand: 'downloadsTotal', amount: 3 }]
  const payload = Buffer.from(JSON.stringify({ lines })).toString('base64')
  const envelope = { payload, payloadType: 'x', signatures: [{ keyid: 'k', sig: 'AAAA' }] }
  assert.deepEqual(usageLines(JSON.stringify(envelope)), lines)
  assert.deepEqual(lines.map(lineWords), ['Study, downloads'])
  assert.deepEqual(usageLines('nothing'), [])
})
