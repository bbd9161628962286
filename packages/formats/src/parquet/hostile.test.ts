/** A few bytes that say very much: nothing is made of them but what was asked for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { readDeltas, readDeltaTexts } from './delta.ts'
import { readHybrid } from './hybrid.ts'
import { parsePageHeader } from './page.ts'
import { unpackSnappy } from './snappy.ts'
import { ThriftReader, thriftTypes } from './thrift.ts'
import { unpackPage } from './unpack.ts'

const bytesOf = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes)

void test('a run of a billion values gives the ten that are wanted', () => {
  const { values, bytesRead } = readHybrid(bytesOf(0xfe, 0xff, 0xff, 0xff, 0x0f, 5), 3, 10)
  assert.deepEqual(
    [...values],
    Array.from({ length: 10 }, () => 5),
  )
  assert.equal(bytesRead, 6)
  assert.throws(() => readHybrid(bytesOf(0, 0, 0, 0), 3, 10), /A run is empty/)
  assert.throws(() => readHybrid(bytesOf(1, 0), 3, 10), /A run is empty/)
  assert.throws(() => readHybrid(bytesOf(3, 0), 32, 8), /ends inside/)
})

void test('blocks of differences have a size that can be', () => {
  const huge = bytesOf(0xff, 0xff, 0xff, 0xff, 0x07, 0xff, 0xff, 0xff, 0x7f, 10, 0)
  assert.throws(() => readDeltas(huge, 0, { wanted: 10, bits: 64 }), /cannot be/)
  assert.throws(() => readDeltas(bytesOf(0, 0, 10, 0), 0, { wanted: 10, bits: 64 }), /cannot be/)
  assert.throws(() => readDeltas(bytesOf(128, 1, 4, 3, 0), 0, { wanted: 9, bits: 64 }), FormatError)
})

void test('texts that grow by the text before them are bounded', () => {
  // Blocks of 128 in one part of width 0: each value is the one before and `step` more.
  const growing = (count: number, first: number, step: number): number[] => {
    const zigzag = (value: number): number[] => {
      const out: number[] = []
      let left = value * 2
      for (; left > 127; left = Math.floor(left / 128)) out.push((left % 128) | 128)
      return [...out, left]
    }
    const block = [...zigzag(step), 0]
    const blocks = Array.from({ length: Math.ceil(count / 128) }, () => block).flat()
    return [128, 1, 1, (count % 128) | 128, Math.floor(count / 128), ...zigzag(first), ...blocks]
  }
  const count = 12_000
  const prefixes = growing(count, 0, 1)
  const suffixes = growing(count, 1, 0)
  const bytes = Uint8Array.from([...prefixes, ...suffixes, ...new Uint8Array(count)])
  assert.throws(
    () => readDeltaTexts(bytes, 0, { total: count, wanted: count }),
    /more than the 16777216 bytes/,
  )
})

void test('a page header with sizes that are too large or below nothing is refused', () => {
  // Fields 1 to 3: kind, bytes, packed bytes; 5: values.
  const header = (...sizes: number[]): Uint8Array =>
    bytesOf(0x15, 0, 0x15, ...sizes, 0x15, 10, 0x2c, 0x15, 20, 0x15, 0, 0, 0)
  assert.equal(parsePageHeader(header(20))?.sizeBytes, 10)
  assert.throws(() => parsePageHeader(header(0xfe, 0xff, 0xff, 0xff, 0x0f)), /more than the/)
  assert.throws(() => parsePageHeader(header(9)), /found -5/)
  assert.equal(parsePageHeader(header(20).subarray(0, 8)), undefined)
})

void test('a list that says it is longer than the bytes is cut off, not made', () => {
  const reader = new ThriftReader(bytesOf(0xfc, 0xff, 0xff, 0xff, 0xff, 0x07))
  assert.throws(() => reader.list(thriftTypes.list, 10, () => undefined))
})

void test('packed bytes give what the page said, or nothing', async () => {
  // Eight bytes: one as it is, and a copy of it.
  assert.deepEqual(unpackSnappy(bytesOf(8, 0, 7, 0b1101, 1), 8), new Uint8Array(8).fill(7))
  assert.throws(() => unpackSnappy(bytesOf(8, 0, 7, 0b1101, 2), 8), /before its beginning/)
  assert.throws(() => unpackSnappy(bytesOf(4, 0, 7, 0b1101, 1), 4), /More bytes/)
  assert.throws(() => unpackSnappy(bytesOf(8, 0, 7), 8), /1 bytes are packed, expected 8/)
  assert.throws(() => unpackSnappy(bytesOf(0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 8), FormatError)
  const zeros = new Response(
    new Blob([new Uint8Array(50_000_000)]).stream().pipeThrough(new CompressionStream('gzip')),
  )
  const bomb = new Uint8Array(await zeros.arrayBuffer())
  await assert.rejects(unpackPage(2, bomb, 1_000), /More bytes are packed/)
  await assert.rejects(unpackPage(2, bomb.subarray(0, 100), 1_000), FormatError)
  // A frame that says it has 4 GB.
  const frame = bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0)
  await assert.rejects(unpackPage(6, frame, 1_000), /Packed bytes say 4294967296/)
  await assert.rejects(unpackPage(6, new Uint8Array(40), 1_000), FormatError)
})
