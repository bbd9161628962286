import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanSignaturePart, formatSignature, parseSignature } from './signature.ts'

const ada = { name: 'Ada Lovelace', email: 'ada@example.org', atMs: 1_700_000_000_000 }

void test('a signature is written as git writes it', () => {
  assert.equal(
    formatSignature({ ...ada, offsetMinutes: 330 }),
    'Ada Lovelace <ada@example.org> 1700000000 +0530',
  )
  assert.equal(
    formatSignature({ ...ada, offsetMinutes: -210 }),
    'Ada Lovelace <ada@example.org> 1700000000 -0330',
  )
  assert.equal(
    formatSignature({ name: 'Z', email: 'z@z', atMs: 999, offsetMinutes: 0 }),
    'Z <z@z> 0 +0000',
  )
})

void test('every zone in use survives a round trip', () => {
  for (let offsetMinutes = -12 * 60; offsetMinutes <= 14 * 60; offsetMinutes += 15) {
    const signature = { ...ada, offsetMinutes }
    assert.deepEqual(parseSignature(formatSignature(signature)), signature)
  }
})

void test('what would break the line is taken out of names and addresses', () => {
  const evil = { name: 'A\n<b> ', email: 'x>\n1 +0000\0', atMs: 0, offsetMinutes: 0 }
  const text = formatSignature(evil)
  assert.equal(text, 'Ab <x1 +0000> 0 +0000')
  assert.equal(cleanSignaturePart(' <\r\n> '), 'unknown')
  assert.equal(cleanSignaturePart(' Zoë '), 'Zoë')
})

void test('odd signatures of old histories are read as far as they go', () => {
  const epoch = { atMs: 0, offsetMinutes: 0 }
  const cases: [string, ReturnType<typeof parseSignature>][] = [
    ['A <a@b> 5', { name: 'A', email: 'a@b', atMs: 5000, offsetMinutes: 0 }],
    ['A <a@b>', { name: 'A', email: 'a@b', ...epoch }],
    ['<a@b> 5 +0100', { name: '', email: 'a@b', atMs: 5000, offsetMinutes: 60 }],
    ['A <> 5 -0100', { name: 'A', email: '', atMs: 5000, offsetMinutes: -60 }],
    ['A <a <b@c>> 5 +0000', { name: 'A', email: 'a <b@c>', atMs: 5000, offsetMinutes: 0 }],
    ['A <a@b 5 +0000', { name: 'A', email: '', ...epoch }],
    ['just a name', { name: 'just a name', email: '', ...epoch }],
    ['A <a@b> yesterday', { name: 'A', email: 'a@b', ...epoch }],
    ['', { name: '', email: '', ...epoch }],
  ]
  for (const [text, expected] of cases) assert.deepEqual(parseSignature(text), expected, text)
})

void test('a zone of minus nothing is zero and not minus zero', () => {
  assert.ok(Object.is(parseSignature('A <a@b> 5 -0000').offsetMinutes, 0))
})

void test('times that no Date can hold are taken as the epoch', () => {
  for (const seconds of ['8640000000001', '999999999999999']) {
    assert.equal(parseSignature(`A <a@b> ${seconds} +0000`).atMs, 0)
  }
  const last = parseSignature('A <a@b> 8640000000000 +0000').atMs
  assert.equal(new Date(last).toISOString(), '+275760-09-13T00:00:00.000Z')
})
