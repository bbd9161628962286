/** Files that came in whole become chunks, and every reader gets the same bytes as before. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { batch, commit, header, lfsFile, local, offered, sha256, upload } from './calls.ts'

const random = makeRandom(7)

/** Bytes of every kind of chunk: noise, floats that group well, text that repeats, zeros. */
const mixed = (): Buffer => {
  const floats = Buffer.alloc(600_000)
  for (let at = 0; at < floats.length; at += 4) {
    floats.writeFloatLE((random.below(2000) - 1000) / 1e6, at)
  }
  const text = Buffer.from('{"layer": 12, "name": "weight"}\n'.repeat(9_000))
  const noise = () => random.bytes(700_000)
  return Buffer.concat([noise(), floats, text, noise(), Buffer.alloc(400_000), noise(), floats])
}

const push = async (dev: DevHouse, token: string, repo: string, bytes: Buffer): Promise<void> => {
  await upload(dev, repo, bytes, token)
  const answer = await commit(dev, repo, [header(), lfsFile('w.bin', bytes)], { token })
  assert.equal(answer.status, 200, answer.text)
}

const settleChunks = async (dev: DevHouse): Promise<void> => {
  dev.clock.advance(limits.chunkAfterMs + 1)
  await dev.house.settle()
}

const wholeCopies = async (dev: DevHouse): Promise<number> => {
  let count = 0
  for await (const _ of dev.house.bytes.list()) count += 1
  return count
}

const storedBytes = async (dev: DevHouse): Promise<number> => {
  let sum = 0
  for await (const { sizeBytes } of dev.house.xorbs.list()) sum += sizeBytes
  return sum
}

const url = '/ann/m/resolve/main/w.bin'

void test('a file that came in whole is read from its chunks, in every range', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const bytes = mixed()
  await push(dev, token, 'ann/m', bytes)
  assert.equal((await dev.ask('HEAD', url)).headers['x-xet-hash'], undefined)
  await settleChunks(dev)
  const head = await dev.ask('HEAD', url)
  assert.match(head.headers['x-xet-hash'] ?? '', /^[0-9a-f]{64}$/)
  assert.equal(head.headers['content-length'], String(bytes.length))
  assert.equal(await wholeCopies(dev), 0)
  assert.ok((await storedBytes(dev)) < bytes.length)
  assert.equal(sha256((await dev.ask('GET', url)).bytes), sha256(bytes))
  for (let i = 0; i < 60; i += 1) {
    const first = random.below(bytes.length)
    const last = Math.min(bytes.length - 1, first + random.below(i % 2 === 0 ? 300 : 900_000))
    const part = await dev.ask('GET', url, { headers: { range: `bytes=${first}-${last}` } })
    assert.equal(part.status, 206)
    assert.ok(part.bytes.equals(bytes.subarray(first, last + 1)), `bytes ${first} to ${last}`)
  }
  const object = { oid: sha256(bytes), size: bytes.length }
  const link = offered(await batch(dev, 'ann/m', [object], { token, operation: 'download' }))
  const got = await dev.ask('GET', local(link.actions?.download?.href))
  assert.equal(sha256(got.bytes), sha256(bytes))
})

void test('a changed version costs what changed', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const first = random.bytes(4_000_000)
  await push(dev, token, 'ann/m', first)
  await settleChunks(dev)
  const before = await storedBytes(dev)
  const second = Buffer.concat([
    first.subarray(0, 2_000_000),
    random.bytes(1_000),
    first.subarray(2_000_000),
  ])
  await push(dev, token, 'ann/m', second)
  await settleChunks(dev)
  const added = (await storedBytes(dev)) - before
  assert.ok(added < 500_000, `${added} bytes more`)
  assert.equal(sha256((await dev.ask('GET', url)).bytes), sha256(second))
})

void test('bytes that others hold as chunks come in whole and are stored once', async () => {
  await using dev = await openDevHouse()
  const ann = await dev.user('ann')
  const bob = await dev.user('bob')
  await dev.repo('ann/m', { visibility: 'private' })
  await dev.repo('bob/m')
  const bytes = random.bytes(500_000)
  await push(dev, ann, 'ann/m', bytes)
  await settleChunks(dev)
  const before = await storedBytes(dev)
  await push(dev, bob, 'bob/m', bytes)
  assert.equal(await wholeCopies(dev), 0)
  assert.equal(await storedBytes(dev), before)
  assert.equal(sha256((await dev.ask('GET', '/bob/m/resolve/main/w.bin')).bytes), sha256(bytes))
})

void test('small files, and all of them where chunking is off, stay whole', async () => {
  await using dev = await openDevHouse({ env: { WEIGHHOUSE_CHUNK_UPLOADS: 'false' } })
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  const bytes = random.bytes(300_000)
  await push(dev, token, 'ann/m', bytes)
  await settleChunks(dev)
  assert.equal(await wholeCopies(dev), 1)
  assert.equal((await dev.ask('HEAD', url)).headers['x-xet-hash'], undefined)
})
