/** Many shards, and large ones: how many are held at once, and what waits for what. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import {
  shardBookend,
  shardRecord,
  shardTag,
  writeShard,
} from '@weighhouse/formats/xet/shard-support.ts'
import { joined } from '@weighhouse/formats/xet/test-support.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { local } from './calls.ts'
import { type Grant, kept, postShard, postXorb, pull, writer } from './xet-calls.ts'
import {
  cutEvery,
  makeXorb,
  packed,
  sentFile,
  sentXorb,
  shardOf,
  wholeOf,
  type XetFile,
} from './xet-kit.ts'

const random = makeRandom(71)
const largeBytes = limits.shardSmallBytesMax + 1

/** What follows the last record is not read, but received. */
const padded = (shard: Uint8Array, length = largeBytes): Buffer => {
  const bytes = Buffer.alloc(length)
  bytes.set(shard)
  return bytes
}

/** An account with a repo and a file of its own whose xorb is sent already. */
const settler = async (dev: DevHouse, name: string) => {
  const token = await dev.user(name)
  await dev.repo(`${name}/m`)
  const grant = await writer(dev, `${name}/m`, token)
  const file = packed(random.bytes(5000))
  const [{ xorb } = assert.fail()] = file.pieces
  assert.equal((await postXorb(dev, grant, xorb)).status, 200)
  return { grant, file }
}

/** Holds every check of a large shard until it is let go, and counts. */
const holdLarge = (t: TestContext, { hub }: DevHouse) => {
  const { chunks } = hub
  const gate = Promise.withResolvers<void>()
  const seen = { arrived: 0, admitted: 0, checking: 0, most: 0 }
  const changed = new Set<() => void>()
  const note = (): void => {
    for (const wake of changed) wake()
  }
  const { check, admitLargeShard } = chunks
  t.mock.method(chunks, 'admitLargeShard', async (...args: Parameters<typeof admitLargeShard>) => {
    seen.arrived += 1
    note()
    const place = await admitLargeShard(...args)
    seen.admitted += 1
    note()
    return place
  })
  t.mock.method(chunks, 'check', async (...args: Parameters<typeof check>) => {
    if (args[1].length < largeBytes) return check(...args)
    seen.checking += 1
    seen.most = Math.max(seen.most, seen.checking)
    note()
    await gate.promise
    try {
      return await check(...args)
    } finally {
      seen.checking -= 1
    }
  })
  return {
    seen,
    release: () => gate.resolve(),
    /** Resolves when `isSo`. */
    async until(isSo: () => boolean): Promise<void> {
      while (!isSo()) {
        const { promise, resolve } = Promise.withResolvers<void>()
        changed.add(resolve)
        await promise
        changed.delete(resolve)
      }
    },
  }
}

void test('of many large shards a few are held at once, small ones pass, and all are answered', async (t) => {
  await using dev = await openDevHouse()
  const names = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay']
  const settlers: { grant: Grant; file: XetFile }[] = []
  for (const name of names) settlers.push(await settler(dev, name))
  const other = await settler(dev, 'small')
  const { seen, until, release } = holdLarge(t, dev)
  const versions = ['v1', 'v2'] as const
  const answers = settlers.map(({ grant, file }, i) =>
    postShard(dev, grant, padded(shardOf([file])), versions[i % 2]),
  )
  await until(() => seen.arrived === names.length && seen.checking >= limits.largeShardsMax)
  // By now every large shard has come.
  assert.equal((await postShard(dev, other.grant, shardOf([other.file]))).status, 200)
  assert.equal(seen.checking, limits.largeShardsMax)
  release()
  for (const answer of await Promise.all(answers)) {
    assert.equal(answer.status, 200)
    assert.match(answer.text, /"result":1\}\s*$/)
  }
  assert.equal(seen.most, limits.largeShardsMax)
  for (const { grant, file } of settlers) {
    assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
  }
})

void test('one account holds one place, whatever it sends', async (t) => {
  await using dev = await openDevHouse()
  const ann = await settler(dev, 'ann')
  const bob = await settler(dev, 'bob')
  const { seen, until, release } = holdLarge(t, dev)
  const send = ({ grant, file }: typeof ann) => postShard(dev, grant, padded(shardOf([file])))
  const greedy = Array.from({ length: 5 }, () => send(ann))
  await until(() => seen.arrived === 5 && seen.checking === 1)
  const modest = send(bob)
  await until(() => seen.checking === 2)
  release()
  for (const answer of await Promise.all([...greedy, modest])) assert.equal(answer.status, 200)
})

void test('the largest shards of lies are refused for the first', async () => {
  await using dev = await openDevHouse()
  const { grant } = await settler(dev, 'ann')
  const records = Math.floor(limits.shardBytesMax / 48)
  const header = shardRecord(shardTag, 2)
  /** Noise for names, so that none is like another. */
  const fill = (head: readonly Uint8Array[], tail: readonly Uint8Array[]): Buffer => {
    const body = randomBytes(records * 48)
    body.set(joined(...head))
    const end = joined(...tail)
    body.set(end, body.length - end.length)
    return body
  }
  const terms = records - 4
  const hash = randomBytes(32)
  const oneFile = fill([header, shardRecord(hash, 0, terms)], [shardBookend, shardBookend])
  const named = await postShard(dev, grant, oneFile)
  assert.equal(named.status, 400)
  assert.match(named.text, /names the xorb [0-9a-f]{64}, which was not uploaded here/)
  const endless = fill([header, shardRecord(hash, 0, terms + 3)], [])
  assert.match((await postShard(dev, grant, endless)).text, /a file of \d+ terms at byte 96 needs/)
  // Files without terms: only the empty one may be such.
  const hollow = Buffer.alloc(records * 48)
  hollow.set(header)
  const hollowRecord = shardRecord(hash, 0x80000000)
  for (let i = 1; i < records - 2; i += 1) hollow.set(hollowRecord, i * 48)
  hollow.set(joined(shardBookend, shardBookend), (records - 2) * 48)
  const empty = await postShard(dev, grant, hollow)
  assert.equal(empty.status, 400)
  assert.match(empty.text, /without its SHA-256/)
  const { files, links } = await kept(dev)
  assert.deepEqual({ files, links }, { files: 0, links: 0 })
})

void test('a large shard that dawdles loses its place', async (t) => {
  await using dev = await openDevHouse()
  const { grant } = await settler(dev, 'ann')
  const { port } = await dev.server.listen()
  const { seen, until, release } = holdLarge(t, dev)
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    `POST ${local(grant.casUrl)}/v1/shards HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${grant.accessToken}\r\ncontent-length: ${3 * largeBytes}\r\n\r\n`,
  )
  socket.write(padded(shardOf([]), 2 * largeBytes))
  await until(() => seen.admitted === 1)
  // So that whoever was admitted has looked at the clock.
  await setImmediate()
  dev.clock.advance(limits.largeShardReceiveMs + 1)
  socket.write(Buffer.alloc(1000))
  while (!heard.includes('too slowly')) await once(socket, 'data')
  assert.match(heard, /^HTTP\/1\.1 503 /)
  socket.destroy()
  // Its place is free: another of the same account is not kept waiting.
  const next = postShard(dev, grant, padded(shardOf([])))
  await until(() => seen.checking === 1)
  release()
  assert.equal((await next).status, 200)
})

void test('a file that comes twice counts once, as it came first', async () => {
  await using dev = await openDevHouse()
  const { grant, file } = await settler(dev, 'ann')
  const first = sentFile(file)
  const second = sentFile(file, { terms: [], ranges: [] })
  const { xorb } = file.pieces[0] ?? assert.fail()
  const shard = writeShard([first, second], [sentXorb(xorb)])
  assert.equal((await postShard(dev, grant, shard)).status, 200)
  assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
})

void test('a client that marks every chunk is believed for some', async () => {
  await using dev = await openDevHouse()
  const { grant } = await settler(dev, 'ann')
  const xorb = makeXorb(cutEvery(random.bytes(4000), 4))
  assert.equal((await postXorb(dev, grant, xorb)).status, 200)
  const { hash, chunks } = sentXorb(xorb)
  const marked = { hash, chunks: chunks.map((chunk) => ({ ...chunk, flags: 0x80000000 })) }
  const shard = writeShard([sentFile(wholeOf(xorb))], [marked, marked])
  assert.equal((await postShard(dev, grant, shard)).status, 200)
  const rows = await dev.house.db.read
    .selectFrom('xorb_chunk')
    .selectAll()
    .where('xorb_hash', '=', xorb.hash)
    .execute()
  const most = limits.markedChunksPerXorbMax
  assert.ok(rows.length >= most && rows.length < most + 20, `${rows.length} rows`)
})
