/** Answers as they are typed and as they are sent. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  durationText,
  type Field,
  purposesAmong,
  readDuration,
  startValues,
  toSend,
  unanswered,
  writeDuration,
} from './fields.ts'

const base = { help: '', isNegotiable: true }
const fields: readonly Field[] = [
  { ...base, id: 'users', label: 'Users', type: 'count', min: 1, max: 9, default: 3 },
  { ...base, id: 'credit', label: 'Credit', type: 'text', charsMax: 9 },
  { ...base, id: 'paperRef', label: 'Paper', type: 'text', charsMax: 9, absent: 'none' },
]

void test('defaults first, given answers before them, and what is missing is told', () => {
  const values = startValues(fields, { users: 5 })
  assert.deepEqual(toSend(fields, values), { users: 5, paperRef: null })
  assert.deepEqual(
    unanswered(fields, values).map(({ id }) => id),
    ['credit'],
  )
  assert.deepEqual(toSend(fields, { ...values, credit: ' x ', paperRef: 'C-1' }), {
    users: 5,
    credit: 'x',
    paperRef: 'C-1',
  })
})

void test('durations of one unit are a number and a unit, others stay as they are', () => {
  for (const value of ['P30D', 'PT72H', 'P2W', 'P6M', 'P1Y']) {
    const read = readDuration(value)
    assert.ok(read)
    assert.equal(writeDuration(read.count, read.unit), value)
  }
  assert.equal(readDuration('P1Y6M'), undefined)
  assert.equal(writeDuration('', 'D'), undefined)
  assert.deepEqual([durationText('PT1H'), durationText('P14D')], ['1 hour', '14 days'])
})

void test('a purpose brings its cases', () => {
  assert.deepEqual(purposesAmong(['NonCommercialResearch']), [
    'NonCommercialResearch',
    'duo:0000042',
    'duo:0000006',
    'duo:0000007',
  ])
})
