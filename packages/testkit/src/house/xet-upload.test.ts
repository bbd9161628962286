/** Xorbs and shards on their way in: everything that real clients send is taken, once, and as it was first sent. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ungroupBytes } from '@weighhouse/formats/xet/bg4.ts'
import { recordHeaderBytes } from '@weighhouse/formats/xet/record.ts'
import {
  joined,
  leavesOf,
  lz4Frame,
  recordOf,
  sequence,
  u32le,
  utf8,
} from '@weighhouse/formats/xet/test-support.ts'
import { xetHashBytes } from '@weighhouse/formats/xet/hash.ts'
import { writeShard } from '@weighhouse/formats/xet/shard-support.ts'
import { type Answer, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { commit, header, lfsFile, sha256 } from './calls.ts'
import { cas, kept, planOf, postShard, postXorb, pull, send, writer } from './xet-calls.ts'
import {
  cut,
  cutEvery,
  emptyFile,
  fileOf,
  makeXorb,
  packed,
  sentFile,
  sentXorb,
  shardOf,
  wholeOf,
  type Xorb,
} from './xet-kit.ts'

const random = makeRandom(21)

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, ann, grant: await writer(dev, 'ann/m', ann) }
}

const text = Buffer.from('{"layer": 12, "name": "weight", "shape": [4096, 4096]}\n'.repeat(9_000))

const wasInserted = (answer: Answer): boolean => {
  assert.equal(answer.status, 200, answer.text)
  // A cast because the answer's form is the protocol's.
  const { was_inserted: isNew } = answer.json() as { was_inserted: unknown }
  assert.ok(typeof isNew === 'boolean')
  return isNew
}

void test('a xorb is new to whoever sends it first, whoever else holds it', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const bob = await dev.user('bob')
  await dev.repo('bob/m')
  const bobs = await writer(dev, 'bob/m', bob)
  const xorb = makeXorb(cut(text))
  assert.equal(wasInserted(await postXorb(dev, grant, xorb)), true)
  assert.equal(wasInserted(await postXorb(dev, grant, xorb)), false)
  assert.equal(wasInserted(await postXorb(dev, bobs, xorb)), true)
  assert.equal(wasInserted(await postXorb(dev, bobs, xorb)), false)
  const { xorbs, bodies, stages } = await kept(dev)
  assert.deepEqual({ xorbs, bodies, stages }, { xorbs: 1, bodies: 1, stages: 0 })
})

void test('the first body of a xorb stays, and its ranges are right whatever comes after', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const first = makeXorb(cut(text), 'none')
  const file = wholeOf(first)
  await send(dev, grant, [file])
  const before = JSON.stringify((await planOf(dev, grant, file.hash)).terms)
  for (const packing of ['lz4', 'bg4', 'auto'] as const) {
    const other = makeXorb(cut(text), packing)
    assert.equal(other.hash, first.hash)
    assert.notEqual(other.body.length, first.body.length)
    assert.equal(wasInserted(await postXorb(dev, grant, other)), false)
  }
  assert.equal((await kept(dev)).bodyBytes, first.body.length)
  const plan = await planOf(dev, grant, file.hash)
  assert.equal(JSON.stringify(plan.terms), before)
  assert.ok((await pull(dev, grant, file.hash)).equals(text))
})

void test('the same xorb sent by many at once is stored once, and all of them may name it', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  // Each with a body of another length, so that the index of one would not fit the body of another.
  const bytes = Buffer.concat([random.bytes(700_000), text, random.bytes(200_000), text])
  const packings = ['lz4', 'none', 'auto', 'bg4', 'none', 'lz4'] as const
  const xorbs = packings.map((packing) => makeXorb(cut(bytes), packing))
  const [xorb = assert.fail()] = xorbs
  const file = wholeOf(xorb)
  const answers = await Promise.all(xorbs.map((one) => postXorb(dev, grant, one)))
  for (const answer of answers) wasInserted(answer)
  const { bodies, stages } = await kept(dev)
  assert.deepEqual({ bodies, stages }, { bodies: 1, stages: 0 })
  await send(dev, grant, [file])
  assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
})

/** What hf_xet sent before mid-2025 at the end of a xorb. */
const footerOf = (xorb: Xorb): Uint8Array => {
  const leaves = leavesOf(xorb.chunks)
  const count = u32le(leaves.length)
  let recordEnd = 0
  let rawEnd = 0
  const ends = leaves.map(({ rawBytes }) => u32le((recordEnd += rawBytes + recordHeaderBytes)))
  const rawEnds = leaves.map(({ rawBytes }) => u32le((rawEnd += rawBytes)))
  const footer = joined(
    utf8('XETBLOB\u0001'),
    xetHashBytes(xorb.hash),
    utf8('XBLBHSH\u0000'),
    count,
    leaves.map(({ hash }) => hash),
    utf8('XBLBBND\u0001'),
    count,
    ends,
    rawEnds,
    count,
    u32le(0),
    u32le(0),
    new Uint8Array(16),
  )
  return joined(footer, u32le(footer.length))
}

void test('a footer is passed over, and no range reaches it', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = packed(random.bytes(300_000), 'none')
  const [{ xorb } = assert.fail()] = file.pieces
  const footer = footerOf(xorb)
  assert.equal(footer.length, 96 + 40 * xorb.chunks.length)
  const body = Buffer.concat([xorb.body, footer])
  assert.equal(wasInserted(await postXorb(dev, grant, { ...xorb, body })), true)
  assert.equal((await postShard(dev, grant, shardOf([file]))).status, 200)
  const plan = await planOf(dev, grant, file.hash)
  const [{ ranges } = assert.fail()] = plan.xorbs[xorb.hash] ?? []
  assert.equal(ranges.at(-1)?.bytes.end, xorb.body.length - 1)
  assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
})

void test('frames as JavaScript writes them: linked blocks, a large block size, blocks stored and packed', async () => {
  const { dev, ann, grant } = await open()
  await using _ = dev
  const noise = random.bytes(3_000)
  const run = joined(sequence(Uint8Array.of(0x61), 1, 9_994), sequence(utf8('aaaaa')))
  const raw = Buffer.concat([noise, Buffer.alloc(10_000, 'a'), noise])
  const stored = { bytes: noise, isStored: true }
  const blocks = [stored, run, stored]
  const body = Buffer.from(
    joined(
      recordOf(lz4Frame({ blocks, isLinked: true, sizeCode: 7 }), { scheme: 1, raw: raw.length }),
      recordOf(lz4Frame({ blocks, sizeCode: 7, contentSize: BigInt(raw.length) }), {
        scheme: 2,
        raw: raw.length,
      }),
    ),
  )
  const xorb = { ...makeXorb([raw, Buffer.from(ungroupBytes(raw))]), body }
  const file = wholeOf(xorb)
  await send(dev, grant, [file])
  assert.ok((await pull(dev, grant, file.hash)).equals(file.bytes))
  await commit(dev, 'ann/m', [header(), lfsFile('w', file.bytes)], { token: ann })
  assert.ok((await dev.ask('GET', '/ann/m/resolve/main/w')).bytes.equals(file.bytes))
})

const linesOf = (answer: Answer): Record<string, unknown>[] => {
  assert.ok(answer.text.endsWith('\n'))
  // A cast because the lines' form is the protocol's.
  return answer.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

void test('shards of both versions, from both kinds of client, and again', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = packed(text)
  const [{ xorb } = assert.fail()] = file.pieces
  await postXorb(dev, grant, xorb)
  for (const hasFooter of [false, true, false]) {
    const shard = shardOf([file], { hasFooter })
    const one = await postShard(dev, grant, shard, 'v1')
    assert.deepEqual([one.status, one.json()], [200, { result: 1 }])
    const two = await postShard(dev, grant, shard, 'v2')
    assert.equal(two.status, 200)
    assert.match(two.headers['content-type'] ?? '', /^application\/x-ndjson/)
    assert.equal(two.headers['cache-control'], 'no-cache')
    const lines = linesOf(two)
    assert.deepEqual(lines.at(-1), { type: 'result', result: 1 })
    assert.ok(lines.some(({ type }) => type === 'validating'))
    assert.ok(lines.some(({ type }) => type === 'committing'))
  }
  const { files, links } = await kept(dev)
  assert.deepEqual({ files, links }, { files: 1, links: 1 })
})

void test('what is wrong with a shard is the last line, in our words', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = packed(text)
  const [{ xorb } = assert.fail()] = file.pieces
  const unsent = await postShard(dev, grant, shardOf([file]), 'v2')
  assert.equal(unsent.status, 200)
  const missing = linesOf(unsent).at(-1)
  assert.equal(missing?.['type'], 'error')
  assert.equal(missing['retryable'], false)
  assert.match(String(missing['message']), /not uploaded here.*Upload the file again/)
  await postXorb(dev, grant, xorb)
  const lie = sentFile(file, {
    sha256: sentFile(packed(Buffer.from('other'))).sha256 ?? assert.fail(),
  })
  const shard = writeShard([lie], [sentXorb(xorb)])
  const wrong = linesOf(await postShard(dev, grant, shard, 'v2')).at(-1)
  assert.match(String(wrong?.['message']), new RegExp(`${sha256('other')}.*${sha256(text)}`))
  assert.equal((await kept(dev)).files, 0)
})

void test('empty files, shards that list no xorb, shards that list no file', async () => {
  const { dev, ann, grant } = await open()
  await using _ = dev
  const file = packed(text)
  const [{ xorb } = assert.fail()] = file.pieces
  await postXorb(dev, grant, xorb)
  assert.equal((await postShard(dev, grant, shardOf([], { xorbs: [xorb] }))).status, 200)
  assert.equal((await postShard(dev, grant, shardOf([file], { xorbs: [] }))).status, 200)
  assert.equal(emptyFile.hash, '0'.repeat(64))
  assert.equal((await postShard(dev, grant, shardOf([emptyFile]))).status, 200)
  const lines = [header(), lfsFile('w', text), lfsFile('empty', Buffer.alloc(0))]
  assert.equal((await commit(dev, 'ann/m', lines, { token: ann })).status, 200)
  const got = await dev.ask('GET', '/ann/m/resolve/main/empty')
  assert.deepEqual([got.status, got.text, got.headers['content-length']], [200, '', '0'])
  assert.equal((await dev.ask('GET', '/ann/m/resolve/main/w')).text, text.toString())
})

void test('many files in one shard, of xorbs they share, with the same file twice', async () => {
  const { dev, ann, grant } = await open()
  await using _ = dev
  const xorbs = [1, 2, 3].map(() => makeXorb(cutEvery(random.bytes(640_000), 10_000)))
  const files = Array.from({ length: 200 }, () => {
    const pieces = Array.from({ length: 1 + random.below(4) }, () => {
      const start = random.below(60)
      return { xorb: random.pick(xorbs), start, end: start + 1 + random.below(4) }
    })
    return fileOf(pieces)
  })
  await send(dev, grant, [...files, files[7] ?? assert.fail()])
  const lines = files.map(({ bytes }, i) => lfsFile(`f${i}`, bytes))
  assert.equal((await commit(dev, 'ann/m', [header(), ...lines], { token: ann })).status, 200)
  for (const i of [0, 7, 99, 199]) {
    const { hash, bytes } = files[i] ?? assert.fail()
    assert.ok((await pull(dev, grant, hash)).equals(bytes))
    assert.ok((await dev.ask('GET', `/ann/m/resolve/main/f${i}`)).bytes.equals(bytes))
  }
})

void test('older clients know the routes without a version', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const file = packed(text)
  const [{ xorb } = assert.fail()] = file.pieces
  const ask = (method: string, path: string, body?: Buffer) =>
    cas(dev, grant, method, path, body === undefined ? {} : { body })
  assert.equal((await ask('POST', `/xorbs/default/${xorb.hash}`, xorb.body)).status, 200)
  assert.equal((await ask('POST', '/shards', shardOf([file]))).status, 200)
  assert.equal((await ask('GET', `/reconstructions/${file.hash}`)).status, 200)
  const head = await ask('HEAD', `/v1/xorbs/default/${xorb.hash}`)
  assert.equal(head.headers['content-length'], String(xorb.body.length))
  const length = await ask('HEAD', `/v1/files/${file.hash}`)
  assert.equal(length.headers['content-length'], String(text.length))
  assert.equal((await ask('GET', `/chunks/default-merkledb/${file.hash}`)).status, 200)
})
