/** Whoever lies about bytes, even about bytes of their own, registers nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SentFile, writeShard } from '@weighhouse/formats/xet/shard-support.ts'
import { type Answer, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { commit, header, lfsFile } from './calls.ts'
import { cas, kept, planOf, postShard, postXorb, rebuild, send, writer } from './xet-calls.ts'
import { cutEvery, fileOf, makeXorb, sentFile, sentXorb, wholeOf } from './xet-kit.ts'

const random = makeRandom(43)

const open = async () => {
  const dev = await openDevHouse()
  const mallory = await dev.user('mallory')
  await dev.repo('mallory/m')
  return { dev, mallory, mallorys: await writer(dev, 'mallory/m', mallory) }
}

const lastLine = (answer: Answer): Record<string, unknown> =>
  // A cast because the lines' form is the protocol's.
  JSON.parse(answer.text.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>

void test('a shard that lies is refused whole, in both versions, and nothing of it stays', async () => {
  const { dev, mallory, mallorys } = await open()
  await using _ = dev
  const xorb = makeXorb(cutEvery(random.bytes(100_000), 10_000))
  const good = fileOf([{ xorb, start: 6, end: 8 }])
  const bad = fileOf([
    { xorb, start: 0, end: 3 },
    { xorb, start: 4, end: 6 },
  ])
  assert.equal((await postXorb(dev, mallorys, xorb)).status, 200)
  const right = sentFile(bad)
  const wrong = new Uint8Array(32).fill(7)
  const withTerm = (change: object): Partial<SentFile> => ({
    terms: right.terms.map((term, i) => (i === 0 ? { ...term, ...change } : term)),
  })
  const { ranges = assert.fail(), sha256: claimed = assert.fail(), ...rest } = right
  const [firstRange = assert.fail(), secondRange = assert.fail()] = ranges
  const secondHash = sentFile(wholeOf(xorb)).sha256 ?? assert.fail()
  const lies: [what: string, file: SentFile, sentence: RegExp][] = [
    ['SHA-256', { ...right, sha256: secondHash }, /is said to have SHA-256/],
    ['no SHA-256', { ...rest, ranges }, /without its SHA-256/],
    ['no ranges', { ...rest, sha256: claimed }, /without verification hashes/],
    ['range', { ...right, ranges: [firstRange, wrong] }, /verification hash of term 1/],
    ['ranges', { ...right, ranges: [secondRange, firstRange] }, /verification hash of term 0/],
    ['file hash', { ...right, hash: wrong }, /hash to/],
    ['empty', { ...right, terms: [], ranges: [] }, /only the empty file has no terms/],
    ['zero hash', { ...right, hash: new Uint8Array(32) }, /only the empty file/],
    ['end', { ...right, ...withTerm({ end: 11 }) }, /which has 10/],
    ['far end', { ...right, ...withTerm({ end: 0xffff_ffff }) }, /which has 10/],
    ['backward', { ...right, ...withTerm({ start: 3, end: 3 }) }, /chunks 3 to 3/],
    ['length', { ...right, ...withTerm({ rawBytes: 29_999 }) }, /the shard says 29999/],
  ]
  const before = await kept(dev)
  for (const [what, lie, sentence] of lies) {
    for (const files of [
      [sentFile(good), lie],
      [lie, sentFile(good)],
    ]) {
      const shard = writeShard(files, [sentXorb(xorb)])
      const one = await postShard(dev, mallorys, shard)
      assert.equal(one.status, 400, `${what}: ${one.text}`)
      assert.match(one.text, sentence, what)
      const two = await postShard(dev, mallorys, shard, 'v2')
      assert.equal(two.status, 200)
      const { type, message, retryable } = lastLine(two)
      assert.deepEqual([type, retryable], ['error', false], what)
      assert.match(String(message), sentence, what)
    }
  }
  const { chunks, ...named } = sentXorb(xorb)
  const lying = [
    { ...named, chunks: chunks.slice(1) },
    { ...named, chunks: chunks.toReversed() },
    { ...named, chunks: chunks.map((chunk) => ({ ...chunk, rawBytes: 9_999 })) },
    { ...named, chunks, rawBytes: 99_999 },
  ]
  for (const stated of lying) {
    const answer = await postShard(dev, mallorys, writeShard([sentFile(good)], [stated]))
    assert.equal(answer.status, 400, answer.text)
  }
  assert.deepEqual(await kept(dev), before)
  for (const { bytes, hash } of [good, bad]) {
    const lines = [header(), lfsFile('w', bytes)]
    const answer = await commit(dev, 'mallory/m', lines, { token: mallory })
    assert.ok(answer.status >= 400 && answer.status < 500, answer.text)
    assert.match(answer.text, /upload/i)
    assert.equal((await cas(dev, mallorys, 'GET', `/v2/reconstructions/${hash}`)).status, 404)
  }
  await send(dev, mallorys, [good, bad])
  const plan = await planOf(dev, mallorys, bad.hash)
  assert.ok((await rebuild(dev, plan)).equals(bad.bytes), 'the truth is taken')
})

void test('a file of more bytes than a file may have is refused before they are read', async () => {
  const { dev, mallorys } = await open()
  await using _ = dev
  const xorb = makeXorb([new Uint8Array(131_072)], 'lz4')
  assert.equal((await postXorb(dev, mallorys, xorb)).status, 200)
  const right = sentFile(wholeOf(xorb))
  const [term = assert.fail()] = right.terms
  const [range = assert.fail()] = right.ranges ?? []
  const count = 1_281
  const terms = Array.from({ length: count }, () => ({ ...term, rawBytes: 0xffff_ffff }))
  const ranges = Array.from({ length: count }, () => range)
  const shard = (limit: number): Uint8Array =>
    writeShard([{ ...right, terms: terms.slice(0, limit), ranges: ranges.slice(0, limit) }], [])
  const refused = await postShard(dev, mallorys, shard(count))
  assert.equal(refused.status, 413)
  assert.match(refused.text, /One file may have 5497558138880 bytes/)
  assert.equal(
    (await postShard(dev, mallorys, shard(count - 1))).status,
    400,
    'what is less is read',
  )
  assert.equal((await kept(dev)).files, 0)
})
