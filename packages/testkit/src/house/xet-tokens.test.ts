/** Xet tokens: what they say, who gets one, and what they open; routes that must not be there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { batch, local, offered, sha256 } from './calls.ts'
import {
  askGrant,
  cas,
  grantOf,
  postShard,
  postXorb,
  pull,
  push,
  reader,
  writer,
} from './xet-calls.ts'
import { packed, shardOf } from './xet-kit.ts'

const weights = packed(makeRandom(11).bytes(300_000))

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  const bob = await dev.user('bob')
  await dev.repo('ann/m')
  await dev.repo('ann/secret', { visibility: 'private' })
  return { dev, ann, bob }
}

void test('a token says the same in JSON and in headers, and how long it is good for', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  for (const scope of ['read', 'write']) {
    const answer = await askGrant(dev, 'ann/m', { scope, token: ann })
    const { accessToken, exp, casUrl } = grantOf(answer)
    assert.equal(exp, dev.clock.nowMs() / 1000 + 3600)
    assert.ok(!casUrl.endsWith('/'))
    assert.equal(answer.headers['x-xet-access-token'], accessToken)
    assert.equal(answer.headers['x-xet-token-expiration'], String(exp))
    assert.equal(answer.headers['x-xet-cas-url'], casUrl)
    assert.match(answer.headers['cache-control'] ?? '', /no-store/)
  }
})

void test('the URL is the account’s own, and a new one when clients must forget', async () => {
  const { dev, ann, bob } = await open()
  await using _ = dev
  const first = await reader(dev, 'ann/m', ann)
  assert.equal((await writer(dev, 'ann/m', ann)).casUrl, first.casUrl)
  const others = [await reader(dev, 'ann/m', bob), await reader(dev, 'ann/m')]
  const urls = new Set([first, ...others].map(({ casUrl }) => casUrl))
  assert.equal(urls.size, 3)
  for (const url of urls) assert.match(url, /\/xet\/1-\w+$/)
  await dev.hub.chunks.bumpEpoch()
  const later = await reader(dev, 'ann/m', ann)
  assert.equal(later.casUrl, first.casUrl.replace('/xet/1-', '/xet/2-'))
})

void test('revisions: any that is there, "None" and no revision; not one that is missing', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const ask = (rev: string) => askGrant(dev, 'ann/m', { rev, token: ann })
  for (const rev of ['', '/None', '/main', '/refs%2Fheads%2Fmain']) {
    assert.equal((await ask(rev)).status, 200, rev)
  }
  const missing = await ask('/nowhere')
  assert.equal(missing.status, 404)
  assert.equal(missing.headers['x-error-code'], 'RevisionNotFound')
  assert.equal((await ask('/main?create_pr=1')).status, 400)
})

void test('who gets a token', async () => {
  const { dev, bob } = await open()
  await using _ = dev
  const annReads = await dev.token('ann', 'read')
  const cases: [repo: string, scope: string, token: string | undefined, status: number][] = [
    ['ann/m', 'read', undefined, 200],
    ['ann/m', 'write', undefined, 401],
    ['ann/m', 'read', bob, 200],
    ['ann/m', 'write', bob, 403],
    ['ann/m', 'write', annReads, 403],
    ['ann/secret', 'read', annReads, 200],
    ['ann/secret', 'read', undefined, 401],
    ['ann/secret', 'read', bob, 404],
    ['ann/secret', 'write', bob, 404],
    ['ann/none', 'read', bob, 404],
    ['ann/m', 'read', 'hf_wrong', 401],
  ]
  for (const [repo, scope, token, status] of cases) {
    const ask = token === undefined ? {} : { token }
    const answer = await askGrant(dev, repo, { scope, ...ask })
    assert.equal(answer.status, status, `${repo} ${scope} ${token}: ${answer.text}`)
    assert.equal(answer.headers['x-xet-access-token'] === undefined, status !== 200)
  }
})

void test('a read token reads and does not write; without one there is nothing', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  await push(dev, 'ann/m', ann, weights)
  const reads = await reader(dev, 'ann/m', ann)
  assert.ok((await pull(dev, reads, weights.hash)).equals(weights.bytes))
  const [{ xorb } = assert.fail()] = weights.pieces
  for (const answer of [
    await postXorb(dev, reads, xorb),
    await postShard(dev, reads, shardOf([weights])),
    await postShard(dev, reads, shardOf([weights]), 'v2'),
  ]) {
    assert.equal(answer.status, 403)
    assert.match(answer.text, /does not let its holder write/)
  }
  for (const accessToken of ['', 'nonsense', `${reads.accessToken}x`, ann]) {
    const answer = await cas(
      dev,
      { ...reads, accessToken },
      'GET',
      `/v2/reconstructions/${weights.hash}`,
    )
    assert.equal(answer.status, 401, accessToken)
  }
})

void test('without an account, what is public is read', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  await push(dev, 'ann/m', ann, weights)
  assert.ok((await pull(dev, await reader(dev, 'ann/m'), weights.hash)).equals(weights.bytes))
})

void test('a token is good a little longer than it says, and then 401', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const grant = await push(dev, 'ann/m', ann, weights)
  const status = async () =>
    (await cas(dev, grant, 'GET', `/v2/reconstructions/${weights.hash}`)).status
  dev.clock.advance(3600_000 + 299_000)
  assert.equal(await status(), 200)
  dev.clock.advance(2_000)
  assert.equal(await status(), 401)
})

void test('a batch that offers xet gets a token; one that does not gets links for whole bytes', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const object = { oid: sha256(weights.bytes), size: weights.bytes.length }
  const answer = await batch(dev, 'ann/m', [object], { token: ann, transfers: ['basic', 'xet'] })
  assert.equal((answer.json() as { transfer: string }).transfer, 'xet')
  const { href, header = {} } = offered(answer).actions?.upload ?? assert.fail()
  assert.match(href, /\/api\/models\/ann\/m\/xet-write-token\/main$/)
  assert.deepEqual(
    Object.keys(header).toSorted(),
    [
      'X-Xet-Access-Token',
      'X-Xet-Cas-Url',
      'X-Xet-Session-Id',
      'X-Xet-Token-Expiration',
    ].toSorted(),
  )
  for (const value of Object.values(header)) assert.equal(typeof value, 'string')
  assert.equal((await dev.ask('GET', local(href), { token: ann })).status, 200)
  const grant = {
    accessToken: header['X-Xet-Access-Token'] ?? '',
    casUrl: header['X-Xet-Cas-Url'] ?? '',
    exp: 0,
  }
  const [{ xorb } = assert.fail()] = weights.pieces
  assert.equal((await postXorb(dev, grant, xorb)).status, 200)
  assert.equal((await postShard(dev, grant, shardOf([weights]))).status, 200)
  const again = await batch(dev, 'ann/m', [object], { token: ann, transfers: ['xet'] })
  assert.equal(offered(again).actions, undefined, 'what is there is not asked for')
  const plain = await batch(dev, 'ann/m', [{ ...object, oid: sha256('x') }], { token: ann })
  assert.equal((plain.json() as { transfer: string }).transfer, 'basic')
})

void test('routes that are not there say 404, whatever is asked of them', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const grant = await writer(dev, 'ann/m', ann)
  const grants = `/v1/xorb-grants/default/${weights.hash}`
  const paths = [grants, `${grants}/more`, '/v1/file-chunk-hashes/x', '/v3/shards', '/v1', '/', '']
  const json = { 'content-type': 'application/json' }
  const bodies: { body?: string; headers?: Record<string, string> }[] = [
    {},
    { body: '{"length":1,"checksum":{"algo":"crc64nvme","value":"1"}}', headers: json },
    { body: '{not json', headers: json },
    { body: '', headers: json },
    { body: 'x', headers: { 'content-type': 'application/octet-stream' } },
    { body: 'x', headers: { 'content-type': 'nonsense' } },
  ]
  for (const path of paths) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      for (const ask of method === 'GET' || method === 'HEAD' ? [{}] : bodies) {
        const answer = await cas(dev, grant, method, path, ask)
        assert.equal(answer.status, 404, `${method} ${path} ${JSON.stringify(ask)}: ${answer.text}`)
      }
    }
  }
  const known = ['/v1/shards', '/v2/shards', `/v1/xorbs/default/${weights.hash}`]
  for (const path of known) {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      assert.equal((await cas(dev, grant, method, path)).status, 404, `${method} ${path}`)
    }
  }
})

void test('telemetry is taken at the root and below, and thrown away; a sign of life', async () => {
  const { dev, ann } = await open()
  await using _ = dev
  const grant = await writer(dev, 'ann/m', ann)
  for (const headers of [{ 'content-type': 'application/json' }, {}]) {
    const ask = { body: '{"transfers":[1]}', headers }
    assert.equal((await dev.ask('POST', '/v1/telemetry', ask)).status, 200)
    assert.equal((await cas(dev, grant, 'POST', '/v1/telemetry', ask)).status, 200)
  }
  const large = await dev.ask('POST', '/v1/telemetry', { body: Buffer.alloc(1024 * 1024 + 1) })
  assert.equal(large.status, 413)
  assert.equal((await cas(dev, grant, 'GET', '/health')).status, 200)
})
