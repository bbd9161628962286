/** Writes shards as clients send them, and broken ones, and reads whole ones. Source: the Xet protocol, shard format. */
import { formatXetHash } from './hash.ts'
import { makeShardScanner } from './shard.ts'
import { openShard } from './shard-view.ts'
import { fromPlainHex, joined, utf8 } from './test-support.ts'

export interface SentFile {
  readonly hash: Uint8Array
  readonly terms: readonly {
    readonly xorb: Uint8Array
    readonly rawBytes: number
    readonly start: number
    readonly end: number
  }[]
  readonly ranges?: readonly Uint8Array[]
  /** As stored, not as it is printed. */
  readonly sha256?: Uint8Array
}

export interface SentXorb {
  readonly hash: Uint8Array
  readonly chunks: readonly {
    readonly hash: Uint8Array
    readonly rawBytes: number
    readonly flags?: number
  }[]
  readonly rawBytes?: number
  readonly bodyBytes?: number
}

/** A hash, then u32 LE words: 48 bytes. */
export const shardRecord = (
  hash: Uint8Array,
  ...words: readonly number[]
): Uint8Array<ArrayBuffer> => {
  const record = new Uint8Array(48)
  const view = new DataView(record.buffer)
  record.set(hash)
  words.forEach((word, i) => view.setUint32(32 + i * 4, word >>> 0, true))
  return record
}

/** What every shard begins with. */
export const shardTag = new Uint8Array(32)
shardTag.set(utf8('HFRepoMetaData'))
shardTag.set(fromPlainHex('5569 6745 6a7b 8157 83a5 bdd9 5ccd d14a a9'), 15)

/** Ends a section. */
export const shardBookend = shardRecord(new Uint8Array(32).fill(0xff))

const fileRecords = ({ hash, terms, ranges, sha256 }: SentFile): Uint8Array[] => [
  shardRecord(
    hash,
    (ranges === undefined ? 0 : 0x80000000) | (sha256 === undefined ? 0 : 0x40000000),
    terms.length,
  ),
  ...terms.map(({ xorb, rawBytes, start, end }) => shardRecord(xorb, 0, rawBytes, start, end)),
  ...(ranges ?? []).map((range) => shardRecord(range)),
  ...(sha256 === undefined ? [] : [shardRecord(sha256)]),
]

const xorbRecords = ({ hash, chunks, rawBytes, bodyBytes = 0 }: SentXorb): Uint8Array[] => {
  let offset = 0
  const records = chunks.map((chunk) => {
    const record = shardRecord(chunk.hash, offset, chunk.rawBytes, chunk.flags ?? 0)
    offset += chunk.rawBytes
    return record
  })
  return [shardRecord(hash, 0, chunks.length, rawBytes ?? offset, bodyBytes), ...records]
}

/** The footer that JavaScript sends: no tables, all their offsets 0. */
const footerAt = (fileInfo: number, xorbInfo: number, end: number): Uint8Array => {
  const footer = new Uint8Array(200)
  const view = new DataView(footer.buffer)
  view.setUint32(0, 1, true)
  view.setUint32(8, fileInfo, true)
  view.setUint32(16, xorbInfo, true)
  view.setUint32(192, end, true)
  return footer
}

/** A whole shard. */
export const writeShard = (
  files: readonly SentFile[],
  xorbs: readonly SentXorb[],
  { hasFooter = false } = {},
): Uint8Array<ArrayBuffer> => {
  const fileSection = files.flatMap(fileRecords)
  const records = [
    shardRecord(shardTag, 2, 0, hasFooter ? 200 : 0),
    ...fileSection,
    shardBookend,
    ...xorbs.flatMap(xorbRecords),
    shardBookend,
  ]
  const xorbInfo = 48 * (2 + fileSection.length)
  const footer = hasFooter ? [footerAt(48, xorbInfo, records.length * 48)] : []
  return joined(records, footer)
}

/** Everything a shard states, scanned in pieces of `records` records. */
export const readShard = (bytes: Uint8Array, records = Infinity) => {
  const scanner = makeShardScanner(bytes.length)
  const pieceBytes = Math.min(records * 48, Math.max(1, bytes.length))
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    scanner.push(bytes.subarray(at, at + pieceBytes))
  }
  const shard = openShard(bytes, scanner.finish())
  const times = <T>(count: number, make: (i: number) => T): T[] =>
    Array.from({ length: count }, (_, i) => make(i))
  return {
    files: Array.from(shard.files(), ({ hash, sha256, terms, isVerified, term, rangeHash }) => ({
      hash,
      terms: times(terms, term),
      rangeHashes: isVerified ? times(terms, (i) => formatXetHash(rangeHash(i))) : undefined,
      sha256,
    })),
    xorbs: Array.from(shard.xorbs(), (xorb) => ({
      hash: xorb.hash,
      rawBytes: xorb.rawBytes,
      chunks: times(xorb.chunks, (i) => ({
        hash: xorb.chunkHash(i),
        rawBytes: xorb.chunkBytes(i),
        isMarked: xorb.isMarked(i),
      })),
    })),
  }
}
