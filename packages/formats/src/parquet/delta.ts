/** Numbers as differences, packed in blocks (Encodings.md, DELTA_BINARY_PACKED), and texts built on them. */
import { FormatError } from '../error.ts'

const blockValuesMax = 65_536
const miniblocksMax = 512

class Bits {
  at: number
  private readonly bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes
    this.at = at
  }

  byte(): number {
    const found = this.bytes[this.at]
    if (found === undefined) throw new FormatError('A page ends inside of its differences.')
    this.at += 1
    return found
  }

  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const found = this.byte()
      value |= BigInt(found & 0x7f) << shift
      if (found < 0x80) return value
    }
    throw new FormatError('A difference has more than ten bytes.')
  }

  zigzag(): bigint {
    const value = this.varint()
    return (value >> 1n) ^ -(value & 1n)
  }

  /** `count` numbers of `width` bits, handed over one by one; the cursor stands behind all of them. */
  packed(width: number, count: number, each: (value: bigint) => void, used: number): void {
    const end = this.at + (width * count) / 8
    if (end > this.bytes.length && used === count) {
      throw new FormatError('A page ends inside of its differences.')
    }
    let bit = this.at * 8
    for (let index = 0; index < used; index += 1) {
      let value = 0n
      for (let got = 0; got < width;) {
        const offset = bit % 8
        const take = Math.min(8 - offset, width - got)
        const whole = this.bytes[Math.floor(bit / 8)]
        if (whole === undefined) throw new FormatError('A page ends inside of its differences.')
        value |= BigInt((whole >> offset) & ((1 << take) - 1)) << BigInt(got)
        got += take
        bit += take
      }
      each(value)
    }
    this.at = Math.min(end, this.bytes.length)
  }
}

/** Reads `wanted` of the numbers, all when `wanted` is what the page says there are. Numbers wrap in `bits`. */
export const readDeltas = (
  bytes: Uint8Array,
  at: number,
  { wanted, bits }: { wanted: number; bits: 32 | 64 },
): { values: BigInt64Array; end: number } => {
  const reader = new Bits(bytes, at)
  const block = Number(reader.varint())
  const miniblocks = Number(reader.varint())
  const total = Number(reader.varint())
  const first = reader.zigzag()
  const each = block / miniblocks
  if (block > blockValuesMax || miniblocks > miniblocksMax || !(each >= 8) || each % 8 !== 0) {
    throw new FormatError(`Blocks of ${block} differences in ${miniblocks} parts cannot be.`)
  }
  if (total < wanted) throw new FormatError(`A page has ${total} values, expected ${wanted}.`)
  const values = new BigInt64Array(wanted)
  let value = first
  let filled = 0
  const put = (next: bigint): void => {
    value = BigInt.asIntN(bits, next)
    if (filled < wanted) values[filled] = value
    filled += 1
  }
  if (wanted > 0) put(first)
  while (filled < wanted) {
    const least = reader.zigzag()
    const widths = Array.from({ length: miniblocks }, () => reader.byte())
    for (const width of widths) {
      if (filled >= wanted) break
      if (width > 64) throw new FormatError(`Differences of ${width} bits: at most 64 can be.`)
      const used = Math.min(each, wanted - filled)
      reader.packed(width, each, (delta) => put(value + least + delta), used)
    }
  }
  return { values, end: reader.at }
}

const lengthAt = (lengths: BigInt64Array, index: number): number => {
  const length = Number(lengths[index] ?? 0n)
  if (length < 0) throw new FormatError(`A value says it has ${length} bytes.`)
  return length
}

interface Texts {
  /** Of the page: where the texts begin is behind the lengths of all of them. */
  readonly total: number
  readonly wanted: number
}

/** DELTA_LENGTH_BYTE_ARRAY: views of the bytes. */
export const readDeltaLengths = (
  bytes: Uint8Array,
  start: number,
  { total, wanted }: Texts,
): { texts: Uint8Array[]; lengths: BigInt64Array } => {
  const { values: lengths, end } = readDeltas(bytes, start, { wanted: total, bits: 32 })
  const texts: Uint8Array[] = []
  let at = end
  for (let index = 0; index < wanted; index += 1) {
    const next = at + lengthAt(lengths, index)
    if (next > bytes.length) throw new FormatError('A page ends inside of a value.')
    texts.push(bytes.subarray(at, next))
    at = next
  }
  return { texts, lengths }
}

const builtBytesMax = 16 * 1024 * 1024

/** DELTA_BYTE_ARRAY: each begins as the one before it did. What is built so is bounded, since a few bytes can say very much. */
export const readDeltaTexts = (bytes: Uint8Array, start: number, how: Texts): Uint8Array[] => {
  const prefixes = readDeltas(bytes, start, { wanted: how.total, bits: 32 })
  const { texts: suffixes } = readDeltaLengths(bytes, prefixes.end, how)
  const texts: Uint8Array[] = []
  let before = new Uint8Array()
  let built = 0
  for (const [index, suffix] of suffixes.entries()) {
    const prefix = lengthAt(prefixes.values, index)
    if (prefix > before.length) {
      throw new FormatError(`A value begins as ${prefix} bytes of one that has ${before.length}.`)
    }
    built += prefix + suffix.length
    if (built > builtBytesMax) {
      throw new FormatError(`Its values have more than the ${builtBytesMax} bytes read here.`)
    }
    const text = new Uint8Array(prefix + suffix.length)
    text.set(before.subarray(0, prefix))
    text.set(suffix, prefix)
    texts.push(text)
    before = text
  }
  return texts
}
