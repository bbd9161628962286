/**
 * Fuzzing of the readers: mutations of valid xorbs, shards, indexes and LZ4 frames, and random bytes. A reader answers or throws
 * FormatError; what it takes is checked against slower, simpler code. Deterministic, so that a seed shows a failure again.
 */
import { FormatError } from '../error.ts'
import {
  expect,
  isSame,
  linkedFrame,
  lz4,
  sizes,
  type Target,
  tryPacking,
  words,
} from './fuzz-lz4-support.ts'
import { formatXetHash } from './hash.ts'
import { decodeLz4Frame } from './lz4.ts'
import { chunkBytesMax, packRecord } from './record.ts'
import { type Bytes, makeRandom, mutate, type Random } from './mutate-support.ts'
import { readShard, type SentFile, type SentXorb, writeShard } from './shard-support.ts'
import {
  bf16Noise,
  hasher,
  joined,
  lcg,
  plainHex,
  rawOf,
  recordOf,
  rootOf,
  u32le,
  utf8,
} from './test-support.ts'
import { makeXorbVerifier, openXorbIndex } from './xorb.ts'

const chunks = [words, lcg(150, 1), Uint8Array.of(9), new Uint8Array(400), bf16Noise(200)]
const body = joined(
  ...chunks.map(packRecord),
  recordOf(linkedFrame, { scheme: 1, raw: sizes[3] }),
  recordOf(lz4.valid[0], { scheme: 2, raw: words.length }),
)

const xorb: Target = {
  valid: [body, joined(body, utf8('XETBLOB'), lcg(50, 1)), joined(packRecord(chunks[0] ?? words))],
  run: (bytes, random) => {
    const leaves: { hash: Uint8Array; rawBytes: number }[] = []
    const verifier = makeXorbVerifier({
      ...hasher,
      chunk: (raw) => {
        const hash = hasher.chunk(raw)
        expect(raw.length > 0 && raw.length <= chunkBytesMax, `a chunk of ${raw.length} bytes`)
        leaves.push({ hash, rawBytes: raw.length })
        return hash
      },
    })
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + random.below(bytes.length)
      verifier.push(bytes.subarray(at, end))
      at = end
    }
    const verified = verifier.finish()
    const index = openXorbIndex(verified.index)
    expect(verified.chunks === leaves.length, 'a chunk is not in the index')
    expect(verified.bodyBytes <= bytes.length, 'the body is longer than what came')
    expect(verified.hash === formatXetHash(rootOf(leaves)), 'the hash is another')
    expect(index.rawBytes === leaves.reduce((sum, one) => sum + one.rawBytes, 0), 'raw bytes')
    leaves.forEach(({ hash }, i) => expect(isSame(hash, index.hashAt(i)), 'a hash in the index'))
  },
}

const hashOf = (i: number): Uint8Array => hasher.chunk(u32le(i))
const files: SentFile[] = [
  {
    hash: hashOf(1),
    terms: [
      { xorb: hashOf(2), rawBytes: 5000, start: 0, end: 2 },
      { xorb: hashOf(3), rawBytes: 70, start: 1, end: 2 },
    ],
    ranges: [hashOf(4), hashOf(5)],
    sha256: hashOf(6),
  },
  { hash: hashOf(7), terms: [{ xorb: hashOf(2), rawBytes: 9, start: 1, end: 2 }] },
  { hash: new Uint8Array(32), terms: [], ranges: [], sha256: hashOf(8) },
]
const xorbs: SentXorb[] = [
  {
    hash: hashOf(2),
    chunks: [
      { hash: hashOf(10), rawBytes: 131_072 },
      { hash: hashOf(11), rawBytes: 9, flags: 0x80000000 },
    ],
  },
  { hash: hashOf(3), chunks: [{ hash: hashOf(12), rawBytes: 1 }] },
]

const written = (shard: ReturnType<typeof readShard>): Bytes =>
  writeShard(
    shard.files.map(({ hash, terms, rangeHashes, sha256 }) => ({
      hash: rawOf(hash),
      terms: terms.map((term) => ({ ...term, xorb: rawOf(term.xorb) })),
      ...(rangeHashes !== undefined && { ranges: rangeHashes.map(rawOf) }),
      ...(sha256 !== undefined && { sha256: rawOf(sha256) }),
    })),
    shard.xorbs.map(({ hash, chunks: told }) => ({
      hash: rawOf(hash),
      chunks: told.map(({ isMarked, ...chunk }) => ({
        ...chunk,
        flags: isMarked ? 0x80000000 : 0,
      })),
    })),
  )

const shard: Target = {
  valid: [
    writeShard(files, xorbs),
    writeShard(files, xorbs, { hasFooter: true }),
    writeShard([], xorbs),
    writeShard([], []),
  ],
  run: (bytes, random) => {
    const again = written(readShard(bytes))
    expect(again.length <= bytes.length, 'more comes out than there was')
    expect(isSame(written(readShard(again, 1 + random.below(4))), again), 'another shard comes out')
  },
}

const index: Target = {
  valid: [
    joined(...[1, 2, 3].flatMap((i) => [hashOf(i), u32le(i * 20), u32le(i * 12)])),
    joined(hashOf(1), u32le(20), u32le(12)),
  ],
  run: (bytes) => {
    const opened = openXorbIndex(bytes)
    for (let i = 0; i < opened.chunks; i += 1) {
      expect(opened.recordEnd(i) > opened.recordStart(i), 'a record ends before it starts')
      expect(opened.rawEnd(i) > opened.rawStart(i), 'a chunk ends before it starts')
      expect(opened.hashAt(i).length === 32, 'a hash is cut off')
    }
    expect(opened.rawEnd(opened.chunks - 1) === opened.rawBytes, 'raw bytes')
  },
}

const targets = { lz4, xorb, shard, index } as const
const names = ['lz4', 'lz4', 'xorb', 'shard', 'index'] as const

const inputOf = (random: Random, { valid, make, repair }: Target): Bytes => {
  if (random.below(20) === 0) return random.bytes(random.below(200))
  const isMade = make !== undefined && random.below(2) === 0
  let bytes = isMade ? make(random) : random.pick(valid)
  // What was made is left as it is once in a while.
  const times = random.below(random.pick([2, 2, 3, 6])) + (isMade ? 0 : 1)
  for (let i = 0; i < times; i += 1) bytes = mutate(random, bytes, random.pick(valid))
  if (repair !== undefined && random.below(4) > 0) repair(bytes)
  return bytes
}

export interface FuzzReport {
  /** Inputs tried and taken, by reader. */
  readonly tried: Readonly<Record<string, number>>
  readonly taken: Readonly<Record<string, number>>
  /** The slowest single input. */
  readonly slowestMs: number
}

/** Tries `count` inputs, from `seed` on. Errors: one that names the seed and holds the bytes, for the first that goes wrong. */
export const fuzzXet = (count: number, seed: number): FuzzReport => {
  const tried: Record<string, number> = {}
  const taken: Record<string, number> = {}
  let slowestMs = 0
  const attempt = (name: string, run: () => void, show: () => string): void => {
    tried[name] = (tried[name] ?? 0) + 1
    const start = performance.now()
    try {
      run()
      taken[name] = (taken[name] ?? 0) + 1
    } catch (error) {
      if (!(error instanceof FormatError)) throw new Error(show(), { cause: error })
    }
    slowestMs = Math.max(slowestMs, performance.now() - start)
  }
  for (let i = 0; i < count; i += 1) {
    const random = makeRandom(seed + i)
    if (i % 8 === 0) {
      const packed = (): string => `packing, seed ${seed + i}`
      attempt('packing', () => tryPacking(random), packed)
      continue
    }
    const name = random.pick(names)
    const target = targets[name]
    const bytes = inputOf(random, target)
    const shown = (): string => `${name}, seed ${seed + i}: ${plainHex(bytes)}`
    attempt(name, () => target.run(bytes, random), shown)
  }
  return { tried, taken, slowestMs }
}

/** Every reader takes the inputs that mutations start from. Errors: as `fuzzXet`. */
export const checkFuzzSeeds = (): void => {
  const random = makeRandom(1)
  for (const name of ['xorb', 'shard', 'index'] as const) {
    for (const bytes of targets[name].valid) targets[name].run(bytes, random)
  }
  lz4.valid.forEach((frame, i) => decodeLz4Frame(frame, sizes[i] ?? 0))
}
