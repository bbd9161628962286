/**
 * The kinds of work, as plain state machines over the codecs. They run where they are called. What is wrong with the bytes is a
 * FormatError; anything else that is thrown is a fault of ours.
 */
import type { XetHasher } from '@weighhouse/formats/xet/blake3.ts'
import { makeMerkle } from '@weighhouse/formats/xet/merkle.ts'
import { makeShardScanner, type ShardLayout } from '@weighhouse/formats/xet/shard.ts'
import { formatToldChunks } from '@weighhouse/formats/xet/shard-answer.ts'
import { makeXorbVerifier, openXorbIndex, type VerifiedXorb } from '@weighhouse/formats/xet/xorb.ts'
import { assert, unreachable } from '#core/kernel/errors.ts'
import type { FileHashes } from '#core/ports/compute.ts'
import { makeCut } from './cut.ts'
import { makeDecode } from './decode.ts'
import type { Plan } from './messages.ts'

/** What a step gives, and the memory in it that may be taken along: the task does not look at it again. */
export interface Given<Value> {
  readonly value: Value
  readonly memory: readonly ArrayBuffer[]
}

export interface Task<Yield = unknown, Result = unknown> {
  /** The batch may be written over, and is gone afterwards: what is kept of it is copied. */
  push(batch: Uint8Array<ArrayBuffer>): Given<Yield>
  finish(): Given<Result>
}

const makeVerifyXorb = (hasher: XetHasher): Task<undefined, VerifiedXorb> => {
  const verifier = makeXorbVerifier(hasher)
  return {
    push(batch) {
      verifier.push(batch)
      return { value: undefined, memory: [] }
    },
    finish() {
      const value = verifier.finish()
      return { value, memory: [value.index.buffer] }
    },
  }
}

const hashBytes = 32
const entryBytes = hashBytes + 4

const makeHashFile = (hasher: XetHasher): Task<Uint8Array, FileHashes> => {
  const merkle = makeMerkle(hasher)
  let sizeBytes = 0
  return {
    push(batch) {
      const chunks = batch.length / entryBytes
      assert(Number.isInteger(chunks), `a chunk list of ${batch.length} bytes`)
      const view = new DataView(batch.buffer, batch.byteOffset, batch.byteLength)
      const hashes = new Uint8Array(chunks * hashBytes)
      for (let i = 0; i < chunks; i += 1) {
        const at = i * entryBytes
        const rawBytes = view.getUint32(at + hashBytes, true)
        merkle.add(batch, rawBytes, at)
        hashes.set(batch.subarray(at, at + hashBytes), i * hashBytes)
        sizeBytes += rawBytes
      }
      return { value: hasher.range(hashes), memory: [] }
    },
    finish: () => ({
      value: { fileHash: hasher.file(merkle.finish()), sizeBytes },
      memory: [],
    }),
  }
}

const makeScanShard = (shardBytes: number): Task<undefined, ShardLayout> => {
  const scanner = makeShardScanner(shardBytes)
  return {
    push(batch) {
      scanner.push(batch)
      return { value: undefined, memory: [] }
    },
    finish() {
      const value = scanner.finish()
      return { value, memory: [value.files.buffer, value.xorbs.buffer] }
    },
  }
}

const makeTellChunks = (
  key: Uint8Array,
  hasher: XetHasher,
): Task<Uint8Array<ArrayBuffer>, undefined> => {
  const keyed = hasher.keyed(key)
  return {
    push(batch) {
      const value = formatToldChunks(openXorbIndex(batch), keyed)
      return { value, memory: [value.buffer] }
    },
    finish: () => ({ value: undefined, memory: [] }),
  }
}

export const makeTask = (plan: Plan, hasher: XetHasher): Task => {
  switch (plan.kind) {
    case 'verifyXorb':
      return makeVerifyXorb(hasher)
    case 'decode':
      return makeDecode(plan.plan, hasher)
    case 'cut':
      return makeCut(hasher)
    case 'hashFile':
      return makeHashFile(hasher)
    case 'scanShard':
      return makeScanShard(plan.shardBytes)
    case 'tellChunks':
      return makeTellChunks(plan.key, hasher)
    default:
      return unreachable(plan)
  }
}
