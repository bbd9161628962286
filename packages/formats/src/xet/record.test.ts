import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { groupBytes, ungroupBytes } from './bg4.ts'
import { encodeLz4Frame } from './lz4.ts'
import { makeRecordStream } from './record-stream.ts'
import {
  packRecord,
  parseRecordHeader,
  type RecordHeader,
  recordHeaderBytes,
  type Scheme,
  unpackRecord,
  xorbFooterBytesMax,
} from './record.ts'
import {
  bf16Noise,
  fromPlainHex,
  joined,
  lcg,
  lz4Frame,
  plainHex,
  ramp,
  recordOf,
  sequence,
  utf8,
} from './test-support.ts'

const text = (length: number): Uint8Array =>
  utf8(Array.from({ length: length / 8 }, (_, i) => `${i}: word ${i % 13} `).join('')).slice(
    0,
    length,
  )

/** The chunk of a whole record. */
const unpack = (record: Uint8Array): Uint8Array =>
  unpackRecord(parseRecordHeader(record, 0), record.subarray(recordHeaderBytes))

const refused = (run: () => unknown, message: RegExp): void => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof FormatError, String(error))
    assert.match(error.message, message)
    return true
  })
}

void test('bytes are grouped by their index mod 4', () => {
  assert.equal(plainHex(groupBytes(ramp(10))), '00040801050902060307')
  for (const make of [ramp, (length: number) => lcg(length, length)]) {
    for (let length = 0; length <= 130; length += 1) {
      const raw = make(length)
      const expected = [0, 1, 2, 3].flatMap((k) => Array.from(raw.filter((_, i) => i % 4 === k)))
      assert.deepEqual([...groupBytes(raw)], expected, `${length}`)
      assert.deepEqual(ungroupBytes(groupBytes(raw)), raw, `${length}`)
      // And from any place in other memory.
      const within = joined([ramp(length % 7), raw]).subarray(length % 7)
      assert.deepEqual([...groupBytes(within)], expected, `${length}`)
      const grouped = joined([ramp(length % 5), Uint8Array.from(expected)]).subarray(length % 5)
      assert.deepEqual(ungroupBytes(grouped), raw, `${length}`)
    }
  }
  const large = lcg(131_071, 8)
  assert.deepEqual(ungroupBytes(groupBytes(large)), large)
})

void test('a record of the vectors is read and written', () => {
  const record = fromPlainHex('000c0000000c0000 48656c6c6f20576f726c6421')
  assert.deepEqual(parseRecordHeader(record, 0), { scheme: 0, packedBytes: 12, rawBytes: 12 })
  assert.deepEqual(unpack(record), utf8('Hello World!'))
  assert.deepEqual(packRecord(utf8('Hello World!')), record)
})

void test('chunks are packed by the scheme that suits them', () => {
  const chunks: readonly [Uint8Array, Scheme][] = [
    [lcg(100_000, 1), 0],
    [lcg(1, 1), 0],
    [Uint8Array.of(1, 2, 3), 0],
    [text(131_072), 1],
    [text(8192), 1],
    [new Uint8Array(131_072), 1],
    [bf16Noise(131_072), 2],
    [bf16Noise(9001), 2],
    [new Uint8Array(Float32Array.from({ length: 20_000 }, (_, i) => Math.sin(i)).buffer), 2],
  ]
  for (const [raw, scheme] of chunks) {
    const record = packRecord(raw)
    const header = parseRecordHeader(record, 0)
    assert.equal(header.scheme, scheme)
    assert.equal(header.rawBytes, raw.length)
    assert.equal(header.packedBytes, record.length - recordHeaderBytes)
    assert.ok(header.packedBytes <= raw.length)
    assert.deepEqual(unpack(record), raw)
  }
})

void test('chunks of every small size and of the largest survive', () => {
  for (const source of [
    new Uint8Array(131_072),
    lcg(131_072, 2),
    bf16Noise(131_072),
    text(131_072),
  ]) {
    const sizes = Array.from({ length: 150 }, (_, i) => i + 1)
    for (const size of [...sizes, 65_535, 65_536, 65_537, 131_071, 131_072]) {
      const raw = source.subarray(0, size)
      assert.deepEqual(unpack(packRecord(raw)), raw.slice(), `${size}`)
    }
  }
})

void test('a header that states what cannot be is refused', () => {
  const payload = utf8('Hello World!')
  const parse = (lies: Parameters<typeof recordOf>[1]) => (): unknown =>
    parseRecordHeader(recordOf(payload, lies), 0)
  refused(parse({ version: 1 }), /version 1, expected 0/)
  for (const scheme of [3, 99, 255]) {
    refused(parse({ scheme }), new RegExp(`scheme ${scheme}, known are 0, 1 and 2`))
  }
  for (const scheme of [0, 1, 2]) {
    refused(parse({ scheme, raw: 0, packed: 0 }), /1 to 131072 bytes, found 0/)
    refused(parse({ scheme, raw: 131_073, packed: 131_073 }), /1 to 131072 bytes, found 131073/)
    refused(parse({ scheme, raw: 0xffffff }), /found 16777215/)
    refused(parse({ scheme, packed: 262_145 }), /packed in 262145 by scheme/)
  }
  refused(parse({ packed: 11 }), /12 bytes is packed in 11 by scheme 0/)
  refused(parse({ packed: 13 }), /12 bytes is packed in 13 by scheme 0/)
  const large = { scheme: 1 as const, packedBytes: 262_144, rawBytes: 131_072 }
  const record = recordOf(payload, { scheme: 1, packed: 262_144, raw: 131_072 })
  assert.deepEqual(parseRecordHeader(joined([ramp(3), record]), 3), large)
})

void test('what is packed must have the length that the header says', () => {
  const raw = text(1000)
  const frame = encodeLz4Frame(raw)
  assert.ok(frame !== undefined)
  for (const scheme of [1, 2]) {
    for (const lie of [1, 999, 1001, 131_072]) {
      refused(() => unpack(recordOf(frame, { scheme, raw: lie })), /^LZ4 frame: .*(?:1000|come)/)
    }
    refused(() => unpack(recordOf(raw, { scheme, raw: 1000 })), /magic number/)
    refused(() => unpack(recordOf(new Uint8Array(), { scheme, raw: 1000 })), /found 0/)
  }
})

void test('a frame may be larger than the chunk in it', () => {
  const raw = lcg(300, 4)
  const blocks = Array.from({ length: 300 }, (_, i) => sequence(raw.subarray(i, i + 1)))
  const frame = lz4Frame({ blocks })
  assert.ok(frame.length > 4 * raw.length)
  assert.deepEqual(unpack(recordOf(frame, { scheme: 1, raw: 300 })), raw)
})

const chunks = [
  utf8('Hello World!'),
  lcg(5000, 1),
  text(9000),
  Uint8Array.of(7),
  bf16Noise(3001),
  new Uint8Array(2000),
]
const body = joined(chunks.map(packRecord))

interface Seen {
  readonly header: RecordHeader
  readonly payload: string
}

const streamed = (
  bytes: Uint8Array,
  next: () => number,
  options?: Parameters<typeof makeRecordStream>[1],
): { seen: Seen[]; end: { bodyBytes: number; footerBytes: number } } => {
  const seen: Seen[] = []
  const stream = makeRecordStream((header, payload) => {
    assert.equal(payload.length, header.packedBytes)
    seen.push({ header, payload: plainHex(payload) })
  }, options)
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + next())
    // Memory that is used again after the call, as a socket's is.
    const slice = bytes.slice(at, end)
    stream.push(slice)
    slice.fill(0xee)
    at = end
  }
  return { seen, end: stream.finish() }
}

const footer = joined([utf8('XETBLOB'), lcg(200, 6)])

void test('a stream is split into records however it is sliced', () => {
  const whole = streamed(body, () => body.length)
  assert.equal(whole.seen.length, chunks.length)
  assert.deepEqual(whole.end, { bodyBytes: body.length, footerBytes: 0 })
  for (let size = 1; size < 40; size += 1)
    assert.deepEqual(
      streamed(body, () => size),
      whole,
    )
  const withFooter = joined([body, footer])
  for (const size of [1, 2, 3, 7, 8, 9, 100, 1000, body.length - 1, body.length, body.length + 3]) {
    assert.deepEqual(
      streamed(body, () => size),
      whole,
      `${size}`,
    )
    assert.deepEqual(
      streamed(withFooter, () => size, { footer: 'ignore' }),
      { seen: whole.seen, end: { bodyBytes: body.length, footerBytes: footer.length } },
      `${size}`,
    )
  }
  const steps = lcg(2000, 9)
  for (let round = 0; round < 50; round += 1) {
    let at = round * 20
    const next = (): number => {
      at += 1
      const step = steps[at % steps.length] ?? 0
      return step < 128 ? 1 + (step & 15) : step * 11
    }
    assert.deepEqual(streamed(body, next), whole, `${round}`)
  }
})

void test('every truncation within a record is refused, every one between them is not', () => {
  const ends = new Set([0])
  let end = 0
  for (const chunk of chunks) ends.add((end += packRecord(chunk).length))
  for (let length = 0; length <= body.length; length += 1) {
    const run = (): unknown => streamed(body.subarray(0, length), () => 4096)
    if (ends.has(length)) run()
    else refused(run, /The last chunk is cut off: \d+ bytes of it are there/)
  }
})

void test('a footer is an error unless it is to be passed over', () => {
  const withFooter = joined([body, footer])
  refused(() => streamed(withFooter, () => 50), /version 88/)
  refused(() => streamed(withFooter, () => 50, { footer: 'refuse' }), /version 88/)
  const ignore = { footer: 'ignore' } as const
  refused(() => streamed(joined([body, utf8('XETBLO')]), () => 50, ignore), /cut off: 6 bytes/)
  refused(() => streamed(joined([body, utf8('XETBLOC!')]), () => 50, ignore), /version 88/)
  const largest = new Uint8Array(xorbFooterBytesMax)
  largest.set(utf8('XETBLOB'))
  assert.equal(streamed(largest, () => 70_000, ignore).end.footerBytes, xorbFooterBytesMax)
  for (const size of [1000, 70_000, 400_000]) {
    refused(
      () => streamed(joined([largest, Uint8Array.of(0)]), () => size, ignore),
      /footer may have 327776 bytes, found more/,
    )
  }
})

void test('nothing is no records', () => {
  const stream = makeRecordStream(() => assert.fail())
  stream.push(new Uint8Array())
  assert.deepEqual(stream.finish(), { bodyBytes: 0, footerBytes: 0 })
})
