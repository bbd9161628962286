import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSha256 } from '../digest/digest.ts'
import {
  formatXetHash,
  isDedupEligible,
  isGroupEnd,
  isXetHash,
  parseXetHash,
  sha256OfXetBytes,
  xetBytesOfSha256,
  xetHashBytes,
  zeroXetHash,
} from './hash.ts'
import { fromPlainHex, lcg, plainHex, ramp, xetHash } from './test-support.ts'

const counted = '07060504030201000f0e0d0c0b0a090817161514131211101f1e1d1c1b1a1918'

void test('a hash is written as four little-endian words, not as the hex of its bytes', () => {
  assert.equal(formatXetHash(ramp(32)), counted)
  assert.deepEqual(xetHashBytes(xetHash(counted)), new Uint8Array(ramp(32)))
  assert.equal(
    plainHex(
      xetHashBytes(xetHash('df93298cdbf67cd507aed28d6290c0cf7f9aa0aa88dfa629cffcf98680659410')),
    ),
    'd57cf6db8c2993dfcfc090628dd2ae0729a6df88aaa09a7f1094658086f9fccf',
  )
})

void test('every byte survives its string form, at any offset', () => {
  const bytes = lcg(4096, 7)
  for (let at = 0; at + 32 <= bytes.length; at += 13) {
    const hash = formatXetHash(bytes, at)
    assert.ok(isXetHash(hash))
    assert.deepEqual(xetHashBytes(hash), Uint8Array.from(bytes.subarray(at, at + 32)))
    const words = new BigUint64Array(xetHashBytes(hash).buffer)
    const text = [...words].map((word) => word.toString(16).padStart(16, '0')).join('')
    assert.equal(hash, text)
  }
})

void test('upper case is read and lower case is kept', () => {
  assert.equal(parseXetHash(counted.toUpperCase()), counted)
  assert.ok(!isXetHash(counted.toUpperCase()))
})

void test('what is not 64 hex digits is no hash', () => {
  const bad = ['', counted.slice(1), `${counted}0`, `g${counted.slice(1)}`, ` ${counted}`]
  bad.push(`${counted}\n`, `0x${counted.slice(2)}`, `${counted.slice(1)}é`, 'default')
  // U+212A lower-cases to k and U+0130 to two characters: no digit comes of either.
  bad.push(`\u212a${counted.slice(1)}`, `\u0130${counted.slice(1)}`)
  for (const text of bad) {
    assert.equal(parseXetHash(text), undefined, text)
    assert.ok(!isXetHash(text), text)
  }
})

void test('a SHA-256 is stored as if its hex were a Xet hash', () => {
  const sha256 = parseSha256('7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069')
  assert.ok(sha256 !== undefined)
  const raw = xetBytesOfSha256(sha256)
  assert.equal(plainHex(raw), '53fcf17f65b1837f5dd6a14881c12db92877d6a31f4b2dfc69906d1200d2dd4a')
  assert.equal(sha256OfXetBytes(raw), sha256)
  const within = new Uint8Array(50)
  within.set(raw, 11)
  assert.equal(sha256OfXetBytes(within, 11), sha256)
})

void test('remainders look at the last word', () => {
  const eligible = '36774cbf5b98a86285146e0d5a47c036371234b44671b0635ddc37af0a956400'
  for (let last = 0; last < 0x1_0000; last += 1) {
    const text = eligible.slice(0, 60) + last.toString(16).padStart(4, '0')
    const padded = fromPlainHex(`ffffff${plainHex(xetHashBytes(xetHash(text)))}`)
    assert.equal(isDedupEligible(padded, 3), last % 1024 === 0, text)
    assert.equal(isGroupEnd(padded, 3), last % 4 === 0, text)
  }
})

void test('no hash is all zeros', () => {
  assert.equal(formatXetHash(new Uint8Array(32)), zeroXetHash)
  assert.deepEqual(xetHashBytes(zeroXetHash), new Uint8Array(32))
})
