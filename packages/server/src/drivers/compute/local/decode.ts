/** Records turned into the bytes of a file, or of a part of it. */
import { createHash } from 'node:crypto'
import { FormatError } from '@weighhouse/formats/error.ts'
import type { XetHasher } from '@weighhouse/formats/xet/blake3.ts'
import { formatXetHash, xetHashBytesLength } from '@weighhouse/formats/xet/hash.ts'
import { type RecordHeader, unpackRecord } from '@weighhouse/formats/xet/record.ts'
import { makeRecordStream } from '@weighhouse/formats/xet/record-stream.ts'
import type { Decoded, DecodePlan } from '#core/ports/compute.ts'
import { makeGather } from './gather.ts'
import type { Task } from './tasks.ts'

/** Compares each chunk's hash with those that were stated, in order. */
const makeCheck = (hashes: Uint8Array, hasher: XetHasher) => {
  const expected = hashes.length / xetHashBytesLength
  let chunks = 0
  return {
    add(raw: Uint8Array): void {
      if (chunks === expected) throw new FormatError(`Expected ${expected} chunks, found more.`)
      const found = hasher.chunk(raw)
      const at = chunks * xetHashBytesLength
      if (Buffer.compare(found, hashes.subarray(at, at + xetHashBytesLength)) !== 0) {
        throw new FormatError(
          `Chunk ${chunks} hashes to ${formatXetHash(found)}, expected ${formatXetHash(hashes, at)}.`,
        )
      }
      chunks += 1
    },
    finish(): void {
      if (chunks === expected) return
      throw new FormatError(`Expected ${expected} chunks, found ${chunks}.`)
    },
  }
}

/** The headers of all records are read, also of those that are thrown away: how the stream is sliced must not matter. */
export const makeDecode = (
  plan: DecodePlan,
  hasher: XetHasher,
): Task<readonly Uint8Array[], Decoded> => {
  const digest = plan.isDigested ? createHash('sha256') : undefined
  const check = plan.hashes === undefined ? undefined : makeCheck(plan.hashes, hasher)
  let skip = plan.skipBytes
  let left = plan.takeBytes
  let add: (piece: Uint8Array, bytesLeft: number) => void = () => undefined

  const records = makeRecordStream((header: RecordHeader, payload) => {
    const from = Math.min(skip, header.rawBytes)
    const taken = Math.min(header.rawBytes - from, left)
    if (taken > 0 || check !== undefined) {
      const raw = unpackRecord(header, payload)
      check?.add(raw)
      // A lone raw record that was held between batches needs no larger block than itself.
      if (taken > 0) add(raw.subarray(from, from + taken), header.scheme === 0 ? taken : left)
    }
    skip -= from
    left -= taken
  })

  return {
    push(batch) {
      if (plan.isSilent) {
        add = (piece) => void digest?.update(piece)
        records.push(batch)
        return { value: [], memory: [] }
      }
      const gather = makeGather(batch)
      add = gather.add
      records.push(batch)
      const value = gather.runs()
      for (const run of value) digest?.update(run)
      return { value, memory: [...new Set(value.map(({ buffer }) => buffer))] }
    },
    finish() {
      records.finish()
      check?.finish()
      const sizeBytes = plan.takeBytes - left
      return { value: { sizeBytes, sha256: digest?.digest('hex') }, memory: [] }
    },
  }
}
