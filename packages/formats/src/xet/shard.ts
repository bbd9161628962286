/**
 * Shards: what a client states of files and xorbs. Read one record of 48 bytes after another; tables and footers that clients append are
 * not trusted and not read. Scanned once, piece by piece, for its form; after that it is read where it lies (`shard-view.ts`), because what
 * is made of a million records would weigh ten times as much. Source: the Xet protocol, shard format (MDB) version 2.
 */
import type { XetHash } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { formatXetHash } from './hash.ts'
import { chunkBytesMax, chunksPerXorbMax } from './record.ts'

/** Where files and xorbs begin in a shard whose form is right: byte offsets of their first records, in order. */
export interface ShardLayout {
  readonly files: Uint32Array<ArrayBuffer>
  readonly xorbs: Uint32Array<ArrayBuffer>
}

export interface ShardScanner {
  /** Pieces are a multiple of 48 bytes long, but for the last. Errors: FormatError, with the offset. */
  push(piece: Uint8Array): void
  /** Errors: FormatError when the shard ends early. */
  finish(): ShardLayout
}

/** Of any record. */
export const shardRecordBytes = 48
/** Of what may follow the last record, and says so in the header. */
export const shardFooterBytes = 200
/** The one that clients write and read. */
export const shardVersion = 2
/** `HFRepoMetaData`, and what no text begins with. */
export const shardTag = Uint8Array.from([
  0x48, 0x46, 0x52, 0x65, 0x70, 0x6f, 0x4d, 0x65, 0x74, 0x61, 0x44, 0x61, 0x74, 0x61, 0x00, 0x55,
  0x69, 0x67, 0x45, 0x6a, 0x7b, 0x81, 0x57, 0x83, 0xa5, 0xbd, 0xd9, 0x5c, 0xcd, 0xd1, 0x4a, 0xa9,
])
const hashBytes = 32
const hasVerification = 0x80000000
const hasMetadata = 0x40000000

/** What the first record of a file says. */
export const readFileHead = (view: DataView, at: number) => {
  const flags = view.getUint32(at + 32, true)
  return {
    terms: view.getUint32(at + 36, true),
    isVerified: (flags & hasVerification) !== 0,
    isDescribed: (flags & hasMetadata) !== 0,
  }
}

const checkHeader = (bytes: Uint8Array): void => {
  if (bytes.length < shardRecordBytes) {
    throw new FormatError(`Shard: expected a header of 48 bytes, found ${bytes.length}.`)
  }
  if (!shardTag.every((byte, i) => bytes[i] === byte)) {
    throw new FormatError('Shard: the tag is missing.')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found = view.getBigUint64(32, true)
  if (found !== BigInt(shardVersion)) {
    throw new FormatError(`Shard: expected version ${shardVersion}, found ${found}.`)
  }
  const footer = view.getBigUint64(40, true)
  if (footer !== 0n && footer !== BigInt(shardFooterBytes)) {
    throw new FormatError(`Shard: a footer has 200 bytes or none, found ${footer}.`)
  }
}

const makeOffsets = () => {
  let list = new Uint32Array(64)
  let count = 0
  return {
    add(offset: number): void {
      if (count === list.length) {
        const longer = new Uint32Array(count * 2)
        longer.set(list)
        list = longer
      }
      list[count] = offset
      count += 1
    },
    finish: () => list.slice(0, count),
  }
}

/** The xorb whose chunks are being read. */
const makeOpenXorb = () => {
  const raw = new Uint8Array(hashBytes)
  let chunks = 0
  let read = 0
  let rawBytes = 0
  let offset = 0
  const name = (): XetHash => formatXetHash(raw)
  return {
    open(piece: Uint8Array, view: DataView, at: number): number {
      raw.set(piece.subarray(at, at + hashBytes))
      chunks = view.getUint32(at + 36, true)
      rawBytes = view.getUint32(at + 40, true)
      read = 0
      offset = 0
      if (chunks > 0 && chunks <= chunksPerXorbMax) return chunks
      throw new FormatError(
        `Shard: the xorb ${name()} has ${chunks} chunks, 1 to 8192 are allowed.`,
      )
    },
    /** Answers whether that was its last chunk. */
    add(view: DataView, at: number): boolean {
      const length = view.getUint32(at + 36, true)
      if (view.getUint32(at + 32, true) !== offset || length === 0 || length > chunkBytesMax) {
        throw new FormatError(
          `Shard: chunk ${read} of the xorb ${name()} does not follow on the last.`,
        )
      }
      offset += length
      read += 1
      if (read < chunks) return false
      if (offset === rawBytes) return true
      throw new FormatError(
        `Shard: the xorb ${name()} says ${rawBytes} bytes, its chunks have ${offset}.`,
      )
    },
  }
}

const isBookend = (view: DataView, at: number): boolean => {
  for (let i = 0; i < hashBytes; i += 4) if (view.getUint32(at + i) !== 0xffffffff) return false
  return true
}

/** For a shard of `shardBytes` bytes: counts that reach past its end are refused where they stand. */
export const makeShardScanner = (shardBytes: number): ShardScanner => {
  const files = makeOffsets()
  const xorbs = makeOffsets()
  const xorb = makeOpenXorb()
  let section: 'header' | 'files' | 'xorbs' | 'chunks' | 'end' = 'header'
  let at = 0
  /** Records of a file that need not be looked at. */
  let passed = 0

  /** Throws unless as many records follow at `from`. */
  const expect = (records: number, from: number, what: string): void => {
    const follow = Math.max(0, Math.floor((shardBytes - from) / shardRecordBytes))
    if (records <= follow) return
    throw new FormatError(
      `Shard: ${what} at byte ${from} needs ${records} records, ${follow} follow.`,
    )
  }

  const readFileRecord = (view: DataView, from: number): void => {
    if (isBookend(view, from)) {
      section = 'xorbs'
      return
    }
    const { terms, isVerified, isDescribed } = readFileHead(view, from)
    const records = terms * (isVerified ? 2 : 1) + (isDescribed ? 1 : 0)
    expect(records, at + shardRecordBytes, `a file of ${terms} terms`)
    files.add(at)
    passed = records
  }

  const readXorbRecord = (piece: Uint8Array, view: DataView, from: number): void => {
    if (isBookend(view, from)) {
      section = 'end'
      return
    }
    const chunks = xorb.open(piece, view, from)
    expect(chunks, at + shardRecordBytes, `a xorb of ${chunks} chunks`)
    xorbs.add(at)
    section = 'chunks'
  }

  const readRecord = (piece: Uint8Array, view: DataView, from: number): void => {
    if (section === 'chunks') {
      if (xorb.add(view, from)) section = 'xorbs'
    } else if (section === 'files') readFileRecord(view, from)
    else if (section === 'xorbs') readXorbRecord(piece, view, from)
    else {
      checkHeader(piece)
      section = 'files'
    }
  }

  return {
    push(piece) {
      if (section === 'header') checkHeader(piece)
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength)
      const records = Math.floor(piece.length / shardRecordBytes)
      for (let i = 0; i < records && section !== 'end';) {
        const pass = Math.min(passed, records - i)
        if (pass > 0) passed -= pass
        else readRecord(piece, view, i * shardRecordBytes)
        i += pass || 1
        at += (pass || 1) * shardRecordBytes
      }
    },
    finish() {
      if (section === 'header') checkHeader(new Uint8Array(0))
      if (section !== 'end') expect(1, at, 'a record')
      return { files: files.finish(), xorbs: xorbs.finish() }
    },
  }
}
