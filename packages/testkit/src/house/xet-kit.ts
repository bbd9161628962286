/** What a Xet client makes of bytes: chunks, xorbs, files and shards, as hf_xet and @huggingface/hub make them, and as neither would. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import { groupBytes } from '@weighhouse/formats/xet/bg4.ts'
import { formatXetHash, xetBytesOfSha256, xetHashBytes } from '@weighhouse/formats/xet/hash.ts'
import { encodeLz4Frame } from '@weighhouse/formats/xet/lz4.ts'
import { packRecord } from '@weighhouse/formats/xet/record.ts'
import { type SentFile, writeShard } from '@weighhouse/formats/xet/shard-support.ts'
import {
  chunksOf,
  fileHashOf,
  hasher,
  joined,
  leavesOf,
  recordOf,
  rootOf,
} from '@weighhouse/formats/xet/test-support.ts'
import type { Random } from '../random.ts'
import { sha256 } from './calls.ts'

/** `auto` is what a client chooses; the others are one scheme for all chunks, where it is smaller. */
export type Packing = 'auto' | 'none' | 'lz4' | 'bg4'

export interface Xorb {
  readonly hash: XetHash
  readonly chunks: readonly Uint8Array[]
  readonly body: Buffer
}

/** Chunks `start` to `end` of a xorb. */
export interface Piece {
  readonly xorb: Xorb
  readonly start: number
  readonly end: number
}

export interface XetFile {
  readonly hash: XetHash
  readonly bytes: Buffer
  readonly pieces: readonly Piece[]
}

/** Numbers as models have them: their bytes group well. */
export const floats = (random: Random, count: number): Buffer => {
  const bytes = Buffer.alloc(count * 4)
  for (let i = 0; i < count; i += 1) bytes.writeFloatLE((random.below(2000) - 1000) / 1e6, i * 4)
  return bytes
}

/** As hf_xet cuts. */
export const cut = (bytes: Uint8Array): Uint8Array[] => chunksOf(bytes)

/** As nobody cuts: every `length` bytes. */
export const cutEvery = (bytes: Uint8Array, length: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) =>
    bytes.subarray(i * length, (i + 1) * length),
  )

const recordBy = (raw: Uint8Array, packing: Packing): Uint8Array => {
  if (packing === 'auto') return packRecord(raw)
  const packed =
    packing === 'none' ? undefined : encodeLz4Frame(packing === 'bg4' ? groupBytes(raw) : raw)
  if (packed === undefined) return recordOf(raw)
  return recordOf(packed, { scheme: packing === 'bg4' ? 2 : 1, raw: raw.length })
}

export const xorbHash = (chunks: readonly Uint8Array[]): XetHash =>
  formatXetHash(rootOf(leavesOf(chunks)))

export const makeXorb = (chunks: readonly Uint8Array[], packing: Packing = 'auto'): Xorb => ({
  hash: xorbHash(chunks),
  chunks,
  body: Buffer.from(joined(chunks.map((raw) => recordBy(raw, packing)))),
})

const chunksIn = ({ xorb, start, end }: Piece): readonly Uint8Array[] =>
  xorb.chunks.slice(start, end)

const bytesIn = (piece: Piece): number =>
  chunksIn(piece).reduce((sum, chunk) => sum + chunk.length, 0)

/** The proof that a client knows every chunk's hash of a term. */
const rangeHash = (chunks: readonly Uint8Array[]): Uint8Array =>
  hasher.range(joined(leavesOf(chunks).map(({ hash }) => hash)))

/** A file of pieces, in order. */
export const fileOf = (pieces: readonly Piece[]): XetFile => {
  const chunks = pieces.flatMap(chunksIn)
  return { hash: fileHashOf(leavesOf(chunks)), bytes: Buffer.concat(chunks), pieces }
}

/** All of one xorb as a file. */
export const wholeOf = (xorb: Xorb): XetFile =>
  fileOf([{ xorb, start: 0, end: xorb.chunks.length }])

/** Bytes as one xorb and the file of it. */
export const packed = (bytes: Uint8Array, packing: Packing = 'auto'): XetFile =>
  wholeOf(makeXorb(cut(bytes), packing))

export const emptyFile: XetFile = fileOf([])

/** What a shard says of a file; `lie` changes what is said. */
export const sentFile = (file: XetFile, lie: Partial<SentFile> = {}): SentFile => ({
  hash: xetHashBytes(file.hash),
  terms: file.pieces.map((piece) => ({
    xorb: xetHashBytes(piece.xorb.hash),
    rawBytes: bytesIn(piece),
    start: piece.start,
    end: piece.end,
  })),
  ranges: file.pieces.map((piece) => rangeHash(chunksIn(piece))),
  // A cast because the helper answers plain text.
  sha256: xetBytesOfSha256(sha256(file.bytes) as never),
  ...lie,
})

export const sentXorb = ({ hash, chunks }: Xorb) => ({
  hash: xetHashBytes(hash),
  chunks: leavesOf(chunks),
})

export const xorbsOf = (files: readonly XetFile[]): Xorb[] => [
  ...new Map(files.flatMap((file) => file.pieces.map(({ xorb }) => [xorb.hash, xorb]))).values(),
]

/** A shard of these files. hf_xet sends no footer; JavaScript does. */
export const shardOf = (
  files: readonly XetFile[],
  { xorbs = xorbsOf(files), hasFooter = false } = {},
): Buffer =>
  Buffer.from(
    writeShard(
      files.map((file) => sentFile(file)),
      xorbs.map(sentXorb),
      { hasFooter },
    ),
  )
