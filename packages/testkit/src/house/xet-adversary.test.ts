/** Whoever knows every hash and none of the bytes gets nothing; whoever lies about bytes registers nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatXetHash, xetHashBytes } from '@weighhouse/formats/xet/hash.ts'
import { writeShard } from '@weighhouse/formats/xet/shard-support.ts'
import { hasher } from '@weighhouse/formats/xet/test-support.ts'
import { type Answer, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { commit, header, lfsFile } from './calls.ts'
import {
  cas,
  type Grant,
  kept,
  postShard,
  postXorb,
  pull,
  push,
  reader,
  send,
  writer,
} from './xet-calls.ts'
import {
  cut,
  fileOf,
  makeXorb,
  packed,
  sentFile,
  shardOf,
  wholeOf,
  type XetFile,
  xorbHash,
} from './xet-kit.ts'

const random = makeRandom(41)
const secret = packed(random.bytes(400_000))
const [{ xorb: secretXorb } = assert.fail()] = secret.pieces
const [firstChunk = assert.fail()] = secretXorb.chunks
const firstChunkHash = hasher.chunk(firstChunk)
const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  const mallory = await dev.user('mallory')
  await dev.repo('ann/m', { visibility: 'private' })
  await dev.repo('mallory/m')
  const anns = await push(dev, 'ann/m', ann, secret)
  return { dev, ann, anns, mallory, mallorys: await writer(dev, 'mallory/m', mallory) }
}

/** The sentence of an answer, with its hashes blotted out. */
const blotted = (answer: Answer): string => {
  // A cast because every refusal at this door has this form.
  const { error } = answer.json() as { error: string }
  return error.replaceAll(/[0-9a-f]{64}/g, 'HASH')
}

void test('hashes open nothing: file, xorb and chunk are as unknown as any other', async () => {
  const { dev, anns, mallorys } = await open()
  await using _ = dev
  assert.ok((await pull(dev, anns, secret.hash)).equals(secret.bytes))
  const unknown = packed(random.bytes(100_000))
  const paths = (file: XetFile): [method: string, path: string][] => {
    const { hash, chunks } = file.pieces[0]?.xorb ?? assert.fail()
    const chunk = hasher.chunk(chunks[0] ?? assert.fail())
    return [
      ['GET', `/v1/reconstructions/${file.hash}`],
      ['GET', `/v2/reconstructions/${file.hash}`],
      ['HEAD', `/v1/files/${file.hash}`],
      ['HEAD', `/v1/xorbs/default/${hash}`],
      ['GET', `/v1/chunks/default/${formatXetHash(chunk)}`],
    ]
  }
  const missing = paths(unknown)
  for (const [i, [method, path]] of paths(secret).entries()) {
    const answer = await cas(dev, mallorys, method, path)
    const [, other = ''] = missing[i] ?? []
    const reference = await cas(dev, mallorys, method, other)
    assert.equal(answer.status, 404, `${method} ${path}`)
    assert.equal(reference.status, 404)
    if (method === 'GET') assert.equal(blotted(answer), blotted(reference))
  }
  const head = await cas(dev, anns, 'HEAD', `/v1/xorbs/default/${secretXorb.hash}`)
  assert.equal(head.headers['content-length'], String(secretXorb.body.length))
})

void test('a xorb of others cannot be named, and the refusal is that of a missing one', async () => {
  const { dev, ann, mallory, mallorys } = await open()
  await using _ = dev
  const unknown = packed(random.bytes(100_000))
  const before = await kept(dev)
  const name = async (file: XetFile): Promise<string> => {
    const answer = await postShard(dev, mallorys, shardOf([file]))
    assert.equal(answer.status, 400, answer.text)
    return blotted(answer)
  }
  const sentence = await name(unknown)
  assert.match(sentence, /which was not uploaded here/)
  assert.equal(await name(secret), sentence)
  const without = await postShard(dev, mallorys, shardOf([secret], { xorbs: [] }))
  assert.equal(blotted(without), sentence)
  const described = await postShard(dev, mallorys, shardOf([], { xorbs: [secretXorb] }))
  assert.equal(blotted(described), sentence)
  // The lie is not looked at before the right to name the xorb: otherwise the sentence would tell that it is there.
  const lies = writeShard([sentFile(secret, { ranges: [new Uint8Array(32)] })], [])
  assert.equal(blotted(await postShard(dev, mallorys, lies)), sentence)

  const other = makeXorb(cut(random.bytes(100_000)))
  for (const body of [Buffer.from('garbage, and more of it'), other.body, Buffer.alloc(0)]) {
    const posted = await postXorb(dev, mallorys, { ...secretXorb, body })
    assert.equal(posted.status, 400, posted.text)
    assert.equal(await name(secret), sentence)
  }
  assert.deepEqual(await kept(dev), before)

  const lines = [header(), lfsFile('w.bin', secret.bytes)]
  assert.notEqual((await commit(dev, 'mallory/m', lines, { token: mallory })).status, 200)
  const inAnns = await commit(dev, 'ann/m', [header(), lfsFile('x', secret.bytes)], { token: ann })
  assert.equal(inAnns.status, 200, 'the same lines where the right is')

  // Whoever has the bytes may.
  assert.equal((await postXorb(dev, mallorys, secretXorb)).status, 200)
  assert.equal((await postShard(dev, mallorys, shardOf([secret]))).status, 200)
  assert.ok((await pull(dev, mallorys, secret.hash)).equals(secret.bytes))
})

void test('what is told of a chunk: to its owner keyed, to others nothing, not even as a hint', async () => {
  const { dev, anns, mallory, mallorys } = await open()
  await using _ = dev
  const path = `/v1/chunks/default/${formatXetHash(firstChunkHash)}`
  const told = await cas(dev, anns, 'GET', path)
  assert.equal(told.status, 200)
  assert.ok(told.bytes.includes(xetHashBytes(secretXorb.hash)))
  for (const chunk of secretXorb.chunks) {
    assert.equal(told.bytes.includes(hasher.chunk(chunk)), false, 'a raw hash of a chunk')
  }
  assert.equal((await cas(dev, mallorys, 'GET', path)).status, 404)
  // With files of her own there is a hint, which speaks of them alone.
  const own = packed(random.bytes(100_000))
  await push(dev, 'mallory/m', mallory, own)
  const hint = await cas(dev, mallorys, 'GET', path)
  assert.equal(hint.status, 200)
  assert.ok(hint.bytes.includes(xetHashBytes(own.pieces[0]?.xorb.hash ?? assert.fail())))
  assert.equal(hint.bytes.includes(xetHashBytes(secretXorb.hash)), false)
})

void test('one chunk of somebody is no way to the others', async () => {
  const { dev, mallorys } = await open()
  await using _ = dev
  // A xorb of her own with a chunk that she happens to have: it leads to her xorb, and to no more.
  const own = makeXorb([...secretXorb.chunks.slice(0, 1), random.bytes(20_000)])
  assert.equal((await postXorb(dev, mallorys, own)).status, 200)
  assert.equal((await postShard(dev, mallorys, shardOf([wholeOf(own)]))).status, 200)
  const chunk = formatXetHash(firstChunkHash)
  const told = await cas(dev, mallorys, 'GET', `/v1/chunks/default/${chunk}`)
  assert.equal(told.status, 200)
  assert.ok(told.bytes.includes(xetHashBytes(own.hash)))
  assert.equal(told.bytes.includes(xetHashBytes(secretXorb.hash)), false)
  // Nor does a file that begins with hers and goes on with others'.
  const graft = fileOf([
    { xorb: own, start: 0, end: 2 },
    { xorb: secretXorb, start: 1, end: secretXorb.chunks.length },
  ])
  const before = await kept(dev)
  for (const xorbs of [[own], [own, secretXorb], []]) {
    const answer = await postShard(dev, mallorys, shardOf([graft], { xorbs }))
    assert.equal(answer.status, 400)
    assert.match(answer.text, new RegExp(`names the xorb ${secretXorb.hash}, which was not`))
  }
  assert.deepEqual(await kept(dev), before)
})

void test('what may be read may be named, as long as it may be read', async () => {
  const { dev, ann, mallorys } = await open()
  await using _ = dev
  const shown = packed(random.bytes(150_000))
  const [{ xorb } = assert.fail()] = shown.pieces
  await dev.repo('ann/shown')
  await push(dev, 'ann/shown', ann, shown)
  const chunk = `/v1/chunks/default/${formatXetHash(hasher.chunk(xorb.chunks[0] ?? assert.fail()))}`
  const nobodys = await reader(dev, 'mallory/m')
  const answers = [await cas(dev, mallorys, 'GET', chunk), await cas(dev, nobodys, 'GET', chunk)]
  for (const answer of answers) assert.ok(answer.bytes.includes(xetHashBytes(xorb.hash)))
  const keyOf = (bytes: Buffer): string => bytes.subarray(-200 + 72, -200 + 104).toString('hex')
  const [hers, theirs] = answers.map(({ bytes }) => keyOf(bytes))
  assert.notEqual(hers, theirs, 'each account has a key of its own')
  assert.notEqual(hers, '0'.repeat(64))

  const settings = '/api/models/ann/shown/settings'
  const hide = await dev.ask('PUT', settings, { token: ann, body: { visibility: 'private' } })
  assert.equal(hide.status, 200)
  assert.equal((await cas(dev, mallorys, 'GET', chunk)).status, 404)
  assert.equal((await postShard(dev, mallorys, shardOf([shown]))).status, 400)
  await dev.ask('PUT', settings, { token: ann, body: { visibility: 'internal' } })
  assert.equal((await cas(dev, nobodys, 'GET', chunk)).status, 404)
  assert.equal((await postShard(dev, mallorys, shardOf([shown]))).status, 200)
  await dev.ask('PUT', settings, { token: ann, body: { visibility: 'private' } })
  assert.ok((await pull(dev, mallorys, shown.hash)).equals(shown.bytes), 'what was taken stays')
})

void test('the account in the URL is not who asks', async () => {
  const { dev, anns, mallorys } = await open()
  await using _ = dev
  const mixed = { ...mallorys, casUrl: anns.casUrl }
  const chunk = `/v1/chunks/default/${formatXetHash(firstChunkHash)}`
  assert.equal((await cas(dev, mixed, 'GET', chunk)).status, 404)
  assert.equal((await cas(dev, mixed, 'GET', `/v2/reconstructions/${secret.hash}`)).status, 404)
  assert.equal((await postShard(dev, mixed, shardOf([secret]))).status, 400)
  const her = await cas(dev, { ...anns, casUrl: mallorys.casUrl }, 'GET', chunk)
  assert.equal(her.status, 200)
})

void test('a public file is no way into the xorb of a secret one that was packed with it', async () => {
  const { dev, ann, mallorys } = await open()
  await using _ = dev
  const shared = cut(random.bytes(150_000))
  const hidden = cut(random.bytes(150_000))
  const shownFile = wholeOf(makeXorb(shared))
  await dev.repo('ann/shown')
  await push(dev, 'ann/shown', ann, shownFile)
  // The same file again, in the private repo, in one xorb with another.
  const both = makeXorb([...shared, ...hidden])
  const again = fileOf([{ xorb: both, start: 0, end: shared.length }])
  const beside = fileOf([{ xorb: both, start: shared.length, end: both.chunks.length }])
  assert.equal(again.hash, shownFile.hash)
  await send(dev, await writer(dev, 'ann/m', ann), [again, beside])
  const head = await cas(dev, mallorys, 'HEAD', `/v1/xorbs/default/${both.hash}`)
  assert.equal(head.status, 404)
  assert.equal((await postShard(dev, mallorys, shardOf([beside]))).status, 400)
  const told = await cas(
    dev,
    mallorys,
    'GET',
    `/v1/chunks/default/${formatXetHash(hasher.chunk(shared[0] ?? assert.fail()))}`,
  )
  assert.ok(told.bytes.includes(xetHashBytes(xorbHash(shared))))
  assert.equal(told.bytes.includes(xetHashBytes(both.hash)), false)
})

void test('a xorb that two have leads each to what is theirs', async () => {
  const { dev, ann, mallorys } = await open()
  await using _ = dev
  const both = makeXorb(cut(random.bytes(120_000)))
  const beside = makeXorb(cut(random.bytes(120_000)))
  const own = wholeOf(both)
  await send(dev, mallorys, [own])
  dev.clock.advance(1_000)
  const whole = (xorb: typeof both) => ({ xorb, start: 0, end: xorb.chunks.length })
  const hers = await push(dev, 'ann/m', ann, fileOf([whole(both), whole(beside)]), 'x.bin')
  const chunk = formatXetHash(hasher.chunk(both.chunks[0] ?? assert.fail()))
  const ask = (grant: Grant) => cas(dev, grant, 'GET', `/v1/chunks/default/${chunk}`)
  const told = { anns: await ask(hers), mallorys: await ask(mallorys) }
  for (const answer of Object.values(told)) {
    assert.ok(answer.bytes.includes(xetHashBytes(both.hash)))
  }
  assert.ok(told.anns.bytes.includes(xetHashBytes(beside.hash)), 'what comes next in the file')
  assert.equal(told.mallorys.bytes.includes(xetHashBytes(beside.hash)), false)
})
