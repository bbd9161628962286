/** Looking after contents that are held as chunks: fsck, scrub, backup and restore; and jobs that a shutdown stops. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import type { ByteSource } from '@weighhouse/server/core/ports/byte-store.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { type House, openHouse } from '@weighhouse/server/house.ts'
import { backup, restore } from '@weighhouse/server/upkeep/backup.ts'
import { fsck } from '@weighhouse/server/upkeep/fsck.ts'
import { openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'

const name = { type: 'model', path: 'ann/m' } as const

const makeFolder = async (): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'weighhouse-keep-xet-')), 'data')

/** Time that a test moves on; sleepers sleep until they are stopped. */
const makeClock = () => {
  let aheadMs = 0
  return {
    nowMs: () => Date.now() + aheadMs,
    sleep: (_ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((_, reject) => {
        const stop = () => reject(new Error('stopped'))
        if (signal?.aborted === true) stop()
        else signal?.addEventListener('abort', stop, { once: true })
      }),
    advance: (ms: number) => void (aheadMs += ms),
  }
}

const digestOf = async (source: ByteSource): Promise<string> => {
  const hash = createHash('sha256')
  for await (const bytes of source) hash.update(bytes)
  return hash.digest('hex')
}

const writePermit = (house: House) =>
  house.hub.policy.require(house.systemCtx('test'), 'repo.write', name)

/** A hub with two contents that share chunks, and a whole one. */
const openChunked = async () => {
  const data = await makeFolder()
  const clock = makeClock()
  const house = await openHouse(makeConfig({ data }, {}), undefined, { clock })
  const { hub } = house
  const ctx = house.systemCtx('test')
  await hub.identity.createUser(ctx, hub.policy.requireHub(ctx), { name: 'ann' })
  const space = await hub.policy.requireNamespace(ctx, 'namespace.create', 'ann')
  await hub.commits.createRepo(ctx, space, { type: 'model', name: 'm', visibility: 'private' }, [])
  const permit = await writePermit(house)
  const random = makeRandom(11)
  const base = random.bytes(900_000)
  const contents = [base, Buffer.concat([base, random.bytes(300_000)])]
  for (const bytes of contents) {
    const offer = {
      sha256: createHash('sha256').update(bytes).digest('hex') as never,
      sizeBytes: bytes.length,
    }
    const answer = await hub.content.begin(ctx, permit, offer, { inParts: false })
    assert.equal(answer.state, 'wanted')
    const target = { uploadId: answer.uploadId, part: 1, bodyBytes: bytes.length }
    const source = (async function* () {
      yield await Promise.resolve(bytes)
    })()
    await hub.content.receive(ctx, permit, target, source)
  }
  await hub.content.put(ctx, permit, random.bytes(50_000))
  clock.advance(limits.chunkAfterMs + 1)
  await house.settle()
  const held = await hub.content.eachHeld('', 10)
  assert.equal(held.filter((row) => row.xetHash !== undefined).length, 2)
  return { house, data, clock, ctx, held }
}

const firstXorb = async (house: House, data: string) => {
  const [xorb] = await house.hub.chunks.eachXorb('', 1)
  assert.ok(xorb)
  return { ...xorb, path: join(data, 'xorbs', 'objects', xorb.hash.slice(0, 2), xorb.hash) }
}

const flip = async (path: string): Promise<Buffer> => {
  const bytes = await readFile(path)
  const sound = Buffer.from(bytes)
  bytes[5_000] = (bytes[5_000] ?? 0) ^ 1
  await chmod(path, 0o600)
  await writeFile(path, bytes)
  return sound
}

void test('fsck of a hub with chunked contents is clean and counts xorbs', async () => {
  const { house } = await openChunked()
  await using _ = house
  for (const deep of [false, true]) {
    const report = await fsck(house, { deep })
    assert.deepEqual(report.problems, [])
    assert.equal(report.contents, 3)
    assert.ok(report.xorbs >= 1)
  }
})

void test('fsck finds a xorb whose bytes are gone', async () => {
  const { house, data } = await openChunked()
  await using _ = house
  const { path, hash } = await firstXorb(house, data)
  await rm(path)
  const found = await fsck(house, { deep: false })
  assert.deepEqual(found.problems, [`xorb ${hash}: its bytes are gone`])
  const deep = await fsck(house, { deep: true })
  assert.match(deep.problems.join('\n'), /its bytes are gone/)
})

void test('fsck finds a file of chunks that is not known', async () => {
  const { house, data } = await openChunked()
  await using _ = house
  const db = new DatabaseSync(join(data, 'weighhouse.db'))
  db.exec('pragma foreign_keys = off')
  db.exec('delete from xet_file')
  db.close()
  const found = await fsck(house, { deep: false })
  assert.equal(found.problems.filter((line) => line.includes('is not known')).length, 2)
})

const harm = (data: string, sql: string): void => {
  const db = new DatabaseSync(join(data, 'weighhouse.db'))
  db.exec('pragma foreign_keys = off')
  db.exec(sql)
  db.close()
}

const harms: readonly [name: string, sql: string, says: RegExp][] = [
  ['an index that is gone', 'delete from xorb_index', /xorb \w+: its index is gone/],
  ['a xorb that is not known', 'delete from xorb', /needs the xorb \w+, which is not known/],
  ['a xorb that no file holds', 'delete from xet_file_xorb', /which a sweep may take/],
  [
    'terms that do not fit',
    "update xet_file set terms = cast(substr(terms, 1, 36) || x'01000000' || substr(terms, 41) as blob)",
    /names chunks 0 to 1 of the xorb/,
  ],
  ['damage that the scrub has found', 'update xorb set damaged_at_ms = 1', /was found damaged/],
]

for (const [what, sql, says] of harms) {
  void test(`fsck finds ${what}`, async () => {
    const { house, data } = await openChunked()
    await using _ = house
    harm(data, sql)
    assert.match((await fsck(house, { deep: false })).problems.join('\n'), says)
  })
}

void test('fsck finds an index of another packing, when it looks deep', async () => {
  const { house, data } = await openChunked()
  await using _ = house
  // The end of the first record: its four bytes after the hash.
  harm(
    data,
    "update xorb_index set body = cast(substr(body, 1, 32) || x'09000000' || substr(body, 37) as blob) where hash in (select min(hash) from xorb)",
  )
  const { problems } = await fsck(house, { deep: true })
  assert.match(problems.join('\n'), /xorb \w+: its index does not fit its bytes/)
})

void test('fsck finds a flipped byte of a xorb, when it looks deep', async () => {
  const { house, data } = await openChunked()
  await using _ = house
  const { path, hash } = await firstXorb(house, data)
  await flip(path)
  assert.equal((await fsck(house, { deep: false })).problemCount, 0)
  const { problems } = await fsck(house, { deep: true })
  assert.ok(problems.some((line) => line.startsWith(`xorb ${hash}: `)))
  assert.ok(problems.some((line) => line.startsWith('content ')))
})

const eventsNamed = (data: string, event: string): string[] => {
  const db = new DatabaseSync(join(data, 'weighhouse.db'))
  const rows = db.prepare('select payload from event where name = ? order by seq').all(event)
  db.close()
  return rows.map((row) => String(row['payload']))
}

void test('the scrub tells of a damaged xorb, and who sends it again mends it', async () => {
  const { house, data, clock } = await openChunked()
  await using _ = house
  const { path, hash } = await firstXorb(house, data)
  const sound = await flip(path)
  await house.startWork()
  clock.advance(limits.scrubEveryMs + 1)
  await house.settle()
  // The queue's own loop may have taken the job.
  for (let i = 0; i < 200 && eventsNamed(data, 'xorb_damaged').length === 0; i += 1) await sleep(20)
  assert.deepEqual(eventsNamed(data, 'xorb_damaged'), [JSON.stringify({ xorb: hash })])
  const source = (async function* () {
    yield await Promise.resolve(sound)
  })()
  await house.hub.chunks.receiveXorb(await writePermit(house), hash, source)
  assert.deepEqual((await fsck(house, { deep: true })).problems, [])
})

void test('a backup of chunked contents restores them byte for byte, and clients forget', async () => {
  const { house, data, held } = await openChunked()
  await using _ = house
  const target = `${data}-backup`
  const report = await backup(house, target)
  assert.equal(report.contents, 3)
  assert.ok(report.xorbs >= 1)
  // What the hub told clients after the backup is forgotten as well.
  for (let i = 0; i < 3; i += 1) await house.hub.chunks.bumpEpoch()
  const epoch = await house.hub.chunks.epoch()
  const restored = `${data}-restored`
  assert.deepEqual((await restore(target, restored)).problems, [])
  await using other = await openHouse(makeConfig({ data: restored }, {}))
  assert.deepEqual((await fsck(other, { deep: true })).problems, [])
  assert.ok((await other.hub.chunks.epoch()) > epoch)
  let whole = 0
  for await (const { sizeBytes } of other.bytes.list()) whole += sizeBytes
  assert.equal(whole, 50_000)
  const permit = await writePermit(other)
  for (const { sha256 } of held) {
    assert.equal(await digestOf(await other.hub.content.open(permit, sha256)), sha256)
  }
})

void test('a backup without one of its xorbs is refused and names it', async () => {
  const { house, data } = await openChunked()
  await using _ = house
  const { path } = await firstXorb(house, data)
  await rm(path)
  await assert.rejects(backup(house, `${data}-backup`), /xorb [0-9a-f]{64} is damaged/)
})

void test('a job that a shutdown stops is put back as it was', async () => {
  const data = await makeFolder()
  const house = await openHouse(makeConfig({ data }, {}))
  const begun = new EventTarget()
  const waiting = once(begun, 'begun')
  house.hub.jobs.handle('wait', (_payload, signal) => {
    begun.dispatchEvent(new Event('begun'))
    return once(signal, 'abort').then(() => signal.throwIfAborted())
  })
  const job = { kind: 'wait', workKey: 'wait', payload: {} }
  await house.db.tx((q, after) => house.hub.jobs.enqueue({ q, after }, job))
  house.hub.jobs.start(1_000)
  await waiting
  await house[Symbol.asyncDispose]()
  const db = new DatabaseSync(join(data, 'weighhouse.db'))
  const row = db.prepare('select state, attempts, lease_until_ms, last_error from job').get()
  db.close()
  assert.deepEqual(
    { ...row },
    { state: 'queued', attempts: 0, lease_until_ms: null, last_error: null },
  )
})

void test('the lease of a job is renewed while it runs', async () => {
  await using dev = await openDevHouse()
  const { hub, db } = dev.house
  const begun = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  hub.jobs.handle('slow', () => {
    begun.resolve()
    return release.promise
  })
  const job = { kind: 'slow', workKey: 'slow', payload: {} }
  await db.tx((q, after) => hub.jobs.enqueue({ q, after }, job))
  const settled = hub.jobs.settle()
  await begun.promise
  const leaseUntilMs = async () =>
    Number(
      (await db.read.selectFrom('job').select('lease_until_ms').executeTakeFirst())?.lease_until_ms,
    )
  const first = await leaseUntilMs()
  dev.clock.advance((first - dev.clock.nowMs()) / 3)
  for (let i = 0; i < 200 && (await leaseUntilMs()) === first; i += 1) await sleep(10)
  assert.ok((await leaseUntilMs()) > first)
  release.resolve()
  await settled
  assert.deepEqual(await hub.jobs.counts(hub.policy.requireHub(dev.system)), [])
})

void test('no xorb is swept while a backup is made', async () => {
  const { house, clock, held } = await openChunked()
  await using _ = house
  const { content, chunks } = house.hub
  const permit = await writePermit(house)
  for (const { sha256 } of held) await content.unlink(permit, sha256)
  clock.advance(limits.sweepGraceMs + 1)
  assert.equal((await content.sweep(0)).contents, 3)
  await content.holdSweep(60_000)
  const graces = { namedMs: 0, unnamedMs: 0 }
  assert.equal((await chunks.sweep(graces)).xorbs, 0)
  clock.advance(60_001)
  assert.ok((await chunks.sweep(graces)).xorbs >= 1)
  assert.deepEqual(await chunks.eachXorb('', 10), [])
})
