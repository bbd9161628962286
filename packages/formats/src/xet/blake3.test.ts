import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hmac } from '@huggingface/xetchunk-wasm'
import { type Blake3, openXetHasher } from './blake3.ts'
import { formatXetHash, isDedupEligible } from './hash.ts'
import { hasher, lcg, plainHex, ramp, rawOf, u32le, utf8 } from './test-support.ts'

const hello = 'd8d408e608fb9ca213b9909a65d86d725f2de4d8d540324be8a363e7a6e228cb'

void test('chunks have the hashes of the vectors', () => {
  const vectors: readonly [Uint8Array, string][] = [
    [new Uint8Array(), 'e0f2cf784e7e5f10c34f84af150e9a5ff9664216debad915364d741049870f67'],
    [Uint8Array.of(0), 'df93298cdbf67cd507aed28d6290c0cf7f9aa0aa88dfa629cffcf98680659410'],
    [utf8('Hello World!'), hello],
    [new Uint8Array(131_072), '2e39f13c248013b27e22913ba2893a654120ed0ad8eb7ecbf3f05b9d708634fc'],
    [lcg(18_142, 1), '9f3c12a561800c43249a1f73dd1e58fda1658dd7350157578bfd8431d9c01985'],
    [
      lcg(149_214, 1).subarray(18_142),
      '10152cd1bef84ae27390e6eb393d491e0a8b0e9dc96a028879392570e38ac6bb',
    ],
    [ramp(131_072), '098aa7e18453d6e5182c43d9e97b41337ae351f11cb336e7b0f5c50c0b7d19a7'],
  ]
  for (const [raw, hash] of vectors) assert.equal(formatXetHash(hasher.chunk(raw)), hash)
})

void test('the first eligible chunk of the vectors is found', () => {
  let i = 0
  while (!isDedupEligible(hasher.chunk(u32le(i)))) i += 1
  assert.equal(i, 1399)
  assert.equal(
    formatXetHash(hasher.chunk(u32le(i))),
    '36774cbf5b98a86285146e0d5a47c036371234b44671b0635ddc37af0a956400',
  )
})

void test('an inner node is the hash of the text that lists its children', () => {
  const left = 'c28f58387a60d4aa200c311cda7c7f77f686614864f5869eadebf765d0a14a69'
  const right = '6e4e3263e073ce2c0e78cc770c361e2778db3b054b98ab65e277fc084fa70f22'
  assert.equal(
    formatXetHash(hasher.node(utf8(`${left} : 100\n${right} : 200\n`))),
    'be64c7003ccd3cf4357364750e04c9592b3c36705dee76a71590c011766b6c14',
  )
  const both = new Uint8Array(64)
  both.set(rawOf(left))
  both.set(rawOf(right), 32)
  assert.equal(
    formatXetHash(hasher.range(both)),
    'eb06a8ad81d588ac05d1d9a079232d9c1e7d0b07232fa58091caa7bf333a2768',
  )
})

void test('ranges of one chunk have the hashes of the vectors', () => {
  const zero = rawOf('df93298cdbf67cd507aed28d6290c0cf7f9aa0aa88dfa629cffcf98680659410')
  assert.equal(
    formatXetHash(hasher.range(zero)),
    '7be708517ff612a74bdd0d7197e09b38f7d644fff72a547d7f0620cbccac5ea2',
  )
  assert.equal(
    formatXetHash(hasher.range(rawOf(hello))),
    '89cb63458e98cb4c75be6b50a5a7b7234b82f05d5348e6925fb71aaf5dc3862b',
  )
})

void test('the empty file has no keyed hash, every other root has', () => {
  assert.deepEqual(hasher.file(new Uint8Array(32)), new Uint8Array(32))
  assert.equal(
    formatXetHash(hasher.file(rawOf(hello))),
    'a9dae0ad88b060bdd7e7c87abdcf95b132c95a0414b06d4f6beb68d287b87165',
  )
})

void test('a key of ones own gives the hash that dedup answers hold', () => {
  const keyed = hasher.keyed(ramp(32))
  assert.equal(
    formatXetHash(keyed(rawOf(hello))),
    '213944381648fd3a12bf8dfc98576416734cf1afdb7ddced216b33a217c15167',
  )
})

void test('every key gives what the JavaScript client finds, also when its memory is used again', () => {
  const keys = lcg(32 * 50, 5)
  for (let at = 0; at < keys.length; at += 32) {
    const key = keys.slice(at, at + 32)
    const keyed = hasher.keyed(key)
    const expected = hmac(rawOf(hello), key.slice())
    key.fill(0)
    assert.deepEqual(keyed(rawOf(hello)), expected)
    // All keys share an instance: another one used in between must not matter.
    hasher.keyed(ramp(32))(rawOf(hello))
    assert.deepEqual(keyed(rawOf(hello)), expected)
  }
})

void test('results are the caller’s own and hashers do not disturb each other', async () => {
  const one = hasher.chunk(Uint8Array.of(0))
  const copy = Uint8Array.from(one)
  const other = await openXetHasher()
  other.chunk(utf8('x'))
  hasher.node(utf8('y'))
  hasher.chunk(utf8('z'))
  assert.deepEqual(one, copy)
  assert.equal(one.buffer.byteLength, 32)
  assert.deepEqual(other.chunk(Uint8Array.of(0)), copy)
})

void test('a native implementation gets long inputs only, each with its key', async () => {
  const calls: [string, number][] = []
  const bulk: Blake3 = (key) => (data) => {
    calls.push([plainHex(key).slice(0, 4), data.length])
    return new Uint8Array(32).fill(9)
  }
  const mixed = await openXetHasher(bulk)
  assert.deepEqual(mixed.chunk(lcg(4095, 1)), hasher.chunk(lcg(4095, 1)))
  assert.deepEqual(mixed.chunk(lcg(4096, 1)), new Uint8Array(32).fill(9))
  mixed.range(new Uint8Array(8192))
  mixed.node(new Uint8Array(8192))
  assert.deepEqual(calls, [
    ['6697', 4096],
    ['7f18', 8192],
  ])
})
