import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refuseUnseen } from './unseen.ts'

void test('what nobody sees, or sees elsewhere, is found with its place', () => {
  const cases: readonly [string, RegExp][] = [
    ['may \u202Eton\u202C pass it on', /clauses\.0\.text: .*U\+202E/],
    ['may not\u2066 pass', /U\+2066/],
    ['a\u0000b', /U\+0000/],
    ['a\u200Bb', /U\+200B/],
    ['a\u00ADb', /U\+00AD/],
    ['a\uFEFF', /U\+FEFF/],
    ['a\u{E0041}', /U\+E0041/],
    ['a\u2028b', /U\+2028/],
    ['a\uD800', /half a surrogate pair/],
  ]
  for (const [text, expected] of cases) {
    assert.throws(() => refuseUnseen({ clauses: [{ text }] }), expected, JSON.stringify(text))
  }
  assert.throws(() => refuseUnseen({ terms: { 'a\u202Eb': 1 } }), /U\+202E/)
})

void test('what languages are written with stays', () => {
  const texts = [
    'Zwei\nZeilen\r\n\tund mehr',
    'می\u200Cخواهم',
    'שלום\u200F!',
    '👩\u200D⚕️',
    'e\u0301 é',
    '<b>&amp;',
  ]
  refuseUnseen({ texts, none: null, count: 1, is: true })
})
