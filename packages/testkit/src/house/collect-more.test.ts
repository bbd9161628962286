/** Collecting leaves a repo that fsck finds sound, does not hold up the server, and a dry run tells all that would go. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { type ByteStore, ByteStoreError } from '@weighhouse/server/core/ports/byte-store.ts'
import { makeMemoryStore } from '@weighhouse/server/drivers/bytes/memory/index.ts'
import { fsck } from '@weighhouse/server/upkeep/fsck.ts'
import { gc } from '@weighhouse/server/upkeep/gc.ts'
import { reportOnHub, reportOnRepo } from '@weighhouse/server/upkeep/storage-report.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { commit, file, header, lfsFile, upload } from './calls.ts'

const random = makeRandom(12)

const streamOf = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

const push = async (dev: DevHouse, token: string, repo: string, bytes: Buffer): Promise<void> => {
  await upload(dev, repo, bytes, token)
  const answer = await commit(dev, repo, [header(), lfsFile('w.bin', bytes)], { token })
  assert.equal(answer.status, 200, answer.text)
  dev.clock.advance(limits.chunkAfterMs + 1)
  await dev.house.settle()
}

const squash = async (dev: DevHouse, token: string, repo: string): Promise<void> => {
  const answer = await dev.ask('POST', `/api/models/${repo}/super-squash/main`, { token, body: {} })
  assert.ok(answer.status < 300, answer.text)
}

void test('fsck finds a repo sound at every step of collecting', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  await push(dev, token, 'ann/m', random.bytes(300_000))
  await push(dev, token, 'ann/m', random.bytes(200_000))
  dev.clock.advance(limits.sweepGraceMs + 1)
  await squash(dev, token, 'ann/m')
  for (let step = 0; step < 3; step += 1) {
    await gc(dev.house, { isDryRun: false, isNow: false })
    assert.deepEqual((await fsck(dev.house, { deep: false })).problems, [], `step ${step}`)
    dev.clock.advance(limits.sweepGraceMs + 1)
  }
})

void test('a dry run tells all that would go', async () => {
  for (const isNow of [false, true]) {
    await using dev = await openDevHouse()
    const token = await dev.user('ann')
    for (const path of ['ann/a', 'ann/b']) await dev.repo(path)
    const [shared, own, next] = [300_000, 400_000, 100_000].map((size) => random.bytes(size))
    assert.ok(shared && own && next)
    await push(dev, token, 'ann/a', shared)
    await push(dev, token, 'ann/b', shared)
    await push(dev, token, 'ann/a', own)
    await push(dev, token, 'ann/a', next)
    await squash(dev, token, 'ann/a')
    dev.clock.advance(limits.sweepGraceMs + 1)
    const told = await gc(dev.house, { isDryRun: true, isNow })
    const done = await gc(dev.house, { isDryRun: false, isNow })
    assert.ok(done.contents >= 1)
    assert.deepEqual({ ...told, isDryRun: false }, done)
  }
})

void test('a walk over a long history lets others have their turn', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  for (let i = 0; i < 30; i += 1) {
    const answer = await commit(dev, 'ann/m', [header(), file(`${i}.txt`, `${i}`)], { token })
    assert.equal(answer.status, 200, answer.text)
  }
  const { repo } = await dev.hub.policy.require(dev.system, 'repo.read', {
    type: 'model',
    path: 'ann/m',
  })
  let turns = 0
  let isDone = false
  const count = (): void => {
    turns += 1
    if (!isDone) setImmediate(count)
  }
  setImmediate(count)
  await dev.hub.commits.collect(repo.id, { graceMs: 0, dryRun: true })
  isDone = true
  assert.ok(turns >= 2, `${turns} turns`)
})

void test('a sweep that keeps failing is tried again the next hour', async () => {
  const inner = makeMemoryStore(() => 0)
  let isBroken = true
  const bytes: ByteStore = {
    ...inner,
    listStages: () => {
      if (isBroken) throw new ByteStoreError('permanent', 'The disk is broken.')
      return inner.listStages()
    },
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
  await using dev = await openDevHouse({ bytes })
  await dev.house.startWork()
  for (let i = 0; i < 20; i += 1) {
    dev.clock.advance(10 * 60_000)
    await dev.house.settle()
  }
  isBroken = false
  await bytes.write('left', 0, streamOf(Buffer.alloc(10)), 10)
  dev.clock.advance(limits.sweepGraceMs * 2)
  for (let i = 0; i < 3; i += 1) {
    dev.clock.advance(3600_000)
    await dev.house.settle()
  }
  const stages: string[] = []
  for await (const { stage } of bytes.listStages()) stages.push(stage)
  assert.deepEqual(stages, [])
})

void test('what the report says a branch costs is freed when it goes, and no more', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const [first = Buffer.alloc(0), second = first] = [300_000, 200_000].map((n) => random.bytes(n))
  await push(dev, token, 'ann/m', first)
  const made = await dev.ask('POST', '/api/models/ann/m/branch/old', { token, body: {} })
  assert.ok(made.status < 300, made.text)
  await push(dev, token, 'ann/m', second)
  const copy = [header(), lfsFile('again.bin', second)]
  assert.equal((await commit(dev, 'ann/m', copy, { token })).status, 200)
  await squash(dev, token, 'ann/m')
  const wish = { path: 'ann/m', type: 'model' } as const
  const report = await reportOnRepo(dev.house, dev.system, wish)
  const exclusive = Object.fromEntries(report.refs.map((one) => [one.name, one.exclusiveBytes]))
  const old = exclusive['refs/heads/old'] ?? 0
  assert.ok(old >= first.length && old < first.length + second.length)
  assert.ok((exclusive['refs/heads/main'] ?? 0) >= second.length)
  const files = report.files.filter(({ path }) => path.endsWith('.bin'))
  assert.deepEqual(
    files.map((one) => one.exclusiveBytes),
    [0, 0],
    'either of two paths keeps the content',
  )
  assert.equal((await reportOnHub(dev.house)).unneededGoneAtMs, undefined)
  await dev.ask('DELETE', '/api/models/ann/m/branch/old', { token })
  const waiting = await gc(dev.house, { isDryRun: true, isNow: true })
  assert.equal(waiting.bytes, old)
  assert.equal((await gc(dev.house, { isDryRun: false, isNow: true })).bytes, old)
})

void test('the report says when what nothing needs will be gone', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  await push(dev, token, 'ann/m', random.bytes(300_000))
  const permit = await dev.hub.policy.require(dev.system, 'repo.admin', {
    type: 'model',
    path: 'ann/m',
  })
  await dev.hub.repos.delete(dev.system, permit)
  const { unneededGoneAtMs = 0 } = await reportOnHub(dev.house)
  assert.ok(unneededGoneAtMs > dev.clock.nowMs())
  await dev.house.startWork()
  while (dev.clock.nowMs() < unneededGoneAtMs + 3600_000) {
    dev.clock.advance(3600_000)
    await dev.house.settle()
  }
  const after = await reportOnHub(dev.house)
  assert.deepEqual([after.storedBytes, after.unneededBytes], [0, 0])
  for await (const { key } of dev.house.xorbs.list()) assert.fail(`${key} is still there`)
})
