import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import {
  formatSafetensorsHead,
  headerLengthOf,
  parameterCounts,
  parseSafetensorsHeader,
  type SafetensorsHeader,
} from './header.ts'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (value: unknown, fileSize?: number): SafetensorsHeader =>
  parseSafetensorsHeader(encode(JSON.stringify(value)), fileSize)
const tensor = (dtype: string, shape: unknown, begin: unknown, end: unknown): unknown => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})
const refused = (value: unknown, fileSize?: number): void => {
  assert.throws(() => parse(value, fileSize), FormatError, JSON.stringify(value))
}

void test('the first eight bytes are a little-endian length', () => {
  assert.equal(headerLengthOf(Uint8Array.of(0x38, 1, 0, 0, 0, 0, 0, 0)), 312)
  assert.equal(headerLengthOf(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0xff)), 0)
  const whole = Uint8Array.of(9, 9, 2, 0, 0, 0, 0, 0, 0, 0)
  assert.equal(headerLengthOf(whole.subarray(2)), 2)
})

void test('a length that is cut, or beyond 100 MB, is refused', () => {
  assert.throws(() => headerLengthOf(new Uint8Array(7)), FormatError)
  assert.throws(() => headerLengthOf(new Uint8Array(8).fill(0xff)), FormatError)
  const length = (bytes: number): Uint8Array => {
    const first8 = new Uint8Array(8)
    new DataView(first8.buffer).setBigUint64(0, BigInt(bytes), true)
    return first8
  }
  assert.equal(headerLengthOf(length(100_000_000)), 100_000_000)
  assert.throws(() => headerLengthOf(length(100_000_001)), FormatError)
})

void test('a header gives its tensors in order of offset, and its metadata', () => {
  const { tensors, metadata } = parse(
    {
      b: tensor('BF16', [2, 3], 8, 20),
      __metadata__: { format: 'pt' },
      a: tensor('F32', [2], 0, 8),
      empty: tensor('F32', [0, 7], 20, 20),
      scalar: tensor('I64', [], 20, 28),
    },
    undefined,
  )
  assert.deepEqual(metadata, new Map([['format', 'pt']]))
  assert.deepEqual(
    tensors.map(({ name, begin, end }) => [name, begin, end]),
    [
      ['a', 0, 8],
      ['b', 8, 20],
      ['empty', 20, 20],
      ['scalar', 20, 28],
    ],
  )
  assert.deepEqual(tensors[1]?.shape, [2, 3])
  assert.deepEqual(parse({}).tensors, [])
})

void test('elements have the size that their dtype says', () => {
  const bits = { F64: 64, C64: 64, U32: 32, F16: 16, BOOL: 8, F8_E4M3: 8, F6_E2M3: 6, F4: 4 }
  for (const [dtype, size] of Object.entries(bits)) {
    assert.equal(parse({ x: tensor(dtype, [4, 2], 0, size) }).tensors.length, 1, dtype)
    refused({ x: tensor(dtype, [4, 2], 0, size + 1) })
  }
  // Three elements of half a byte do not fill whole bytes.
  refused({ x: tensor('F4', [3], 0, 1) })
  refused({ x: tensor('F4', [3], 0, 2) })
})

void test('head and header survive a round trip', () => {
  const tensors = [
    { name: 'w', dtype: 'F32', shape: [2, 1], data: new Uint8Array(8) },
    { name: '__proto__', dtype: 'U8', shape: [3], data: new Uint8Array(3) },
    { name: 'é"\n', dtype: 'I16', shape: [], data: new Uint8Array(2) },
  ]
  const head = formatSafetensorsHead(tensors, { note: 'ü' })
  assert.equal(head.length % 8, 0)
  assert.equal(headerLengthOf(head), head.length - 8)
  assert.equal(head[8], 0x7b)
  const header = parseSafetensorsHeader(head.subarray(8), head.length + 13)
  assert.deepEqual(header.metadata, new Map([['note', 'ü']]))
  assert.deepEqual(
    header.tensors.map(({ name, dtype, shape, begin }) => [name, dtype, shape, begin]),
    [
      ['w', 'F32', [2, 1], 0],
      ['__proto__', 'U8', [3], 8],
      ['é"\n', 'I16', [], 11],
    ],
  )
})

void test('a file with data missing, left over, overlapping or with holes is refused', () => {
  const one = { x: tensor('U8', [4], 0, 4) }
  const size = 8 + JSON.stringify(one).length + 4
  assert.equal(parse(one, size).tensors.length, 1)
  refused(one, size - 1)
  refused(one, size + 1)
  refused({ x: tensor('U8', [4], 1, 5) })
  refused({ x: tensor('U8', [4], 0, 4), y: tensor('U8', [2], 3, 5) })
  refused({ x: tensor('U8', [4], 0, 4), y: tensor('U8', [4], 0, 4) })
  refused({ x: tensor('U8', [4], 0, 4), y: tensor('U8', [2], 5, 7) })
  refused({ x: tensor('U8', [4], 4, 0) })
})

void test('a tensor that is not described in full is refused', () => {
  refused({ x: 1 })
  refused({ x: null })
  refused({ x: [] })
  refused({ x: {} })
  refused({ x: { shape: [1], data_offsets: [0, 1] } })
  refused({ x: { dtype: 'U8', data_offsets: [0, 1] } })
  refused({ x: { dtype: 'U8', shape: [1] } })
  refused({ x: tensor('U9', [1], 0, 1) })
  refused({ x: tensor('u8', [1], 0, 1) })
  refused({ x: tensor('U8', 1, 0, 1) })
  refused({ x: tensor('U8', [-1], 0, 1) })
  refused({ x: tensor('U8', [1.5], 0, 1) })
  refused({ x: tensor('U8', ['1'], 0, 1) })
  refused({ x: tensor('U8', [1], '0', 1) })
  refused({ x: { dtype: 'U8', shape: [1], data_offsets: [0, 1, 2] } })
})

void test('shapes whose product overflows are refused, not wrapped', () => {
  refused({ x: tensor('U8', [2 ** 32, 2 ** 32], 0, 0) })
  refused({
    x: tensor(
      'F64',
      Array.from({ length: 60 }, () => Number.MAX_SAFE_INTEGER),
      0,
      8,
    ),
  })
  refused({
    x: tensor(
      'U8',
      Array.from({ length: 1000 }, () => 1),
      0,
      1,
    ),
  })
})

void test('a header that is no object of objects is refused', () => {
  for (const text of [
    '',
    'null',
    '[]',
    '"x"',
    '{"a":1',
    '{} {}',
    '{"a":1,"a":1}',
    '\ufeff{}',
    '{}\0',
  ]) {
    assert.throws(() => parseSafetensorsHeader(encode(text)), FormatError, text)
  }
  assert.throws(() => parseSafetensorsHeader(Uint8Array.of(0x7b, 0xff, 0x7d)), FormatError)
  refused({ __metadata__: { n: 1 } })
  refused({ __metadata__: [] })
  refused({ __metadata__: 'x' })
})

void test('a name twice is refused, because readers would see different models', () => {
  const x = JSON.stringify(tensor('U8', [1], 0, 1))
  assert.throws(() => parseSafetensorsHeader(encode(`{"x":${x},"x":${x}}`)), FormatError)
})

void test('parameters are counted by dtype, without scalars and scales', () => {
  const header = parse({
    a: tensor('BF16', [2, 3], 0, 12),
    b: tensor('BF16', [4], 12, 20),
    c: tensor('F32', [5], 20, 40),
    scalar: tensor('F32', [], 40, 44),
    scale: tensor('F8_E8M0', [4], 44, 48),
  })
  assert.deepEqual(parameterCounts(header), { parameters: { BF16: 10, F32: 5 }, total: 15 })
  assert.deepEqual(parameterCounts(parse({})), { parameters: {}, total: 0 })
})
