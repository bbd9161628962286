/** Who leaves by a directory, who comes back, whom it may not take, and what stops it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePasswords, setPassword } from '@weighhouse/server/core/identity/index.ts'
import { quickDerive } from '../quick-derive.ts'
import type { DevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { makeRandom } from '../random.ts'
import { batch, commit, file, header, lfsFile, local, offered, sha256, upload } from './calls.ts'
import {
  administer,
  clientOf,
  epochOf,
  eventsSince,
  manage,
  mayRead,
  refusedWith,
  signedIn,
} from './org-kit.ts'
import { directoryOf, jsonOf, openWithDirectory, type Scim } from './scim-kit.ts'
import { cookieIn, login, password } from './signin-kit.ts'
import { askGrant, cas, pull, push, reader } from './xet-calls.ts'
import { packed } from './xet-kit.ts'

const weights = packed(makeRandom(5).bytes(300_000))
const large = makeRandom(6).bytes(200_000)

const active = (value: boolean) => ({ Operations: [{ op: 'replace', path: 'active', value }] })

const accountOf = async (dev: DevHouse, name: string) => {
  const account = await dev.hub.identity.find(name)
  assert.ok(account, name)
  return account
}

const roleOf = async (dev: DevHouse, name: string) =>
  dev.hub.identity.roleIn((await accountOf(dev, 'lab')).id, (await accountOf(dev, name)).id)

const lastSeq = async (dev: DevHouse): Promise<number> => (await eventsSince(dev, 0)).length

/** Everything by which somebody reads: a token, a link of LFS, a token of Xet, a session. */
const openWays = async (dev: DevHouse, ann: string, name: string) => {
  await dev.repo('lab/secret', { visibility: 'private' })
  await push(dev, 'lab/secret', ann, weights)
  await upload(dev, 'lab/secret', large, ann)
  const lines = [header(), lfsFile('l.bin', large), file('t.txt', 'hello')]
  assert.equal((await commit(dev, 'lab/secret', lines, { token: ann })).status, 200)
  const token = await dev.token(name, 'read')
  const wish = [{ oid: sha256(large), size: large.length }]
  const asked = await batch(dev, 'lab/secret', wish, { token, operation: 'download' })
  const link = local(offered(asked).actions?.download?.href)
  const grant = await reader(dev, 'lab/secret', token)
  assert.deepEqual(await pull(dev, grant, weights.hash), Buffer.from(weights.bytes))
  return async () => ({
    resolve: (await dev.ask('GET', '/lab/secret/resolve/main/t.txt', { token })).status,
    lfs: (await dev.ask('GET', link)).status,
    xet: (await cas(dev, grant, 'GET', `/v2/reconstructions/${weights.hash}`)).status,
    renew: (await askGrant(dev, 'lab/secret', { scope: 'read', token })).status,
  })
}

const openStatus = { resolve: 200, lfs: 200, xet: 200, renew: 200 }

for (const engine of engineNames) {
  void test(`${engine}: leaving ends access at once, whatever it came by`, async () => {
    await using opened = await openWithDirectory(engine)
    const { dev, scim, ann } = opened
    const id = await scim.add('ida@lab.test')
    const ida = await accountOf(dev, 'ida')
    const group = await scim.must(201, 'POST', '/Groups', {
      displayName: 'Vision',
      members: [{ value: id }],
    })
    const statuses = await openWays(dev, ann, 'ida')
    assert.deepEqual(await statuses(), openStatus)
    const hash = await makePasswords(dev.hub.chance, quickDerive).hash(password)
    const changed_at_ms = dev.clock.nowMs()
    await dev.house.db.tx((q) => setPassword(q, { account_id: ida.id, hash, changed_at_ms }))
    const cookie = cookieIn(await login(dev, { name: 'ida', password }))
    const isSignedIn = async (): Promise<boolean> =>
      (await dev.ask('GET', '/weighhouse/v1/me', { headers: { cookie } })).status === 200
    assert.equal(await isSignedIn(), true)
    const seq = await lastSeq(dev)
    const epoch = await epochOf(dev, ida.id)
    await scim.must(200, 'PATCH', `/Users/${id}`, active(false))
    const { resolve, lfs, xet, renew } = await statuses()
    assert.equal(resolve, 401)
    assert.equal(renew, 401)
    assert.equal(await isSignedIn(), false)
    for (const status of [lfs, xet]) assert.ok(status === 401 || status === 403, String(status))
    assert.ok((await epochOf(dev, ida.id)) > epoch)
    assert.equal(await roleOf(dev, 'ida'), undefined)
    const events = await eventsSince(dev, seq)
    for (const name of ['member_removed', 'account_disabled', 'user_deprovisioned']) {
      assert.ok(events.includes(name), name)
    }
    // Again is no second time.
    await scim.must(200, 'PATCH', `/Users/${id}`, active(false))
    assert.equal(
      (await eventsSince(dev, seq)).filter((name) => name === 'user_deprovisioned').length,
      1,
    )

    await scim.must(200, 'PATCH', `/Users/${id}`, active(true))
    assert.equal(await roleOf(dev, 'ida'), 'read')
    assert.equal(await mayRead(dev, await signedIn(dev, 'ida'), 'lab/secret'), true)
    const after = await statuses()
    assert.equal(after.resolve, 401, 'an old token does not come back')
    assert.equal(await isSignedIn(), false, 'nor does a session')
    const members = (await scim.must(200, 'GET', `/Groups/${String(group['id'])}`))['members']
    assert.equal((members as object[]).length, 1, 'the groups of before')

    await scim.must(204, 'DELETE', `/Users/${id}`)
    assert.equal((await dev.hub.identity.get(ida.id))?.isDisabled, true)
    // Somebody of the same name later is somebody else.
    const next = await scim.add('ida@lab.test')
    assert.notEqual(next, id)
    assert.equal((await accountOf(dev, 'ida-2')).id, next)
  })

  void test(`${engine}: nobody's account is taken over; a member is recognised, and just leaves`, async () => {
    await using opened = await openWithDirectory(engine)
    const { dev, scim, ann } = opened
    const { identity } = dev.hub
    const hub = dev.hub.policy.requireHub(dev.system)
    const boss = await dev.user('boss', { admin: true })
    await identity.createUser(dev.system, hub, { name: 'eve', email: 'eve@lab.test' })
    await identity.createUser(dev.system, hub, { name: 'max', email: 'Max.Muster@lab.test' })
    const permit = await manage(dev, dev.system, 'lab')
    await identity.addMember(dev.system, permit, 'max', 'write')
    // Neither by name, nor by address, nor by a name that looks like it.
    const taken = [
      await scim.add('boss'),
      await scim.add('eve@lab.test', { emails: [{ value: 'eve@lab.test' }] }),
      await scim.add('b0ss'),
    ]
    const old = [await accountOf(dev, 'boss'), await accountOf(dev, 'eve')]
    for (const { id } of old) assert.ok(!taken.includes(id))
    assert.equal((await dev.ask('GET', '/api/whoami-v2', { token: boss })).status, 200)
    const names = await Promise.all(taken.map((id) => identity.get(id as never)))
    assert.deepEqual(
      names.map((one) => one?.name),
      ['boss-2', 'eve-2', 'b0ss-3'],
    )

    const id = await scim.add('muster', {
      emails: [{ value: 'max.muster@LAB.test', type: 'work' }],
    })
    const max = await accountOf(dev, 'max')
    assert.equal(id, max.id)
    assert.equal(await roleOf(dev, 'max'), 'write', 'a role that nobody names stays')
    const statuses = await openWays(dev, ann, 'max')
    const grantee = { kind: 'user', name: 'max' } as const
    const repo = await administer(dev, dev.system, 'lab/secret')
    const target = { kind: 'repo', permit: repo } as const
    await dev.hub.organisations.grant(dev.system, permit, { target, grantee, role: 'write' })
    await scim.must(200, 'PUT', `/Users/${id}`, { userName: 'muster', displayName: 'Changed' })
    assert.equal((await accountOf(dev, 'max')).fullName, max.fullName, 'its words are its own')
    await scim.must(200, 'PATCH', `/Users/${id}`, active(false))
    const gone = await statuses()
    assert.equal(gone.resolve, 404)
    assert.ok(gone.lfs >= 400 && gone.xet >= 400, JSON.stringify(gone))
    assert.equal(gone.renew, 404)
    assert.equal((await accountOf(dev, 'max')).isDisabled, false)
    await scim.must(200, 'PATCH', `/Users/${id}`, active(true))
    assert.deepEqual((await statuses()).resolve, 200, 'the account is its owner’s, tokens and all')
    await scim.must(200, 'PATCH', `/Users/${id}`, active(false))
    await identity.addMember(dev.system, permit, 'max', 'maintainer')
    await scim.must(200, 'PATCH', `/Users/${id}`, active(true))
    assert.equal(await roleOf(dev, 'max'), 'maintainer', 'what was given by hand meanwhile stays')
    await scim.must(204, 'DELETE', `/Users/${id}`)
    assert.equal(await roleOf(dev, 'max'), undefined)
  })

  void test(`${engine}: what another directory says of its accounts recognises nobody here`, async () => {
    await using opened = await openWithDirectory(engine)
    const { dev, scim } = opened
    await dev.user('zoe')
    await dev.org('groups', 'zoe')
    const other = await directoryOf(dev, 'groups')
    const emails = [{ value: 'boss@lab.test' }]
    const theirs = await other.must(201, 'POST', '/Users', { userName: 'boss', emails })
    const { location } = theirs['meta'] as { location: string }
    assert.equal(location, `http://localhost/scim/v2/groups/Users/${String(theirs['id'])}`)
    const permit = await manage(dev, dev.system, 'lab')
    await dev.hub.identity.addMember(dev.system, permit, 'boss', 'read')
    const ours = await scim.add('boss', { emails })
    assert.notEqual(ours, theirs['id'])
    assert.equal((await accountOf(dev, 'boss-2')).id, ours)
  })

  void test(`${engine}: roles: those of the hub, none makes an administrator, the last one stays`, async () => {
    await using opened = await openWithDirectory(engine)
    const { dev, scim } = opened
    const roles = (...values: string[]) => ({ roles: values.map((value) => ({ value })) })
    const id = await scim.add('ida', roles('Boss', 'Maintainer'))
    assert.equal(await roleOf(dev, 'ida'), 'maintainer')
    await scim.must(200, 'PUT', `/Users/${id}`, { userName: 'ida', ...roles('admin') })
    assert.equal(await roleOf(dev, 'ida'), 'read', 'what the directory takes back is gone')
    await scim.must(200, 'PUT', `/Users/${id}`, { userName: 'ida', ...roles('write') })
    const permit = await manage(dev, dev.system, 'lab')
    await dev.hub.identity.addMember(dev.system, permit, 'ida', 'contributor')
    await scim.must(200, 'PATCH', `/Users/${id}`, {
      Operations: [{ op: 'add', path: 'title', value: 'Dr.' }],
    })
    assert.equal(await roleOf(dev, 'ida'), 'write', 'the directory has the say of its people')

    const annId = await scim.add('ann', roles('read'))
    assert.equal(await roleOf(dev, 'ann'), 'admin', 'an administrator stays one')
    for (const [method, body] of [
      ['PATCH', active(false)],
      ['PUT', { userName: 'ann', active: 'False' }],
      ['DELETE', undefined],
    ] as const) {
      const last = await scim.must(409, method, `/Users/${annId}`, body)
      assert.equal(last['scimType'], 'mutability')
      assert.match(String(last['detail']), /only administrator/)
    }
    assert.equal(await roleOf(dev, 'ann'), 'admin')
    // Nothing of a refused change is left.
    const kept = await scim.must(200, 'GET', `/Users/${annId}`)
    assert.equal(kept['active'], true)
    await dev.hub.identity.addMember(dev.system, permit, 'ida', 'admin')
    await scim.must(200, 'PATCH', `/Users/${annId}`, active(false))
    await scim.must(409, 'PATCH', `/Users/${id}`, active(false))
  })

  void test(`${engine}: what an administrator of the hub disabled, a directory does not enable`, async () => {
    await using opened = await openWithDirectory(engine)
    const { dev, scim } = opened
    const hub = dev.hub.policy.requireHub(dev.system)
    const [first, second] = [await scim.add('ida'), await scim.add('jan')]
    await dev.hub.identity.disableUser(dev.system, hub, 'ida')
    dev.clock.advance(1000)
    await scim.must(200, 'PATCH', `/Users/${first}`, active(false))
    const refusal = await scim.must(409, 'PATCH', `/Users/${first}`, active(true))
    assert.match(String(refusal['detail']), /disabled by an administrator/)
    assert.equal((await accountOf(dev, 'ida')).isDisabled, true)
    await scim.must(200, 'PATCH', `/Users/${second}`, active(false))
    dev.clock.advance(1000)
    await dev.hub.identity.disableUser(dev.system, hub, 'jan')
    await scim.must(409, 'PATCH', `/Users/${second}`, active(true))
  })

  void test(`${engine}: who is not active waits for their groups`, async () => {
    await using opened = await openWithDirectory(engine)
    const { dev, scim } = opened
    const permit = await manage(dev, dev.system, 'lab')
    const [ida, jan] = [await scim.add('ida', { active: false }), await scim.add('jan')]
    const members = [{ value: ida }, { value: jan }]
    const group = await scim.must(201, 'POST', '/Groups', { displayName: 'Red', members })
    const at = `/Groups/${String(group['id'])}`
    const team = async (): Promise<string[]> => {
      const page = { after: '', limit: 10 }
      const found = await dev.hub.organisations.teamMembers(permit, 'Red', page)
      return found.map(({ name }) => name)
    }
    assert.deepEqual(await team(), ['jan'], 'a team holds members of the organisation')
    const groups = (await scim.must(200, 'GET', `/Users/${ida}`))['groups']
    assert.equal((groups as object[]).length, 1)
    await scim.must(200, 'PATCH', `/Users/${ida}`, active(true))
    assert.deepEqual(await team(), ['ida', 'jan'])
    for (const id of [ida, jan]) await scim.must(200, 'PATCH', `/Users/${id}`, active(false))
    assert.deepEqual(await team(), [])
    await scim.must(200, 'PATCH', at, {
      Operations: [{ op: 'remove', path: `members[value eq "${jan}"]` }],
    })
    await scim.must(204, 'DELETE', `/Users/${ida}`)
    assert.equal('members' in (await scim.must(200, 'GET', at)), false)
    await scim.must(200, 'PATCH', `/Users/${jan}`, active(true))
    assert.deepEqual(await team(), [], 'what was taken away meanwhile is gone')
    await scim.must(204, 'DELETE', at)
  })

  void test(`${engine}: teams made by hand are nobody else's`, async () => {
    await using opened = await openWithDirectory(engine)
    const { dev, scim } = opened
    const permit = await manage(dev, dev.system, 'lab')
    await dev.hub.organisations.createTeam(dev.system, permit, 'Vision')
    const taken = await scim.must(409, 'POST', '/Groups', { displayName: 'vision' })
    assert.equal(taken['scimType'], 'uniqueness')
    assert.equal((await scim.must(200, 'GET', '/Groups'))['totalResults'], 0)
    const own = await scim.must(201, 'POST', '/Groups', { displayName: 'R&D (Köln)' })
    assert.equal(own['displayName'], 'R&D (Köln)')
    await scim.must(409, 'PUT', `/Groups/${String(own['id'])}`, { displayName: 'Vision' })
    await scim.must(201, 'POST', '/Groups', { displayName: 'R+D (Köln)' })
    const page = { after: '', limit: 10 }
    const teams = await dev.hub.organisations.teams(permit, page)
    assert.deepEqual(
      teams.map(({ name }) => name),
      ['R-D -Koln', 'R-D -Koln 2', 'Vision'],
    )
    await dev.hub.organisations.deleteTeam(dev.system, permit, 'R-D -Koln')
    await scim.must(404, 'GET', `/Groups/${String(own['id'])}`)
    await scim.must(201, 'POST', '/Groups', { displayName: 'R&D (Köln)' })
  })
}

const addMany = async (scim: Scim, count: number): Promise<string[]> => {
  const ids: string[] = []
  for (let number = 1; number <= count; number += 1) {
    ids.push(await scim.add(`person${number}@lab.test`))
  }
  return ids
}

void test('the brake: half of the people within an hour, then nobody until an administrator says so', async () => {
  await using opened = await openWithDirectory()
  const { dev, scim, ann } = opened
  const ids = await addMany(scim, 14)
  const group = await scim.must(201, 'POST', '/Groups', {
    displayName: 'All',
    members: ids.map((value) => ({ value })),
  })
  const end = async (id: string | undefined): Promise<number> =>
    (await scim.call('PATCH', `/Users/${id ?? ''}`, active(false))).status
  const statuses: number[] = []
  for (const id of ids.slice(0, 4)) statuses.push(await end(id))
  // An hour later it begins anew.
  dev.clock.advance(3600_000)
  for (const id of ids.slice(4, 12)) statuses.push(await end(id))
  assert.deepEqual(statuses, [...Array<number>(10).fill(200), 409, 409])
  const refusal = await scim.must(409, 'DELETE', `/Users/${ids[12] ?? ''}`)
  assert.match(String(refusal['detail']), /directory resume lab/)
  dev.clock.advance(48 * 3600_000)
  assert.equal(await end(ids[12]), 409, 'time does not lift it')
  assert.ok((await eventsSince(dev, 0)).includes('directory_braked'))
  // What does not end anybody goes on; an empty group is allowed.
  await scim.must(200, 'PATCH', `/Groups/${String(group['id'])}`, {
    Operations: [{ op: 'remove', path: 'members' }],
  })
  await scim.must(200, 'PATCH', `/Users/${ids[0] ?? ''}`, active(true))
  await scim.add('new@lab.test')

  const client = clientOf(dev, ann)
  const state = await client.getDirectory({ org: 'lab' })
  assert.deepEqual([state.users, state.activeUsers, state.groups], [15, 6, 1])
  assert.ok(state.brakedSince !== null)
  await refusedWith(
    clientOf(dev, scim.token).resumeDirectory({ org: 'lab' }),
    403,
    'permission_denied',
  )
  await refusedWith(
    clientOf(dev, await dev.user('bob')).getDirectory({ org: 'lab' }),
    403,
    'permission_denied',
  )
  await client.resumeDirectory({ org: 'lab' })
  await client.resumeDirectory({ org: 'lab' })
  assert.equal((await client.getDirectory({ org: 'lab' })).brakedSince, null)
  assert.equal(await end(ids[12]), 200)
  assert.equal((await eventsSince(dev, 0)).filter((name) => name === 'directory_resumed').length, 1)
})

void test('the brake leaves alone who comes and goes, and small organisations', async () => {
  await using opened = await openWithDirectory()
  const { dev, scim } = opened
  const few = await addMany(scim, 5)
  for (const id of few) await scim.must(204, 'DELETE', `/Users/${id}`)
  dev.clock.advance(3600_000)
  await addMany(scim, 7)
  // The hour has begun: people who are tried out in it were not there before.
  await scim.must(204, 'DELETE', `/Users/${await scim.add('first')}`)
  for (let number = 1; number <= 9; number += 1) {
    dev.clock.advance(1000)
    const id = await scim.add(`guest${number}`)
    await scim.must(204, 'DELETE', `/Users/${id}`)
  }
  const last = await scim.call('GET', '/Users?count=0')
  assert.equal(jsonOf(last)['totalResults'], 7)
})
