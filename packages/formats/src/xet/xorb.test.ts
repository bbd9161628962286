import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { formatXetHash } from './hash.ts'
import {
  chunksPerXorbMax,
  packRecord,
  recordHeaderBytes,
  xorbBodyBytesMax,
  xorbRawBytesMax,
} from './record.ts'
import {
  bf16Noise,
  chunksOf,
  fromPlainHex,
  hasher,
  joined,
  lcg,
  leavesOf,
  lz4Frame,
  recordOf,
  rootOf,
  sequence,
  utf8,
} from './test-support.ts'
import { makeXorbBuilder, makeXorbVerifier, openXorbIndex, type VerifiedXorb } from './xorb.ts'

const verify = (body: Uint8Array, size = body.length): VerifiedXorb => {
  const verifier = makeXorbVerifier(hasher)
  for (let at = 0; at < body.length; at += size) verifier.push(body.subarray(at, at + size))
  return verifier.finish()
}

const refused = (run: () => unknown, message: RegExp): void => {
  assert.throws(run, (error) => {
    assert.ok(error instanceof FormatError, String(error))
    assert.match(error.message, message)
    return true
  })
}

const helloHash = 'd8d408e608fb9ca213b9909a65d86d725f2de4d8d540324be8a363e7a6e228cb'
const helloRaw = 'a29cfb08e608d4d8726dd8659a90b9134b3240d5d8e42d5fcb28e2a6e763a3e8'
const hello = fromPlainHex('000c0000000c0000 48656c6c6f20576f726c6421')
const helloIndex = fromPlainHex(`${helloRaw} 14000000 0c000000`)
const helloFooter = fromPlainHex(`
  584554424c4f4201 ${helloRaw} 58424c424853480001000000 ${helloRaw}
  58424c42424e440101000000 14000000 0c000000 01000000 5c000000 30000000
  00000000000000000000000000000000 84000000
`)

void test('the xorb of the vectors is verified, without its footer and with it', () => {
  const expected = { hash: helloHash, bodyBytes: 20, rawBytes: 12, chunks: 1, index: helloIndex }
  assert.deepEqual(verify(hello), expected)
  assert.equal(helloFooter.length, 136)
  const both = joined([hello, helloFooter])
  for (let size = 1; size <= both.length; size += 1) assert.deepEqual(verify(both, size), expected)
  // A footer is never trusted: any other counts for as little.
  const lie = joined([hello, helloFooter.map((byte, i) => (i < 7 ? byte : ~byte))])
  assert.deepEqual(verify(lie), expected)
})

void test('the same chunks packed in other ways are the same xorb', () => {
  const chunks = chunksOf(joined([lcg(300_000, 1), new Uint8Array(200_000), bf16Noise(200_000)]))
  const packed = verify(joined(chunks.map(packRecord)))
  const plain = verify(joined(chunks.map((chunk) => recordOf(chunk))))
  assert.equal(packed.hash, formatXetHash(rootOf(leavesOf(chunks))))
  assert.equal(plain.hash, packed.hash)
  assert.equal(plain.rawBytes, 700_000)
  assert.equal(packed.rawBytes, 700_000)
  assert.equal(plain.bodyBytes, 700_000 + 8 * chunks.length)
  assert.ok(packed.bodyBytes < plain.bodyBytes)
  const [a, b] = [openXorbIndex(packed.index), openXorbIndex(plain.index)]
  chunks.forEach((_, i) => {
    assert.deepEqual(a.hashAt(i), b.hashAt(i))
    assert.equal(a.rawEnd(i), b.rawEnd(i))
  })
})

void test('whole files in one xorb have the hash of the vectors', () => {
  const file = lcg(1_000_000, 1)
  assert.equal(
    verify(joined(chunksOf(file).map(packRecord)), 50_000).hash,
    'd02610a145528a164a13478a61bcbe8530ff83ead4bc8fda9b53b521fd920e25',
  )
})

void test('a xorb may have 8192 chunks and no more', () => {
  const record = recordOf(Uint8Array.of(1))
  const most = new Uint8Array(chunksPerXorbMax * record.length)
  for (let at = 0; at < most.length; at += record.length) most.set(record, at)
  const verified = verify(most, 100_000)
  assert.equal(verified.chunks, 8192)
  assert.equal(verified.index.length, 8192 * 40)
  assert.equal(verified.rawBytes, 8192)
  refused(() => verify(joined([most, record])), /at most 8192 chunks, found more/)
})

void test('a body may be as large as clients make it and no larger', () => {
  // What hf_xet sends of chunks that do not compress.
  const record = recordOf(new Uint8Array(131_072))
  const large = Math.floor(xorbBodyBytesMax / record.length)
  const left = xorbBodyBytesMax - large * record.length
  const verifyWith = (lastBytes: number): VerifiedXorb => {
    const verifier = makeXorbVerifier({ ...hasher, chunk: () => new Uint8Array(32) })
    for (let i = 0; i < large; i += 1) verifier.push(record)
    verifier.push(recordOf(new Uint8Array(lastBytes - recordHeaderBytes)))
    return verifier.finish()
  }
  assert.equal(xorbBodyBytesMax, 67_174_400)
  assert.equal(verifyWith(left).bodyBytes, xorbBodyBytesMax)
  refused(() => verifyWith(left + 1), /at most 67174400 bytes, found more/)
})

void test('what JavaScript clients pack may expand to a gigabyte', () => {
  const zeros = packRecord(new Uint8Array(131_072))
  const verifier = makeXorbVerifier({ ...hasher, chunk: () => new Uint8Array(32) })
  for (let i = 0; i < 200; i += 1) verifier.push(zeros)
  const { rawBytes, index } = verifier.finish()
  assert.equal(rawBytes, 200 * 131_072)
  assert.equal(openXorbIndex(index).rawEnd(199), rawBytes)
})

void test('a body that is empty, cut off or followed by more is refused', () => {
  refused(() => verify(new Uint8Array()), /at least one chunk, found none/)
  refused(() => verify(helloFooter), /at least one chunk, found none/)
  for (let length = 1; length < hello.length; length += 1) {
    refused(() => verify(hello.subarray(0, length)), /cut off/)
  }
  refused(() => verify(joined([hello, Uint8Array.of(0)])), /cut off: 1 bytes/)
  refused(() => verify(joined([hello, new Uint8Array(8)])), /1 to 131072 bytes, found 0/)
})

void test('one broken chunk spoils a body', () => {
  const bad: readonly [Uint8Array, RegExp][] = [
    [recordOf(utf8('x'), { scheme: 99 }), /scheme 99/],
    [recordOf(utf8('x'), { version: 1 }), /version 1/],
    [recordOf(utf8('xy'), { raw: 1 }), /packed in 2/],
    [recordOf(utf8('xy'), { scheme: 1 }), /LZ4 frame/],
    [recordOf(lz4Frame({ blocks: [sequence(utf8('xy'))] }), { scheme: 1, raw: 3 }), /2 came out/],
    [recordOf(lz4Frame({ blocks: [sequence(utf8('xyz'))] }), { scheme: 2, raw: 2 }), /more than 2/],
  ]
  for (const [record, message] of bad) {
    refused(() => verify(joined([hello, record, hello])), message)
  }
})

void test('a builder’s body is what a verifier finds in it', () => {
  const builder = makeXorbBuilder(hasher)
  assert.ok(builder.isEmpty)
  const chunks = chunksOf(joined([bf16Noise(500_000), lcg(500_000, 2), new Uint8Array(500_000)]))
  for (const chunk of chunks) {
    assert.ok(builder.add(hasher.chunk(chunk), chunk.length, packRecord(chunk)))
  }
  assert.ok(!builder.isEmpty)
  const { body, verified } = builder.build()
  assert.deepEqual(verify(joined(body), 77_777), verified)
  const index = openXorbIndex(verified.index)
  assert.equal(index.chunks, chunks.length)
  assert.equal(index.bodyBytes, joined(body).length)
  assert.equal(index.rawBytes, 1_500_000)
  assert.deepEqual([index.recordStart(0), index.rawStart(0)], [0, 0])
  chunks.forEach((chunk, i) => {
    assert.deepEqual(index.hashAt(i), hasher.chunk(chunk))
    assert.equal(index.rawEnd(i) - index.rawStart(i), chunk.length)
    assert.equal(index.recordEnd(i) - index.recordStart(i), body[i]?.length)
  })
})

void test('a full builder takes no more, and is as it was', () => {
  const small = makeXorbBuilder(hasher)
  const record = recordOf(Uint8Array.of(1))
  const hash = hasher.chunk(Uint8Array.of(1))
  for (let i = 0; i < chunksPerXorbMax; i += 1) assert.ok(small.add(hash, 1, record))
  assert.ok(!small.add(hash, 1, record))
  assert.equal(small.build().verified.chunks, chunksPerXorbMax)
  assert.equal(small.build().body.length, chunksPerXorbMax)

  const large = makeXorbBuilder(hasher)
  const whole = recordOf(new Uint8Array(131_072))
  const zeros = hasher.chunk(new Uint8Array(131_072))
  for (let i = 0; i < 511; i += 1) assert.ok(large.add(zeros, 131_072, whole))
  assert.ok(large.add(zeros, 131_071, whole.subarray(1)))
  assert.ok(!large.add(hash, 2, recordOf(Uint8Array.of(1, 1))))
  assert.ok(large.add(hash, 1, record))
  assert.ok(!large.add(hash, 1, record))
  assert.equal(large.build().verified.rawBytes, xorbRawBytesMax)

  // Records may be longer than their chunks: the body has its own bound.
  const packed = makeXorbBuilder(hasher)
  const long = new Uint8Array(262_144)
  for (let i = 0; i < 256; i += 1) assert.ok(packed.add(hash, 1, long))
  const left = xorbBodyBytesMax - 256 * long.length
  assert.ok(!packed.add(hash, 1, long.subarray(0, left + 1)))
  assert.ok(packed.add(hash, 1, long.subarray(0, left)))
  const { verified } = packed.build()
  assert.deepEqual([verified.bodyBytes, verified.chunks], [xorbBodyBytesMax, 257])
  assert.equal(openXorbIndex(verified.index).bodyBytes, xorbBodyBytesMax)
})

void test('an index that is broken is refused', () => {
  const good = verify(joined([hello, hello, hello])).index
  assert.equal(openXorbIndex(good).chunks, 3)
  const padded = joined([new Uint8Array(3), good]).subarray(3)
  assert.equal(openXorbIndex(padded).rawEnd(2), 36)
  for (const length of [0, 1, 39, 41, 79, 119]) {
    refused(() => openXorbIndex(good.subarray(0, length)), new RegExp(`found ${length} bytes`))
  }
  refused(() => openXorbIndex(new Uint8Array(8193 * 40)), /found 327720 bytes/)
  const changed = (at: number, value: number) => (): unknown => {
    const index = good.slice()
    new DataView(index.buffer).setUint32(at, value, true)
    return openXorbIndex(index)
  }
  refused(changed(32, 0), /chunk 0 does not/)
  refused(changed(36, 0), /chunk 0 does not/)
  refused(changed(72, 20), /chunk 1 does not/)
  refused(changed(76, 11), /chunk 1 does not/)
  refused(changed(72, 0xffffffff), /chunk 2 does not/)
  refused(changed(76, 36), /chunk 2 does not/)
  refused(changed(112, 0), /chunk 2 does not/)
})
