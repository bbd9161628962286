/** Files that pyarrow wrote (`fixtures/make.py`), and files that mean harm. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { type HeadLimits, type ParquetHead, type ParquetSource, readParquetHead } from './head.ts'

const fixture = (name: string): Promise<Buffer> =>
  readFile(new URL(`fixtures/${name}.parquet`, import.meta.url))

const sourceOf = (bytes: Uint8Array): ParquetSource => ({
  sizeBytes: bytes.length,
  read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
})

const limits: HeadLimits = { rowsMax: 50, columnsMax: 40, bytesMax: 8 * 1024 * 1024 }

const read = async (name: string, other: Partial<HeadLimits> = {}): Promise<ParquetHead> =>
  readParquetHead(sourceOf(await fixture(name)), { ...limits, ...other })

const cellsOf = ({ columns }: ParquetHead, name: string) => {
  const found = columns.find((one) => one.name === name)
  assert.ok(found, name)
  assert.equal(found.problem, undefined, name)
  return found.cells
}

const rows = <T>(count: number, make: (row: number) => T): T[] =>
  Array.from({ length: count }, (_, row) => make(row))

const text = (row: number): string | null => (row % 7 === 3 ? null : `Report ${row}: ünïcode`)
const id = (row: number): string => String(row)
const score = (row: number): string | null => (row % 5 === 0 ? null : String(row / 8))
const exact = (row: number): string => (row / 100 - 1).toFixed(2)
const day = (row: number): string => new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10)
const word = (at: number): string => (at === 1 ? 'null' : `"w${at}"`)
const words = (row: number): string | null =>
  row === 1 ? null : `[${row === 2 ? '' : rows(row % 4, word).join(', ')}]`
const box = (at: number): string => `{x: ${at}, in: [${at}, ${at + 1}]}`

void test('each kind of value, and what lies in each other', async () => {
  const head = await read('kinds')
  assert.equal(head.rows, 60)
  assert.equal(head.shownRows, 50)
  assert.match(head.createdBy, /^parquet-cpp-arrow/)
  const expected: Readonly<Record<string, (row: number) => string | null>> = {
    id,
    text,
    score,
    exact,
    day,
    words,
    label: (row) => ['clear', 'lesion', 'unsure'][row % 3] ?? '',
    ok: (row) => String(row % 2 === 0),
    small: (row) => String(row % 200),
    at: (row) =>
      `${new Date(Date.UTC(2021, 4, 4, 3 + row, 2, 1)).toISOString().slice(0, 19).replace('T', ' ')}.123456`,
    half: (row) => String(row / 4),
    pixels: (row) => `3 bytes: ${rows(3, () => row.toString(16).padStart(2, '0')).join(' ')}`,
    boxes: (row) => (row === 4 ? null : `[${rows(row % 3, box).join(', ')}]`),
    who: (row) => (row === 5 ? null : `{name: "n${row}", age: ${row}}`),
    counts: (row) => `{"a": ${row}, "b": null}`,
  }
  assert.deepEqual(
    head.columns.map(({ name }) => name).toSorted(),
    Object.keys(expected).toSorted(),
  )
  for (const [name, make] of Object.entries(expected)) {
    assert.deepEqual(cellsOf(head, name), rows(50, make), name)
  }
  const types = new Map(head.columns.map(({ name, type }) => [name, type]))
  assert.equal(types.get('boxes'), 'list<struct<x: int32, in: list<int16>>>')
  assert.equal(types.get('counts'), 'map<string, int64>')
  assert.equal(types.get('at'), 'timestamp[us, UTC]')
  assert.equal(types.get('exact'), 'decimal(12, 2)')
})

void test('each encoding and codec says the same', async () => {
  for (const name of ['zstd', 'delta'] as const) {
    const head = await read(name, { rowsMax: 110 })
    const expected = { id, text, score, exact, day, small: (row: number) => String(row % 200) }
    for (const [column, make] of Object.entries(expected)) {
      assert.deepEqual(cellsOf(head, column), rows(110, make), `${name} ${column}`)
    }
  }
  const second = await read('gzip-v2')
  assert.deepEqual(cellsOf(second, 'text'), rows(50, text))
  assert.deepEqual(cellsOf(second, 'words'), rows(50, words))
  // Thirteen groups of eight rows, pages of a few values.
  const groups = await read('groups', { rowsMax: 100 })
  assert.equal(groups.groups, 13)
  assert.deepEqual(cellsOf(groups, 'text'), rows(100, text))
})

void test('a codec that is not read is named at its column', async () => {
  const head = await read('brotli')
  assert.deepEqual(
    head.columns.map(({ name, type, problem }) => [name, type, problem]),
    [
      ['id', 'int64', 'Its values are packed with BROTLI, which is not read here.'],
      ['text', 'string', 'Its values are packed with BROTLI, which is not read here.'],
    ],
  )
})

void test('columns beyond the bound are named, not read', async () => {
  const head = await read('kinds', { columnsMax: 2 })
  assert.equal(head.columns.length, 2)
  assert.equal(head.columnCount, 15)
  assert.deepEqual(head.others[0], { name: 'label', type: 'string' })
})

void test('of a large file, its end and its first pages are read', async () => {
  const bytes = await fixture('kinds')
  const footer = bytes.subarray(bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8))
  const sizeBytes = 40 * 1024 ** 3
  const asked: number[] = []
  const source: ParquetSource = {
    sizeBytes,
    read(start, end) {
      asked.push(end - start)
      const out = new Uint8Array(end - start)
      if (start < bytes.length) out.set(bytes.subarray(start, Math.min(end, bytes.length)))
      if (end === sizeBytes) out.set(footer, out.length - footer.length)
      return Promise.resolve(out)
    },
  }
  const head = await readParquetHead(source, limits)
  assert.deepEqual(cellsOf(head, 'text'), rows(50, text))
  assert.ok(Math.max(...asked) <= 256 * 1024)
  assert.ok(head.readBytes < 2 * 1024 * 1024, `${head.readBytes} bytes`)
})

void test('the bound on all bytes is told at the column that it stops', async () => {
  const bytes = await fixture('kinds')
  const padded = new Uint8Array(bytes.length + 200_000)
  // What is between the data and the footer is nobody's.
  const length = bytes.readUInt32LE(bytes.length - 8) + 8
  padded.set(bytes.subarray(0, bytes.length - length))
  padded.set(bytes.subarray(bytes.length - length), padded.length - length)
  const head = await readParquetHead(sourceOf(padded), { ...limits, bytesMax: 64 * 1024 + 1_000 })
  assert.match(head.columns.at(-1)?.problem ?? '', /take more than the 66536 bytes/)
})

const refuses = async (bytes: Uint8Array, message: RegExp): Promise<void> => {
  await assert.rejects(readParquetHead(sourceOf(bytes), limits), (error) => {
    assert.ok(error instanceof FormatError)
    assert.match(error.message, message)
    return true
  })
}

void test('what is no Parquet file is refused, and says why', async () => {
  const bytes = await fixture('zstd')
  await refuses(new Uint8Array(), /it has 0 bytes/)
  await refuses(bytes.subarray(0, bytes.length - 1), /does not end with "PAR1"/)
  await refuses(Buffer.concat([bytes.subarray(0, -4), Buffer.from('PARE')]), /encrypted/)
  const long = Buffer.from(bytes)
  long.writeUInt32LE(0xfffffff0, long.length - 8)
  await refuses(long, /footer says it has 4294967280 bytes/)
  const short = Buffer.from(bytes)
  short.writeUInt32LE(20, short.length - 8)
  await refuses(short, /./)
  await refuses(Buffer.from(`PAR1${'\0'.repeat(40)}\x28\0\0\0PAR1`), /no schema/)
  // A structure in a structure in a structure.
  await refuses(
    Buffer.concat([
      Buffer.from('PAR1'),
      Buffer.alloc(4_000, 0x1c),
      Buffer.from([0xa0, 0x0f, 0, 0]),
      Buffer.from('PAR1'),
    ]),
    /deep/,
  )
})

/** A linear congruential generator: small, and the same everywhere. */
const makeRandom = (seed: number) => {
  let state = seed >>> 0
  return (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

void test('broken files end soon, in a refusal or in rows', async () => {
  const below = makeRandom(7)
  let slowest = 0
  let refused = 0
  for (const name of ['kinds', 'gzip-v2', 'zstd', 'delta', 'groups']) {
    const valid = await fixture(name)
    for (let times = 0; times < 250; times += 1) {
      const bytes = Buffer.from(valid)
      for (let flips = 1 + below(4); flips > 0; flips -= 1) {
        bytes[below(bytes.length - 4)] = [0, 0x7f, 0x80, 0xff, below(256)][below(5)] ?? 0
      }
      const started = performance.now()
      try {
        const { columns } = await readParquetHead(sourceOf(bytes), limits)
        refused += columns.filter(({ problem }) => problem !== undefined).length
      } catch (error) {
        if (!(error instanceof FormatError)) throw error
        refused += 1
      }
      slowest = Math.max(slowest, performance.now() - started)
    }
  }
  assert.ok(refused > 300, `${refused} were refused`)
  assert.ok(slowest < 2_000, `the slowest took ${slowest} ms`)
})
