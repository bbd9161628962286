/** Bodies made to hurt: each is refused with a sentence, leaves nothing behind, and the hub goes on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import { xetHashBytes, zeroXetHash } from '@weighhouse/formats/xet/hash.ts'
import {
  shardBookend,
  shardRecord,
  shardTag,
  writeShard,
} from '@weighhouse/formats/xet/shard-support.ts'
import { joined, lz4Frame, recordOf, sequence, utf8 } from '@weighhouse/formats/xet/test-support.ts'
import { type Answer, type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { cas, type Grant, kept, postShard, postXorb, pull, send, writer } from './xet-calls.ts'
import { cut, cutEvery, makeXorb, packed, sentFile, sentXorb, shardOf } from './xet-kit.ts'

const random = makeRandom(51)
const sound = packed(random.bytes(300_000))
const [{ xorb }] = [sound.pieces[0] ?? assert.fail()]

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, grant: await writer(dev, 'ann/m', ann) }
}

/** A sentence for people: of some length, on one line, without the insides of the hub. */
const assertReadable = (message: string, what: string): void => {
  assert.match(message, /^[A-Z][^\n]{15,400}\.$/, what)
  assert.doesNotMatch(message, /undefined|NaN|\bat .*\.ts|TypeError|RangeError|ERR_/, what)
}

const assertRefused = (answer: Answer, what: string): string => {
  assert.equal(answer.status, 400, `${what}: ${answer.text.slice(0, 300)}`)
  // A cast because every refusal at this door has this form.
  const { error } = answer.json() as { error: string }
  assertReadable(error, what)
  return error
}

const assertGoesOn = async (dev: DevHouse, grant: Grant): Promise<void> => {
  const { xorbs, files, links, bodies, stages } = await kept(dev)
  const nothing = { xorbs: 0, files: 0, links: 0, bodies: 0, stages: 0 }
  assert.deepEqual({ xorbs, files, links, bodies, stages }, nothing)
  await send(dev, grant, [sound])
  assert.ok((await pull(dev, grant, sound.hash)).equals(sound.bytes))
}

/** LZ4 of `times` zero bytes and one, in one match: 255 zeros for each byte. */
const zeros = (times: number): Uint8Array => sequence(Uint8Array.of(0), 1, times)
const tail = Uint8Array.of(0x50, 0, 0, 0, 0, 0)

/** As much as a record can hold: 60 MiB. */
const bomb = (rawBytes: number, isLinked = false): Uint8Array =>
  recordOf(lz4Frame({ blocks: [joined(zeros(60 * 1024 * 1024), tail)], sizeCode: 7, isLinked }), {
    scheme: 1,
    raw: rawBytes,
  })

const many = (count: number): Uint8Array =>
  joined(Array.from({ length: count }, () => recordOf(Uint8Array.of(1))))

const body = xorb.body
const half = lz4Frame({ blocks: [{ bytes: new Uint8Array(500), isStored: true }] })
const packedOnce = makeXorb(cutEvery(Buffer.alloc(40_000, 'weights '), 40_000), 'lz4').body

/** A record that is in order but for its raw length. */
const withRaw = (record: Buffer, rawBytes: number): Buffer => {
  const lying = Buffer.from(record)
  lying.writeUIntLE(rawBytes, 5, 3)
  return lying
}

const bodies: [what: string, body: Uint8Array, sentence: RegExp][] = [
  ['empty', new Uint8Array(0), /at least one chunk/],
  ['one byte', Uint8Array.of(0), /cut off/],
  ['text', utf8('<!doctype html><p>502 Bad Gateway</p>'), /version 60/],
  ['zeros', new Uint8Array(100_000), /found 0/],
  ['noise', random.bytes(100_000), /version/],
  ['a footer alone', utf8('XETBLOB\u0001 and so on'), /at least one chunk/],
  ['a footer too long', joined(body, utf8('XETBLOB'), new Uint8Array(327_776)), /footer/],
  ['cut off in a header', body.subarray(0, 5), /cut off/],
  ['cut off after a header', body.subarray(0, 8), /cut off/],
  ['cut off at the end', body.subarray(0, -1), /cut off/],
  ['one byte more', joined(body, Uint8Array.of(0)), /cut off/],
  ['scheme 99', recordOf(new Uint8Array(9), { scheme: 99 }), /scheme 99/],
  ['scheme 3', recordOf(new Uint8Array(9), { scheme: 3 }), /scheme 3/],
  ['version 1', recordOf(new Uint8Array(9), { version: 1 }), /version 1/],
  ['no bytes in a chunk', recordOf(new Uint8Array(0)), /found 0/],
  ['a chunk too long', recordOf(new Uint8Array(131_073)), /found 131073/],
  ['stored, of another length', recordOf(new Uint8Array(9), { raw: 8 }), /packed in 9/],
  [
    'packed too long',
    recordOf(new Uint8Array(262_145), { scheme: 1, raw: 131_072 }),
    /packed in 262145/,
  ],
  ['less than said', withRaw(packedOnce, 40_001), /40000 came out/],
  ['more than said', withRaw(packedOnce, 39_999), /more than 39999 bytes/],
  ['a bomb', bomb(131_072), /more than 131072 bytes/],
  ['a linked bomb', bomb(131_072, true), /more than 131072 bytes/],
  ['a bomb that says 1', bomb(1), /more than 1 bytes/],
  ['a bomb behind a sound record', joined(body, bomb(131_072)), /more than 131072 bytes/],
  ['not a frame', recordOf(random.bytes(500), { scheme: 1, raw: 500 }), /magic number/],
  ['half a frame', recordOf(half.subarray(0, 300), { scheme: 1, raw: 500 }), /is cut off/],
  ['no frame', recordOf(new Uint8Array(0), { scheme: 2, raw: 500 }), /found 0/],
  ['8193 chunks', many(8193), /at most 8192 chunks/],
  ['another xorb', makeXorb(cut(random.bytes(100_000))).body, /hash to/],
  ['the same chunks backward', makeXorb(xorb.chunks.toReversed()).body, /hash to/],
  ['a chunk twice', joined(body, body), /hash to/],
]

void test('xorbs made to hurt are refused in words, and nothing of them stays', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  for (const [what, bytes, sentence] of bodies) {
    const answer = await postXorb(dev, grant, { ...xorb, body: Buffer.from(bytes) })
    assert.match(assertRefused(answer, what), sentence, what)
    const { stages, bodies: left } = await kept(dev)
    assert.deepEqual({ stages, left }, { stages: 0, left: 0 }, what)
  }
  const none = await cas(dev, grant, 'POST', `/v1/xorbs/default/${xorb.hash}`)
  assert.match(assertRefused(none, 'no body'), /at least one chunk/)
  await assertGoesOn(dev, grant)
})

void test('a xorb that is there is not harmed by what is sent under its name', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  await send(dev, grant, [sound])
  const before = await kept(dev)
  for (const [what, bytes] of bodies) {
    const answer = await postXorb(dev, grant, { ...xorb, body: Buffer.from(bytes) })
    assertRefused(answer, what)
  }
  assert.deepEqual(await kept(dev), before)
  assert.ok((await pull(dev, grant, sound.hash)).equals(sound.bytes))
})

void test('as many chunks as there may be are taken', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const largest = makeXorb(cutEvery(Buffer.alloc(8192, 1), 1), 'none')
  assert.ok(largest.body.equals(Buffer.from(many(8192))))
  assert.equal((await postXorb(dev, grant, largest)).status, 200)
})

void test('names that are no hashes', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const names = ['x', 'g'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), '%00'.repeat(64), 'a%2F..']
  for (const name of names) {
    for (const [method, path] of [
      ['POST', `/v1/xorbs/default/${name}`],
      ['GET', `/v1/chunks/default/${name}`],
      ['GET', `/v2/reconstructions/${name}`],
    ] as const) {
      const answer = await cas(dev, grant, method, path, method === 'POST' ? { body } : {})
      assert.match(assertRefused(answer, path), /64 hex digits/)
    }
  }
  const zero = await postXorb(dev, grant, { ...xorb, hash: zeroXetHash })
  assert.match(assertRefused(zero, 'zero'), /hash to/)
  await assertGoesOn(dev, grant)
})

const header = (version = 2, footer = 0): Uint8Array => shardRecord(shardTag, version, 0, footer)
const hash = xetHashBytes(xorb.hash)
const verified = 0x80000000
const described = 0x40000000

const shard = shardOf([sound])
const shards: [what: string, shard: Uint8Array, sentence?: RegExp][] = [
  ['empty', new Uint8Array(0), /header of 48 bytes/],
  ['one byte', Uint8Array.of(1)],
  ['text', utf8('{"files": []}'.repeat(20)), /tag/],
  ['noise', random.bytes(100_000), /tag/],
  ['a header alone', header(), /needs 1 records/],
  ['version 1', joined(header(1), shardBookend, shardBookend), /version/],
  [
    'a version of 2^63',
    joined(
      header(2, 0).map((v, i) => (i === 39 ? 0x80 : v)),
      shardBookend,
    ),
  ],
  ['a footer of 7', joined(header(2, 7), shardBookend, shardBookend), /footer/],
  ['one section', joined(header(), shardBookend)],
  ['2^32-1 terms', joined(header(), shardRecord(hash, 0, 0xffff_ffff)), /4294967295 terms/],
  [
    '2^32-1 terms with hashes',
    joined(header(), shardRecord(hash, verified | described, 0xffff_ffff), shardBookend),
    /4294967295 terms/,
  ],
  [
    '2^31-1 terms, which are 2^32-1 records',
    joined(header(), shardRecord(hash, verified | described, 0x7fff_ffff), shardBookend),
    /2147483647 terms/,
  ],
  ['one term more than there are', joined(header(), shardRecord(hash, 0, 1)), /a file of 1 terms/],
  [
    '2^32-1 chunks',
    joined(header(), shardBookend, shardRecord(hash, 0, 0xffff_ffff, 0), shardBookend),
    /4294967295 chunks/,
  ],
  [
    '8192 chunks, none there',
    joined(header(), shardBookend, shardRecord(hash, 0, 8192, 0), shardBookend),
    /8192 chunks/,
  ],
  [
    'no chunks',
    joined(header(), shardBookend, shardRecord(hash, 0, 0, 0), shardBookend),
    /0 chunks/,
  ],
  [
    'a chunk of 2^32-1',
    joined(header(), shardBookend, shardRecord(hash, 0, 1, 5), shardRecord(hash, 0, 0xffff_ffff)),
  ],
  ['cut off', shard.subarray(0, -1)],
]

void test('shards made to hurt are refused in words, by both routes', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  for (const [what, bytes, sentence = /./] of shards) {
    assert.match(assertRefused(await postShard(dev, grant, bytes), what), sentence, what)
    const lines = await postShard(dev, grant, bytes, 'v2')
    assert.equal(lines.status, 200, what)
    // A cast because the lines' form is the protocol's.
    const last = JSON.parse(lines.text.trimEnd().split('\n').at(-1) ?? '') as {
      type: string
      message: string
      retryable: boolean
    }
    assert.deepEqual([last.type, last.retryable], ['error', false], what)
    assertReadable(last.message, what)
    assert.match(last.message, sentence, what)
  }
  for (const path of ['/v1/shards', '/shards']) {
    assertRefused(await cas(dev, grant, 'POST', path), path)
  }
  await assertGoesOn(dev, grant)
})

void test('a shard cut off anywhere is refused, and one byte changed is no harm', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  assert.equal((await postXorb(dev, grant, xorb)).status, 200)
  const whole = writeShard([sentFile(sound)], [sentXorb(xorb)])
  for (let end = 0; end < whole.length; end += 48) {
    for (const at of [end, end + 1 + random.below(47)]) {
      assertRefused(await postShard(dev, grant, whole.subarray(0, at)), `cut off at ${at}`)
    }
  }
  assert.equal((await kept(dev)).files, 0)
  for (let i = 0; i < 150; i += 1) {
    const changed = whole.slice()
    const at = random.below(changed.length)
    changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8))
    const answer = await postShard(dev, grant, changed)
    assert.ok(answer.status === 200 || answer.status === 400, `byte ${at}: ${answer.text}`)
    if (answer.status === 400) assertRefused(answer, `byte ${at}`)
  }
  // Bytes that nobody reads may change, so the file may be there by now; if it is, then with its own bytes.
  assert.equal((await postShard(dev, grant, whole)).status, 200)
  assert.equal((await kept(dev)).files, 1)
  assert.ok((await pull(dev, grant, sound.hash)).equals(sound.bytes))
})

void test('a shard of many files that need no bytes at all is answered', async () => {
  const { dev, grant } = await open()
  await using _ = dev
  const name = (i: number): XetHash => i.toString(16).padStart(64, '0') as XetHash
  const records = Array.from({ length: 20_000 }, (_unused, i) =>
    shardRecord(xetHashBytes(name(i + 1)), 0, 0),
  )
  const bytes = joined(header(), records, shardBookend, shardBookend)
  assert.match(assertRefused(await postShard(dev, grant, bytes), 'many'), /without its SHA-256/)
  await assertGoesOn(dev, grant)
})
