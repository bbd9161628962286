/** Xet tokens and links are as good as the standing of whoever they were given to, at each moment. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { makeRandom } from '../random.ts'
import { local, uploadLink } from './calls.ts'
import {
  askGrant,
  cas,
  type Grant,
  grantOf,
  planOf,
  postShard,
  postXorb,
  push,
  reader,
  writer,
} from './xet-calls.ts'
import { packed, shardOf } from './xet-kit.ts'

const random = makeRandom(42)
const secret = packed(random.bytes(400_000))

const open = async () => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  await dev.repo('ann/m', { visibility: 'private' })
  return { dev, ann, anns: await push(dev, 'ann/m', ann, secret) }
}

/** A link of this grant, and the range it is for. */
const linkOf = async (dev: DevHouse, grant: Grant, hash: string = secret.hash) => {
  const [[entry] = []] = Object.values((await planOf(dev, grant, hash)).xorbs)
  const { url, ranges } = entry ?? assert.fail()
  const { start, end } = ranges[0]?.bytes ?? assert.fail()
  return { url: local(url), range: `bytes=${start}-${end}` }
}

const follow = async (dev: DevHouse, link: { url: string; range: string }): Promise<number> =>
  (await dev.ask('GET', link.url, { headers: { range: link.range } })).status

void test('links end with the right of whoever they were given to', async () => {
  const { dev, ann, anns } = await open()
  await using _ = dev
  const own = await linkOf(dev, anns)
  assert.equal(await follow(dev, own), 206)
  const show = async (visibility: string): Promise<void> => {
    const answer = await dev.ask('PUT', '/api/models/ann/m/settings', {
      token: ann,
      body: { visibility },
    })
    assert.equal(answer.status, 200, answer.text)
  }
  await show('public')
  const nobodys = await reader(dev, 'ann/m')
  const anybodys = await linkOf(dev, nobodys)
  assert.equal(await follow(dev, anybodys), 206)
  await show('private')
  assert.equal(await follow(dev, anybodys), 404, 'nobody reads a private repo')
  assert.equal(await follow(dev, own), 206, 'its owner still does')
  const path = `/v2/reconstructions/${secret.hash}`
  assert.notEqual((await cas(dev, nobodys, 'GET', path)).status, 200)
})

void test('a revoked token takes its Xet tokens and its links with it', async () => {
  const { dev } = await open()
  await using _ = dev
  const permit = dev.hub.policy.requireHub(dev.system)
  const wish = { userName: 'ann', label: 'laptop', role: 'write' } as const
  const { token, secret: text } = await dev.hub.identity.createToken(dev.system, permit, wish)
  const grants = [await reader(dev, 'ann/m', text), await writer(dev, 'ann/m', text)]
  const links = await Promise.all(grants.map((grant) => linkOf(dev, grant)))
  for (const link of links) assert.equal(await follow(dev, link), 206)
  await dev.hub.identity.revokeToken(dev.system, permit, token.id)
  for (const grant of grants) {
    const { status } = await cas(dev, grant, 'GET', `/v2/reconstructions/${secret.hash}`)
    assert.ok(status === 401 || status === 403, String(status))
  }
  for (const link of links) assert.equal(await follow(dev, link), 404)
})

void test('so does a token that is over', async () => {
  const { dev } = await open()
  await using _ = dev
  const permit = dev.hub.policy.requireHub(dev.system)
  const wish = { userName: 'ann', label: 'trial', role: 'write', lifeMs: 600_000 } as const
  const { secret: text } = await dev.hub.identity.createToken(dev.system, permit, wish)
  const grant = await writer(dev, 'ann/m', text)
  const link = await linkOf(dev, grant)
  dev.clock.advance(599_000)
  assert.equal(await follow(dev, link), 206)
  dev.clock.advance(2_000)
  assert.equal(await follow(dev, link), 404)
  const { status } = await cas(dev, grant, 'GET', `/v2/reconstructions/${secret.hash}`)
  assert.ok(status === 401 || status === 403, String(status))
})

void test('a link that was passed on ends with its time, its repo and what is allowed there', async () => {
  const { dev, ann, anns } = await open()
  await using _ = dev
  const early = await linkOf(dev, anns)
  dev.clock.advance(6 * 3600_000 + 1_000)
  assert.equal(await follow(dev, early), 403)
  const grant = await writer(dev, 'ann/m', ann)
  const late = await linkOf(dev, grant)
  assert.equal(await follow(dev, late), 206)
  const body = { name: 'm', type: 'model' }
  assert.equal((await dev.ask('DELETE', '/api/repos/delete', { token: ann, body })).status, 200)
  assert.equal(await follow(dev, late), 404)
  assert.equal(await follow(dev, early), 403)
  const path = `/v2/reconstructions/${secret.hash}`
  assert.equal((await cas(dev, grant, 'GET', path)).status, 404)
})

void test('a repo that was taken down gives nothing, on links made before', async () => {
  const { dev, anns } = await open()
  await using _ = dev
  const link = await linkOf(dev, anns)
  await dev.house.db.tx(async (q) => {
    await q
      .updateTable('repo')
      .set((eb) => ({ hold: 'takedown' as const, policy_epoch: eb('policy_epoch', '+', 1) }))
      .execute()
  })
  assert.equal(await follow(dev, link), 404)
  assert.equal((await cas(dev, anns, 'GET', `/v2/reconstructions/${secret.hash}`)).status, 403)
  assert.equal((await postShard(dev, anns, shardOf([secret]))).status, 403)
})

/** A private repo of an organisation, and a member of it. */
const openLab = async (changes: number) => {
  const dev = await openDevHouse()
  const ann = await dev.user('ann')
  const mallory = await dev.user('mallory')
  await dev.org('lab', 'ann')
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'lab')
  for (let i = 0; i < changes; i += 1) {
    await dev.hub.identity.addMember(dev.system, permit, 'mallory', 'write')
  }
  await dev.repo('lab/m', { visibility: 'private' })
  await push(dev, 'lab/m', ann, secret)
  const grant = await writer(dev, 'lab/m', mallory)
  return { dev, ann, permit, grant, link: await linkOf(dev, grant) }
}

void test('a member with a lower role keeps what the new role allows', async () => {
  const { dev, permit, grant, link } = await openLab(1)
  await using _ = dev
  assert.equal((await postShard(dev, grant, shardOf([secret]))).status, 200)
  await dev.hub.identity.addMember(dev.system, permit, 'mallory', 'read')
  assert.equal((await postShard(dev, grant, shardOf([secret]))).status, 403)
  assert.equal((await postXorb(dev, grant, secret.pieces[0]?.xorb ?? assert.fail())).status, 403)
  assert.equal(await follow(dev, link), 206)
})

for (const changes of [1, 2, 3]) {
  void test(`a repo that moves away from its members gives them nothing, after ${changes} changes`, async () => {
    const { dev, ann, grant, link } = await openLab(changes)
    await using _ = dev
    assert.equal(await follow(dev, link), 206)
    const body = { fromRepo: 'lab/m', toRepo: 'ann/m', type: 'model' }
    assert.equal((await dev.ask('POST', '/api/repos/move', { token: ann, body })).status, 200)
    assert.equal(await follow(dev, link), 404)
    assert.equal((await cas(dev, grant, 'GET', `/v2/reconstructions/${secret.hash}`)).status, 404)
    assert.equal((await postShard(dev, grant, shardOf([secret]))).status, 404)
  })
}

void test('a disabled account takes them as well', async () => {
  const { dev, anns } = await open()
  await using _ = dev
  const link = await linkOf(dev, anns)
  assert.equal(await follow(dev, link), 206)
  await dev.hub.identity.disableUser(dev.system, dev.hub.policy.requireHub(dev.system), 'ann')
  assert.equal(await follow(dev, link), 404)
  const { status } = await cas(dev, anns, 'GET', `/v2/reconstructions/${secret.hash}`)
  assert.ok(status === 401 || status === 403, String(status))
})

void test('tickets are for one repo, one door and one act', async () => {
  const { dev, ann, anns } = await open()
  await using _ = dev
  await dev.repo('ann/other')
  const path = `/v2/reconstructions/${secret.hash}`
  const others = await writer(dev, 'ann/other', ann)
  assert.equal((await cas(dev, others, 'GET', path)).status, 404, 'her own, of another repo')

  const more = packed(random.bytes(50_000))
  const [{ xorb } = assert.fail()] = more.pieces
  const reads = grantOf(await askGrant(dev, 'ann/m', { scope: 'read', token: ann }))
  for (const answer of [
    await postXorb(dev, reads, xorb),
    await postShard(dev, reads, shardOf([secret])),
    await postShard(dev, reads, shardOf([secret]), 'v2'),
  ]) {
    assert.equal(answer.status, 403)
  }

  const lfs = (await uploadLink(dev, 'ann/m', more.bytes, ann)) ?? assert.fail()
  const link = await linkOf(dev, anns)
  const tickets = [lfs, link.url].map(
    (url) => new URL(url, 'http://hub').searchParams.get('ticket') ?? assert.fail(url),
  )
  for (const accessToken of [...tickets, ann]) {
    for (const [method, to] of [
      ['GET', path],
      ['POST', '/v1/shards'],
    ] as const) {
      const { status } = await cas(dev, { ...anns, accessToken }, method, to)
      assert.ok(status === 401 || status === 403, `${method} ${to}: ${status}`)
    }
  }
  const spent = new URL(link.url, 'http://hub')
  spent.searchParams.set('ticket', anns.accessToken)
  assert.equal(await follow(dev, { ...link, url: spent.pathname + spent.search }), 404)
  const upload = new URL(lfs, 'http://hub')
  upload.searchParams.set('ticket', anns.accessToken)
  const put = await dev.ask('PUT', upload.pathname + upload.search, { body: more.bytes })
  assert.ok(put.status >= 400 && put.status < 500, String(put.status))
  assert.equal((await dev.ask('GET', '/api/models/ann/m', { token: anns.accessToken })).status, 401)
})
