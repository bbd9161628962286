import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { test } from 'node:test'
import * as hub from '@huggingface/hub'
import { createChunker, fileHash, finalize, hashToHex, nextBlock } from '@huggingface/xetchunk-wasm'
import {
  alice,
  aliceReading,
  as,
  bob,
  bytesOf,
  file,
  hubUrl,
  newRepo,
  sha256,
} from './client/support.mjs'
import { broken, recorded } from './recorder.mjs'

const MiB = 1024 * 1024

/** Random bytes, the same ones for the same seed; each test has seeds of its own. */
const fresh = (size, seed) => {
  const key = Buffer.alloc(16, `seed ${seed}`)
  return new Uint8Array(createCipheriv('aes-128-ctr', key, key).update(Buffer.alloc(size)))
}

/** Bytes that compress: each 64 of them eight times over. */
const repeating = (size, seed) => {
  const seeds = fresh(size / 8, seed)
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += 64) {
    const from = Math.floor(at / 512) * 64
    bytes.set(seeds.subarray(from, from + 64), at)
  }
  return bytes
}

const joined = (...parts) => new Uint8Array(Buffer.concat(parts))

/** The hash that this client gives a file; others cut it differently. */
const xetHash = (bytes) => {
  const chunker = createChunker()
  const chunks = [...nextBlock(chunker, bytes)]
  const last = finalize(chunker)
  if (last) chunks.push(last)
  return hashToHex(fileHash(chunks))
}

const push = (repo, files, more = {}) =>
  hub.uploadFiles({ repo, files, useXet: true, ...as(alice), ...more })

const pull = async (repo, path, more = {}) => {
  const blob = await hub.downloadFile({ repo, path, ...as(alice), ...more })
  return blob === null ? null : bytesOf(blob)
}

const info = (repo, path) => hub.fileDownloadInfo({ repo, path, ...as(alice) })

const refused = (status) => (error) => {
  assert.ok(error instanceof hub.HubApiError, String(error))
  assert.equal(error.statusCode, status)
  assert.ok(error.requestId, 'the request id is told')
  return true
}

test('files of all sorts go up by Xet and come down with it and without it', async () => {
  const contents = {
    'README.md': new TextEncoder().encode('# hello\n'),
    'empty.bin': new Uint8Array(0),
    'one.bin': new Uint8Array([7]),
    'ünïcödé/重さ.bin': fresh(300_000, 1),
    'noise.safetensors': fresh(12_000_000, 2),
    // More than a xorb holds.
    'mixed.bin': joined(fresh(50 * MiB, 3), repeating(16 * MiB, 4), fresh(16 * MiB, 5)),
  }
  const repo = await newRepo()
  const files = Object.entries(contents).map(([path, bytes]) => file(path, bytes))
  const up = await recorded(() => push(repo, files))
  assert.match(up.result.commit.oid, /^[0-9a-f]{40}$/)
  assert.ok(up.count('xorb', 'POST') >= 2)
  assert.ok(up.count('shard', 'POST') >= 1)
  assert.equal(up.count('other', 'PUT'), 0)
  assert.ok(up.sent('xorb') < 82 * MiB, 'what repeats was compressed')

  for (const [path, bytes] of Object.entries(contents)) {
    const isSmall = path === 'README.md' || path === 'empty.bin'
    const told = await info(repo, path)
    assert.equal(told.size, bytes.length, path)
    if (!isSmall) {
      assert.equal(told.xet?.hash, xetHash(bytes), path)
      assert.equal(told.etag, `"${sha256(bytes)}"`)
    }
    const byXet = await recorded(() => pull(repo, path))
    assert.equal(sha256(byXet.result), sha256(bytes), path)
    assert.equal(byXet.count('data') > 0, !isSmall, path)
    const plainly = await recorded(() => pull(repo, path, { xet: false }))
    assert.equal(sha256(plainly.result), sha256(bytes), path)
    assert.equal(plainly.count('data') + plainly.count('reconstruction'), 0)
  }
})

test('files that went up whole come down', async () => {
  const repo = await newRepo({ type: 'dataset' })
  const bytes = fresh(12_000_000, 6)
  const up = await recorded(() => push(repo, [file('w.bin', bytes)], { useXet: false }))
  assert.equal(up.count('xorb'), 0)
  assert.ok(up.sent() >= bytes.length)
  assert.equal(sha256(await pull(repo, 'w.bin')), sha256(bytes))
  assert.equal(sha256(await pull(repo, 'w.bin', { xet: false })), sha256(bytes))
})

test('a private dataset', async () => {
  const repo = await newRepo({ type: 'dataset', visibility: 'private' })
  const bytes = fresh(2_000_000, 7)
  const up = await recorded(() => push(repo, [file('w.bin', bytes)]))
  assert.ok(up.count('xorb', 'POST') >= 1)
  assert.equal(sha256(await pull(repo, 'w.bin')), sha256(bytes))
  await assert.rejects(pull(repo, 'w.bin', as(bob)), refused(404))
  await assert.rejects(pull(repo, 'w.bin', as(undefined)), refused(401))
})

test('the same file again is not sent', async () => {
  const repo = await newRepo()
  const bytes = fresh(12_000_000, 8)
  const first = await recorded(() => push(repo, [file('first.bin', bytes)]))
  assert.ok(first.count('xorb', 'POST') >= 1)
  const again = await recorded(() => push(repo, [file('second.bin', bytes)]))
  assert.equal(again.count('xorb', 'POST'), 0)
  assert.ok(again.sent() < 2_000_000)
  assert.equal(sha256(await pull(repo, 'second.bin')), sha256(bytes))
})

test('of a changed file only what changed is sent', async () => {
  const repo = await newRepo()
  const bytes = fresh(20_000_000, 9)
  await push(repo, [file('w.bin', bytes)])
  const middle = bytes.slice()
  middle.fill(0x55, 10_000_000, 10_001_000)
  const front = joined(new TextEncoder().encode('a few'), middle)
  for (const changed of [middle, front]) {
    const again = await recorded(() =>
      hub.uploadFile({ repo, file: file('w.bin', changed), useXet: true, ...as(alice) }),
    )
    assert.ok(again.count('xorb', 'POST') <= 1)
    assert.ok(again.sent('xorb') > 0 && again.sent() < 1_000_000, `${again.sent()} bytes`)
    assert.equal(sha256(await pull(repo, 'w.bin')), sha256(changed))
  }
})

test('a file is edited in place', async () => {
  const repo = await newRepo()
  const bytes = fresh(20_000_000, 10)
  await push(repo, [file('w.bin', bytes)])
  const insert = fresh(5_000, 11)
  const edit = async (start, end) => {
    const originalContent = await hub.downloadFile({ repo, path: 'w.bin', ...as(alice) })
    const edits = [{ start, end, content: new Blob([insert]) }]
    const operations = [{ operation: 'edit', path: 'w.bin', originalContent, edits }]
    return hub.commit({ repo, title: 'Edit', operations, useXet: true, ...as(alice) })
  }
  let expected = bytes
  for (const [start, end] of [
    [8_000_000, 8_010_000],
    [19_995_000, 19_995_000],
  ]) {
    const done = await recorded(() => edit(start, end))
    expected = joined(expected.subarray(0, start), insert, expected.subarray(end))
    assert.ok(done.sent('xorb') < 1_000_000, `${done.sent('xorb')} bytes`)
    assert.equal(sha256(await pull(repo, 'w.bin')), sha256(expected))
  }
})

test('a file in many pieces', async () => {
  const repo = await newRepo()
  const whole = fresh(24 * MiB, 12)
  assert.ok((await recorded(() => push(repo, [file('whole.bin', whole)]))).count('xorb') >= 1)
  const pieces = []
  for (let at = 0; at < whole.length; at += 2 * MiB) pieces.push(whole.subarray(at, at + MiB))
  const bytes = joined(...pieces)
  const up = await recorded(() => push(repo, [file('pieces.bin', bytes)]))
  assert.ok(up.sent('xorb') < 4 * MiB, 'most of it is in the other xorb')
  for (const parallelDownloads of [true, false]) {
    const down = await recorded(() => pull(repo, 'pieces.bin', { parallelDownloads }))
    assert.equal(sha256(down.result), sha256(bytes))
    assert.ok(down.of('data').some((one) => one.range?.includes(',')))
  }
  assert.equal(sha256(await pull(repo, 'pieces.bin', { xet: false })), sha256(bytes))
})

test('a slice of a file is read by its chunks', async () => {
  const repo = await newRepo()
  const bytes = fresh(5_000_000, 13)
  await push(repo, [file('w.bin', bytes)])
  const blob = await hub.downloadFile({ repo, path: 'w.bin', ...as(alice) })
  for (const [start, end] of [
    [0, 1],
    [2_500_000, 2_500_100],
    [1_000_000, 3_000_000],
    [4_999_000, 5_000_000],
  ]) {
    const read = await recorded(() => bytesOf(blob.slice(start, end)))
    assert.deepEqual(read.result, bytes.slice(start, end))
    const fetched = read.of('data').reduce((sum, one) => sum + one.answerBytes, 0)
    assert.ok(fetched > 0 && fetched < end - start + 300_000, `${fetched} bytes`)
  }
})

test('who may not write is told so', async () => {
  const repo = await newRepo()
  const files = [file('w.bin', fresh(100_000, 14))]
  const wrong = 'hf_' + 'x'.repeat(37)
  for (const [token, status] of [
    [wrong, 401],
    [undefined, 401],
    [aliceReading, 403],
    [bob, 403],
  ]) {
    const sending = recorded(() => push(repo, files, as(token)))
    await assert.rejects(sending, refused(status))
  }
  const missing = { type: 'model', name: 'alice/no-such-repo' }
  await assert.rejects(push(missing, files), refused(404))
  await assert.rejects(pull(missing, 'w.bin'), refused(404))
  for (const [kind, token, status] of [
    ['write', aliceReading, 403],
    ['write', bob, 403],
    ['read', wrong, 401],
  ]) {
    const url = `${hubUrl}/api/models/${repo.name}/xet-${kind}-token/main`
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(answer.status, status)
  }
})

test('a hub that is out of order leaves no commit behind', async () => {
  const repo = await newRepo()
  const files = [file('w.bin', fresh(1_000_000, 15))]
  const cut = await recorded(() =>
    broken('xorb', 'POST', 503, () => assert.rejects(push(repo, files))),
  )
  assert.equal(cut.faked(), 1)
  assert.equal(await hub.fileExists({ repo, path: 'w.bin', ...as(alice) }), false)
  await push(repo, files)
  assert.ok(await hub.fileExists({ repo, path: 'w.bin', ...as(alice) }))
})

test('a transfer address that has expired is asked for again', async () => {
  const repo = await newRepo()
  const bytes = fresh(1_000_000, 16)
  await push(repo, [file('w.bin', bytes)])
  const down = await recorded(() => broken('data', 'GET', 403, () => pull(repo, 'w.bin')))
  assert.equal(down.faked(), 1)
  assert.equal(sha256(down.result), sha256(bytes))
})
