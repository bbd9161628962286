/** Organisations as parties: who they are, what they sign with, who signs for them. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { makeEnvelope, verifyEnvelope } from '@weighhouse/formats/dsse/envelope.ts'
import type { Hub } from '@weighhouse/server/core/hub.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { possessionText, recoveryText } from '@weighhouse/formats/agreement/possession.ts'
import { isKeyGoodAt } from '@weighhouse/server/core/signing/index.ts'
import { isHubError } from '@weighhouse/server/core/kernel/errors.ts'
import { openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { bySession, heading } from './agreement-kit.ts'
import { userWithPassword } from './signin-kit.ts'

const dayMs = 24 * 3600_000
const type = 'application/vnd.weighhouse.test.v1+json'

const code = (expected: Parameters<typeof isHubError>[1]) => (error: unknown) =>
  isHubError(error, expected)

const permitOf = (hub: Hub, ctx: Ctx) => hub.policy.requireNamespace(ctx, 'namespace.bind', 'lab')

/** An organisation with two administrators and a member. */
const open = async (engine: 'sqlite' | 'postgres' = 'sqlite') => {
  const dev = await openDevHouse({ engine, env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost' } })
  for (const name of ['ann', 'bob', 'cem']) await userWithPassword(dev, name)
  await dev.org('lab', 'ann')
  const { hub } = dev
  const [ann, bob, cem] = [
    await bySession(dev, 'ann'),
    await bySession(dev, 'bob'),
    await bySession(dev, 'cem'),
  ]
  const permit = await permitOf(hub, ann)
  const members = await heading(dev, ann, 'lab')
  await hub.identity.addMember(ann, members, 'bob', 'admin')
  await hub.identity.addMember(ann, members, 'cem', 'read')
  return { dev, hub, ann, bob, cem, permit, orgId: permit.namespace.id }
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, 'base64url'))

const outside = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { privateKey, publicKey: String(publicKey.export({ format: 'jwk' }).x) }
}

for (const engine of engineNames) {
  void test(`${engine}: a seal signs, is replaced, revoked, and recovered by the key that was set aside`, async () => {
    const { dev, hub, ann, permit, orgId } = await open(engine)
    await using _ = dev
    const { signing } = hub
    const payload = new TextEncoder().encode('{"a":1}')
    await assert.rejects(signing.seal(orgId, { payloadType: type, payload }), /no seal/)
    const first = await signing.makeKey(ann, permit, 'seal')
    const signature = await signing.seal(orgId, { payloadType: type, payload })
    assert.equal(signature.keyid, first.id)
    const trusted = [{ id: first.id, publicKey: bytesOf(first.publicKey) }]
    const envelope = makeEnvelope(type, payload, [signature])
    assert.deepEqual((await verifyEnvelope(envelope, type, trusted)).signedBy, [first.id])

    dev.clock.advance(dayMs)
    const aside = outside()
    await assert.rejects(signing.makeKey(ann, permit, 'seal'), code('proof_needed'))
    const later = await bySession(dev, 'ann')
    const permitLater = await permitOf(hub, later)
    await signing.bringKey(later, permitLater, {
      use: 'recovery',
      publicKey: aside.publicKey,
      proof: sign(
        null,
        Buffer.from(possessionText(orgId, aside.publicKey)),
        aside.privateKey,
      ).toString('base64url'),
    })
    const second = await signing.makeKey(later, permitLater, 'seal')
    assert.equal((await signing.seal(orgId, { payloadType: type, payload })).keyid, second.id)
    const keys = await signing.keys(orgId)
    const old = keys.find(({ id }) => id === first.id)
    assert.ok(old && isKeyGoodAt(old, first.fromMs) && !isKeyGoodAt(old, dev.clock.nowMs()))

    const next = outside()
    const proofOf = (by: typeof next) => ({
      publicKey: next.publicKey,
      lostId: second.id,
      proof: sign(null, Buffer.from(recoveryText(orgId, next.publicKey)), by.privateKey).toString(
        'base64url',
      ),
    })
    await assert.rejects(signing.recoverSeal(later, permitLater, proofOf(next)), /recovery key/)
    const third = await signing.recoverSeal(later, permitLater, proofOf(aside))
    assert.ok(third.isBrought)
    await assert.rejects(
      signing.seal(orgId, { payloadType: type, payload }),
      /holds its seal itself/,
    )
    const lost = (await signing.keys(orgId)).find(({ id }) => id === second.id)
    assert.equal(lost?.revoked?.why, 'lost')
  })

  void test(`${engine}: nobody signs on the word of one person`, async () => {
    const { dev, hub, ann, bob, cem, permit, orgId } = await open(engine)
    await using _ = dev
    const { signing } = hub
    const wish = {
      userName: 'cem',
      title: 'Head of Research',
      sides: ['consumer'] as const,
      templates: ['research'],
      toMs: dev.clock.nowMs() + 100 * dayMs,
    }
    const named = await signing.nameSignatory(ann, permit, wish)
    const cemId = named.userId
    const may = () => signing.authorityOf(orgId, cemId, { side: 'consumer', template: 'research' })
    assert.equal(await may(), undefined)
    await assert.rejects(signing.confirmSignatory(ann, permit, named.id), /second administrator/)
    const byBob = await permitOf(hub, bob)
    await signing.confirmSignatory(bob, byBob, named.id)
    assert.equal((await may())?.title, 'Head of Research')
    const other = { side: 'provider', template: 'research' } as const
    assert.equal(await signing.authorityOf(orgId, cemId, other), undefined)
    const another = { side: 'consumer', template: 'commercial' } as const
    assert.equal(await signing.authorityOf(orgId, cemId, another), undefined)
    await assert.rejects(signing.confirmSignatory(bob, byBob, named.id), code('conflict'))

    dev.clock.advance(101 * dayMs)
    assert.equal(await may(), undefined, 'an authority ends by itself')
    const bobLater = await bySession(dev, 'bob')
    const annLater = await bySession(dev, 'ann')
    const later = { ...wish, toMs: dev.clock.nowMs() + dayMs }
    const again = await signing.nameSignatory(bobLater, await permitOf(hub, bobLater), later)
    await signing.confirmSignatory(annLater, await permitOf(hub, annLater), again.id)
    assert.ok(await may())
    await hub.identity.removeMember(ann, await heading(dev, ann, 'lab'), 'cem')
    assert.equal(await may(), undefined, 'who left signs no more')
    assert.ok(cem)
  })
}

void test('what is no key, no proof, no authority is refused with its reason', async () => {
  const { dev, hub, ann, permit, orgId } = await open()
  await using _ = dev
  const { signing } = hub
  const key = outside()
  const other = outside()
  const bring = (publicKey: string, proof: string) =>
    signing.bringKey(ann, permit, { use: 'seal', publicKey, proof })
  const own = sign(
    null,
    Buffer.from(possessionText(orgId, key.publicKey)),
    key.privateKey,
  ).toString('base64url')
  const foreign = sign(
    null,
    Buffer.from(possessionText(orgId, key.publicKey)),
    other.privateKey,
  ).toString('base64url')
  const forAnother = sign(
    null,
    Buffer.from(possessionText('another', key.publicKey)),
    key.privateKey,
  ).toString('base64url')
  await assert.rejects(bring('AAAA', own), /32 bytes/)
  for (const proof of [foreign, forAnother, '', 'AAAA'])
    await assert.rejects(bring(key.publicKey, proof), /no signature/)
  const brought = await bring(key.publicKey, own)
  await assert.rejects(bring(key.publicKey, own), /not used twice/)
  const future = { why: 'compromised', atMs: dev.clock.nowMs() + 1 } as const
  await assert.rejects(
    signing.revokeKey(ann, permit, brought.id, future),
    /between its first use and now/,
  )
  await signing.revokeKey(ann, permit, brought.id, { why: 'compromised' })
  await assert.rejects(
    signing.revokeKey(ann, permit, brought.id, { why: 'lost' }),
    /revoked already/,
  )

  const wish = {
    userName: 'cem',
    title: 'x',
    sides: ['consumer'] as const,
    toMs: dev.clock.nowMs() + dayMs,
  }
  await assert.rejects(
    signing.nameSignatory(ann, permit, { ...wish, userName: 'nobody' }),
    /nobody/,
  )
  await assert.rejects(
    signing.nameSignatory(ann, permit, { ...wish, toMs: dev.clock.nowMs() }),
    /ends after/,
  )
  await dev.user('eve')
  await assert.rejects(
    signing.nameSignatory(ann, permit, { ...wish, userName: 'eve' }),
    /no member/,
  )
  // Who runs the hub speaks for nobody on it.
  await assert.rejects(permitOf(hub, dev.system), code('permission_denied'))
  await userWithPassword(dev, 'chief', true)
  await assert.rejects(permitOf(hub, await bySession(dev, 'chief')), code('permission_denied'))
  await assert.rejects(
    signing.describeParty(ann, permit, { legalName: 'Lab', seat: 'EU1', orgType: 'Academic' }),
    /two letters/,
  )
  await assert.rejects(
    signing.describeParty(ann, permit, { legalName: 'Lab', seat: 'EU', orgType: 'Academic' }),
    /two letters/,
  )
  await signing.describeParty(ann, permit, {
    legalName: 'Lab e.V.',
    seat: 'DE',
    orgType: 'Academic',
  })
  assert.equal((await signing.party(orgId))?.legalName, 'Lab e.V.')
})
