/** Inputs of the test vectors, for the tests of this folder. Source: the Xet protocol, test vectors. */
import type { XetHash } from '../digest/digest.ts'
import { openXetHasher } from './blake3.ts'
import { makeCutter } from './cutter.ts'
import { formatXetHash, parseXetHash, xetHashBytes } from './hash.ts'
import { makeMerkle } from './merkle.ts'
import { xxh32 } from './xxh32.ts'

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

/** One after the other. */
export const joined = (
  ...parts: readonly (Uint8Array | readonly Uint8Array[])[]
): Uint8Array<ArrayBuffer> => {
  const all = parts.flatMap((part) => (part instanceof Uint8Array ? [part] : part))
  const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of all) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

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

/** Weights as models have them: normally distributed, in bfloat16. */
export const bf16Noise = (length: number, seed = 1): Uint8Array<ArrayBuffer> => {
  const random = new DataView(lcg(length * 4 + 8, seed).buffer)
  const words = new DataView(new ArrayBuffer(4))
  const bytes = new Uint8Array(length)
  for (let i = 0; i + 1 < length; i += 2) {
    const [a, b] = [random.getUint32(i * 4), random.getUint32(i * 4 + 4)]
    const radius = Math.sqrt(-2 * Math.log((a + 1) / 2 ** 32))
    words.setFloat32(0, 0.02 * radius * Math.cos((2 * Math.PI * b) / 2 ** 32))
    bytes[i] = words.getUint8(1)
    bytes[i + 1] = words.getUint8(0)
  }
  return bytes
}

/** How an LZ4 block goes on after a token's four bits. */
const lengthBytes = (length: number): number[] =>
  length < 15
    ? []
    : [...Array.from({ length: Math.floor((length - 15) / 255) }, () => 255), (length - 15) % 255]

/** One sequence of an LZ4 block: literals, and a match unless it is the last. */
export const sequence = (literals: Uint8Array, offset?: number, match = 4): Uint8Array => {
  const token = (Math.min(literals.length, 15) << 4) | Math.min(match - 4, 15)
  const head = [token, ...lengthBytes(literals.length), ...literals]
  if (offset === undefined) return Uint8Array.from(head)
  return Uint8Array.from([...head, offset & 0xff, offset >> 8, ...lengthBytes(match - 4)])
}

interface Lz4Parts {
  readonly blocks: readonly (
    | Uint8Array
    | { readonly bytes: Uint8Array; readonly isStored: boolean; readonly size?: number }
  )[]
  readonly isLinked?: boolean
  readonly sizeCode?: number
  readonly contentSize?: bigint
}

/** An LZ4 frame of blocks that may be broken; its header is in order. */
export const lz4Frame = ({
  blocks,
  isLinked = false,
  sizeCode = 4,
  contentSize,
}: Lz4Parts): Uint8Array<ArrayBuffer> => {
  const flags = 0x40 | (isLinked ? 0 : 0x20) | (contentSize === undefined ? 0 : 8)
  const size = new Uint8Array(contentSize === undefined ? 0 : 8)
  if (contentSize !== undefined) new DataView(size.buffer).setBigUint64(0, contentSize, true)
  const descriptor = Uint8Array.from([flags, sizeCode << 4, ...size])
  const check = (xxh32(descriptor, 0, descriptor.length) >> 8) & 0xff
  const parts = blocks.map((block) => {
    if (block instanceof Uint8Array) return [u32le(block.length), block]
    const length = block.size ?? block.bytes.length
    return [u32le((length | (block.isStored ? 0x80000000 : 0)) >>> 0), block.bytes]
  })
  const magic = Uint8Array.of(0x04, 0x22, 0x4d, 0x18)
  return joined(magic, descriptor, Uint8Array.of(check), ...parts.flat(), new Uint8Array(4))
}

/** A chunk record whose header may lie. */
export const recordOf = (
  payload: Uint8Array,
  { version = 0, packed = payload.length, scheme = 0, raw = payload.length } = {},
): Uint8Array<ArrayBuffer> => {
  const three = (value: number): number[] => [0, 8, 16].map((bits) => (value >> bits) & 0xff)
  const head = [version, ...three(packed), scheme, ...three(raw)]
  return Uint8Array.from([...head, ...payload])
}
