/** What was used in a month, as the hub states it: sealed, in the month of the agreement's time zone, disputed and corrected. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usageType } from '@weighhouse/formats/agreement/statement.ts'
import { parseEnvelope, verifyEnvelope } from '@weighhouse/formats/dsse/envelope.ts'
import { engineNames } from '../engines.ts'
import { dayMs, heading, openTwoParties, toActive, wishOf } from './agreement-kit.ts'
import { commit, file, header } from './calls.ts'
import { clientOf, refusedWith } from './org-kit.ts'

for (const engine of engineNames) {
  void test(`${engine}: a month is stated when it is over, and both may speak against it`, async () => {
    const two = await openTwoParties(engine)
    const { dev, clinic } = two
    await using _ = dev
    const writer = await dev.token('ann', 'write')
    const lines = [file('a.json', '{"a":1}'), file('b.json', '{"b":1}')]
    await commit(dev, 'lab/retina', [header(), ...lines], { token: writer })
    const doctor = await dev.user('dora')
    await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'read')
    const { permissions, ...terms } = wishOf(dev).terms
    const limit = { operand: 'downloadsTotal', operator: 'lteq', value: 3 } as const
    const counted = permissions.map((one) =>
      one.action === 'download' ? { ...one, constraints: [limit] } : one,
    )
    const { id, forClinic } = await toActive(two, { terms: { ...terms, permissions: counted } })
    await dev.hub.agreements.grant(clinic, forClinic, id, {
      project: 'retina study',
      purposes: [],
      to: { kind: 'user', name: 'dora' },
    })
    const get = async (path: string): Promise<number> =>
      (await dev.ask('GET', `/lab/retina/resolve/main/${path}`, { token: doctor })).status
    assert.equal(await get('a.json'), 200)
    // Half an hour before February in UTC it is February in Berlin.
    dev.clock.advance(31 * dayMs - 30 * 60_000)
    assert.equal(await get('a.json'), 200)
    assert.equal(await get('b.json'), 200)
    await dev.hub.agreements.tick(dev.system)
    await dev.hub.agreements.tick(dev.system)
    const lab = clientOf(dev, await dev.token('ann', 'write'))
    const other = clientOf(dev, await dev.token('cem', 'write'))
    const { items } = await other.listUsage({ org: 'clinic', id })
    const [january] = items
    assert.ok(january)
    assert.deepEqual(
      items.map(({ month, disputed }) => [month, disputed]),
      [['2026-01', null]],
    )
    const { publicKey, keyid } = await lab.getHubSeal()
    const trusted = [{ id: keyid, publicKey: Uint8Array.from(Buffer.from(publicKey, 'base64url')) }]
    const envelope = parseEnvelope(JSON.parse(january.envelope))
    const { payload, signedBy } = await verifyEnvelope(envelope, usageType, trusted)
    assert.deepEqual(signedBy, [keyid])
    // A cast because the hub has just written it.
    const said = JSON.parse(Buffer.from(payload).toString()) as { lines: unknown }
    assert.deepEqual(said.lines, [
      { project: 'retina study', operand: 'bytesTotal', amount: 7 },
      { project: 'retina study', operand: 'downloadsTotal', amount: 1 },
    ])
    const at = { id, month: '2026-01', of: 'clinic' }
    const line = { project: 'retina study', operand: 'downloadsTotal' } as const
    const reason = 'The line broke.'
    await other.disputeUsage({ ...at, org: 'clinic', reason })
    assert.equal((await lab.listUsage({ org: 'lab', id })).items[0]?.disputed, reason)
    await refusedWith(
      other.correctUsage({ ...at, ...line, org: 'clinic', less: 1, reason }),
      403,
      'permission_denied',
    )
    await refusedWith(
      lab.correctUsage({ ...at, ...line, org: 'lab', less: 2, reason }),
      400,
      'invalid',
    )
    dev.clock.advance(2 * dayMs)
    assert.equal(await get('a.json'), 403)
    await lab.correctUsage({ ...at, ...line, org: 'lab', less: 1, reason, key: 'c1' })
    await lab.correctUsage({ ...at, ...line, org: 'lab', less: 1, reason, key: 'c1' })
    assert.equal(await get('a.json'), 200, 'what was taken off may be used')
    assert.equal(await get('b.json'), 403)
    dev.clock.advance(31 * dayMs)
    await refusedWith(lab.disputeUsage({ ...at, org: 'lab', reason }), 409, 'conflict')
    await refusedWith(
      lab.disputeUsage({ ...at, month: '2026-13', org: 'lab', reason }),
      400,
      'invalid',
    )
    const eve = await dev.user('eve')
    await dev.org('other', 'eve')
    const stranger = clientOf(dev, eve)
    await refusedWith(stranger.listUsage({ org: 'other', id }), 404, 'entry_not_found')
    await refusedWith(
      stranger.disputeUsage({ ...at, org: 'other', reason }),
      404,
      'entry_not_found',
    )
  })
}
