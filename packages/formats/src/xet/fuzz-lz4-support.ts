/** What is tried on the LZ4 reader and writer, for `fuzz-support.ts`. */
import { decodePlainly } from './lz4-plain-support.ts'
import { decodeLz4Frame, encodeLz4Frame } from './lz4.ts'
import { type Bytes, type Random } from './mutate-support.ts'
import { packRecord, parseRecordHeader, unpackRecord } from './record.ts'
import { bf16Noise, joined, lz4Frame, sequence, utf8 } from './test-support.ts'
import { xxh32 } from './xxh32.ts'

/** Are they the same bytes? */
export const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

/** Throws, and that is no FormatError. */
export const expect = (isTrue: boolean, what: string): void => {
  if (!isTrue) throw new Error(what)
}

export interface Target {
  readonly valid: readonly [Bytes, ...Bytes[]]
  /** Makes another that is in order, or nearly. */
  readonly make?: (random: Random) => Bytes
  /** After a mutation: makes good what would hide all that comes behind it. */
  readonly repair?: (bytes: Bytes) => void
  /** Throws FormatError for what it does not take, another error where something is wrong. */
  readonly run: (bytes: Bytes, random: Random) => void
}

/** The header's checksum, which nearly every change breaks. */
const repairLz4 = (frame: Bytes): void => {
  const at = ((frame[4] ?? 0) & 8) === 0 ? 6 : 14
  if (at < frame.length) frame[at] = xxh32(frame, 4, at) >> 8
}

/** A text that repeats. */
export const words = utf8('the quick brown fox, the quick red fox, the quick brown dog; '.repeat(4))
const frameOf = (raw: Uint8Array): Bytes => joined(encodeLz4Frame(raw) ?? new Uint8Array())
const linked = [sequence(words.subarray(0, 70), 22, 40), sequence(words.subarray(70, 90))] as const

/** Raw lengths of the frames below, for when a reader by the book gives none. */
export const sizes = [words.length, 300, 130, 2 * words.length + 159, 3022] as const

/** Linked blocks, one of them stored: `sizes[3]` bytes. */
export const linkedFrame = lz4Frame({
  blocks: [
    joined(...linked),
    { bytes: words, isStored: true },
    joined(sequence(words, 200, 9), linked[1]),
  ],
  isLinked: true,
  sizeCode: 7,
})

/** A frame of random sequences, of which one in many reaches back too far. */
const someFrame = (random: Random): Bytes => {
  const isLinked = random.below(2) === 0
  let written = 0
  const someBlock = (): Bytes => {
    const parts: Uint8Array[] = []
    let reach = isLinked ? written : 0
    for (let times = random.below(6); times > 0; times -= 1) {
      const literals = random.bytes(random.pick([0, 1, 3, 7, 8, 15, 20, 63, 64, 300]))
      reach += literals.length
      const offset = 1 + random.below(random.pick([1, 9, reach, reach, reach, reach + 1]))
      const match = 4 + random.pick([0, 1, 4, 11, 14, 15, 16, 59, 60, 100, 269, 270, 600])
      parts.push(sequence(literals, offset, match))
      reach += match
      written += literals.length + match
    }
    parts.push(sequence(random.bytes(random.pick([5, 8, 20, 200]))))
    return joined(...parts)
  }
  const blocks = Array.from({ length: 1 + random.below(3) }, () =>
    random.below(4) === 0 ? { bytes: random.bytes(30), isStored: true } : someBlock(),
  )
  return lz4Frame({ blocks, isLinked, sizeCode: random.pick([4, 5, 6, 7]) })
}

/** The frame reader, beside one by the book. */
export const lz4: Target = {
  make: someFrame,
  valid: [
    frameOf(words),
    frameOf(new Uint8Array(300)),
    lz4Frame({ blocks: [joined(...linked)], contentSize: 130n }),
    linkedFrame,
    lz4Frame({ blocks: [joined(sequence(Uint8Array.of(1, 2), 1, 3000), linked[1])], sizeCode: 5 }),
  ],
  repair: repairLz4,
  run: (frame, random) => {
    const hasChecksums = ((frame[4] ?? 0) & 4) !== 0
    const plain = hasChecksums ? undefined : decodePlainly(frame, 10_000)
    // What is broken is asked for as many bytes as would come out of it all the same.
    const careless = plain ?? decodePlainly(frame, 10_000, false)
    const near = random.pick([0, 0, 0, 0, 0, 0, 1, -1])
    const rawBytes = Math.max(0, (careless?.length ?? random.pick(sizes)) + near)
    const isInOrder = plain?.length === rawBytes
    let raw: Uint8Array
    try {
      raw = decodeLz4Frame(frame, rawBytes)
    } catch (error) {
      expect(!isInOrder, `refused what is in order: ${String(error)}`)
      throw error
    }
    expect(raw.length === rawBytes, `${raw.length} bytes came out of ${rawBytes}`)
    if (hasChecksums) return
    expect(plain !== undefined && isSame(raw, Uint8Array.from(plain)), 'other bytes came out')
  },
}

/** Bytes with repeats near and far, as an encoder meets them. */
const someRaw = (random: Random): Bytes => {
  const parts: Uint8Array[] = []
  let length = 0
  const most = random.pick([20, 100, 1000, 5000])
  while (length < most) {
    const whole = parts[random.below(parts.length)] ?? words
    const part = random.pick([
      random.bytes(random.below(30)),
      new Uint8Array(random.below(300)).fill(random.below(3)),
      whole.subarray(random.below(whole.length)),
      bf16Noise(random.below(40), random.below(1000)),
    ])
    parts.push(part)
    length += part.length + 1
  }
  const raw = joined(...parts)
  return raw.length > 0 ? raw : Uint8Array.of(1)
}

/** What is packed comes out again, by our reader and by the book. */
export const tryPacking = (random: Random): void => {
  const raw = someRaw(random)
  const record = packRecord(raw)
  const header = parseRecordHeader(record, 0)
  expect(header.packedBytes <= raw.length, 'a record is larger than its chunk')
  expect(isSame(unpackRecord(header, record.subarray(8)), raw), 'other bytes come out of a record')
  const frame = encodeLz4Frame(raw)
  if (frame === undefined) return
  const plain = decodePlainly(frame, raw.length)
  expect(plain !== undefined && isSame(raw, Uint8Array.from(plain)), 'a frame is not by the book')
}
