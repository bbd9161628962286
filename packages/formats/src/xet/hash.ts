/**
 * Xet hashes: 32 bytes, written as four little-endian u64, each as 16 hex digits. Not the plain hex of the bytes.
 * Source: the Xet protocol, hash strings.
 */
import type { Sha256, XetHash } from '../digest/digest.ts'

/** Length of a hash as bytes. */
export const xetHashBytesLength = 32

const form = /^[0-9a-f]{64}$/
const decoder = new TextDecoder()
/** Character codes of the digits. */
const digits = new TextEncoder().encode('0123456789abcdef')
const digitValues = new Uint8Array(256)
digits.forEach((code, value) => (digitValues[code] = value))
const codes = new Uint8Array(64)

/** Is this the string form, in lower case? */
export const isXetHash = (text: string): text is XetHash => form.test(text)

/**
 * The string form of the 32 bytes at `at`, all of which must be there. By way of character codes, because a string put together from
 * parts stays a tree of them: ten times the memory where a hash is kept, and slow to look up.
 */
export const formatXetHash = (raw: Uint8Array, at = 0): XetHash => {
  for (let i = 0; i < 32; i += 1) {
    // The byte that is printed here: those of a word come last first.
    const byte = raw[at + (i ^ 7)] ?? 0
    codes[i * 2] = digits[byte >>> 4] ?? 0
    codes[i * 2 + 1] = digits[byte & 15] ?? 0
  }
  // A cast because 32 bytes in this form are just that.
  return decoder.decode(codes) as XetHash
}

/** The hash, lower-cased, or undefined when the text is not one. */
export const parseXetHash = (text: string): XetHash | undefined => {
  const lower = text.toLowerCase()
  return isXetHash(lower) ? lower : undefined
}

/** The 32 bytes behind the string form. */
export const xetHashBytes = (hash: XetHash): Uint8Array => {
  const raw = new Uint8Array(32)
  for (let i = 0; i < 32; i += 1) {
    const at = (i ^ 7) * 2
    const high = digitValues[hash.charCodeAt(at)] ?? 0
    raw[i] = (high << 4) | (digitValues[hash.charCodeAt(at + 1)] ?? 0)
  }
  return raw
}

/** "No hash", and the hash of the empty file. A cast because it has the form. */
export const zeroXetHash = '0'.repeat(64) as XetHash

/** A shard holds a SHA-256 as if its usual hex were a Xet hash string. Casts because the two forms are the same. */
export const sha256OfXetBytes = (raw: Uint8Array, at = 0): Sha256 =>
  formatXetHash(raw, at) as string as Sha256

/** The reverse of `sha256OfXetBytes`. */
export const xetBytesOfSha256 = (sha256: Sha256): Uint8Array =>
  xetHashBytes(sha256 as string as XetHash)

/** May clients ask the hub for this chunk? One chunk in 1,024: `hash % 1024 == 0`, of its last u64. */
export const isDedupEligible = (raw: Uint8Array, at = 0): boolean =>
  raw[at + 24] === 0 && ((raw[at + 25] ?? 0) & 3) === 0

/** Does this hash end a group of the Merkle tree? `hash % 4 == 0`, of its last u64. */
export const isGroupEnd = (raw: Uint8Array, at = 0): boolean => ((raw[at + 24] ?? 0) & 3) === 0
