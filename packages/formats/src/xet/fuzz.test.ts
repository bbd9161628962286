/** Random and broken bytes: every reader answers or throws FormatError, soon. More of the same: `tools/fuzz-xet.ts`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkFuzzSeeds, fuzzXet } from './fuzz-support.ts'

void test('what mutations start from is taken', () => {
  checkFuzzSeeds()
})

void test('random and mutated bytes do no harm to any reader', () => {
  const { tried, taken, slowestMs } = fuzzXet(20_000, 1)
  for (const name of ['lz4', 'xorb', 'shard', 'index', 'packing']) {
    assert.ok((tried[name] ?? 0) > 1000, `${name} was tried`)
    // Mutations that miss what matters keep this from being a test of refusals only.
    assert.ok((taken[name] ?? 0) > 50, `${name} was taken ${taken[name] ?? 0} times`)
  }
  assert.ok(slowestMs < 60_000, `one input took ${slowestMs} ms`)
})
