/** What every computer must do, wherever it computes. A driver runs it from its own test. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { formatXetHash } from '@weighhouse/formats/xet/hash.ts'
import { packRecord } from '@weighhouse/formats/xet/record.ts'
import {
  batchBytesMax,
  type Compute,
  ComputeError,
  type ComputeErrorKind,
  type DecodePlan,
} from '@weighhouse/server/core/ports/compute.ts'
import { makeRandom } from '../random.ts'
import {
  batches,
  bodyOf,
  cutAll,
  feed,
  join,
  lcg,
  listOf,
  mixedChunks,
  own,
  slices,
} from './compute-data.ts'

const sha = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

const isKind =
  (kind: ComputeErrorKind, form = /^[A-Z].{10,}\.$/s) =>
  (error: unknown) => {
    assert.ok(error instanceof ComputeError, String(error))
    assert.equal(error.kind, kind, error.message)
    assert.match(error.message, form)
    return true
  }

const whole = (takeBytes: number, more: Partial<DecodePlan> = {}): DecodePlan => ({
  skipBytes: 0,
  takeBytes,
  isDigested: true,
  isSilent: false,
  ...more,
})

const decodeAll = async (compute: Compute, plan: DecodePlan, parts: Iterable<Uint8Array>) => {
  using work = compute.decode(plan)
  const found: Uint8Array[] = []
  await feed(work, parts, (yielded) => void found.push(...yielded))
  return { bytes: join(found), buffers: found.length, ...(await work.finish()) }
}

const verifyAll = async (compute: Compute, parts: Iterable<Uint8Array>) => {
  using work = compute.verifyXorb()
  await feed(work, parts)
  return work.finish()
}

const MiB = 1024 * 1024

/** Vectors of the Xet reference: one file of noise, all its chunks in one xorb. */
const noise = {
  bytes: lcg(5_000_000, 1),
  sha256: '6e3f505fd67d2ff9ecff59351404e37d96a78aa0965abd2b84d38f92b171aaf2',
  chunks: 75,
  firstChunk: '9f3c12a561800c43249a1f73dd1e58fda1658dd7350157578bfd8431d9c01985',
  lengthsSha256: 'b969e89c641624cdcdc73d154dd86d3414b0bf79deebcae3edf7a8a6cac124a3',
  xorb: 'd824813621fcc1904d96a2153f33e683b4eb5e5fc57e8112593c0d63644ac02c',
  range: '65df2096fb29e22d515aebb09843ba4fbeb824c3f74909452da201e59d2dc9d7',
  file: '5d2c583336573daec5b1258af4b441d795a69bb3fcb4f93636a6ced0d7096fa6',
}

/** `open` makes a computer; each test has one of its own. */
export const computeContract = (name: string, open: () => Promise<Compute>): void => {
  const check = (title: string, work: (compute: Compute) => Promise<void>): void => {
    void test(`${name}: ${title}`, async () => {
      await using compute = await open()
      await work(compute)
    })
  }

  check('a file becomes chunks, a xorb, hashes, and the file again', async (compute) => {
    const { chunks, sha256, sizeBytes } = await cutAll(compute, batches(noise.bytes))
    assert.equal(sha256, noise.sha256)
    assert.equal(sizeBytes, noise.bytes.length)
    assert.equal(chunks.length, noise.chunks)
    assert.equal(sha(chunks.map((chunk) => chunk.rawBytes).join(',')), noise.lengthsSha256)
    assert.equal(formatXetHash(chunks[0]?.hash ?? own([])), noise.firstChunk)

    const body = join(chunks.map((chunk) => chunk.record))
    const xorb = await verifyAll(compute, batches(body))
    assert.equal(xorb.hash, noise.xorb)
    assert.deepEqual(
      [xorb.chunks, xorb.bodyBytes, xorb.rawBytes],
      [noise.chunks, body.length, noise.bytes.length],
    )

    using work = compute.hashFile()
    assert.equal(formatXetHash(await work.push(listOf(chunks))), noise.range)
    const { fileHash, sizeBytes: hashedBytes } = await work.finish()
    assert.equal(formatXetHash(fileHash), noise.file)
    assert.equal(hashedBytes, noise.bytes.length)

    const decoded = await decodeAll(compute, whole(noise.bytes.length), batches(body))
    assert.equal(sha(decoded.bytes), noise.sha256)
    assert.equal(decoded.sha256, noise.sha256)
    assert.ok(decoded.buffers <= 2 * batches(body).length, `${decoded.buffers} buffers`)
  })

  check('the smallest files', async (compute) => {
    const one = await cutAll(compute, [own([0])])
    assert.deepEqual(
      one.chunks.map(({ rawBytes, hash }) => [rawBytes, formatXetHash(hash)]),
      [[1, 'df93298cdbf67cd507aed28d6290c0cf7f9aa0aa88dfa629cffcf98680659410']],
    )
    const none = await cutAll(compute, [])
    assert.deepEqual(none, { chunks: [], sizeBytes: 0, sha256: sha('') })
    using work = compute.hashFile()
    assert.deepEqual(await work.finish(), { fileHash: new Uint8Array(32), sizeBytes: 0 })
    const decoded = await decodeAll(compute, whole(0), [])
    assert.deepEqual([decoded.sizeBytes, decoded.sha256], [0, sha('')])
  })

  check('how a stream is sliced does not matter', async (compute) => {
    for (const seed of [1, 2, 3]) {
      const random = makeRandom(seed)
      const chunks = mixedChunks(random, 60)
      const body = bodyOf(chunks)
      const raw = join(chunks)
      const sliced = (bytes: Uint8Array) => slices(bytes, random, 150_000)
      assert.deepEqual(
        await verifyAll(compute, sliced(body)),
        await verifyAll(compute, batches(body)),
      )
      const decoded = await decodeAll(compute, whole(raw.length), sliced(body))
      assert.ok(decoded.bytes.equals(raw), `seed ${seed}`)
      assert.deepEqual(
        await cutAll(compute, sliced(raw)),
        await cutAll(compute, batches(raw)),
        `seed ${seed}`,
      )
    }
  })

  check('a range is trimmed, digested, and told when it ends early', async (compute) => {
    const random = makeRandom(7)
    const chunks = mixedChunks(random, 40)
    const body = bodyOf(chunks)
    const raw = join(chunks)
    for (let i = 0; i < 12; i += 1) {
      const skipBytes = random.below(raw.length)
      const takeBytes = random.below(raw.length)
      const wanted = raw.subarray(skipBytes, skipBytes + takeBytes)
      for (const isSilent of [false, true]) {
        const plan = { skipBytes, takeBytes, isSilent, isDigested: i % 2 === 0 }
        const found = await decodeAll(compute, plan, slices(body, random, 300_000))
        assert.ok(found.bytes.equals(isSilent ? own([]) : wanted), `${skipBytes}+${takeBytes}`)
        assert.equal(found.sizeBytes, wanted.length)
        assert.equal(found.sha256, plan.isDigested ? sha(wanted) : undefined)
      }
    }
  })

  check('chunks are compared with the hashes that were stated', async (compute) => {
    const { chunks } = await cutAll(compute, batches(noise.bytes.subarray(0, MiB)))
    const body = batches(join(chunks.map((chunk) => chunk.record)))
    const hashes = own(join(chunks.map((chunk) => chunk.hash)))
    const scrub = (stated: Uint8Array<ArrayBuffer>) =>
      decodeAll(compute, whole(0, { isDigested: false, isSilent: true, hashes: stated }), body)
    assert.equal((await scrub(hashes)).sizeBytes, 0)
    await assert.rejects(scrub(hashes.slice(32)), isKind('format', /hashes to [0-9a-f]{64}/))
    await assert.rejects(scrub(hashes.slice(0, -32)), isKind('format', /found more/))
    await assert.rejects(scrub(own(join([hashes, hashes]))), isKind('format', /found \d+\./))
  })

  check('bytes that are not what they should be are told as such', async (compute) => {
    const packed = Buffer.from(packRecord(Buffer.alloc(90_000, 'weight')))
    const raw = Buffer.from(packRecord(lcg(20_000, 4)))
    const change = (bytes: Buffer, at: number, byte: number): Buffer => {
      const copy = Buffer.from(bytes)
      copy[at] = byte
      return copy
    }
    const broken: Record<string, Uint8Array> = {
      text: Buffer.from('this is no xorb at all'),
      version: change(packed, 0, 7),
      scheme: change(packed, 4, 99),
      'raw length': change(packed, 5, 1),
      'too long': change(packed, 7, 255),
      'cut off': join([raw, packed.subarray(0, -5)]),
      'half a header': join([raw, packed.subarray(0, 3)]),
      frame: change(packed, 9, 0),
      'end mark': change(packed, packed.length - 1, 9),
    }
    for (const [what, body] of Object.entries(broken)) {
      const parts = [body]
      await assert.rejects(verifyAll(compute, parts), isKind('format'), what)
      await assert.rejects(decodeAll(compute, whole(MiB), parts), isKind('format'), what)
    }
    await assert.rejects(verifyAll(compute, []), isKind('format'))
  })

  check('what failed once stays failed, and disturbs nobody', async (compute) => {
    using other = compute.verifyXorb()
    await other.push(own(packRecord(own([1]))))
    using work = compute.verifyXorb()
    const refused = [work.push(own(lcg(100, 1))), work.push(own([1]))]
    for (const answer of refused) await assert.rejects(answer, isKind('format'))
    await assert.rejects(work.push(own([1])), isKind('format'))
    await assert.rejects(work.finish(), isKind('format'))
    assert.equal((await other.finish()).chunks, 1)
  })

  check('many conversations at once keep apart', async (compute) => {
    const one = async (seed: number): Promise<void> => {
      const random = makeRandom(seed)
      const chunks = mixedChunks(random, 8 + (seed % 5))
      const body = bodyOf(chunks)
      const raw = join(chunks)
      const parts = slices(body, random, 30_000)
      const [xorb, decoded, cut] = await Promise.all([
        verifyAll(compute, parts),
        decodeAll(compute, whole(raw.length), parts),
        cutAll(compute, slices(raw, random, 30_000)),
      ])
      assert.equal(xorb.rawBytes, raw.length)
      assert.ok(decoded.bytes.equals(raw), `seed ${seed}`)
      assert.equal(cut.sha256, sha(raw))
    }
    await Promise.all(Array.from({ length: 20 }, (_, i) => one(i)))
  })

  check('given up in the middle, nothing is left, and nobody else notices', async (compute) => {
    const body = bodyOf(mixedChunks(makeRandom(5), 50))
    const kept = verifyAll(compute, batches(body, 10_000))
    for (let i = 0; i < 30; i += 1) {
      const work = compute.verifyXorb()
      const answers = [work.push(own(body.subarray(0, 5000))), work.push(own(body.subarray(5000)))]
      if (i % 2 === 0) await answers[0]
      work[Symbol.dispose]()
      work[Symbol.dispose]()
      await assert.rejects(work.push(own([1])), isKind('broken'))
      await assert.rejects(work.finish(), isKind('broken'))
    }
    assert.equal((await kept).chunks, 50)
  })

  check('a batch is taken away, its size and number bounded', async (compute) => {
    using work = compute.cut()
    const batch = own(lcg(MiB, 2))
    const first = work.push(batch)
    assert.equal(batch.length, 0)
    const second = work.push(own([1]))
    assert.throws(() => work.push(own([1])), /assertion failed/)
    await Promise.all([first, second])
    assert.throws(() => work.push(new Uint8Array(batchBytesMax + 1)), /assertion failed/)
    await assert.rejects(work.finish(), isKind('broken', /empty batch/))
    assert.throws(() => void work.finish(), /assertion failed/)
  })

  check('what was closed computes no more, and says so', async (compute) => {
    using started = compute.verifyXorb()
    await started.push(own([0]))
    await compute[Symbol.asyncDispose]()
    await assert.rejects(started.push(own([0])), isKind('broken'))
    using late = compute.verifyXorb()
    await assert.rejects(late.push(own([0])), isKind('broken'))
    await assert.rejects(late.finish(), isKind('broken'))
  })

  check('memory does not grow with what passes through', async (compute) => {
    const chunk = lcg(65_536, 3)
    const body = batches(join(Array.from({ length: 512 }, () => packRecord(chunk))))
    const bytes = 512 * MiB
    const times = bytes / (32 * MiB)
    const pass = async (count: number): Promise<void> => {
      const parts = Array.from({ length: count }, () => body).flat()
      await decodeAll(compute, whole(bytes, { isSilent: true, isDigested: false }), parts)
      for (let i = 0; i < count; i += 1) await verifyAll(compute, body)
    }
    await pass(2)
    const before = process.memoryUsage().rss
    await pass(times)
    const grown = process.memoryUsage().rss - before
    assert.ok(grown < 64 * MiB, `grew by ${Math.round(grown / MiB)} MiB`)
  })
}
