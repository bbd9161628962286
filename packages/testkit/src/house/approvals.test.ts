/** The two-person rule, and tokens that an organisation approves, on both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PendingActId } from '@weighhouse/server/core/kernel/ids.ts'
import { isHubError } from '@weighhouse/server/core/kernel/errors.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames, type EngineName } from '../engines.ts'
import { administer, byToken, manage, mayRead, refused, signedIn, until } from './org-kit.ts'

const day = 24 * 3600_000

/** ann and bea administer lab, which does some things only when two agree; cid maintains. */
const open = async (engine: EngineName) => {
  const dev = await openDevHouse({ engine })
  for (const name of ['ann', 'bea', 'cid', 'out']) await dev.user(name)
  await dev.org('lab', 'ann')
  await dev.repo('lab/used', { visibility: 'private' })
  await dev.repo('lab/unused', { visibility: 'private' })
  const ann = await signedIn(dev, 'ann')
  const permit = await manage(dev, ann, 'lab')
  await dev.hub.identity.addMember(ann, permit, 'bea', 'admin')
  await dev.hub.identity.addMember(ann, permit, 'cid', 'maintainer')
  await dev.hub.organisations.setRules(ann, permit, { needsTwoPeople: true })
  const bea = await signedIn(dev, 'bea')
  return { dev, ann, bea, permit, second: await manage(dev, bea, 'lab') }
}

/** What was written down instead of done. */
const written = async (work: Promise<unknown>): Promise<PendingActId> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(isHubError(error, 'approval_needed'), String(error))
  return error.details['pendingActId'] as PendingActId
}

const use = async (dev: DevHouse, path: string): Promise<void> => {
  const permit = await administer(dev, dev.system, path)
  await dev.hub.repos.addDownloads(new Map([[permit.repo.id, 1]]))
}

for (const engine of engineNames) {
  void test(`${engine}: a repo that others use is deleted by two people`, async () => {
    const { dev, ann, bea, permit, second } = await open(engine)
    await using _ = dev
    const { organisations: room } = dev.hub
    await room.deleteRepo(ann, await administer(dev, ann, 'lab/unused'))
    await use(dev, 'lab/used')
    const cid = await signedIn(dev, 'cid')
    const id = await written(room.deleteRepo(cid, await administer(dev, cid, 'lab/used')))
    const again = await written(room.deleteRepo(cid, await administer(dev, cid, 'lab/used')))
    assert.equal(again, id, 'asked twice is one act')
    assert.equal(await mayRead(dev, ann, 'lab/used'), true)
    const [act] = await room.pendingActs(permit, { isOpen: true, after: '', limit: 9 })
    assert.equal(act?.askedBy, 'cid')
    assert.deepEqual(act.act.act, 'repo.delete')
    const results = await Promise.allSettled([
      room.approveAct(ann, permit, id),
      room.approveAct(bea, second, id),
    ])
    const done = results.filter(({ status }) => status === 'fulfilled')
    assert.equal(done.length, 1, 'of two who approve at once, one does')
    assert.equal(await mayRead(dev, ann, 'lab/used'), false)
    assert.deepEqual(await room.pendingActs(permit, { isOpen: true, after: '', limit: 9 }), [])
    await refused(room.refuseAct(ann, permit, id), 'conflict')
  })

  void test(`${engine}: nobody approves what they asked for, and nothing waits for ever`, async () => {
    const { dev, ann, bea, permit, second } = await open(engine)
    await using _ = dev
    const { identity, organisations: room } = dev.hub
    const target = { kind: 'repo', permit: await administer(dev, ann, 'lab/used') } as const
    const outside = { target, grantee: { kind: 'user', name: 'out' }, role: 'read' } as const
    const inside = { target, grantee: { kind: 'user', name: 'cid' }, role: 'write' } as const
    await room.grant(ann, permit, inside)
    const id = await written(room.grant(ann, permit, outside))
    await refused(room.approveAct(ann, permit, id), 'permission_denied')
    const unknown = room.approveAct(bea, second, '0'.repeat(24) as PendingActId)
    await refused(unknown, 'entry_not_found')
    const out = await signedIn(dev, 'out')
    assert.equal(await mayRead(dev, out, 'lab/used'), false)
    await room.approveAct(bea, second, id)
    assert.equal(await mayRead(dev, out, 'lab/used'), true)
    // A service account is no second person, and no first one.
    await identity.createService(ann, permit, 'robot')
    await identity.addMember(ann, permit, 'robot', 'admin')
    const robot = await signedIn(dev, 'robot')
    const mechanical = await manage(dev, robot, 'lab')
    const ended = await written(room.setRules(ann, permit, { needsTwoPeople: false }))
    await refused(room.approveAct(robot, mechanical, ended), 'permission_denied')
    await refused(room.grant(robot, mechanical, { ...outside, role: 'write' }), 'permission_denied')
    dev.clock.advance(7 * day)
    await refused(room.approveAct(bea, second, ended), 'conflict')
    assert.equal((await room.rules(permit)).needsTwoPeople, true)
    const list = await room.pendingActs(permit, { isOpen: false, after: '', limit: 9 })
    assert.deepEqual(list.map(({ state }) => state).toSorted(), ['done', 'expired'])
    const refusedId = await written(room.setRules(ann, permit, { needsTwoPeople: false }))
    await room.refuseAct(bea, second, refusedId)
    await refused(room.approveAct(bea, second, refusedId), 'conflict')
    const agreed = await written(room.setRules(bea, second, { needsTwoPeople: false }))
    await room.approveAct(ann, permit, agreed)
    assert.equal((await room.rules(permit)).needsTwoPeople, false)
    await room.grant(ann, permit, { ...outside, role: 'write' })
  })

  void test(`${engine}: who asked must still be allowed to when it is done`, async () => {
    const { dev, ann, bea, permit, second } = await open(engine)
    await using _ = dev
    const { identity, organisations: room } = dev.hub
    const transfer = await written(room.transferOrg(ann, permit, { toName: 'cid' }))
    await identity.addMember(bea, second, 'ann', 'read')
    await refused(room.approveAct(bea, second, transfer), 'conflict')
    await identity.addMember(bea, second, 'ann', 'admin')
    await room.approveAct(bea, second, transfer)
    await refused(manage(dev, ann, 'lab'), 'permission_denied')
    await manage(dev, await signedIn(dev, 'cid'), 'lab')
    // The act fails with its transaction: nothing is half done, and it can be approved later.
    const end = await written(room.deleteOrg(bea, second))
    const cid = await signedIn(dev, 'cid')
    const third = await manage(dev, cid, 'lab')
    await refused(room.approveAct(cid, third, end), 'conflict')
    for (const name of ['used', 'unused']) {
      const at = await administer(dev, cid, `lab/${name}`)
      await room.deleteRepo(cid, at)
    }
    await room.approveAct(cid, third, end)
    assert.equal((await identity.find('lab'))?.isDisabled, true)
  })

  void test(`${engine}: the hub's own command line waits for nobody`, async () => {
    const { dev } = await open(engine)
    await using _ = dev
    await use(dev, 'lab/used')
    const { organisations: room } = dev.hub
    await room.deleteRepo(dev.system, await administer(dev, dev.system, 'lab/used'))
    const permit = await manage(dev, dev.system, 'lab')
    await room.setRules(dev.system, permit, { needsTwoPeople: false })
  })

  void test(`${engine}: tokens ask when they are first used, and open nothing until approved`, async () => {
    const { dev, ann, permit } = await open(engine)
    await using _ = dev
    const { identity, organisations: room } = dev.hub
    const secret = await dev.token('cid', 'write')
    await room.setRules(ann, permit, { needsTokenApproval: true })
    const page = { after: '', limit: 9 }
    assert.deepEqual(await identity.tokenApprovals(permit, page), [])
    const cid = await byToken(dev, secret)
    assert.equal(await mayRead(dev, cid, 'lab/used'), false)
    assert.equal(await mayRead(dev, await signedIn(dev, 'cid'), 'lab/used'), true)
    await until(async () => (await identity.tokenApprovals(permit, page)).length === 1)
    const [asked] = await identity.tokenApprovals(permit, { ...page, state: 'pending' })
    assert.equal(asked?.account, 'cid')
    await identity.decideToken(ann, permit, asked.tokenId, 'approved')
    assert.equal(await mayRead(dev, cid, 'lab/used'), true)
    // A successor needs no new approval.
    const desk = await identity.ownTokens(dev.hub.policy.requireOwnAccount(cid))
    const next = await desk.rotate(cid, asked.tokenId)
    const later = await byToken(dev, next.secret)
    assert.equal(await mayRead(dev, later, 'lab/used'), true)
    await identity.decideToken(ann, permit, next.token.id, 'denied')
    assert.equal(await mayRead(dev, later, 'lab/used'), false)
    const other = identity.decideToken(ann, permit, permit.namespace.id as never, 'denied')
    await refused(other, 'entry_not_found')
  })

  void test(`${engine}: tokens that live too long open nothing`, async () => {
    const { dev, ann, permit } = await open(engine)
    await using _ = dev
    const { organisations: room } = dev.hub
    await room.setRules(ann, permit, { tokenLifeMsMax: 30 * day })
    const hub = dev.hub.policy.requireHub(dev.system)
    const wish = { userName: 'cid', label: 'x', role: 'read' } as const
    for (const [lifeMs, opens] of [
      [30 * day, true],
      [31 * day, false],
    ] as const) {
      const made = await dev.hub.identity.createToken(dev.system, hub, { ...wish, lifeMs })
      assert.equal(await mayRead(dev, await byToken(dev, made.secret), 'lab/used'), opens)
    }
    const made = await dev.hub.identity.createToken(dev.system, hub, wish)
    assert.equal(await mayRead(dev, await byToken(dev, made.secret), 'lab/used'), false)
    await refused(room.setRules(ann, permit, { tokenLifeMsMax: -1 }), 'invalid')
  })
}
