import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isGitOid, isSha256, parseSha256 } from './digest.ts'

/** SHA-256 and git's SHA-1 of no bytes. */
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const emptyBlob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'

void test('a SHA-256 is 64 lower-case hex digits', () => {
  assert.equal(isSha256(emptySha256), true)
  for (const text of [
    '',
    emptySha256.slice(1),
    `${emptySha256}0`,
    `${emptySha256.slice(1)}g`,
    emptySha256.toUpperCase(),
    `${emptySha256}\n`,
    ` ${emptySha256.slice(1)}`,
    `sha256:${emptySha256}`,
    emptyBlob,
  ]) {
    assert.equal(isSha256(text), false, JSON.stringify(text))
  }
})

void test('a git object id is 40 lower-case hex digits', () => {
  assert.equal(isGitOid(emptyBlob), true)
  for (const text of ['', emptyBlob.slice(1), `${emptyBlob}0`, emptySha256]) {
    assert.equal(isGitOid(text), false, text)
  }
  assert.equal(isGitOid(emptyBlob.toUpperCase()), false)
  assert.equal(isGitOid(`${emptyBlob}\n`), false)
})

void test('a SHA-256 in upper case is read as the same hash', () => {
  assert.equal(parseSha256(emptySha256.toUpperCase()), emptySha256)
  assert.equal(parseSha256(emptySha256), emptySha256)
})

void test('what is no SHA-256 is undefined', () => {
  for (const text of ['', 'main', emptyBlob, `${emptySha256}00`, `${emptySha256.slice(1)}\u212a`]) {
    assert.equal(parseSha256(text), undefined, text)
  }
})
