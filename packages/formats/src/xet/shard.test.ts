import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseSha256 } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { formatXetHash, xetBytesOfSha256 } from './hash.ts'
import { packRecord } from './record.ts'
import {
  readShard,
  type SentFile,
  type SentXorb,
  shardBookend,
  shardRecord,
  shardTag,
  writeShard,
} from './shard-support.ts'
import { formatDedupShard, formatToldChunks } from './shard-answer.ts'
import { hasher, joined, lcg, plainHex, ramp, rawOf, u32le, utf8, xetHash } from './test-support.ts'
import { makeXorbBuilder, openXorbIndex } from './xorb.ts'

/** However it is sliced. */
const refused = (bytes: Uint8Array, message: RegExp): void => {
  for (const records of [Infinity, 1, 3]) {
    assert.throws(
      () => readShard(bytes, records),
      (error) => {
        assert.ok(error instanceof FormatError, String(error))
        assert.match(error.message, message)
        assert.match(error.message, /^Shard: .*\.$/)
        return true
      },
    )
  }
}

const sha256Text = '7f83b1657ff1fc53b92dc18148a1d65dfc2d4b1fa3d677284addd200126d9069'
const sha256 = parseSha256(sha256Text)
assert.ok(sha256 !== undefined)
const sha256Raw = xetBytesOfSha256(sha256)

const helloHash = 'd8d408e608fb9ca213b9909a65d86d725f2de4d8d540324be8a363e7a6e228cb'
const helloFile = 'a9dae0ad88b060bdd7e7c87abdcf95b132c95a0414b06d4f6beb68d287b87165'
const helloRange = '89cb63458e98cb4c75be6b50a5a7b7234b82f05d5348e6925fb71aaf5dc3862b'

const hello: SentFile = {
  hash: rawOf(helloFile),
  terms: [{ xorb: rawOf(helloHash), rawBytes: 12, start: 0, end: 1 }],
  ranges: [rawOf(helloRange)],
  sha256: sha256Raw,
}
const helloXorb: SentXorb = {
  hash: rawOf(helloHash),
  chunks: [{ hash: rawOf(helloHash), rawBytes: 12 }],
}

void test('the shard of the vectors is read, as Python and as JavaScript send it', () => {
  const python = writeShard([hello], [helloXorb])
  assert.equal(python.length, 432)
  assert.equal(
    createHash('sha256').update(python).digest('hex'),
    '92b52ba3907f9c57246fe5c81f562af5e7afecb15c37ae5905cc2cb084f19ed4',
  )
  const chunks = [{ hash: rawOf(helloHash), rawBytes: 12, isMarked: false }]
  const expected = {
    files: [
      {
        hash: helloFile,
        terms: [{ xorb: helloHash, rawBytes: 12, start: 0, end: 1 }],
        rangeHashes: [helloRange],
        sha256: sha256Text,
      },
    ],
    xorbs: [{ hash: helloHash, rawBytes: 12, chunks }],
  }
  assert.deepEqual(readShard(python), expected)
  const javascript = writeShard([hello], [{ ...helloXorb, bodyBytes: 20 }], { hasFooter: true })
  assert.deepEqual(readShard(javascript), expected)
  // And within other memory.
  assert.deepEqual(readShard(joined(ramp(5), python, ramp(7)).subarray(5, 437)), expected)
})

const hash = (i: number): Uint8Array => hasher.chunk(u32le(i))
const text = (i: number): string => formatXetHash(hash(i))

/** A xorb of `count` chunks, named `i`; the chunk at each position in `eligible` is marked. */
const xorb = (i: number, count: number, eligible: readonly number[] = []): SentXorb => ({
  hash: hash(i),
  chunks: Array.from({ length: count }, (_, at) => ({
    hash: hash(i * 10_000 + at),
    rawBytes: 1 + ((at * 7919) % 131_072),
    flags: eligible.includes(at) ? 0x80000000 : 0x7fffffff,
  })),
})

const term = (
  i: number,
  start: number,
  end: number,
  rawBytes = 1000,
): SentFile['terms'][number] => ({
  xorb: hash(i),
  rawBytes,
  start,
  end,
})

void test('many files and xorbs are read in their order', () => {
  const files: SentFile[] = [
    { hash: hash(1), terms: [term(11, 0, 5), term(12, 3, 4, 0xffffffff)] },
    { hash: hash(2), terms: [term(11, 5, 6)], ranges: [hash(70)] },
    { hash: hash(3), terms: [term(12, 0, 1), term(12, 0, 1)], sha256: sha256Raw },
    { hash: new Uint8Array(32), terms: [], ranges: [], sha256: sha256Raw },
  ]
  const xorbs = [xorb(11, 6, [0, 5]), xorb(12, 1), xorb(13, 8192, [8191])]
  const bytes = writeShard(files, xorbs)
  const shard = readShard(bytes)
  for (const records of [1, 2, 7, 8200]) assert.deepEqual(readShard(bytes, records), shard)
  assert.deepEqual(
    shard.files.map((file) => file.hash),
    [text(1), text(2), text(3), '0'.repeat(64)],
  )
  assert.deepEqual(shard.files[0], {
    hash: text(1),
    terms: [
      { xorb: text(11), rawBytes: 1000, start: 0, end: 5 },
      { xorb: text(12), rawBytes: 0xffffffff, start: 3, end: 4 },
    ],
    rangeHashes: undefined,
    sha256: undefined,
  })
  assert.deepEqual(shard.files[1]?.rangeHashes, [text(70)])
  assert.equal(shard.files[1]?.sha256, undefined)
  assert.equal(shard.files[2]?.rangeHashes, undefined)
  assert.equal(shard.files[2]?.sha256, sha256Text)
  assert.deepEqual(shard.files[3]?.terms, [])
  assert.deepEqual(shard.files[3]?.rangeHashes, [])
  assert.deepEqual(
    shard.xorbs.map(({ hash: name, chunks }) => [
      name,
      chunks.length,
      chunks.flatMap(({ isMarked }, i) => (isMarked ? [i] : [])),
    ]),
    [
      [text(11), 6, [0, 5]],
      [text(12), 1, []],
      [text(13), 8192, [8191]],
    ],
  )
  xorbs.forEach((sent, i) => {
    assert.deepEqual(
      shard.xorbs[i]?.chunks.map(({ hash: raw, rawBytes }) => ({ hash: raw, rawBytes })),
      sent.chunks.map(({ hash: raw, rawBytes }) => ({ hash: raw, rawBytes })),
    )
    assert.equal(
      shard.xorbs[i]?.rawBytes,
      sent.chunks.reduce((sum, chunk) => sum + chunk.rawBytes, 0),
    )
  })
})

void test('a section may be empty, or both', () => {
  assert.deepEqual(readShard(writeShard([], [])), { files: [], xorbs: [] })
  assert.equal(readShard(writeShard([hello], [])).files.length, 1)
  assert.equal(readShard(writeShard([], [helloXorb])).xorbs.length, 1)
})

void test('what is not read does not matter', () => {
  const bytes = writeShard([hello], [helloXorb], { hasFooter: true })
  const expected = readShard(bytes)
  const noise = lcg(5000, 3)
  // After the second bookend: tables, a footer, anything, or not even what the header promised.
  assert.deepEqual(readShard(joined(bytes.subarray(0, 432), noise)), expected)
  assert.deepEqual(readShard(bytes.subarray(0, 432)), expected)
  const dirty = bytes.slice()
  const dirt = (from: number, end: number): void => void dirty.fill(0xaa, from, end)
  dirt(48 + 40, 48 + 48)
  dirt(96 + 32, 96 + 36)
  dirt(144 + 32, 144 + 48)
  dirt(192 + 32, 192 + 48)
  // A bookend is known by its hash.
  dirt(240 + 32, 240 + 48)
  dirt(288 + 32, 288 + 36)
  dirt(288 + 44, 288 + 48)
  dirt(336 + 44, 336 + 48)
  assert.deepEqual(readShard(dirty), expected)
})

void test('every truncation is refused', () => {
  const bytes = writeShard([hello, { ...hello, hash: hash(4) }], [helloXorb, xorb(5, 4)])
  for (let length = 0; length < bytes.length; length += 1) {
    refused(bytes.subarray(0, length), length < 48 ? /48 bytes, found/ : /at byte \d+ needs/)
  }
  readShard(bytes)
})

void test('a missing bookend lets the next section be read as more of this one, and then end', () => {
  const header = shardRecord(shardTag, 2)
  refused(joined(header, shardBookend), /a record at byte 96 needs 1 records, 0 follow/)
  refused(header, /a record at byte 48 needs 1 records, 0 follow/)
  refused(joined(header, shardBookend.subarray(0, 47)), /at byte 48/)
})

void test('counts that lie are refused before anything is made of them', () => {
  const header = shardRecord(shardTag, 2)
  for (const count of [1, 2, 0x7fffffff, 0xffffffff]) {
    for (const flags of [0, 0x80000000, 0x40000000, 0xc0000000, 0xffffffff]) {
      const file = shardRecord(hash(1), flags, count)
      refused(joined(header, file), /a file of \d+ terms at byte 96 needs \d+ records, 0 follow/)
    }
    const one = shardRecord(hash(1), 0, count, 5)
    refused(
      joined(header, shardBookend, one),
      count > 8192 ? /has \d+ chunks, 1 to 8192/ : /a xorb of \d chunks at byte 144 needs/,
    )
  }
  const most = shardRecord(hash(1), 0xc0000000, 0xffffffff)
  refused(joined(header, most, shardBookend, shardBookend), /needs 8589934591 records, 2 follow/)
  refused(joined(header, shardBookend, shardRecord(hash(1), 0, 0)), /0 chunks, 1 to 8192/)
  refused(joined(header, shardBookend, shardRecord(hash(1), 0, 8193)), /8193 chunks, 1 to 8192/)
})

void test('a header must be that of a shard, version 2', () => {
  const rest = joined(shardBookend, shardBookend)
  readShard(joined(shardRecord(shardTag, 2, 0, 200), rest))
  for (let i = 0; i < 32; i += 1) {
    const tag = shardTag.map((byte, at) => (at === i ? byte ^ 1 : byte))
    refused(joined(shardRecord(tag, 2), rest), /the tag is missing/)
  }
  for (const version of [0, 1, 3]) {
    refused(joined(shardRecord(shardTag, version), rest), new RegExp(`found ${version}`))
  }
  refused(joined(shardRecord(shardTag, 2, 1), rest), /expected version 2, found 4294967298/)
  refused(joined(shardRecord(shardTag, 2, 0, 199), rest), /200 bytes or none, found 199/)
  refused(joined(shardRecord(shardTag, 2, 0, 200, 1), rest), /none, found 4294967496/)
  refused(utf8('<!doctype html>'), /48 bytes, found 15/)
})

void test('chunks of a xorb follow on each other and add up', () => {
  const header = shardRecord(shardTag, 2)
  const xorbOf = (rawBytes: number, ...chunks: readonly [number, number][]): Uint8Array =>
    joined(
      header,
      shardBookend,
      shardRecord(hash(1), 0, chunks.length, rawBytes),
      ...chunks.map(([offset, length], i) => shardRecord(hash(i), offset, length)),
      shardBookend,
    )
  assert.equal(readShard(xorbOf(7, [0, 3], [3, 4])).xorbs[0]?.rawBytes, 7)
  refused(xorbOf(7, [1, 3], [3, 4]), /chunk 0 of the xorb \w{64} does not follow/)
  refused(xorbOf(7, [0, 3], [4, 4]), /chunk 1 of/)
  refused(xorbOf(7, [0, 3], [2, 4]), /chunk 1 of/)
  refused(xorbOf(3, [0, 3], [3, 0]), /chunk 1 of/)
  refused(xorbOf(131_073, [0, 131_073]), /chunk 0 of/)
  refused(xorbOf(8, [0, 3], [3, 4]), /says 8 bytes, its chunks have 7/)
  refused(xorbOf(0, [0, 3], [3, 4]), /says 0 bytes/)
  refused(xorbOf(6, [0, 3], [3, 0xffffffff]), /chunk 1 of/)
})

const built = (chunks: readonly Uint8Array[]) => {
  const builder = makeXorbBuilder(hasher)
  for (const chunk of chunks) builder.add(hasher.chunk(chunk), chunk.length, packRecord(chunk))
  const { verified } = builder.build()
  return {
    hash: verified.hash,
    index: openXorbIndex(verified.index),
    bodyBytes: verified.bodyBytes,
  }
}
const told = [built([lcg(9000, 1), lcg(10_000, 2), new Uint8Array(131_072)]), built([lcg(8192, 3)])]
const key = ramp(32)
const keyed = hasher.keyed(key)
const answer = formatDedupShard({
  xorbs: told.map(({ hash: name, index, bodyBytes }) => ({
    hash: name,
    rawBytes: index.rawBytes,
    bodyBytes,
    chunks: formatToldChunks(index, keyed),
  })),
  key,
  createdAtSeconds: 1_700_000_000,
  expiresAtSeconds: 1_700_086_400,
})

void test('a dedup answer has what clients look for, where they look for it', () => {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.byteLength)
  const u64 = (at: number): number => Number(view.getBigUint64(at, true))
  const footer = 48 * (1 + 1 + 4 + 2 + 1)
  assert.equal(answer.length, footer + 200)
  assert.deepEqual(answer.subarray(0, 48), shardRecord(shardTag, 2, 0, 200))
  assert.deepEqual(answer.subarray(48, 96), shardBookend)
  const records = told.flatMap(({ hash: name, index, bodyBytes }) => [
    shardRecord(rawOf(name), 0, index.chunks, index.rawBytes, bodyBytes),
    ...Array.from({ length: index.chunks }, (_, i) =>
      shardRecord(
        keyed(index.hashAt(i)),
        index.rawStart(i),
        index.rawEnd(i) - index.rawStart(i),
        0,
      ),
    ),
  ])
  assert.deepEqual(answer.subarray(96, footer), joined(...records, shardBookend))
  const fields: readonly [number, number][] = [
    [0, 1],
    [8, 48],
    [16, 96],
    [24, footer],
    [32, 0],
    [40, footer],
    [48, 0],
    [56, footer],
    [64, 0],
    [104, 1_700_000_000],
    [112, 1_700_086_400],
    [192, footer],
  ]
  for (const [at, value] of fields) assert.equal(u64(footer + at), value, `${at}`)
  assert.deepEqual(answer.subarray(footer + 72, footer + 104), Uint8Array.from(key))
  assert.ok(answer.subarray(footer + 120, footer + 192).every((byte) => byte === 0))
})

void test('a dedup answer tells no chunk’s own hash', () => {
  const plain = plainHex(answer)
  for (const { index, hash: name } of told) {
    for (let i = 0; i < index.chunks; i += 1) {
      const own = plainHex(index.hashAt(i))
      // A xorb of one chunk is named by that chunk's hash: who names it tells it.
      if (index.chunks > 1) assert.ok(!plain.includes(own))
      else assert.equal(own, plainHex(rawOf(name)))
    }
  }
})

void test('a dedup answer is a shard to our own reader, and may be of nothing', () => {
  const { files, xorbs } = readShard(answer)
  assert.deepEqual(files, [])
  assert.deepEqual(
    xorbs.map((one) => [one.hash, one.rawBytes]),
    told.map((one) => [one.hash, one.index.rawBytes]),
  )
  const empty = formatDedupShard({
    xorbs: [],
    key,
    createdAtSeconds: 1,
    expiresAtSeconds: 2,
  })
  assert.deepEqual(readShard(empty), { files: [], xorbs: [] })
  assert.equal(empty.length, 48 * 3 + 200)
})

interface ClientShard {
  readonly hmacKey: string
  readonly xorbs: readonly {
    readonly hash: string
    readonly chunks: readonly { hash: string; startOffset: number; unpackedLength: number }[]
  }[]
}

/** The parser of the JavaScript client, cut out of its bundle, which does not export it. */
const openClientParser = async (): Promise<(shard: Blob) => Promise<ClientShard>> => {
  const dist = fileURLToPath(
    new URL('../../../../node_modules/@huggingface/hub/dist/', import.meta.url),
  )
  for await (const name of glob('chunk-*.mjs', { cwd: dist })) {
    const bundle = await readFile(`${dist}${name}`, 'utf8')
    const parser = /\nvar HASH_LENGTH = 32;\n[^]*?\nasync function parseShardData[^]*?\n\}\n/.exec(
      bundle,
    )
    const constants = bundle.match(
      /\nvar SHARD_(?:FOOTER_VERSION|HEADER_VERSION|MAGIC_TAG) = [^;]*;/g,
    )
    if (parser === null || constants === null) continue
    const code = `${constants.join('')}${parser[0]}\nexport { parseShardData }`
    const module: { parseShardData(shard: Blob): Promise<ClientShard> } = await import(
      `data:text/javascript,${encodeURIComponent(code)}`
    )
    return module.parseShardData
  }
  throw new Error('the bundle of @huggingface/hub has changed: find its shard parser anew')
}

void test('a dedup answer is read by the JavaScript client', async () => {
  const parse = await openClientParser()
  const { hmacKey, xorbs } = await parse(new Blob([answer.slice()]))
  assert.equal(hmacKey, formatXetHash(key))
  assert.deepEqual(
    xorbs,
    told.map(({ hash: name, index }) => ({
      hash: name,
      chunks: Array.from({ length: index.chunks }, (_, i) => ({
        hash: formatXetHash(keyed(index.hashAt(i))),
        startOffset: index.rawStart(i),
        unpackedLength: index.rawEnd(i) - index.rawStart(i),
      })),
    })),
  )
  assert.equal(
    xorbs[1]?.chunks[0]?.hash,
    formatXetHash(keyed(rawOf(xetHash(xorbs[1]?.hash ?? '')))),
  )
})
