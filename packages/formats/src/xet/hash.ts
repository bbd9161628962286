/**
 * Xet hashes: 32 bytes, written as four little-endian u64, each as 16 hex digits. Not the plain hex of the bytes.
 * Source: the Xet protocol, hash strings.
 */
import type { Sha256, XetHash } from '../digest/digest.ts'

export const xetHashBytesLength = 32

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const form = /^[0-9a-f]{64}$/

export const isXetHash = (text: string): text is XetHash => form.test(text)

/** The string form of the 32 bytes at `at`. */
export const formatXetHash = (raw: Uint8Array, at = 0): XetHash => {
  let text = ''
  for (let word = at; word < at + 32; word += 8) {
    for (let i = word + 7; i >= word; i -= 1) text += hex[raw[i] ?? 0] ?? ''
  }
  // A cast because 32 bytes in this form are just that.
  return text as XetHash
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
    const at = ((i & ~7) + 7 - (i & 7)) * 2
    raw[i] = Number.parseInt(hash.slice(at, at + 2), 16)
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
