import assert from 'node:assert/strict'
import { test } from 'node:test'
import { base32, codeOf, stepAt, stepOf } from './totp.ts'

const secret = Buffer.from('12345678901234567890')

// RFC 6238, appendix B, the rows of SHA-1.
const vectors: readonly [seconds: number, code: string][] = [
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
]

void test('codes are those of RFC 6238', () => {
  for (const [seconds, code] of vectors) {
    assert.equal(codeOf(secret, stepAt(seconds * 1000), 8), code)
    assert.equal(stepOf(secret, code.slice(2), seconds * 1000), stepAt(seconds * 1000))
  }
})

void test('a code holds for its step and the ones beside it', () => {
  const nowMs = 1_234_567_890_000
  const code = codeOf(secret, stepAt(nowMs))
  for (const [shift, isRight] of [
    [-60_000, false],
    [-30_000, true],
    [30_000, true],
    [60_000, false],
  ] as const) {
    assert.equal(stepOf(secret, code, nowMs + shift) !== undefined, isRight, String(shift))
  }
  for (const bad of ['', '12345', `${code}0`, ` ${code}`, '٣٣٣٣٣٣']) {
    assert.equal(stepOf(secret, bad, nowMs), undefined, bad)
  }
})

// RFC 4648, section 10.
void test('base32 is that of RFC 4648', () => {
  const texts = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar']
  const right = ['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI']
  assert.deepEqual(
    texts.map((text) => base32(Buffer.from(text))),
    right,
  )
})
