/** Bounded reads of a GGUF header. Little-endian unless the version says otherwise. */
import { FormatError } from '../error.ts'

/** Thrown inside this folder only: the bytes at hand end before the header does. */
export class NeedMore extends Error {}

const stringBytesMax = 2 ** 30
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A cursor over the bytes at hand. Every read throws NeedMore past their end, and FormatError on a length beyond its bound. */
export class Reader {
  at = 0
  isLittleEndian = true
  /** Version 1 writes counts and lengths in 32 bits. */
  isOld = false
  private readonly bytes: Uint8Array
  private readonly view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  private take(sizeBytes: number): number {
    const start = this.at
    if (start + sizeBytes > this.bytes.length) throw new NeedMore()
    this.at = start + sizeBytes
    return start
  }

  skip(sizeBytes: number): void {
    this.take(sizeBytes)
  }

  u8 = (): number => this.view.getUint8(this.take(1))
  i8 = (): number => this.view.getInt8(this.take(1))
  u16 = (): number => this.view.getUint16(this.take(2), this.isLittleEndian)
  i16 = (): number => this.view.getInt16(this.take(2), this.isLittleEndian)
  u32 = (): number => this.view.getUint32(this.take(4), this.isLittleEndian)
  i32 = (): number => this.view.getInt32(this.take(4), this.isLittleEndian)
  f32 = (): number => this.view.getFloat32(this.take(4), this.isLittleEndian)
  f64 = (): number => this.view.getFloat64(this.take(8), this.isLittleEndian)
  u64 = (): bigint => this.view.getBigUint64(this.take(8), this.isLittleEndian)
  i64 = (): bigint => this.view.getBigInt64(this.take(8), this.isLittleEndian)

  /** A count or length, at most `max`. */
  count(what: string, max: number): number {
    const value = this.isOld ? BigInt(this.u32()) : this.u64()
    if (value > BigInt(max))
      throw new FormatError(`${what}: expected at most ${max}, found ${value}.`)
    return Number(value)
  }

  string(what: string, max = stringBytesMax): string {
    const length = this.count(`length of ${what}`, max)
    const start = this.take(length)
    try {
      return strict.decode(this.bytes.subarray(start, start + length))
    } catch {
      throw new FormatError(`${what} is not UTF-8.`)
    }
  }

  skipString(what: string): void {
    this.take(this.count(`length of ${what}`, stringBytesMax))
  }
}
