/**
 * Thrift's compact protocol, as far as Parquet needs it (thrift-compact-protocol.md). Nothing is built but what a caller asks for: what it does not
 * know is stepped over, so a hostile structure costs no memory. Depth is bounded, counts are checked against the bytes that are left.
 */
import { FormatError } from '../error.ts'

/** Thrown inside this folder only: the bytes at hand end before the structure does. */
export class NeedMore extends Error {}

/** By their names in the specification. */
export const thriftTypes = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  map: 11,
  struct: 12,
} as const

const depthMax = 32
const isInteger = (type: number): boolean => type >= thriftTypes.byte && type <= thriftTypes.i64
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** What is done with a field, by its number. A field of another type than the reading expects is a broken file. */
export type Fields = Readonly<Record<number, (type: number) => void>>

/** A cursor over a structure. Every read throws NeedMore past the end, and FormatError for what cannot be. */
export class ThriftReader {
  at: number
  private readonly bytes: Uint8Array
  private depth = 0

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  private u8(): number {
    const byte = this.bytes[this.at]
    if (byte === undefined) throw new NeedMore()
    this.at += 1
    return byte
  }

  /** Unsigned, of 64 bits at most. */
  private varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.u8()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new FormatError('A number in the footer or a page header has more than ten bytes.')
  }

  private count(what: string, bytesEach: number): number {
    const value = this.varint()
    const left = BigInt(this.bytes.length - this.at)
    if (value > 2n ** 31n) throw new FormatError(`${what}: found ${value}, more than there can be.`)
    if (value * BigInt(bytesEach) > left) throw new NeedMore()
    return Number(value)
  }

  int(type: number): number {
    if (!isInteger(type)) throw new FormatError(`Expected a number, found Thrift type ${type}.`)
    if (type === thriftTypes.byte) return (this.u8() << 24) >> 24
    const zigzag = this.varint()
    const value = BigInt.asIntN(64, (zigzag >> 1n) ^ -(zigzag & 1n))
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new FormatError(`The number ${value} is too large.`)
    return number
  }

  bool(type: number): boolean {
    if (type !== thriftTypes.true && type !== thriftTypes.false) {
      throw new FormatError(`Expected true or false, found Thrift type ${type}.`)
    }
    return type === thriftTypes.true
  }

  /** A view of the bytes, not a copy. */
  binary(type: number): Uint8Array {
    if (type !== thriftTypes.binary) throw new FormatError(`Expected text, found type ${type}.`)
    const length = this.count('Length of a text', 1)
    const start = this.at
    this.at += length
    return this.bytes.subarray(start, this.at)
  }

  text(type: number): string {
    try {
      return strict.decode(this.binary(type))
    } catch (error) {
      if (error instanceof TypeError) throw new FormatError('A name is not UTF-8.')
      throw error
    }
  }

  /** Calls `each` for the first `most` elements and steps over the others. Answers how many there are. */
  list(type: number, most: number, each: (type: number) => void): number {
    if (type !== thriftTypes.list) throw new FormatError(`Expected a list, found type ${type}.`)
    const head = this.u8()
    const size = head >> 4 === 15 ? this.count('Length of a list', 1) : head >> 4
    const element = head & 15
    this.enter()
    for (let index = 0; index < size; index += 1) {
      if (index < most) each(element)
      else this.skipElement(element)
    }
    this.depth -= 1
    return size
  }

  struct(type: number, fields: Fields): void {
    if (type !== thriftTypes.struct) {
      throw new FormatError(`Expected a structure, found Thrift type ${type}.`)
    }
    this.enter()
    let id = 0
    for (;;) {
      const head = this.u8()
      if (head === 0) break
      const delta = head >> 4
      id = delta === 0 ? this.int(thriftTypes.i16) : id + delta
      const read = Object.hasOwn(fields, id) ? fields[id] : undefined
      if (read === undefined) this.skip(head & 15)
      else read(head & 15)
    }
    this.depth -= 1
  }

  private enter(): void {
    this.depth += 1
    if (this.depth > depthMax) {
      throw new FormatError(`Structures lie in each other more than ${depthMax} deep.`)
    }
  }

  /** In a list, true and false take a byte each. */
  private skipElement(type: number): void {
    if (type === thriftTypes.true || type === thriftTypes.false) this.u8()
    else this.skip(type)
  }

  skip(type: number): void {
    if (type === thriftTypes.true || type === thriftTypes.false) return
    if (type === thriftTypes.byte) this.u8()
    else if (isInteger(type)) this.varint()
    else if (type === thriftTypes.double) this.binaryOf(8)
    else if (type === thriftTypes.binary) this.binary(type)
    else if (type === thriftTypes.list || type === thriftTypes.set) {
      this.list(thriftTypes.list, 0, () => undefined)
    } else if (type === thriftTypes.struct) this.struct(type, {})
    else throw new FormatError(`Thrift type ${type} has no place in a Parquet file.`)
  }

  private binaryOf(length: number): void {
    if (this.at + length > this.bytes.length) throw new NeedMore()
    this.at += length
  }
}
