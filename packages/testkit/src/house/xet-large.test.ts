/** The largest xorbs and shards there may be, over real connections, and those that are one byte larger. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joined, utf8 } from '@weighhouse/formats/xet/test-support.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { local } from './calls.ts'
import { kept, writer } from './xet-calls.ts'
import { makeXorb, shardOf, type Xorb } from './xet-kit.ts'

const open = async () => {
  const dev = await openDevHouse()
  await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, address: await dev.server.listen() }
}

/** Posts through a real socket, as a body of this size comes. */
const postLarge = async (
  dev: DevHouse,
  { port }: { port: number },
  url: string,
  body: Uint8Array,
) => {
  const { accessToken, casUrl } = await writer(dev, 'ann/m', await dev.token('ann', 'write'))
  const answer = await fetch(`http://127.0.0.1:${port}${local(casUrl)}${url}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}` },
    body: body.slice(),
  })
  return { status: answer.status, text: await answer.text() }
}

/** Chunks that do not compress, of these lengths: slices of the same noise, since their content does not matter. */
const noise = makeRandom(22).bytes(131_072)
const largeXorb = (lengths: readonly number[]): Xorb =>
  makeXorb(
    lengths.map((length) => noise.subarray(0, length)),
    'none',
  )

const repeat = (length: number, times: number): number[] =>
  Array.from({ length: times }, () => length)

void test('a xorb may be larger than 64 MiB by its headers, and not by a byte more', async () => {
  const { dev, address } = await open()
  await using _ = dev
  const post = (xorb: Xorb, body: Uint8Array = xorb.body) =>
    postLarge(dev, address, `/v1/xorbs/default/${xorb.hash}`, body)

  // As hf_xet was seen to send it.
  const seen = largeXorb([...repeat(75_658, 886), 75_873])
  assert.equal(seen.body.length, 67_115_957)
  assert.deepEqual(await post(seen), { status: 200, text: '{"was_inserted":true}' })

  const largest = largeXorb(repeat(8192, 8192))
  assert.equal(largest.body.length, 67_174_400)
  assert.equal((await post(largest)).status, 200)

  const longer = largeXorb([...repeat(8192, 8191), 8193])
  const refused = await post(longer)
  // The records are counted where they are read, so this is a broken xorb; only the whole body is a large one.
  assert.equal(refused.status, 400, refused.text)
  assert.match(refused.text, /A xorb has at most 67174400 bytes, found more/)

  const footer = new Uint8Array(327_776)
  footer.set(utf8('XETBLOB'))
  assert.equal((await post(largest, joined(largest.body, footer))).status, 200)
  assert.equal((await post(largest, joined(largest.body, footer, new Uint8Array(1)))).status, 413)

  const { xorbs, bodies, stages } = await kept(dev)
  assert.deepEqual({ xorbs, bodies, stages }, { xorbs: 2, bodies: 2, stages: 0 })
})

void test('a shard may have 64 MiB, and not a byte more', async () => {
  const { dev, address } = await open()
  await using _ = dev
  const padded = (length: number): Uint8Array => {
    const shard = new Uint8Array(length)
    shard.set(shardOf([]))
    return shard
  }
  const bound = 64 * 1024 * 1024
  assert.equal((await postLarge(dev, address, '/v1/shards', padded(bound))).status, 200)
  for (const version of ['v1', 'v2']) {
    const refused = await postLarge(dev, address, `/${version}/shards`, padded(bound + 1))
    assert.equal(refused.status, 413)
    assert.match(refused.text, /Send several/)
  }
})
