/** Amounts and ranges of parameters, both ways. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  formatAmount,
  formatRange,
  handlesOf,
  parseAmount,
  parseRange,
  rangeBetween,
  rangeWords,
} from './parameters.ts'

void test('amounts, as people and the public hub write them', () => {
  for (const [text, amount] of [
    ['7B', 7e9],
    ['1.5 m', 1.5e6],
    ['350000', 350_000],
    ['0', 0],
    ['2t', 2e12],
  ] as const) {
    assert.equal(parseAmount(text), amount)
  }
  for (const text of ['', 'B', '-1', '1,5B', '1e9', '9'.repeat(20)]) {
    assert.equal(parseAmount(text), undefined, text)
  }
  for (const [amount, text] of [
    [7e9, '7B'],
    [1_500_000, '1.5M'],
    [350_000, '350k'],
    [1_234_567, '1234567'],
    [12, '12'],
  ] as const) {
    assert.equal(formatAmount(amount), text)
    assert.equal(parseAmount(text), amount)
  }
})

void test('ranges of addresses', () => {
  assert.deepEqual(parseRange('min:6B,max:128B'), { min: 6e9, max: 128e9 })
  assert.deepEqual(parseRange('max:1M'), { max: 1e6 })
  assert.deepEqual(parseRange('min:many,max:1M'), { max: 1e6 })
  for (const text of [undefined, '', 'min:', 'most:1B']) assert.equal(parseRange(text), undefined)
  assert.equal(formatRange({ min: 6e9, max: 128e9 }), 'min:6B,max:128B')
  assert.equal(rangeWords({ max: 13e9 }), 'up to 13B')
})

void test('handles stand on the edges of bars, and ask for what lies between', () => {
  const bars = [0, 1e3, 1e6, 1e9].map((from) => ({ from, count: 1 }))
  assert.deepEqual(handlesOf(bars, undefined), [0, 4])
  assert.deepEqual(handlesOf(bars, { min: 1e3, max: 1e9 }), [1, 3])
  assert.deepEqual(handlesOf(bars, { min: 2e3, max: 2e6 }), [1, 3])
  assert.equal(rangeBetween(bars, [0, 4]), undefined)
  assert.deepEqual(rangeBetween(bars, [1, 3]), { min: 1e3, max: 1e9 })
  assert.deepEqual(rangeBetween(bars, [0, 2]), { max: 1e6 })
})
