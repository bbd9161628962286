/** What no ref leads to is freed after its grace, and nothing else is. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { gc } from '@weighhouse/server/upkeep/gc.ts'
import { reportOnHub, reportOnRepo } from '@weighhouse/server/upkeep/storage-report.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { commit, header, lfsFile, sha256, upload } from './calls.ts'

const random = makeRandom(11)
const grace = { isDryRun: false, isNow: false }
const now = { isDryRun: false, isNow: true }

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

const storedBytes = async (dev: DevHouse): Promise<number> => {
  let sum = 0
  for await (const { sizeBytes } of dev.house.xorbs.list()) sum += sizeBytes
  for await (const { sizeBytes } of dev.house.bytes.list()) sum += sizeBytes
  return sum
}

const remove = async (dev: DevHouse, path: string): Promise<void> => {
  const permit = await dev.hub.policy.require(dev.system, 'repo.admin', { type: 'model', path })
  await dev.hub.repos.delete(dev.system, permit)
}

const got = async (dev: DevHouse, repo: string, rev = 'main'): Promise<string> =>
  sha256((await dev.ask('GET', `/${repo}/resolve/${rev}/w.bin`)).bytes)

void test('an old version stays while history names it and goes after a squash', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const [first, second] = [random.bytes(300_000), random.bytes(200_000)]
  await push(dev, token, 'ann/m', first)
  await push(dev, token, 'ann/m', second)
  dev.clock.advance(limits.sweepGraceMs + 1)
  const kept = await gc(dev.house, grace)
  assert.deepEqual([kept.unlinked, kept.objects, kept.contents, kept.xorbs], [0, 0, 0, 0])
  await squash(dev, token, 'ann/m')
  const before = await storedBytes(dev)
  const early = await gc(dev.house, grace)
  assert.equal(early.unlinked, 1, 'the link is older than the grace')
  assert.equal(early.objects, 0, 'the ref has just moved')
  dev.clock.advance(limits.sweepGraceMs + 1)
  const later = await gc(dev.house, grace)
  assert.ok(later.objects >= 4, `${later.objects} objects`)
  assert.ok(before - (await storedBytes(dev)) >= first.length)
  assert.equal(await got(dev, 'ann/m'), sha256(second))
  assert.equal((await gc(dev.house, grace)).objects, 0)
})

void test('an upload waits for its commit within the grace', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const bytes = random.bytes(100_000)
  dev.clock.advance(limits.sweepGraceMs * 2)
  await upload(dev, 'ann/m', bytes, token)
  dev.clock.advance(limits.sweepGraceMs - 1)
  assert.equal((await gc(dev.house, grace)).unlinked, 0)
  const answer = await commit(dev, 'ann/m', [header(), lfsFile('w.bin', bytes)], { token })
  assert.equal(answer.status, 200, answer.text)
  dev.clock.advance(limits.sweepGraceMs * 3)
  assert.equal((await gc(dev.house, now)).unlinked, 0)
  assert.equal(await got(dev, 'ann/m'), sha256(bytes))
})

void test('now frees a deleted repo at once, but not what others share', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  for (const path of ['ann/a', 'ann/b']) await dev.repo(path)
  const [shared, own] = [random.bytes(300_000), random.bytes(400_000)]
  await push(dev, token, 'ann/a', shared)
  await push(dev, token, 'ann/b', shared)
  await push(dev, token, 'ann/a', own)
  const before = await storedBytes(dev)
  const epoch = await dev.hub.chunks.epoch()
  await remove(dev, 'ann/a')
  const dry = await gc(dev.house, { isDryRun: true, isNow: true })
  assert.equal(dry.contents, 1)
  assert.equal(await storedBytes(dev), before)
  const done = await gc(dev.house, now)
  assert.deepEqual([done.contents, done.xorbs], [1, 1])
  assert.equal(done.bytes, before - (await storedBytes(dev)))
  assert.ok(done.bytes >= own.length)
  assert.ok((await dev.hub.chunks.epoch()) > epoch)
  assert.equal(await got(dev, 'ann/b'), sha256(shared))
})

void test('a commit id that was collected is unknown; tags keep theirs', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const [first, second] = [random.bytes(100_000), random.bytes(100_000)]
  await push(dev, token, 'ann/m', first)
  const body = { tag: 'v1', message: 'first' }
  const tagged = await dev.ask('POST', '/api/models/ann/m/tag/main', { token, body })
  assert.ok(tagged.status < 300, tagged.text)
  await push(dev, token, 'ann/m', second)
  await squash(dev, token, 'ann/m')
  await gc(dev.house, now)
  assert.equal(await got(dev, 'ann/m', 'v1'), sha256(first))
  assert.equal(await got(dev, 'ann/m'), sha256(second))
})

void test('collecting gives up when a ref moves under it, and a dry run changes nothing', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const { id } = (
    await dev.hub.policy.require(dev.system, 'repo.read', {
      type: 'model',
      path: 'ann/m',
    })
  ).repo
  const [first, second] = [random.bytes(100_000), random.bytes(100_000)]
  await push(dev, token, 'ann/m', first)
  const head = (await dev.hub.refs.refsOf(id))[0]?.commit
  assert.ok(head)
  await push(dev, token, 'ann/m', second)
  await squash(dev, token, 'ann/m')
  const dry = await dev.hub.commits.collect(id, { graceMs: 0, dryRun: true })
  assert.deepEqual([dry.contents, dry.contentBytes], [1, first.length])
  assert.equal((await dev.hub.refs.existing(id, [head])).size, 1)
  const permit = await dev.hub.policy.require(dev.system, 'repo.write', {
    type: 'model',
    path: 'ann/m',
  })
  const none = { contents: 0, contentBytes: 0, objects: 0, objectBytes: 0 }
  const collecting = dev.hub.commits.collect(id, { graceMs: 0, dryRun: false })
  // The walk reads; the branch is made before it writes.
  await dev.hub.refs.createBranch(dev.system, permit, { name: 'old', at: head, overwrite: false })
  assert.deepEqual(await collecting, none)
  assert.equal(await got(dev, 'ann/m', 'old'), sha256(first))
  const refused = dev.hub.refs.createBranch(dev.system, permit, {
    name: 'x',
    at: sha256('x').slice(0, 40) as typeof head,
    overwrite: false,
  })
  await assert.rejects(refused, { code: 'busy' })
})

void test('the report tells what is shared from what deleting frees', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  for (const path of ['ann/a', 'ann/b']) await dev.repo(path)
  const [shared, own] = [random.bytes(300_000), random.bytes(400_000)]
  await push(dev, token, 'ann/a', shared)
  await push(dev, token, 'ann/b', shared)
  await push(dev, token, 'ann/a', own)
  const report = await reportOnHub(dev.house)
  const [a, b] = ['ann/a', 'ann/b'].map((path) => report.repos.find((one) => one.path === path))
  assert.equal(a?.logicalBytes, 700_000)
  assert.equal(b?.logicalBytes, 300_000)
  assert.equal(report.logicalBytes, 1_000_000)
  assert.equal(report.storedBytes, await storedBytes(dev))
  assert.equal(report.unneededBytes, 0)
  assert.equal(b.exclusiveBytes, 0)
  assert.equal(b.sharedBytes, b.storedBytes)
  assert.equal(a.sharedBytes, b.storedBytes)
  assert.equal(a.exclusiveBytes, report.storedBytes - b.storedBytes)
  const one = await reportOnRepo(dev.house, dev.system, { path: 'ann/a', type: 'model' })
  const file = one.files.find(({ path }) => path === 'w.bin')
  assert.equal(file?.logicalBytes, 400_000)
  assert.equal(file.exclusiveBytes, file.storedBytes)
  assert.deepEqual(
    one.refs.map(({ name }) => name),
    ['refs/heads/main'],
  )
  assert.equal(one.refs[0]?.storedBytes, a.storedBytes)
  const before = await storedBytes(dev)
  await remove(dev, 'ann/a')
  await gc(dev.house, now)
  assert.equal(before - (await storedBytes(dev)), a.exclusiveBytes, 'as was reported')
})
