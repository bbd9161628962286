/** Bytes on their way in: everything that may be wrong with them is told, and nothing of it stays. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import { test } from 'node:test'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import {
  batch,
  commit,
  file,
  header,
  lfsFile,
  lfsJson,
  local,
  offered,
  sha256,
  upload,
  uploadLink,
} from './calls.ts'

const bytes = makeRandom(1).bytes(100_000)

const open = async (env = {}) => {
  const dev = await openDevHouse({ env })
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, token }
}

const leftovers = async (dev: DevHouse): Promise<number> => {
  let count = 0
  for await (const _ of dev.house.bytes.listStages()) count += 1
  return count
}

const linkOf = async (dev: DevHouse, token: string, wish = bytes): Promise<string> => {
  const link = await uploadLink(dev, 'ann/m', wish, token)
  assert.ok(link)
  return link
}

void test('what arrives whole is verified, committed and served', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const put = await dev.ask('PUT', await linkOf(dev, token), { body: bytes })
  assert.equal(put.status, 200)
  assert.equal(put.headers['etag'], `"${sha256(bytes)}"`)
  assert.equal(
    (await commit(dev, 'ann/m', [header(), lfsFile('w.bin', bytes)], { token })).status,
    200,
  )
  const got = await dev.ask('GET', '/ann/m/resolve/main/w.bin')
  assert.equal(got.headers['x-linked-size'], String(bytes.length))
  assert.equal(got.headers['etag'], `"${sha256(bytes)}"`)
  assert.equal(await leftovers(dev), 0)
})

void test('a wrong digest is refused with both digests', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const other = Buffer.from(bytes)
  other[5] = (other[5] ?? 0) ^ 1
  const put = await dev.ask('PUT', await linkOf(dev, token), { body: other })
  assert.equal(put.status, 422)
  assert.match(put.text, new RegExp(sha256(bytes)))
  assert.match(put.text, new RegExp(sha256(other)))
  assert.equal(await leftovers(dev), 0)
  const missing = await commit(dev, 'ann/m', [header(), lfsFile('w.bin', bytes)], { token })
  assert.equal(missing.status, 400)
})

void test('a wrong length is refused, one byte more or less', async () => {
  const { dev, token } = await open()
  await using _ = dev
  for (const wrong of [bytes.subarray(1), Buffer.concat([bytes, Buffer.from('x')])]) {
    const put = await dev.ask('PUT', await linkOf(dev, token), { body: wrong })
    assert.equal(put.status, 422, put.text)
    assert.match(put.text, /100000/)
  }
  assert.equal(await leftovers(dev), 0)
})

/** Sends a request by hand and answers what came back before the connection ended. */
const raw = async (port: number, head: string, body: readonly Buffer[]): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  // The hub hangs up on a body that does not end, which may cut our writing.
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  socket.write(head)
  for (const chunk of body) {
    if (!socket.writable) break
    socket.write(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  socket.end()
  await closed
  return text
}

void test('a body without announced length is bounded by what was promised', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const { port } = await dev.server.listen()
  const link = await linkOf(dev, token)
  const chunk = Buffer.alloc(64 * 1024, 1)
  const framed = Buffer.concat([
    Buffer.from(`${chunk.length.toString(16)}\r\n`),
    chunk,
    Buffer.from('\r\n'),
  ])
  const head = `PUT ${link} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`
  const said = await raw(
    port,
    head,
    Array.from({ length: 200 }, () => framed),
  )
  assert.match(said, /^HTTP\/1\.1 422 /)
  assert.equal(await leftovers(dev), 0)
})

void test('a connection cut in the middle leaves nothing, and the same link takes the bytes again', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const { port } = await dev.server.listen()
  const link = await linkOf(dev, token)
  const head = `PUT ${link} HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes.length}\r\n\r\n`
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(head)
  socket.write(bytes.subarray(0, 50_000))
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  for (let i = 0; i < 100 && (await leftovers(dev)) > 0; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.equal(await leftovers(dev), 0)
  assert.equal((await dev.ask('PUT', link, { body: bytes })).status, 200)
})

void test('bytes the repo has are not asked for again; bytes only others have are', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const bea = await dev.user('bea')
  await dev.repo('bea/m')
  await upload(dev, 'ann/m', bytes, token)
  assert.equal(await uploadLink(dev, 'ann/m', bytes, token), undefined)
  const link = await uploadLink(dev, 'bea/m', bytes, bea)
  assert.ok(link, 'knowing a hash gives nothing')
  const claimed = await commit(dev, 'bea/m', [header(), lfsFile('w.bin', bytes)], { token: bea })
  assert.equal(claimed.status, 400)
  assert.equal((await dev.ask('PUT', link, { body: Buffer.alloc(bytes.length) })).status, 422)
  assert.equal((await dev.ask('PUT', link, { body: bytes })).status, 200)
})

void test('a link is for one transfer, one time span and one standing', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const link = await linkOf(dev, token)
  const other = await linkOf(dev, token, Buffer.from('other'))
  const ticket = new URLSearchParams(link.split('?')[1]).get('ticket') ?? ''
  const path = other.split('?')[0] ?? ''
  assert.equal((await dev.ask('PUT', `${path}?ticket=${ticket}`, { body: 'other' })).status, 403)
  assert.equal((await dev.ask('PUT', path, { body: 'other' })).status, 403)
  const forged = `${ticket.slice(0, -2)}${ticket.endsWith('AA') ? 'BB' : 'AA'}`
  assert.equal((await dev.ask('PUT', `${path}?ticket=${forged}`, { body: 'other' })).status, 403)

  const permit = dev.hub.policy.requireHub(dev.system)
  await dev.hub.identity.disableUser(dev.system, permit, 'ann')
  assert.equal((await dev.ask('PUT', link, { body: bytes })).status, 403)
})

void test('a link ends with its time', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const link = await linkOf(dev, token)
  dev.clock.advance(48 * 3600_000)
  const late = await dev.ask('PUT', link, { body: bytes })
  assert.equal(late.status, 403)
  assert.match(late.text, /expired/)
})

const partsEnv = { WEIGHHOUSE_LFS_MULTIPART_BYTES: '40000', WEIGHHOUSE_LFS_PART_BYTES: '30000' }

const startParts = async (dev: DevHouse, token: string) => {
  const object = { oid: sha256(bytes), size: bytes.length }
  const answer = await batch(dev, 'ann/m', [object], { token, transfers: ['basic', 'multipart'] })
  const action = offered(answer).actions?.upload
  const { chunk_size: chunkSize, ...parts } = action?.header ?? {}
  const links = Object.entries(parts)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, href]) => local(href))
  return { complete: local(action?.href), links, partBytes: Number(chunkSize), answer }
}

const completeBody = { oid: sha256(bytes), parts: [] }

void test('large files come in parts, in any order, and again after a failure', async () => {
  const { dev, token } = await open(partsEnv)
  await using _ = dev
  const first = await startParts(dev, token)
  assert.equal((first.answer.json() as { transfer: string }).transfer, 'multipart')
  assert.equal(first.links.length, 4)
  const part = (index: number): Buffer =>
    bytes.subarray(index * first.partBytes, (index + 1) * first.partBytes)
  for (const index of [3, 1]) {
    const put = await dev.ask('PUT', first.links[index] ?? '', { body: part(index) })
    assert.equal(put.status, 200)
    assert.ok(put.headers['etag'])
  }
  const early = await dev.ask('POST', first.complete, { body: completeBody })
  assert.equal(early.status, 422)
  assert.match(early.text, /Expected 4 parts, received 2/)

  const again = await startParts(dev, token)
  assert.equal(
    again.complete.split('?')[0],
    first.complete.split('?')[0],
    'the same upload goes on',
  )
  for (const index of [0, 2]) {
    await dev.ask('PUT', again.links[index] ?? '', { body: part(index) })
  }
  assert.equal((await dev.ask('POST', again.complete, { body: completeBody })).status, 200)
  assert.equal((await dev.ask('POST', again.complete, { body: completeBody })).status, 200, 'again')
  assert.equal(await uploadLink(dev, 'ann/m', bytes, token), undefined)
  assert.equal(await leftovers(dev), 0)
})

void test('parts that do not make up the file are refused at the end', async () => {
  const { dev, token } = await open(partsEnv)
  await using _ = dev
  const { links, complete, partBytes } = await startParts(dev, token)
  for (const [index, link] of links.entries()) {
    const part = Buffer.from(bytes.subarray(index * partBytes, (index + 1) * partBytes))
    if (index === 2) part[0] = (part[0] ?? 0) ^ 1
    assert.equal((await dev.ask('PUT', link, { body: part })).status, 200)
  }
  const done = await dev.ask('POST', complete, { body: completeBody })
  assert.equal(done.status, 422)
  assert.match(done.text, /SHA-256/)
  assert.ok(await uploadLink(dev, 'ann/m', bytes, token))
})

void test('a part of the wrong size or number is refused', async () => {
  const { dev, token } = await open(partsEnv)
  await using _ = dev
  const { links } = await startParts(dev, token)
  const [first = ''] = links
  assert.equal((await dev.ask('PUT', first, { body: bytes.subarray(0, 29_999) })).status, 422)
  assert.equal((await dev.ask('PUT', first, { body: bytes.subarray(0, 30_001) })).status, 422)
  const ninth = first.replace(/\/1\?/, '/9?')
  assert.equal((await dev.ask('PUT', ninth, { body: 'x' })).status, 400)
})

void test('nonsense in a batch is told object by object', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const objects = [
    { oid: 'nonsense', size: 3 },
    { oid: sha256(bytes), size: bytes.length },
  ]
  const answer = await batch(dev, 'ann/m', objects, { token })
  assert.equal(answer.status, 200)
  const { objects: found } = answer.json() as { objects: { error?: { code: number } }[] }
  assert.equal(found[0]?.error?.code, 400)
  assert.equal(found[1]?.error, undefined)
  const url = '/ann/m.git/info/lfs/objects/batch'
  for (const body of [
    '',
    '{',
    '[]',
    '{"operation":"upload"}',
    '{"operation":"steal","objects":[]}',
  ]) {
    const bad = await dev.ask('POST', url, { token, headers: { 'content-type': lfsJson }, body })
    assert.equal(bad.status, 400, body)
  }
  const many = Array.from({ length: 2_001 }, () => ({ oid: sha256('x'), size: 1 }))
  assert.equal((await batch(dev, 'ann/m', many, { token })).status, 413)
  const huge = offered(await batch(dev, 'ann/m', [{ oid: sha256('x'), size: 9e15 }], { token }))
  assert.equal(huge.error?.code, 413)
})

void test('an owner over quota is told how much is left', async () => {
  const { dev, token } = await open({ WEIGHHOUSE_STORAGE_QUOTA_BYTES: '150000' })
  await using _ = dev
  await upload(dev, 'ann/m', bytes, token)
  const second = makeRandom(2).bytes(100_000)
  const object = { oid: sha256(second), size: second.length }
  const { error } = offered(await batch(dev, 'ann/m', [object], { token }))
  assert.equal(error?.code, 403)
  assert.match(error.message, /150000|50000/)
})

void test('verify says whether the repo holds the bytes', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const object = { oid: sha256(bytes), size: bytes.length }
  const verify = local(
    offered(await batch(dev, 'ann/m', [object], { token })).actions?.verify?.href,
  )
  const ask = (body: object) =>
    dev.ask('POST', verify, {
      token,
      headers: { 'content-type': lfsJson },
      body: JSON.stringify(body),
    })
  assert.equal((await ask(object)).status, 404)
  await upload(dev, 'ann/m', bytes, token)
  assert.equal((await ask(object)).status, 200)
  assert.equal((await ask({ ...object, size: 1 })).status, 404)
})

void test('what nobody needs is swept after its grace, and not before', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const { content } = dev.hub
  await upload(dev, 'ann/m', bytes, token)
  await commit(dev, 'ann/m', [header(), lfsFile('w.bin', bytes), file('a.txt', 'a')], { token })
  const permit = await dev.hub.policy.require(dev.system, 'repo.admin', {
    type: 'model',
    path: 'ann/m',
  })
  await dev.hub.repos.delete(dev.system, permit)
  const grace = 24 * 3600_000
  assert.equal((await content.sweep(grace)).contents, 0)
  dev.clock.advance(grace + 1)
  assert.equal((await content.sweep(grace)).contents, 1)
  assert.equal((await content.sweep(grace)).contents, 0)
})
