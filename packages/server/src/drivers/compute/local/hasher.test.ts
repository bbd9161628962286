import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { test } from 'node:test'
import { formatXetHash } from '@weighhouse/formats/xet/hash.ts'
import { openHasher } from './hasher.ts'

const zeros = new Uint8Array(131_072)
const zerosHash = '2e39f13c248013b27e22913ba2893a654120ed0ad8eb7ecbf3f05b9d708634fc'

void test('without the native library the hashes are the same', async () => {
  let refused = 0
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier !== '@napi-rs/blake-hash') return next(specifier, context)
      refused += 1
      throw new Error('not on this machine')
    },
  })
  const without = await openHasher()
  hooks.deregister()
  assert.equal(refused, 1)
  const withIt = await openHasher()
  for (const hasher of [without, withIt]) {
    assert.equal(formatXetHash(hasher.chunk(zeros)), zerosHash)
    // A view in the middle of other memory, as chunks are.
    const inside = new Uint8Array(200_000).subarray(7, 7 + zeros.length)
    assert.equal(formatXetHash(hasher.chunk(inside)), zerosHash)
  }
})
