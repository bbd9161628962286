/** Inputs of the test vectors, for the tests of this folder. Source: the Xet protocol, test vectors. */
import type { XetHash } from '../digest/digest.ts'
import { openXetHasher } from './blake3.ts'
import { makeCutter } from './cutter.ts'
import { formatXetHash, parseXetHash, xetHashBytes } from './hash.ts'
import { makeMerkle } from './merkle.ts'

/** `length` bytes of a linear congruential generator. */
export const lcg = (length: number, seed: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length)
  let state = seed >>> 0
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** Bytes 0 to 255, again and again. */
export const ramp = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(length).map((_, i) => i)

/** A number as u32 LE. */
export const u32le = (value: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}

/** Text as bytes. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** Bytes as plain hex: not the form of a Xet hash. */
export const plainHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Plain hex, with or without blanks, as bytes. */
export const fromPlainHex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

/** A vector's hash, of which a slip would pass as "differs". */
export const xetHash = (text: string): XetHash => {
  const hash = parseXetHash(text)
  if (hash === undefined) throw new Error(`not a hash: ${text}`)
  return hash
}

/** Raw bytes of a vector's hash. */
export const rawOf = (text: string): Uint8Array => xetHashBytes(xetHash(text))

/** The hasher, with the built-in BLAKE3. */
export const hasher = await openXetHasher()

export interface Leaf {
  readonly hash: Uint8Array
  readonly rawBytes: number
}

/** The root over leaves. */
export const rootOf = (leaves: readonly Leaf[]): Uint8Array => {
  const merkle = makeMerkle(hasher)
  for (const { hash, rawBytes } of leaves) merkle.add(hash, rawBytes)
  return merkle.finish()
}

/** Chunks of a file, cut in one call. */
export const chunksOf = (file: Uint8Array): Uint8Array[] => {
  const cutter = makeCutter()
  const ends = cutter.push(file)
  if (cutter.openBytes() > 0) ends.push(file.length)
  return ends.map((end, i) => file.subarray(ends[i - 1] ?? 0, end))
}

/** Hashes and lengths of chunks. */
export const leavesOf = (chunks: readonly Uint8Array[]): Leaf[] =>
  chunks.map((chunk) => ({ hash: hasher.chunk(chunk), rawBytes: chunk.length }))

/** The hash that names a file. */
export const fileHashOf = (leaves: readonly Leaf[]): XetHash =>
  formatXetHash(hasher.file(rootOf(leaves)))
