import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import type { Worker } from 'node:worker_threads'
import { shardRecord, writeShard } from '@weighhouse/formats/xet/shard-support.ts'
import { computeContract } from '@weighhouse/testkit/contract/compute.ts'
import { openHasher } from './hasher.ts'
import { openInlineCompute, openThreadCompute } from './index.ts'

computeContract('inline', openInlineCompute)
computeContract('threads', () => openThreadCompute({ threads: 2 }))

/** Every thread that starts during a test: Node announces them. */
const watchThreads = (t: TestContext): Worker[] => {
  const started: Worker[] = []
  const note = (worker: Worker): void => void started.push(worker)
  process.on('worker', note)
  t.after(() => process.off('worker', note))
  return started
}

const list = (): Uint8Array<ArrayBuffer> => new Uint8Array(36)

void test('threads: start with the first work, one by one', async (t) => {
  const started = watchThreads(t)
  await using compute = await openThreadCompute({ threads: 2 })
  assert.equal(started.length, 0)
  using first = compute.hashFile()
  await first.push(list())
  assert.equal(started.length, 1)
  using second = compute.hashFile()
  await second.push(list())
  assert.equal(started.length, 2)
  using third = compute.hashFile()
  await third.push(list())
  assert.equal(started.length, 2)
})

void test('threads: an idle thread is used again before another starts', async (t) => {
  const started = watchThreads(t)
  await using compute = await openThreadCompute({ threads: 2 })
  for (let i = 0; i < 3; i += 1) {
    using work = compute.hashFile()
    await work.push(list())
    if (i > 0) await work.finish()
  }
  assert.equal(started.length, 1)
})

/** Opens two conversations on the threads of a pool, lets `kill` end the first one's, and looks at what is left. */
const survive = async (t: TestContext, kill: (worker: Worker) => unknown): Promise<void> => {
  const started = watchThreads(t)
  await using compute = await openThreadCompute({ threads: 2 })
  using doomed = compute.hashFile()
  using spared = compute.hashFile()
  await Promise.all([doomed.push(list()), spared.push(list())])
  const [worker] = started
  assert.ok(worker !== undefined)
  kill(worker)
  await assert.rejects(
    async () => {
      for (;;) await doomed.push(list())
    },
    { name: 'ComputeError', kind: 'broken', message: /^A computing thread died/ },
  )
  await assert.rejects(doomed.finish(), { kind: 'broken' })
  for (let i = 0; i < 3; i += 1) {
    using next = compute.hashFile()
    await next.push(list())
    assert.equal((await next.finish()).sizeBytes, 0)
  }
  assert.equal((await spared.finish()).sizeBytes, 0)
  assert.equal(started.length, 3)
}

void test('threads: one that is killed breaks its conversations only, and is replaced', (t) =>
  survive(t, (worker) => worker.terminate()))

void test('threads: one that throws breaks its conversations only', (t) =>
  survive(t, (worker) => worker.postMessage('not a word of ours', [])))

void test('threads: one that runs out of memory breaks its conversations only', (t) =>
  // A message that no thread of ours has room for.
  survive(t, (worker) => {
    const huge = Array.from({ length: 1e6 }, () => ({}))
    worker.postMessage(huge, [])
  }))

void test('threads: a command that waits for nothing ends, with threads and works open', async () => {
  const script = `
    const { openThreadCompute } = await import(${JSON.stringify(new URL('index.ts', import.meta.url))})
    const compute = await openThreadCompute({ threads: 1 })
    const work = compute.hashFile()
    const range = await work.push(new Uint8Array(36))
    console.log(range.length)
  `
  const args = ['--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 })
  assert.equal(stdout, '32\n')
})

for (const [name, open] of Object.entries({
  inline: openInlineCompute,
  threads: () => openThreadCompute({ threads: 1 }),
})) {
  void test(`${name}: the form of a shard is checked, and where its parts lie is told`, async () => {
    await using compute = await open()
    const hash = new Uint8Array(32).fill(7)
    const xorb = { hash, chunks: [{ hash, rawBytes: 9 }] }
    const shard = writeShard([{ hash, terms: [] }], [xorb, xorb])
    using work = compute.scanShard(shard.length)
    await work.push(shard.slice(0, 96))
    await work.push(shard.slice(96))
    const { files, xorbs } = await work.finish()
    assert.deepEqual([...files], [48])
    assert.deepEqual([...xorbs], [144, 240])
    using broken = compute.scanShard(shard.length - 48)
    await broken.push(shard.slice(0, -48))
    await assert.rejects(broken.finish(), {
      kind: 'format',
      message: /^Shard: a record at byte 336/,
    })
  })

  void test(`${name}: chunks are told under a key`, async () => {
    await using compute = await open()
    const hasher = await openHasher()
    const index = new Uint8Array(40)
    index.set(new Uint8Array(32).fill(3))
    new DataView(index.buffer).setUint32(32, 20, true)
    new DataView(index.buffer).setUint32(36, 12, true)
    const key = new Uint8Array(32).fill(5)
    using work = compute.tellChunks(key)
    const keyed = hasher.keyed(key)(index.subarray(0, 32))
    const told = await work.push(index.slice())
    assert.deepEqual(told, shardRecord(keyed, 0, 12))
    await assert.rejects(work.push(new Uint8Array(39)), { kind: 'format' })
  })
}
