/** Bodies that do not end as they should, on real connections: whoever still listens gets an answer, and nothing stays. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'
import { xetBytesOfSha256, xetHashBytes } from '@weighhouse/formats/xet/hash.ts'
import { writeShard } from '@weighhouse/formats/xet/shard-support.ts'
import { fileHashOf, joined, leavesOf, recordOf } from '@weighhouse/formats/xet/test-support.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { local } from './calls.ts'
import { type Grant, kept, postXorb, pull, send, writer } from './xet-calls.ts'
import { fileOf, makeXorb, packed, sentFile, sentXorb, shardOf, wholeOf } from './xet-kit.ts'

const random = makeRandom(61)
const sound = packed(random.bytes(3_000_000), 'none')
const [{ xorb } = assert.fail()] = sound.pieces
const xorbPath = `/v1/xorbs/default/${xorb.hash}`

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  await dev.repo('ann/m')
  const { port } = await dev.server.listen()
  return { dev, port, grant: await writer(dev, 'ann/m', ann) }
}

interface Talk {
  readonly socket: Socket
  /** What came back so far. */
  heard(): string
}

const post = async (port: number, grant: Grant, path: string, length?: number): Promise<Talk> => {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  // The hub may hang up on a body that does not end.
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  const framing = length === undefined ? 'transfer-encoding: chunked' : `content-length: ${length}`
  socket.write(
    `POST ${local(grant.casUrl)}${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${grant.accessToken}\r\n${framing}\r\n\r\n`,
  )
  return { socket, heard: () => text }
}

const framed = (bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

const write = async (socket: Socket, bytes: Uint8Array): Promise<void> => {
  if (socket.destroyed || socket.write(bytes)) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const names = ['drain', 'close'] as const
  const done = (): void => resolve()
  for (const name of names) socket.on(name, done)
  await promise
  for (const name of names) socket.off(name, done)
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Sends the same again and again until the hub says something. Answers that, and how many bytes it took. */
const sendWithoutEnd = async ({ socket, heard }: Talk, piece: Uint8Array, bytesMax: number) => {
  const frame = framed(piece)
  let sent = 0
  while (heard() === '' && !socket.destroyed && sent < bytesMax) {
    await write(socket, frame)
    sent += piece.length
    await new Promise((resolve) => setImmediate(resolve))
  }
  for (let i = 0; i < 200 && heard() === '' && !socket.destroyed; i += 1) await pause(10)
  socket.destroy()
  return { said: heard(), sent }
}

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 250; i += 1) {
    if (await holds()) return
    await pause(20)
  }
  assert.fail(`${what} did not come about in 5 s`)
}

const stagesOf = async (dev: DevHouse): Promise<number> => (await kept(dev)).stages

const assertGoesOn = async (dev: DevHouse, grant: Grant): Promise<void> => {
  await until('no stage left', async () => (await stagesOf(dev)) === 0)
  const { xorbs, files, links, bodies } = await kept(dev)
  assert.deepEqual({ xorbs, files, links, bodies }, { xorbs: 0, files: 0, links: 0, bodies: 0 })
  await send(dev, grant, [sound])
  assert.ok((await pull(dev, grant, sound.hash)).equals(sound.bytes))
}

const MiB = 1024 * 1024

void test('a body without end is refused at the bound, or where it is nonsense', async () => {
  const { dev, port, grant } = await open()
  await using _ = dev
  const cases: [what: string, path: string, piece: Uint8Array, answer: RegExp, bytesMax: number][] =
    [
      ['nonsense', xorbPath, Buffer.alloc(64 * 1024, 'x'), / 400 [^]*version 120/, 16 * MiB],
      ['records', xorbPath, recordOf(new Uint8Array(65_536)), / 4(00|13) [^]*67174400/, 80 * MiB],
      [
        'a footer',
        xorbPath,
        joined(Buffer.from('XETBLOB'), new Uint8Array(70_000)),
        / 400 /,
        16 * MiB,
      ],
      ['a shard', '/v1/shards', new Uint8Array(MiB), / 413 [^]*Send several/, 80 * MiB],
      ['lines', '/v2/shards', new Uint8Array(MiB), / 413 [^]*Send several/, 80 * MiB],
      ['telemetry', '/v1/telemetry', new Uint8Array(MiB), / 413 /, 8 * MiB],
    ]
  for (const [what, path, piece, answer, bytesMax] of cases) {
    const { said, sent } = await sendWithoutEnd(await post(port, grant, path), piece, bytesMax)
    assert.match(said, answer, `${what}, after ${sent} bytes`)
    assert.ok(sent < bytesMax, `${what}: ${sent} bytes were read`)
  }
  await assertGoesOn(dev, grant)
})

void test('a connection cut in the middle of a body leaves nothing', async () => {
  const { dev, port, grant } = await open()
  await using _ = dev
  const shard = shardOf([sound])
  for (const [path, body] of [
    [xorbPath, xorb.body],
    ['/v1/shards', shard],
    ['/v2/shards', shard],
  ] as const) {
    for (const part of [0, 0.5, 1]) {
      const { socket } = await post(port, grant, path, body.length)
      const length = Math.min(body.length - 1, Math.floor(body.length * part))
      await write(socket, body.subarray(0, length))
      if (path === xorbPath && part > 0) {
        await until('a stage', async () => (await stagesOf(dev)) === 1)
      } else await pause(30)
      socket.destroy()
      await until('no stage left', async () => (await stagesOf(dev)) === 0)
    }
  }
  await assertGoesOn(dev, grant)
})

void test('a body that ends before its length is no shorter body', async () => {
  const { dev, port, grant } = await open()
  await using _ = dev
  for (const length of [xorb.body.length + 1, xorb.body.length * 2]) {
    const { socket, heard } = await post(port, grant, xorbPath, length)
    await write(socket, xorb.body)
    socket.end()
    await once(socket, 'close')
    assert.doesNotMatch(heard(), /was_inserted/)
    await until('no stage left', async () => (await stagesOf(dev)) === 0)
  }
  await assertGoesOn(dev, grant)
})

void test('after a refusal the same connection is used again', async () => {
  const { dev, port, grant } = await open()
  await using _ = dev
  const { socket, heard } = await post(port, grant, xorbPath, 100_000)
  await write(socket, Buffer.alloc(100_000, 'x'))
  await until('a refusal', () => Promise.resolve(heard().includes(' 400 ')))
  socket.write(
    `POST ${local(grant.casUrl)}${xorbPath} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${grant.accessToken}\r\ncontent-length: ${xorb.body.length}\r\n\r\n`,
  )
  await write(socket, xorb.body)
  await until('an acceptance', () => Promise.resolve(heard().includes('"was_inserted":true')))
  socket.destroy()
})

const zeros = makeXorb(
  Array.from({ length: 64 }, () => new Uint8Array(131_072)),
  'lz4',
)

/** A shard of one file of `count` times 8 MiB and `last` chunks: its bytes are many, and its description is short. */
const repeatedShard = (count: number, last: number): Buffer => {
  const [leaf = assert.fail()] = leavesOf(zeros.chunks.slice(0, 1))
  const leaves = Array.from({ length: count * 64 + last }, () => leaf)
  const digest = createHash('sha256')
  for (const _ of leaves) digest.update(zeros.chunks[0] ?? assert.fail())
  const one = sentFile(wholeOf(zeros))
  const tail = sentFile(fileOf([{ xorb: zeros, start: 0, end: last }]))
  const again = <T>(items: readonly T[] = []): T[] =>
    Array.from({ length: count }, () => items).flat()
  const file = {
    hash: xetHashBytes(fileHashOf(leaves)),
    terms: [...again(one.terms), ...tail.terms],
    ranges: [...again(one.ranges), ...(tail.ranges ?? [])],
    sha256: xetBytesOfSha256(digest.digest('hex') as Sha256),
  }
  return Buffer.from(writeShard([file], [sentXorb(zeros)]))
}

void test('nobody’s files are not verified any further', async () => {
  const { dev, port, grant } = await open()
  await using _ = dev
  const shards = [repeatedShard(60, 1), repeatedShard(60, 2)]
  assert.equal((await postXorb(dev, grant, zeros)).status, 200)
  const filesOf = async (): Promise<number> => (await kept(dev)).files
  const startedMs = performance.now()
  const post2 = async (body: Buffer): Promise<Talk> => {
    const talk = await post(port, grant, '/v2/shards', body.length)
    await write(talk.socket, body)
    await until('a line', () => Promise.resolve(talk.heard().includes('validating')))
    return talk
  }
  const waited = await post2(shards[0] ?? assert.fail())
  await until('the file', async () => (await filesOf()) === 1)
  waited.socket.destroy()
  const tookMs = performance.now() - startedMs
  const left = await post2(shards[1] ?? assert.fail())
  left.socket.destroy()
  await pause(tookMs * 1.5 + 300)
  assert.equal(await filesOf(), 1)
})

void test('many at once, some of them broken, and every one is told its own', async () => {
  const { dev, port, grant } = await open()
  await using _ = dev
  const files = Array.from({ length: 12 }, () => packed(random.bytes(400_000)))
  const answers = await Promise.all(
    files.map(async ({ pieces }, i) => {
      const { hash, body } = pieces[0]?.xorb ?? assert.fail()
      const isBroken = i % 3 === 0
      const answer = await fetch(
        `http://127.0.0.1:${port}${local(grant.casUrl)}/v1/xorbs/default/${hash}`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${grant.accessToken}` },
          body: new Uint8Array(isBroken ? body.subarray(1) : body),
        },
      )
      await answer.text()
      return [isBroken, answer.status]
    }),
  )
  for (const [isBroken, status] of answers) assert.equal(status, isBroken === true ? 400 : 200)
  const { xorbs, bodies, stages } = await kept(dev)
  assert.deepEqual({ xorbs, bodies, stages }, { xorbs: 8, bodies: 8, stages: 0 })
})
