/** Words for numbers and times. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  clockWords,
  countWords,
  cutMiddle,
  dayWords,
  grouped,
  plainName,
  plural,
  setTimeZone,
  sizeExact,
  sizeWords,
  timeExact,
  timeWords,
} from './words.ts'

void test('sizes are decimal and have three digits', () => {
  const cases: [number, string][] = [
    [0, '0 B'],
    [681, '681 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [9_400, '9.40 kB'],
    [999_600, '1.00 MB'],
    [41_200_000, '41.2 MB'],
    [4_950_000_000, '4.95 GB'],
    [163_000_000_000, '163 GB'],
  ]
  for (const [bytes, words] of cases) assert.equal(sizeWords(bytes), words)
  assert.equal(sizeExact(4_950_000_000), '4\u202f950\u202f000\u202f000 bytes, 4.61 GiB')
  assert.equal(sizeExact(12), '12 bytes')
})

void test('counts, groups and plurals', () => {
  assert.equal(countWords(82_000_000), '82.0 M')
  assert.equal(countWords(7_250_000_000), '7.25 B')
  assert.equal(countWords(12), '12')
  assert.equal(grouped(1204), '1\u202f204')
  assert.equal(grouped(-1234.5), '−1\u202f234.5')
  assert.equal(plural(1, 'file'), '1 file')
  assert.equal(plural(2, 'entry', 'entries'), '2 entries')
})

void test('times are relative below thirty days', () => {
  const nowMs = Date.UTC(2026, 10, 30, 12)
  assert.equal(timeWords(nowMs - 5_000, nowMs), 'just now')
  assert.equal(timeWords(nowMs - 7_200_000, nowMs), '2 h ago')
  assert.equal(timeWords(nowMs + 3 * 86_400_000, nowMs), 'in 3 d')
  assert.match(timeWords(nowMs - 60 * 86_400_000, nowMs), /^1 Oct 2026$/)
})

void test('a name cannot disguise itself', () => {
  assert.equal(plainName('a\u202egnp.exe'), 'a[U+202E]gnp.exe')
  assert.equal(plainName('a\u0007b'), 'a[U+0007]b')
  assert.equal(cutMiddle('0123456789abcdef', 4, 3), '0123…def')
})

void test('days are those of the zone that was chosen; one that is not known changes nothing', () => {
  const at = Date.parse('2026-11-14T23:30:00Z')
  setTimeZone('Asia/Tokyo')
  assert.equal(clockWords(at), '08:30')
  assert.equal(dayWords(at), '15 Nov 2026')
  assert.match(timeExact(at), /2026-11-14 23:30:00 UTC$/)
  setTimeZone('America/New_York')
  assert.equal(dayWords(at), '14 Nov 2026')
  setTimeZone('Nowhere/Town')
  const asSystem = dayWords(at)
  setTimeZone(undefined)
  assert.equal(dayWords(at), asSystem)
})
