/** An LZ4 reader by the book, byte by byte: what the fast one must agree with. Source: the LZ4 frame format 1.6.4 and block format. */
import { xxh32 } from './xxh32.ts'

/** One block; undefined where the book is not kept. */
const plainBlock = (
  block: Uint8Array,
  before: readonly number[],
  most: number,
  isStrict: boolean,
): number[] | undefined => {
  const out = [...before]
  const rest = [...block].toReversed()
  const length = (start: number): number => {
    let sum = start
    for (let more = start === 15; more;) {
      const byte = rest.pop() ?? Number.NaN
      sum += byte
      more = byte === 255
    }
    return sum
  }
  while (rest.length > 0) {
    const token = rest.pop() ?? 0
    const literals = length(token >> 4)
    if (!(literals <= rest.length && literals + out.length <= most)) return undefined
    for (let i = 0; i < literals; i += 1) out.push(rest.pop() ?? 0)
    if (rest.length === 0) return out.slice(before.length)
    if (rest.length === 1) return undefined
    const offset = (rest.pop() ?? 0) + 256 * (rest.pop() ?? 0)
    const match = length(token & 15) + 4
    if (!(match + out.length <= most)) return undefined
    if (isStrict && (offset === 0 || offset > out.length)) return undefined
    for (let i = 0; i < match; i += 1) out.push(out[out.length - offset] ?? 0)
  }
  return undefined
}

/**
 * The bytes of a frame without a checksum of its content; undefined when it is not exactly that, or more than `most` come out. Not
 * strict, it lets pass what does not keep bytes from coming out, and so tells how many a careless reader would give.
 */
export const decodePlainly = (
  frame: Uint8Array,
  most: number,
  isStrict = true,
): number[] | undefined => {
  const must = (isKept: boolean): boolean => isKept || !isStrict
  const buffer = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)
  const [flags = 0, sizes = 0] = frame.subarray(4, 6)
  if (frame.length < 11 || buffer.readUInt32LE(0) !== 0x184d2204) return undefined
  if (!must([0x40, 0x60, 0x48, 0x68].includes(flags))) return undefined
  if (!must([0x40, 0x50, 0x60, 0x70].includes(sizes))) return undefined
  const isSized = (flags & 8) !== 0
  let at = isSized ? 15 : 7
  if (frame.length < at) return undefined
  if (!must(((xxh32(frame, 4, at - 1) >> 8) & 0xff) === frame[at - 1])) return undefined
  const blockMost = 65_536 * 4 ** ((sizes >> 4) - 4)
  const out: number[] = []
  for (;;) {
    if (at + 4 > frame.length) return undefined
    const word = buffer.readUInt32LE(at)
    at += 4
    if (word === 0) break
    const size = word % 2 ** 31
    if (!must(size > 0 && size <= blockMost) || at + size > frame.length) return undefined
    const block = frame.subarray(at, at + size)
    at += size
    const before = (flags & 0x20) === 0 ? out : []
    const left = most - out.length
    const isStored = word >= 2 ** 31
    const raw = isStored ? [...block] : plainBlock(block, before, before.length + left, isStrict)
    if (raw === undefined || raw.length > left) return undefined
    if (!must(raw.length > 0 && raw.length <= blockMost)) return undefined
    out.push(...raw)
  }
  if (!must(!isSized || buffer.readBigUInt64LE(6) === BigInt(out.length))) return undefined
  return must(at === frame.length) ? out : undefined
}
