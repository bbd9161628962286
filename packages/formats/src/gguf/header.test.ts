import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { ggufSummary, type GgufHeader, parseGgufHeader } from './header.ts'

/** Writes values as the format lays them out; `long` is 4 bytes in version 1. */
class Writer {
  readonly bytes: number[] = []
  private readonly isLittle: boolean
  private readonly isOld: boolean

  constructor(isLittle = true, isOld = false) {
    this.isLittle = isLittle
    this.isOld = isOld
  }

  uint(value: number | bigint, size: number): this {
    const hex = BigInt.asUintN(size * 8, BigInt(value)).toString(16)
    const big = [...Buffer.from(hex.padStart(size * 2, '0'), 'hex')]
    this.bytes.push(...(this.isLittle ? big.toReversed() : big))
    return this
  }

  u32 = (value: number): this => this.uint(value, 4)
  u64 = (value: number | bigint): this => this.uint(value, 8)
  long = (value: number | bigint): this => this.uint(value, this.isOld ? 4 : 8)

  text(value: string): this {
    const bytes = new TextEncoder().encode(value)
    this.long(bytes.length).bytes.push(...bytes)
    return this
  }

  head(version: number, tensors: number, keys: number): this {
    this.bytes.push(0x47, 0x47, 0x55, 0x46)
    return this.u32(version).long(tensors).long(keys)
  }

  tensor(name: string, dims: readonly (number | bigint)[], type: number, offset: number): this {
    this.text(name).u32(dims.length)
    for (const dim of dims) this.long(dim)
    return this.u32(type).u64(offset)
  }

  read = (): GgufHeader | 'need_more' => parseGgufHeader(Uint8Array.from(this.bytes))
}

const read = (writer: Writer): GgufHeader => {
  const header = writer.read()
  if (header === 'need_more') assert.fail('the header is not complete')
  return header
}
const refused = (writer: Writer): void => {
  assert.throws(() => writer.read(), FormatError)
}

const sample = (writer: Writer, version: number): Writer =>
  writer
    .head(version, 2, 6)
    .text('general.architecture')
    .u32(8)
    .text('llama')
    .text('llama.context_length')
    .u32(4)
    .u32(4096)
    .text('tokenizer.ggml.tokens')
    .u32(9)
    .u32(8)
    .long(3)
    .text('<s>')
    .text('</s>')
    .text('é')
    .text('tokenizer.ggml.bos_token_id')
    .u32(4)
    .u32(0)
    .text('tokenizer.ggml.eos_token_id')
    .u32(4)
    .u32(1)
    .text('tokenizer.chat_template')
    .u32(8)
    .text('{{ x }}')
    .tensor('a', [32, 3], 2, 0)
    .tensor('b', [5], 0, 64)

void test('a header of each version and byte order gives its tensors and metadata', () => {
  for (const writer of [
    sample(new Writer(), 3),
    sample(new Writer(), 2),
    sample(new Writer(true, true), 1),
    sample(new Writer(false), 3),
  ]) {
    const header = read(writer)
    assert.equal(header.metadata.get('llama.context_length'), 4096)
    assert.deepEqual(
      header.tensors.map(({ name, dims, type, offset }) => [name, dims, type.name, offset]),
      [
        ['a', [32, 3], 'Q4_0', 0n],
        ['b', [5], 'F32', 64n],
      ],
    )
    assert.equal(header.dataOffset, Math.ceil(writer.bytes.length / 32) * 32)
    assert.deepEqual(ggufSummary(header), {
      total: 101,
      architecture: 'llama',
      context_length: 4096,
      chat_template: '{{ x }}',
      bos_token: '<s>',
      eos_token: '</s>',
    })
  }
})

void test('the smallest file is magic, version and two zeros', () => {
  const bytes = Buffer.from('474755460300000000000000000000000000000000000000', 'hex')
  assert.deepEqual(parseGgufHeader(bytes), {
    version: 3,
    metadata: new Map(),
    tensors: [],
    dataOffset: 32,
  })
})

void test('values of every type are read', () => {
  const writer = new Writer().head(3, 0, 12)
  const values: [number, number, number | bigint, unknown][] = [
    [0, 1, 255, 255],
    [1, 1, -1, -1],
    [2, 2, 65_535, 65_535],
    [3, 2, -2, -2],
    [4, 4, 2 ** 32 - 1, 2 ** 32 - 1],
    [5, 4, -3, -3],
    [6, 4, 0x3fc00000, 1.5],
    [7, 1, 1, true],
    [10, 8, 2n ** 64n - 1n, 2n ** 64n - 1n],
    [11, 8, -4n, -4n],
    [12, 8, 0x4004000000000000n, 2.5],
  ]
  for (const [type, size, written] of values) writer.text(`k${type}`).u32(type).uint(written, size)
  writer.text('k8').u32(8).text('\ufeffé')
  const { metadata } = read(writer)
  for (const [type, , , expected] of values) assert.equal(metadata.get(`k${type}`), expected)
  assert.equal(metadata.get('k8'), '\ufeffé')
})

void test('long arrays say their length and keep their first values', () => {
  const writer = new Writer().head(3, 0, 2).text('n').u32(9).u32(2).u64(1000)
  for (let i = 0; i < 1000; i += 1) writer.uint(i, 2)
  writer.text('s').u32(9).u32(8).u64(300)
  for (let i = 0; i < 300; i += 1) writer.text(`t${i}`)
  const { metadata } = read(writer)
  for (const [key, length, second] of [
    ['n', 1000, 1],
    ['s', 300, 't1'],
  ] as const) {
    const value = metadata.get(key)
    assert.ok(typeof value === 'object')
    assert.equal(value.length, length)
    assert.equal(value.head[1], second)
    assert.ok(value.head.length < 300)
  }
})

void test('every shorter beginning of a file needs more', () => {
  const { bytes } = sample(new Writer(), 3)
  for (let end = 0; end < bytes.length; end += 1) {
    assert.equal(parseGgufHeader(Uint8Array.from(bytes.slice(0, end))), 'need_more', String(end))
  }
})

void test('another magic and unknown versions are refused', () => {
  assert.throws(() => parseGgufHeader(new TextEncoder().encode('GGML....')), FormatError)
  for (const version of [0, 4, 2 ** 32 - 1]) refused(new Writer().head(version, 0, 0))
})

void test('counts and lengths that lie are refused before anything is made for them', () => {
  const huge = 2n ** 60n
  const start = performance.now()
  refused(new Writer().head(3, 2 ** 40, 0))
  refused(new Writer().head(3, 0, 2 ** 40))
  refused(new Writer().head(3, 0, 1).u64(huge))
  refused(new Writer().head(3, 0, 1).text('k').u32(8).u64(huge))
  refused(new Writer().head(3, 0, 1).text('k').u32(9).u32(0).u64(huge))
  refused(new Writer().head(3, 1, 0).u64(huge))
  const many = new Writer()
    .head(3, 0, 1)
    .text('k')
    .u32(9)
    .u32(4)
    .u64(2 ** 30)
  assert.equal(many.read(), 'need_more')
  // A bound on hanging, not on speed: machines are busy.
  assert.ok(performance.now() - start < 60_000)
})

void test('metadata that no loader would take is refused', () => {
  refused(new Writer().head(3, 0, 1).text('k').u32(13).u64(0))
  refused(new Writer().head(3, 0, 1).text('').u32(0).uint(1, 1))
  refused(new Writer().head(3, 0, 2).text('k').u32(0).uint(1, 1).text('k').u32(0).uint(1, 1))
  refused(new Writer().head(3, 0, 1).text('k').u32(9).u32(9).u64(1).u64(0))
  const broken = new Writer().head(3, 0, 1).long(1)
  broken.bytes.push(0xff)
  refused(broken.u32(0).uint(1, 1))
})

void test('the alignment is a power of two', () => {
  const aligned = (type: number, value: number): Writer =>
    new Writer().head(3, 0, 1).text('general.alignment').u32(type).u32(value)
  assert.equal(read(aligned(4, 64)).dataOffset, 64)
  for (const value of [0, 3, 48, 2 ** 31]) refused(aligned(4, value))
  // As floats: a half, two and a half, NaN.
  for (const value of [0x3f000000, 0x40200000, 0x7fc00000]) refused(aligned(6, value))
})

void test('tensors that no loader would take are refused', () => {
  const one = (): Writer => new Writer().head(3, 1, 0)
  assert.equal(read(one().tensor('x'.repeat(63), [1, 2, 3, 4], 0, 0)).tensors.length, 1)
  refused(one().tensor('x'.repeat(64), [1], 0, 0))
  refused(one().tensor('x', [1, 1, 1, 1, 1], 0, 0))
  refused(one().tensor('x', [1], 99, 0))
  refused(one().tensor('x', [4], 4, 0)) // Q4_2, which is no more
  refused(one().tensor('x', [33], 2, 0)) // a row is whole blocks
  refused(one().tensor('x', [], 2, 0)) // one element is no block
  refused(one().tensor('x', [2n ** 63n], 0, 0))
  refused(one().tensor('x', [2 ** 40, 2 ** 40], 0, 0))
  refused(one().tensor('x', [1], 0, 32))
})

void test('tensors lie one behind the other at the alignment', () => {
  const two = (offset: number, name = 'y'): Writer =>
    new Writer().head(3, 2, 0).tensor('x', [9], 0, 0).tensor(name, [1], 0, offset)
  assert.equal(read(two(64)).tensors[1]?.offset, 64n)
  for (const offset of [0, 32, 36, 40, 96]) refused(two(offset))
  refused(two(64, 'x'))
})

void test('a summary leaves out what the header does not say', () => {
  const writer = new Writer().head(3, 0, 2)
  writer.text('tokenizer.ggml.bos_token_id').u32(4).u32(7)
  writer.text('tokenizer.ggml.tokens').u32(9).u32(8).u64(1).text('a')
  assert.deepEqual(ggufSummary(read(writer)), { total: 0 })
})
