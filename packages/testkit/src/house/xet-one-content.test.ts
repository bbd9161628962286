/** One content, whichever way it came: whole or as chunks, cut this way or that, it is stored once and read through every door. */
import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { formatXetHash, xetHashBytes } from '@weighhouse/formats/xet/hash.ts'
import { hasher } from '@weighhouse/formats/xet/test-support.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { commit, header, lfsFile, sha256, upload, uploadLink } from './calls.ts'
import { cas, kept, postShard, postXorb, pull, push, reader, send, writer } from './xet-calls.ts'
import { cutEvery, makeXorb, packed, shardOf, wholeOf, type XetFile } from './xet-kit.ts'

const random = makeRandom(71)

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, ann }
}

/** Sends bytes whole, by LFS, and commits them. */
const pushWhole = async (
  dev: DevHouse,
  repo: string,
  token: string,
  bytes: Buffer,
  path = 'w.bin',
): Promise<void> => {
  await upload(dev, repo, bytes, token)
  const answer = await commit(dev, repo, [header(), lfsFile(path, bytes)], { token })
  assert.equal(answer.status, 200, answer.text)
}

const pack = async (dev: DevHouse): Promise<void> => {
  dev.clock.advance(limits.chunkAfterMs + 1)
  await dev.house.settle()
}

const hashOf = async (dev: DevHouse, url: string): Promise<string | undefined> =>
  (await dev.ask('HEAD', url)).headers['x-xet-hash']

const url = '/ann/m/resolve/main/w.bin'

void test('what came in whole has the hash that hf_xet gives it, and is read by Xet', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const bytes = Buffer.concat([random.bytes(900_000), Buffer.alloc(300_000), random.bytes(70_000)])
  await pushWhole(dev, 'ann/m', ann, bytes)
  const grant = await reader(dev, 'ann/m')
  const own = packed(bytes).hash
  const path = `/v2/reconstructions/${own}`
  assert.equal((await cas(dev, grant, 'GET', path)).status, 404, 'not before it is cut')
  assert.equal((await kept(dev)).whole, 1)
  await pack(dev)
  assert.equal(await hashOf(dev, url), own)
  assert.ok((await pull(dev, grant, own)).equals(bytes))
  assert.ok((await dev.ask('GET', url)).bytes.equals(bytes))
  const { whole, files, bodies, stages } = await kept(dev)
  assert.deepEqual({ whole, files, bodies, stages }, { whole: 0, files: 1, bodies: 1, stages: 0 })
})

void test('a Xet client is told of what came in whole, and sends none of it again', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const file = packed(random.bytes(700_000))
  await pushWhole(dev, 'ann/m', ann, file.bytes)
  await pack(dev)
  await dev.repo('ann/other')
  const grant = await writer(dev, 'ann/other', ann)
  const [{ xorb } = assert.fail()] = file.pieces
  const first = formatXetHash(hasher.chunk(xorb.chunks[0] ?? assert.fail()))
  const told = await cas(dev, grant, 'GET', `/v1/chunks/default/${first}`)
  assert.equal(told.status, 200)
  assert.ok(told.bytes.includes(xetHashBytes(xorb.hash)))
  assert.equal((await postShard(dev, grant, shardOf([file], { xorbs: [] }))).status, 200)
  assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
})

void test('bytes that are here whole and come again by Xet are held as chunks alone', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const file = packed(random.bytes(400_000))
  await pushWhole(dev, 'ann/m', ann, file.bytes)
  const bob = await dev.user('bob')
  await dev.repo('bob/m')
  await push(dev, 'bob/m', bob, file)
  assert.equal((await kept(dev)).whole, 0)
  assert.equal(await hashOf(dev, url), file.hash, 'for the repo that sent it whole as well')
  assert.ok((await dev.ask('GET', url)).bytes.equals(file.bytes))
  assert.ok((await pull(dev, await reader(dev, 'ann/m'), file.hash)).equals(file.bytes))
  // The job that was to cut it finds nothing to do.
  const before = await kept(dev)
  await pack(dev)
  assert.deepEqual(await kept(dev), before)
})

void test('two clients that cut differently give one content two names, and both are good', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const bytes = random.bytes(500_000)
  const rust = packed(bytes)
  const script = wholeOf(makeXorb(cutEvery(bytes, 8_128)))
  assert.notEqual(rust.hash, script.hash)
  const grant = await push(dev, 'ann/m', ann, script)
  const shown = await hashOf(dev, url)
  await send(dev, grant, [rust])
  assert.equal(await hashOf(dev, url), shown, 'it does not change its name under its readers')
  for (const { hash } of [rust, script]) {
    assert.ok((await pull(dev, grant, hash)).equals(bytes))
    const head = await cas(dev, grant, 'HEAD', `/v1/files/${hash}`)
    assert.equal(head.headers['content-length'], String(bytes.length))
  }
  const { files, links, whole } = await kept(dev)
  assert.deepEqual({ files, links, whole }, { files: 2, links: 1, whole: 0 })
  // A repo that holds the content holds it by every name.
  const bob = await dev.user('bob')
  await dev.repo('bob/m')
  const bobs = await push(dev, 'bob/m', bob, rust)
  assert.ok((await pull(dev, bobs, script.hash)).equals(bytes))
})

void test('bytes that others hold as chunks come in whole, are checked, and leave no second copy', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const file = packed(random.bytes(400_000))
  await dev.repo('ann/secret', { visibility: 'private' })
  await push(dev, 'ann/secret', ann, file)
  const before = await kept(dev)
  const bob = await dev.user('bob')
  await dev.repo('bob/m')
  const link =
    (await uploadLink(dev, 'bob/m', file.bytes, bob)) ?? assert.fail('they are asked for')
  const other = Buffer.from(file.bytes)
  other[200_000] = (other[200_000] ?? 0) ^ 1
  assert.equal((await dev.ask('PUT', link, { body: other })).status, 422)
  const early = await commit(dev, 'bob/m', [header(), lfsFile('w', file.bytes)], { token: bob })
  assert.equal(early.status, 400)
  await pushWhole(dev, 'bob/m', bob, file.bytes)
  await pack(dev)
  assert.deepEqual(await kept(dev), { ...before, links: before.links + 1 })
  const got = await dev.ask('GET', '/bob/m/resolve/main/w.bin')
  assert.equal(got.headers['x-xet-hash'], file.hash)
  assert.ok(got.bytes.equals(file.bytes))
})

void test('a changed version that comes in whole costs what changed, whichever way the first one came', async () => {
  for (const way of ['xet', 'whole'] as const) {
    const { dev, ann } = await open()
    await using _ = dev
    const bytes = random.bytes(3_000_000)
    const changed = Buffer.concat([
      bytes.subarray(0, 1_500_000),
      random.bytes(500),
      bytes.subarray(1_500_000),
    ])
    if (way === 'xet') await push(dev, 'ann/m', ann, packed(bytes))
    else await pushWhole(dev, 'ann/m', ann, bytes)
    await pack(dev)
    const before = await kept(dev)
    await pushWhole(dev, 'ann/m', ann, changed, 'v2.bin')
    await pack(dev)
    const after = await kept(dev)
    assert.equal(after.whole, 0)
    assert.ok(after.bodyBytes - before.bodyBytes < 400_000, `${after.bodyBytes} ${way}`)
    assert.equal(await hashOf(dev, '/ann/m/resolve/main/v2.bin'), packed(changed).hash)
    for (const [path, expected] of [
      ['w.bin', bytes],
      ['v2.bin', changed],
    ] as const) {
      const got = await dev.ask('GET', `/ann/m/resolve/main/${path}`)
      assert.equal(sha256(got.bytes), sha256(expected))
    }
  }
})

void test('a commit names what its repo holds, and says what is missing', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const file = packed(random.bytes(200_000))
  const lines = [header(), lfsFile('w.bin', file.bytes)]
  const name = (repo: string) => commit(dev, repo, lines, { token: ann })
  const grant = await writer(dev, 'ann/m', ann)
  const early = await name('ann/m')
  assert.equal(early.status, 400)
  assert.match(early.text, new RegExp(sha256(file.bytes)))
  const [{ xorb } = assert.fail()] = file.pieces
  assert.equal((await postXorb(dev, grant, xorb)).status, 200)
  assert.equal((await name('ann/m')).status, 400, 'a xorb is no file')
  assert.equal((await postShard(dev, grant, shardOf([file]))).status, 200)
  assert.equal((await name('ann/m')).status, 200)
  await dev.repo('ann/other')
  assert.equal((await name('ann/other')).status, 400, 'a right of one repo is none of another')
  const pointer = await dev.ask('GET', '/ann/m/raw/main/w.bin')
  assert.match(pointer.text, new RegExp(`oid sha256:${sha256(file.bytes)}\nsize 200000\n`))
})

const removeRepo = async (dev: DevHouse, token: string, name: string): Promise<void> => {
  const body = { name, type: 'model' }
  assert.equal((await dev.ask('DELETE', '/api/repos/delete', { token, body })).status, 200)
}

const sweepAll = async (dev: DevHouse): Promise<void> => {
  dev.clock.advance(2 * limits.sweepGraceMs)
  await dev.hub.content.sweep(limits.sweepGraceMs)
  dev.clock.advance(2 * limits.sweepGraceMs)
  await dev.hub.chunks.sweep({
    namedMs: limits.sweepGraceMs,
    unnamedMs: limits.xorbUploadGraceMs,
  })
}

const upAgain = async (dev: DevHouse, ann: string, file: XetFile): Promise<void> => {
  const grant = await push(dev, 'ann/m', ann, file)
  assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
  assert.ok((await dev.ask('GET', url)).bytes.equals(file.bytes))
}

void test('what is deleted goes, clients are made to forget it, and it may come again', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const file = packed(random.bytes(400_000))
  const grant = await push(dev, 'ann/m', ann, file)
  await removeRepo(dev, ann, 'm')
  await dev.repo('ann/m')
  // Within the grace a client that remembers need send nothing.
  const remembered = await writer(dev, 'ann/m', ann)
  assert.equal(remembered.casUrl, grant.casUrl)
  assert.equal((await postShard(dev, remembered, shardOf([file]))).status, 200)
  assert.ok((await pull(dev, remembered, file.hash)).equals(file.bytes))
  await removeRepo(dev, ann, 'm')
  await dev.repo('ann/m')
  await sweepAll(dev)
  const { xorbs, files, bodies } = await kept(dev)
  assert.deepEqual({ xorbs, files, bodies }, { xorbs: 0, files: 0, bodies: 0 })
  const later = await writer(dev, 'ann/m', ann)
  assert.notEqual(later.casUrl, grant.casUrl)
  const named = await postShard(dev, later, shardOf([file]))
  assert.equal(named.status, 400)
  assert.match(named.text, /Upload the file again/)
  await upAgain(dev, ann, file)
})

void test('what another repo still holds stays', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const file = packed(random.bytes(400_000))
  await push(dev, 'ann/m', ann, file)
  await dev.repo('ann/other')
  await push(dev, 'ann/other', ann, file)
  await removeRepo(dev, ann, 'other')
  await sweepAll(dev)
  const grant = await reader(dev, 'ann/m')
  assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
})

const objectOf = async (dev: DevHouse, name: string): Promise<string> => {
  const folder = join(dev.house.config.dataFolder, 'bytes')
  const found = (await readdir(folder, { recursive: true })).find((path) => path.endsWith(name))
  return join(folder, found ?? assert.fail(`no object ${name}`))
}

void test('a content that was damaged at rest is not cut: it stays as it is, for a backup to mend', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const bytes = random.bytes(400_000)
  await pushWhole(dev, 'ann/m', ann, bytes)
  const object = await objectOf(dev, sha256(bytes))
  const damaged = await readFile(object)
  damaged[123_456] = (damaged[123_456] ?? 0) ^ 1
  await writeFile(object, damaged)
  await pack(dev)
  const { whole, files } = await kept(dev)
  assert.deepEqual({ whole, files }, { whole: 1, files: 0 })
  assert.equal(await hashOf(dev, url), undefined)
  assert.ok((await readFile(object)).equals(damaged))
  // Whoever has the right bytes mends it.
  await writeFile(object, bytes)
  dev.clock.advance(24 * 3600_000)
  await dev.house.settle()
  assert.equal((await kept(dev)).whole, 0)
  assert.equal(await hashOf(dev, url), packed(bytes).hash)
  assert.ok((await dev.ask('GET', url)).bytes.equals(bytes))
})

void test('a Xet upload mends a content that was damaged at rest', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const file = packed(random.bytes(400_000))
  await pushWhole(dev, 'ann/m', ann, file.bytes)
  await writeFile(await objectOf(dev, sha256(file.bytes)), Buffer.alloc(400_000))
  await send(dev, await writer(dev, 'ann/m', ann), [file])
  assert.ok((await dev.ask('GET', url)).bytes.equals(file.bytes))
  assert.equal((await kept(dev)).whole, 0)
})
