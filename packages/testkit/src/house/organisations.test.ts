/** How people work together in an organisation, on both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames, type EngineName } from '../engines.ts'
import { administer, epochOf, eventsSince, manage, mayRead, refused, signedIn } from './org-kit.ts'

const people = ['ann', 'bea', 'cid', 'dan'] as const
const day = 24 * 3600_000

const open = async (engine: EngineName): Promise<DevHouse> => {
  const dev = await openDevHouse({ engine })
  for (const name of people) await dev.user(name)
  await dev.org('lab', 'ann')
  await dev.repo('lab/secret', { visibility: 'private' })
  return dev
}

for (const engine of engineNames) {
  void test(`${engine}: an organisation keeps an administrator`, async () => {
    await using dev = await open(engine)
    const { identity } = dev.hub
    const ann = await signedIn(dev, 'ann')
    const permit = await manage(dev, ann, 'lab')
    await refused(identity.addMember(ann, permit, 'ann', 'write'), 'conflict')
    await refused(
      identity.addMember(ann, permit, 'ann', 'admin', dev.clock.nowMs() + 1),
      'conflict',
    )
    await refused(identity.removeMember(ann, permit, 'ann'), 'conflict')
    await refused(identity.leave(ann, dev.hub.policy.requireOwnAccount(ann), 'lab'), 'conflict')
    const hub = dev.hub.policy.requireHub(dev.system)
    await refused(identity.disableUser(dev.system, hub, 'ann'), 'conflict')
    // An administrator for a while is none for this.
    await identity.addMember(ann, permit, 'bea', 'admin', dev.clock.nowMs() + day)
    await refused(identity.removeMember(ann, permit, 'ann'), 'conflict')
    await identity.addMember(ann, permit, 'bea', 'admin')
    await identity.leave(ann, dev.hub.policy.requireOwnAccount(ann), 'lab')
    await refused(manage(dev, ann, 'lab'), 'permission_denied')
    await refused(identity.disableUser(dev.system, hub, 'bea'), 'conflict')
    await identity.disableUser(dev.system, hub, 'ann')
  })

  void test(`${engine}: only administrators manage members; roles end by themselves`, async () => {
    await using dev = await open(engine)
    const { identity } = dev.hub
    const permit = await manage(dev, await signedIn(dev, 'ann'), 'lab')
    const bea = await signedIn(dev, 'bea')
    const lab = await identity.find('lab')
    assert.ok(lab)
    const before = [await epochOf(dev, lab.id)]
    await identity.addMember(dev.system, permit, 'bea', 'maintainer', dev.clock.nowMs() + day)
    assert.ok((await epochOf(dev, lab.id)) > (before[0] ?? 0))
    await refused(manage(dev, bea, 'lab'), 'permission_denied')
    assert.equal(await mayRead(dev, bea, 'lab/secret'), true)
    const members = await identity.members(permit, { after: '', limit: 10 })
    assert.deepEqual(
      members.map(({ name, role }) => `${name} ${role}`),
      ['ann admin', 'bea maintainer'],
    )
    dev.clock.advance(day)
    assert.equal(await mayRead(dev, bea, 'lab/secret'), false)
    assert.equal((await identity.members(permit, { after: 'ann', limit: 10 })).length, 0)
    const roleIn = await identity.roleIn(lab.id, (await identity.find('bea'))?.id ?? lab.id)
    assert.equal(roleIn, undefined)
    const past = identity.addMember(dev.system, permit, 'cid', 'read', dev.clock.nowMs())
    await refused(past, 'invalid')
    await refused(identity.addMember(dev.system, permit, 'nobody', 'read'), 'account_not_found')
  })

  void test(`${engine}: teams hold members, and what they were given goes with them`, async () => {
    await using dev = await open(engine)
    const { identity, organisations: room } = dev.hub
    const ann = await signedIn(dev, 'ann')
    const bea = await signedIn(dev, 'bea')
    const permit = await manage(dev, ann, 'lab')
    const repo = await administer(dev, ann, 'lab/secret')
    await room.createTeam(ann, permit, 'Vision')
    await refused(room.createTeam(ann, permit, 'vision'), 'exists')
    await refused(room.createTeam(ann, permit, '-'), 'invalid')
    await refused(room.addToTeam(ann, permit, 'vision', 'bea'), 'invalid')
    await room.createGroup(ann, permit, 'closed')
    await room.putInGroup(ann, permit, 'closed', repo)
    await identity.addMember(ann, permit, 'bea', 'write')
    assert.equal(await mayRead(dev, bea, 'lab/secret'), false, 'a group closes what it holds')
    await room.addToTeam(ann, permit, 'vision', 'bea')
    await room.addToTeam(ann, permit, 'vision', 'bea')
    const grant = {
      target: { kind: 'group', name: 'closed' },
      grantee: { kind: 'team', name: 'vision' },
      role: 'read',
    } as const
    await room.grant(ann, permit, grant)
    assert.equal(await mayRead(dev, bea, 'lab/secret'), true)
    assert.equal((await room.renameTeam(ann, permit, 'vision', 'Sight')).name, 'Sight')
    const page = { after: '', limit: 10 }
    assert.deepEqual(
      (await room.teamMembers(permit, 'sight', page)).map(({ name }) => name),
      ['bea'],
    )
    await identity.removeMember(ann, permit, 'bea')
    assert.equal(await mayRead(dev, bea, 'lab/secret'), false, 'the team was left with the rest')
    await identity.addMember(ann, permit, 'bea', 'read')
    await room.addToTeam(ann, permit, 'sight', 'bea')
    await room.deleteTeam(ann, permit, 'sight')
    assert.equal(await mayRead(dev, bea, 'lab/secret'), false)
    assert.deepEqual(await room.grants(permit, page), [])
    await refused(room.deleteGroup(ann, permit, 'closed'), 'conflict')
    await room.takeOutOfGroup(ann, permit, repo)
    assert.equal(await mayRead(dev, bea, 'lab/secret'), true)
    await room.deleteGroup(ann, permit, 'closed')
    await refused(room.groupRepos(permit, 'closed', page), 'entry_not_found')
  })

  void test(`${engine}: a membership that has ended ends its teams too`, async () => {
    await using dev = await open(engine)
    const { identity, organisations: room } = dev.hub
    const ann = await signedIn(dev, 'ann')
    const bea = await signedIn(dev, 'bea')
    const permit = await manage(dev, ann, 'lab')
    await identity.addMember(ann, permit, 'bea', 'read', dev.clock.nowMs() + day)
    await room.createTeam(ann, permit, 'vision')
    await room.addToTeam(ann, permit, 'vision', 'bea')
    const target = { kind: 'repo', permit: await administer(dev, ann, 'lab/secret') } as const
    const grantee = { kind: 'team', name: 'vision' } as const
    await room.grant(ann, permit, { target, grantee, role: 'write' })
    assert.equal(await mayRead(dev, bea, 'lab/secret'), true)
    dev.clock.advance(day)
    await dev.house.settle()
    assert.equal(await mayRead(dev, bea, 'lab/secret'), false)
    // One that was prolonged is left alone when its first end comes.
    await identity.addMember(ann, permit, 'bea', 'read', dev.clock.nowMs() + day)
    await identity.addMember(ann, permit, 'bea', 'read', dev.clock.nowMs() + 3 * day)
    dev.clock.advance(2 * day)
    await dev.house.settle()
    assert.equal(await mayRead(dev, bea, 'lab/secret'), true)
  })

  void test(`${engine}: grants to people outside, until a day, listed and withdrawn`, async () => {
    await using dev = await open(engine)
    const { organisations: room } = dev.hub
    const ann = await signedIn(dev, 'ann')
    const cid = await signedIn(dev, 'cid')
    const permit = await manage(dev, ann, 'lab')
    const target = { kind: 'repo', permit: await administer(dev, ann, 'lab/secret') } as const
    const grantee = { kind: 'user', name: 'cid' } as const
    const expiresAtMs = dev.clock.nowMs() + day
    await room.grant(ann, permit, { target, grantee, role: 'read', expiresAtMs })
    assert.equal(await mayRead(dev, cid, 'lab/secret'), true)
    const [listed] = await room.grants(permit, { after: '', limit: 10 })
    assert.equal(listed?.isOutside, true)
    assert.equal(listed.target.name, 'lab/secret')
    const after = `${listed.target.id}:${listed.grantee.id}`
    assert.deepEqual(await room.grants(permit, { after, limit: 10 }), [])
    dev.clock.advance(day)
    assert.equal(await mayRead(dev, cid, 'lab/secret'), false)
    await room.grant(ann, permit, { target, grantee, role: 'write' })
    const key = { targetId: listed.target.id, granteeId: listed.grantee.id }
    await dev.org('other', 'dan')
    const dan = await signedIn(dev, 'dan')
    const foreign = await manage(dev, dan, 'other')
    await refused(room.withdraw(dan, foreign, key), 'entry_not_found')
    await refused(room.grant(dan, foreign, { target, grantee, role: 'read' }), 'invalid')
    await room.withdraw(ann, permit, key)
    await refused(room.withdraw(ann, permit, key), 'entry_not_found')
    assert.equal(await mayRead(dev, cid, 'lab/secret'), false)
  })

  void test(`${engine}: a repo that changes hands leaves grants and group behind`, async () => {
    await using dev = await open(engine)
    const { organisations: room } = dev.hub
    const ann = await signedIn(dev, 'ann')
    const cid = await signedIn(dev, 'cid')
    const permit = await manage(dev, ann, 'lab')
    await dev.org('other', 'ann')
    await room.createGroup(ann, permit, 'closed')
    const repo = await administer(dev, ann, 'lab/secret')
    await room.putInGroup(ann, permit, 'closed', repo)
    const grantee = { kind: 'user', name: 'cid' } as const
    for (const target of [
      { kind: 'repo', permit: repo },
      { kind: 'group', name: 'closed' },
    ] as const) {
      await room.grant(ann, permit, { target, grantee, role: 'read' })
    }
    assert.equal(await mayRead(dev, cid, 'lab/secret'), true)
    const namespace = await dev.hub.policy.requireNamespace(ann, 'namespace.create', 'other')
    await dev.hub.repos.move(ann, repo, { namespace, name: 'secret' })
    await dev.house.settle()
    assert.equal(await mayRead(dev, cid, 'other/secret'), false)
    await room.deleteGroup(ann, permit, 'closed')
  })

  void test(`${engine}: service accounts work for one organisation and end with it`, async () => {
    await using dev = await open(engine)
    const { identity, organisations: room, policy } = dev.hub
    const ann = await signedIn(dev, 'ann')
    const permit = await manage(dev, ann, 'lab')
    const bot = await identity.createService(ann, permit, 'lab-ci')
    await refused(identity.createService(ann, permit, 'lab-ci'), 'exists')
    await identity.addMember(ann, permit, 'lab-ci', 'write')
    const { secret } = await (
      await identity.serviceTokens(permit, 'lab-ci')
    ).create(ann, { label: 'ci', role: 'write' })
    const found = await identity.authenticate(secret)
    assert.equal(found?.actor.serviceOf, permit.namespace.id)
    assert.equal(await mayRead(dev, { ...dev.system, actor: found.actor }, 'lab/secret'), true)
    await refused(identity.serviceTokens(permit, 'bea'), 'account_not_found')
    await dev.org('other', 'dan')
    const foreign = await manage(dev, await signedIn(dev, 'dan'), 'other')
    await refused(identity.serviceTokens(foreign, 'lab-ci'), 'account_not_found')
    await refused(identity.addMember(dev.system, foreign, 'lab-ci', 'read'), 'invalid')
    assert.deepEqual(
      (await identity.listServices(permit, { after: '', limit: 9 })).map(({ id }) => id),
      [bot.id],
    )
    await refused(room.deleteOrg(ann, permit), 'conflict')
    await room.deleteRepo(ann, await policy.require(ann, 'repo.admin', permitPath('lab/secret')))
    await room.deleteOrg(ann, permit)
    assert.equal(await identity.authenticate(secret), undefined, 'it ended with the organisation')
    await refused(dev.org('lab', 'bea'), 'exists')
    assert.deepEqual(await identity.memberships((await identity.find('ann'))?.id ?? bot.id), [])
  })

  void test(`${engine}: an organisation passes to another person`, async () => {
    await using dev = await open(engine)
    const { identity, organisations: room } = dev.hub
    const ann = await signedIn(dev, 'ann')
    const permit = await manage(dev, ann, 'lab')
    const [{ seq } = { seq: 0 }] = await dev.house.db.read
      .selectFrom('event')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .execute()
    await refused(room.transferOrg(ann, permit, { toName: 'ann' }), 'invalid')
    await room.transferOrg(ann, permit, { toName: 'bea' })
    assert.equal(await identity.roleIn(permit.namespace.id, await signedInId(dev, 'bea')), 'admin')
    await refused(manage(dev, ann, 'lab'), 'permission_denied')
    assert.deepEqual(await eventsSince(dev, Number(seq)), [
      'member_added',
      'member_removed',
      'org_transferred',
    ])
    const card = { fullName: 'The Lab', website: 'https://lab.example', details: 'models' }
    const now = await manage(dev, await signedIn(dev, 'bea'), 'lab')
    assert.equal((await identity.setCard(dev.system, now, card)).fullName, 'The Lab')
    const wrong = identity.setCard(dev.system, now, { website: 'javascript:alert(1)' })
    await refused(wrong, 'invalid')
  })

  void test(`${engine}: names that look alike are one name`, async () => {
    await using dev = await openDevHouse({ engine })
    await dev.user('acme-lo')
    for (const name of ['ACME_1O', 'acme.i0', 'acme-l0', 'Acme-LO']) {
      await refused(dev.user(name), 'exists')
    }
    await dev.user('acme-la')
  })
}

const permitPath = (path: string) => ({ type: 'model', path }) as const

const signedInId = async (dev: DevHouse, name: string) => {
  const found = await dev.hub.identity.find(name)
  if (found === undefined) throw new Error(`no account ${name}`)
  return found.id
}
