/**
 * A server and a command on one data folder, and the same xorb packed in two ways: nothing is taken away that the other relies on, and bodies
 * fit their indexes.
 */
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import type { XorbStore } from '@weighhouse/server/core/ports/byte-store.ts'
import { openDiskXorbStore } from '@weighhouse/server/drivers/bytes/disk/index.ts'
import { type House, openHouse } from '@weighhouse/server/house.ts'
import { fsck } from '@weighhouse/server/upkeep/fsck.ts'
import { gc } from '@weighhouse/server/upkeep/gc.ts'
import { makeRandom } from '../random.ts'
import { sha256 } from './calls.ts'
import { cut, fileOf, makeXorb, packed, shardOf, type XetFile, type Xorb } from './xet-kit.ts'

const name = { type: 'model', path: 'ann/m' } as const
const isNow = { isDryRun: false, isNow: true }
/** Bytes that every scheme packs otherwise. */
const compressible = Buffer.from(
  makeRandom(5)
    .bytes(400_000)
    .map((byte, i) => (i % 3 === 0 ? byte : 7)),
)

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

const makeRepo = async ({ hub }: House, ctx: Ctx): Promise<void> => {
  const space = await hub.policy.requireNamespace(ctx, 'namespace.create', 'ann')
  await hub.commits.createRepo(ctx, space, { type: 'model', name: 'm', visibility: 'private' }, [])
}

/** Two houses on one folder, with one clock; `ctx` is a user's, who may name what she has sent. */
const open = async (wrap: (store: XorbStore) => XorbStore = (store) => store) => {
  const data = join(await mkdtemp(join(tmpdir(), 'weighhouse-two-')), 'data')
  const clock = makeClock()
  const config = makeConfig({ data }, {})
  const server = await openHouse(config, undefined, { clock })
  const xorbs = wrap(await openDiskXorbStore(join(data, 'xorbs')))
  const command = await openHouse(config, undefined, { clock, xorbs })
  const system = server.systemCtx('test')
  const { identity, policy } = server.hub
  const { id } = await identity.createUser(system, policy.requireHub(system), { name: 'ann' })
  const actor = { kind: 'user', id, name: 'ann', isAdmin: false, tokenRole: 'write' } as const
  const ctx: Ctx = { ...system, actor }
  await makeRepo(server, ctx)
  const close = async (): Promise<void> => {
    await command[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  }
  return { clock, server, command, ctx, [Symbol.asyncDispose]: close }
}

const one = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(bytes))
}

const sendXorb = async ({ hub }: House, ctx: Ctx, { hash, body }: Xorb): Promise<boolean> =>
  hub.chunks.receiveXorb(await hub.policy.require(ctx, 'repo.write', name), hash, one(body))

const nameFile = async ({ hub }: House, ctx: Ctx, file: XetFile): Promise<void> => {
  const permit = await hub.policy.require(ctx, 'repo.write', name)
  await hub.content.register(ctx, permit, shardOf([file]))
}

const push = async (house: House, ctx: Ctx, file: XetFile): Promise<void> => {
  for (const { xorb } of file.pieces) await sendXorb(house, ctx, xorb)
  await nameFile(house, ctx, file)
}

const read = async ({ hub }: House, ctx: Ctx, file: XetFile): Promise<string> => {
  const permit = await hub.policy.require(ctx, 'repo.read', name)
  const parts: Buffer[] = []
  // A cast because SHA-256 in hex is just that.
  const wanted = sha256(file.bytes) as Sha256
  for await (const bytes of await hub.content.open(permit, wanted)) parts.push(Buffer.from(bytes))
  return sha256(Buffer.concat(parts))
}

const removeRepo = async ({ hub }: House, ctx: Ctx): Promise<void> => {
  await hub.repos.delete(ctx, await hub.policy.require(ctx, 'repo.admin', name))
}

const schemes = ['none', 'lz4', 'bg4'] as const
const packings = schemes.map((scheme) => makeXorb(cut(compressible), scheme))

void test('the same xorb, packed in several ways, sent at the same time: the body fits its index', async () => {
  await using two = await open()
  const { server, ctx } = two
  assert.equal(new Set(packings.map(({ hash }) => hash)).size, 1)
  assert.equal(new Set(packings.map(({ body }) => body.length)).size, 3)
  await Promise.all(packings.map((xorb) => sendXorb(server, ctx, xorb)))
  const file = packed(compressible)
  await nameFile(server, ctx, file)
  assert.equal(await read(server, ctx, file), sha256(compressible))
  assert.deepEqual((await fsck(server, { deep: true })).problems, [])
})

void test('a body that a crash has left unnamed does not become that of a xorb packed otherwise', async () => {
  await using two = await open()
  const { server, ctx } = two
  const [plain, other] = packings
  assert.ok(plain && other)
  await server.xorbs.write('crashed', 0, one(plain.body), plain.body.length)
  await server.xorbs.promote('crashed', { key: plain.hash, sizeBytes: plain.body.length })
  await sendXorb(server, ctx, other)
  assert.equal(await server.xorbs.stat(other.hash), other.body.length)
  const file = packed(compressible)
  await nameFile(server, ctx, file)
  assert.equal(await read(server, ctx, file), sha256(compressible))
})

void test('a server reads a file by its new xorbs after a command has freed the old ones', async () => {
  await using two = await open()
  const { server, command, ctx } = two
  const before = packed(compressible)
  await push(server, ctx, before)
  assert.equal(await read(server, ctx, before), sha256(compressible))
  await removeRepo(server, ctx)
  const freed = await gc(command, isNow)
  assert.deepEqual([freed.contents, freed.xorbs], [1, 1])
  await makeRepo(server, ctx)
  const chunks = cut(compressible)
  const half = Math.ceil(chunks.length / 2)
  const after = fileOf(
    [chunks.slice(0, half), chunks.slice(half)].map((some) => ({
      xorb: makeXorb(some),
      start: 0,
      end: some.length,
    })),
  )
  assert.equal(after.hash, before.hash, 'a file is named by its chunks, wherever they are')
  await push(server, ctx, after)
  assert.equal(await read(server, ctx, after), sha256(compressible))
})

void test('what one sweep is taking away the other leaves alone, and nobody is told that it is stored', async () => {
  let during = (): Promise<void> => Promise.resolve()
  await using two = await open((store) => ({
    ...store,
    async remove(key) {
      await during()
      return store.remove(key)
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }))
  const { server, command, ctx } = two
  const file = packed(compressible)
  const [piece] = file.pieces
  assert.ok(piece)
  await push(server, ctx, file)
  await removeRepo(server, ctx)
  await makeRepo(server, ctx)
  const seen: string[] = []
  during = async () => {
    const { xorbs } = await gc(server, isNow)
    seen.push(`the other sweep took ${xorbs}`)
    await sendXorb(server, ctx, piece.xorb).catch((error: { code?: string }) => {
      seen.push(`sending it again: ${error.code}`)
    })
  }
  assert.equal((await gc(command, isNow)).xorbs, 1)
  assert.deepEqual(seen, ['the other sweep took 0', 'sending it again: busy'])
  await push(server, ctx, file)
  assert.equal(await read(server, ctx, file), sha256(compressible))
  assert.deepEqual((await fsck(server, { deep: true })).problems, [])
})

void test('a sweep that was killed amid is finished by the next, and the xorb can be sent again', async () => {
  let isKilled = true
  await using two = await open((store) => ({
    ...store,
    remove: (key) => (isKilled ? Promise.reject(new Error('killed')) : store.remove(key)),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }))
  const { server, command, clock, ctx } = two
  const file = packed(compressible)
  await push(server, ctx, file)
  await removeRepo(server, ctx)
  await makeRepo(server, ctx)
  await assert.rejects(gc(command, isNow), /killed/)
  isKilled = false
  await assert.rejects(push(server, ctx, file), { code: 'busy' })
  clock.advance(limits.sweepTakeoverMs + 1)
  assert.equal((await gc(server, isNow)).xorbs, 1)
  await push(server, ctx, file)
  assert.equal(await read(server, ctx, file), sha256(compressible))
})

void test('a shard that names what a sweep would take within its grace keeps it', async () => {
  await using two = await open()
  const { server, clock, ctx } = two
  const file = packed(compressible)
  await push(server, ctx, file)
  await removeRepo(server, ctx)
  await makeRepo(server, ctx)
  const { content, chunks } = server.hub
  clock.advance(limits.sweepGraceMs + 1)
  assert.equal((await content.sweep(limits.sweepGraceMs)).contents, 1)
  const graces = { namedMs: limits.sweepGraceMs, unnamedMs: limits.xorbUploadGraceMs }
  assert.equal((await chunks.sweep(graces)).xorbs, 0, 'its file was forgotten just now')
  await nameFile(server, ctx, file)
  clock.advance(limits.sweepGraceMs + 1)
  assert.equal((await chunks.sweep(graces)).xorbs, 0)
  assert.equal(await read(server, ctx, file), sha256(compressible))
})

void test('the scrub does not call damaged what is swept, or mended, under it', async () => {
  let during: (() => Promise<void>) | undefined
  await using two = await open((store) => ({
    ...store,
    async stat(key) {
      const found = await store.stat(key)
      const act = during
      during = undefined
      await act?.()
      return found
    },
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }))
  const { server, command, clock, ctx } = two
  const file = packed(compressible)
  await push(server, ctx, file)
  const scrub = () => {
    clock.advance(1)
    return command.hub.chunks.scrub({ checkedBeforeMs: clock.nowMs(), bytesMax: 1 })
  }
  during = async () => {
    await removeRepo(server, ctx)
    await gc(server, isNow)
  }
  assert.deepEqual((await scrub()).damaged, [])

  await makeRepo(server, ctx)
  await push(server, ctx, file)
  const [first] = file.pieces
  assert.ok(first)
  await server.xorbs.remove(first.xorb.hash)
  assert.equal((await scrub()).damaged.length, 1)
  await server.xorbs.remove(first.xorb.hash)
  during = async () => void (await sendXorb(server, ctx, first.xorb))
  assert.deepEqual((await scrub()).damaged, [], 'what was looked at is not what is there now')
  assert.equal(await read(server, ctx, file), sha256(compressible))
})
