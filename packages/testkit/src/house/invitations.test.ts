/** Links by which people become members, on both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { manage, refused, signedIn } from './org-kit.ts'

const day = 24 * 3600_000

for (const engine of engineNames) {
  void test(`${engine}: an invitation is good once, for a while, for whom it is meant`, async () => {
    await using dev = await openDevHouse({ engine })
    const { identity, organisations: room, policy } = dev.hub
    const hub = policy.requireHub(dev.system)
    await dev.user('ann')
    for (const name of ['bea', 'cid', 'dan']) {
      await identity.createUser(dev.system, hub, { name, email: `${name}@lab.example` })
    }
    await dev.org('lab', 'ann')
    const ann = await signedIn(dev, 'ann')
    const permit = await manage(dev, ann, 'lab')
    const accept = async (name: string, secret: string) => {
      const ctx = await signedIn(dev, name)
      return room.acceptInvitation(ctx, policy.requireOwnAccount(ctx), secret)
    }
    const page = { after: '', limit: 9 }

    const memberUntilMs = dev.clock.nowMs() + 2 * day
    const open = await room.invite(ann, permit, { role: 'write', memberUntilMs })
    assert.doesNotMatch(JSON.stringify(open.invitation), new RegExp(open.secret))
    await refused(accept('ann', open.secret), 'exists')
    const both = await Promise.allSettled([accept('bea', open.secret), accept('dan', open.secret)])
    assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1)
    const members = await identity.members(permit, page)
    assert.deepEqual(members.map(({ role }) => role).toSorted(), ['admin', 'write'])
    assert.ok(members.some(({ expiresAtMs }) => expiresAtMs === memberUntilMs))
    await refused(accept('cid', open.secret), 'permission_denied')

    const meant = await room.invite(ann, permit, { role: 'read', email: 'Cid@LAB.example' })
    await refused(accept('dan', meant.secret), 'permission_denied')
    assert.equal((await room.invitations(permit, page)).length, 1)
    await accept('cid', meant.secret)

    const late = await room.invite(ann, permit, { role: 'read', lifeMs: day })
    dev.clock.advance(day)
    await refused(accept('dan', late.secret), 'permission_denied')
    const revoked = await room.invite(ann, permit, { role: 'read' })
    await room.revokeInvitation(ann, permit, revoked.invitation.id)
    await refused(room.revokeInvitation(ann, permit, revoked.invitation.id), 'entry_not_found')
    await refused(accept('dan', revoked.secret), 'permission_denied')
    await refused(accept('dan', 'no such secret'), 'permission_denied')

    await refused(room.invite(ann, permit, { role: 'read', lifeMs: 31 * day }), 'invalid')
    await refused(room.invite(ann, permit, { role: 'read', email: 'nobody' }), 'invalid')
    await refused(manage(dev, await signedIn(dev, 'cid'), 'lab'), 'permission_denied')
  })
}
