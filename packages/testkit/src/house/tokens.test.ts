/** Tokens: what they may do, how they are replaced, and how they end. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasCheck, secretsIn } from '@weighhouse/server/core/identity/index.ts'
import { type Permission, permissions } from '@weighhouse/server/core/kernel/actor.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { makeRandom } from '../random.ts'
import { commit, file, header } from './calls.ts'
import { byToken, manage, mayRead, refused, signedIn } from './org-kit.ts'

const day = 24 * 3600_000
const page = { after: '', limit: 100 }

const deskOf = (dev: DevHouse, ctx: Ctx) =>
  dev.hub.identity.ownTokens(dev.hub.policy.requireOwnAccount(ctx))

const scopeOn = (path: string, ...given: Permission[]) => ({
  readsGated: false,
  entries: [{ target: { kind: 'repo', type: 'model', path } as const, permissions: given }],
})

const scopeOf = (name: string, ...given: Permission[]) => ({
  readsGated: false,
  entries: [{ target: { kind: 'account', name } as const, permissions: given }],
})

void test('the end of a secret checks the rest of it', async () => {
  await using dev = await openDevHouse()
  const secret = await dev.user('ann')
  assert.match(secret, /^hf_[A-Za-z0-9]{40}$/)
  assert.ok(hasCheck(secret))
  for (const at of [3, 20, 42]) {
    const other = secret[at] === 'x' ? 'y' : 'x'
    assert.equal(hasCheck(secret.slice(0, at) + other + secret.slice(at + 1)), false)
  }
  assert.deepEqual(secretsIn(`a ${secret}. ${secret} x${secret}`, 9), [secret])
  assert.deepEqual(secretsIn(`${secret}a`, 9), [])
})

for (const engine of engineNames) {
  void test(`${engine}: a fine-grained token reaches what it names, and its account reaches`, async () => {
    await using dev = await openDevHouse({ engine })
    for (const name of ['ann', 'bea']) await dev.user(name)
    for (const path of ['ann/one', 'ann/two', 'bea/hers']) {
      await dev.repo(path, { visibility: 'private' })
    }
    const ann = await signedIn(dev, 'ann')
    const desk = await deskOf(dev, ann)
    const wish = { label: 'ci', role: 'fineGrained' } as const
    const one = await desk.create(ann, { ...wish, scope: scopeOn('ann/one', 'repo.content.read') })
    const ctx = await byToken(dev, one.secret)
    assert.equal(await mayRead(dev, ctx, 'ann/one'), true)
    assert.equal(await mayRead(dev, ctx, 'ann/two'), false)
    const reach = (scope: ReturnType<typeof scopeOn | typeof scopeOf>) =>
      desk.create(ann, { ...wish, scope })
    await refused(reach(scopeOn('bea/hers', 'repo.content.read')), 'repo_not_found')
    await refused(reach(scopeOn('ann/none', 'repo.content.read')), 'repo_not_found')
    await refused(reach(scopeOf('bea', 'repo.write')), 'invalid')
    await refused(reach(scopeOf('nobody', 'repo.write')), 'account_not_found')
    await refused(reach(scopeOf('ann')), 'invalid')
    await refused(desk.create(ann, wish), 'invalid')
    const mixed = { ...wish, role: 'read', scope: scopeOf('ann', 'repo.write') } as const
    await refused(desk.create(ann, mixed), 'invalid')
    const holder = { actor: ctx.actor as Extract<typeof ctx.actor, { kind: 'user' }> }
    const described = await dev.hub.identity.describeScope(holder)
    assert.deepEqual(
      described?.scoped.map(({ entity, permissions: given }) => [entity.type, entity.name, given]),
      [['model', 'ann/one', ['repo.content.read']]],
    )
    assert.equal(described.canReadGatedRepos, false)
  })

  void test(`${engine}: a token makes no stronger one`, async () => {
    await using dev = await openDevHouse({ engine })
    await dev.user('ann')
    for (const path of ['ann/one', 'ann/two']) await dev.repo(path, { visibility: 'private' })
    const ann = await signedIn(dev, 'ann')
    const entries = [
      { target: { kind: 'account', name: 'ann' }, permissions: ['user.manage'] },
      { target: { kind: 'repo', type: 'model', path: 'ann/one' }, permissions: ['repo.write'] },
    ] as const
    const lifeMs = 10 * day
    const ipRanges = ['192.0.2.0/24']
    const wish = { label: 'maker', role: 'fineGrained', lifeMs, ipRanges } as const
    const made = await (
      await deskOf(dev, ann)
    ).create(ann, { ...wish, scope: { readsGated: false, entries } })
    const found = await dev.hub.identity.authenticate(made.secret, '192.0.2.7')
    assert.ok(found)
    assert.equal(await dev.hub.identity.authenticate(made.secret, '198.51.100.1'), undefined)
    const ctx = { ...dev.system, actor: found.actor }
    const desk = await deskOf(dev, ctx)
    const fine = { label: 'x', role: 'fineGrained' } as const
    const read = scopeOn('ann/one', 'repo.content.read')
    const weak = await desk.create(ctx, { ...fine, scope: read })
    assert.equal(weak.token.expiresAtMs, made.token.expiresAtMs, 'it ends with its maker')
    assert.deepEqual(weak.token.ipRanges, ipRanges)
    for (const scope of [
      scopeOn('ann/two', 'repo.content.read'),
      scopeOn('ann/one', 'repo.manage'),
      scopeOf('ann', 'repo.content.read'),
      { ...read, readsGated: true },
      { readsGated: false, entries: [{ target: { kind: 'all' }, permissions: ['user.manage'] }] },
    ] as const) {
      await refused(desk.create(ctx, { ...fine, scope }), 'permission_denied')
    }
    for (const role of ['read', 'write'] as const) {
      await refused(desk.create(ctx, { label: 'x', role }), 'permission_denied')
    }
    const longer = desk.create(ctx, { ...fine, scope: read, lifeMs: 11 * day })
    await refused(longer, 'permission_denied')
    const elsewhere = desk.create(ctx, { ...fine, scope: read, ipRanges: ['0.0.0.0/0'] })
    await refused(elsewhere, 'permission_denied')
    const strong = await (await deskOf(dev, ann)).create(ann, { label: 's', role: 'write' })
    await refused(desk.rotate(ctx, strong.token.id), 'permission_denied')
    const itself = await desk.rotate(ctx, made.token.id)
    assert.equal(itself.token.expiresAtMs, made.token.expiresAtMs, 'nobody lives longer by itself')
  })

  void test(`${engine}: rotation, with and without overlap; names; the end`, async () => {
    await using dev = await openDevHouse({ engine })
    await dev.user('ann')
    await dev.user('bea')
    const ann = await signedIn(dev, 'ann')
    const desk = await deskOf(dev, ann)
    const first = await desk.create(ann, { label: 'ci', role: 'write', lifeMs: 30 * day })
    dev.clock.advance(10 * day)
    const second = await desk.rotate(ann, first.token.id, day)
    assert.equal(second.token.expiresAtMs, dev.clock.nowMs() + 30 * day)
    await byToken(dev, first.secret)
    await refused(desk.rotate(ann, first.token.id), 'conflict')
    dev.clock.advance(day)
    assert.equal(await dev.hub.identity.authenticate(first.secret), undefined)
    const third = await desk.rotate(ann, second.token.id)
    assert.equal(await dev.hub.identity.authenticate(second.secret), undefined)
    await byToken(dev, third.secret)
    await desk.rename(ann, third.token.id, 'nightly')
    const listed = await desk.list(page)
    const states = listed.map(({ label, endedWhy }) => `${label} ${endedWhy ?? ''}`.trim())
    assert.ok(states.includes('nightly') && states.includes('ci rotated'), states.join())
    const bea = await signedIn(dev, 'bea')
    const hers = await deskOf(dev, bea)
    await refused(hers.revoke(bea, third.token.id), 'entry_not_found')
    await refused(hers.rotate(bea, third.token.id), 'entry_not_found')
    await desk.revoke(ann, third.token.id)
    await desk.revoke(ann, third.token.id)
    assert.equal(await dev.hub.identity.authenticate(third.secret), undefined)
    await refused(desk.rotate(ann, third.token.id), 'conflict')
    await refused(desk.rename(ann, third.token.id, ''), 'invalid')
    await refused(desk.create(ann, { label: 'x', role: 'read', lifeMs: 0 }), 'invalid')
    const nowhere = { label: 'x', role: 'read', ipRanges: ['300.0.0.1'] } as const
    await refused(desk.create(ann, nowhere), 'invalid')
  })

  void test(`${engine}: a token that was pushed is revoked, and its owner sees why`, async () => {
    await using dev = await openDevHouse({ engine })
    const pusher = await dev.user('ann')
    await dev.user('bea')
    await dev.repo('ann/oops')
    const bea = await signedIn(dev, 'bea')
    const desk = await deskOf(dev, bea)
    const leaked = await desk.create(bea, { label: 'lost', role: 'write' })
    const kept = await desk.create(bea, { label: 'kept', role: 'write' })
    const text = `TOKEN=${leaked.secret}\nother=hf_${'0'.repeat(40)}\n`
    const lines = [header(), file('deep/.env', text), file('b.bin', Buffer.alloc(40_000, 7))]
    const pushed = await commit(dev, 'ann/oops', lines, { token: pusher })
    assert.equal(pushed.status, 200, pushed.text)
    await dev.house.settle()
    assert.equal(await dev.hub.identity.authenticate(leaked.secret), undefined)
    await byToken(dev, kept.secret)
    const why = (await desk.list(page)).map(({ label, endedWhy }) => `${label}:${endedWhy ?? ''}`)
    assert.deepEqual(
      why.filter((one) => one.endsWith('leaked')),
      ['lost:leaked'],
    )
    const told = await leaksOf(dev)
    assert.equal(told.length, 1)
    assert.deepEqual(JSON.parse(told[0]?.payload ?? '{}'), {
      tokenId: leaked.token.id,
      accountId: (await dev.hub.identity.find('bea'))?.id,
      path: 'ann/oops',
      file: 'deep/.env',
    })
    // The same events again have no second effect.
    await dev.house.db.tx(async (q) => {
      await q.deleteFrom('event_cursor').where('consumer', '=', 'leaks').execute()
    })
    await dev.house.settle()
    assert.equal((await leaksOf(dev)).length, 1)
  })
}

const leaksOf = (dev: DevHouse) =>
  dev.house.db.read
    .selectFrom('event')
    .select('payload')
    .where('name', '=', 'token_leaked')
    .execute()

/** What a fine-grained token does, its account may do without it: over random scopes and everything that can be asked. */
void test('whatever its scope, a token does nothing that its account may not', async () => {
  await using dev = await openDevHouse()
  const random = makeRandom(20_261)
  for (const name of ['ann', 'bea', 'cid']) await dev.user(name)
  await dev.org('lab', 'bea')
  const lab = await manage(dev, dev.system, 'lab')
  await dev.hub.identity.addMember(dev.system, lab, 'ann', 'write')
  const paths = ['ann/a', 'bea/b', 'lab/c', 'lab/d', 'cid/e']
  for (const path of paths) {
    await dev.repo(path, { visibility: random.pick(['public', 'internal', 'private']) })
  }
  const ann = await signedIn(dev, 'ann')
  const desk = await deskOf(dev, ann)
  const actions = ['repo.see', 'repo.browse', 'repo.read', 'repo.write', 'repo.admin'] as const
  const rooms = ['namespace.create', 'namespace.curate', 'namespace.audit', 'namespace.manage']
  let done = 0
  for (let round = 0; round < 60; round += 1) {
    const entries = Array.from({ length: 1 + random.below(3) }, () => ({
      target: random.pick([
        { kind: 'all' },
        { kind: 'account', name: random.pick(['ann', 'lab']) },
        { kind: 'repo', type: 'model', path: random.pick(paths) },
      ] as const),
      permissions: permissions.filter(() => random.below(3) === 0),
    }))
    const scope = { readsGated: random.below(2) === 0, entries }
    const wish = { label: `r${round}`, role: 'fineGrained', scope } as const
    const made = await desk.create(ann, wish).catch(() => undefined)
    if (made === undefined) continue
    const ctx = await byToken(dev, made.secret)
    for (const path of paths) {
      for (const action of actions) {
        const target = { type: 'model', path } as const
        const byIt = await dev.hub.policy.explain(ctx.actor, action, target)
        const byAnn = await dev.hub.policy.explain(ann.actor, action, target)
        if (byIt?.decision.allowed !== true) continue
        done += 1
        assert.equal(byAnn?.decision.allowed, true, `${action} ${path} ${JSON.stringify(scope)}`)
      }
    }
    for (const action of rooms as ['namespace.create']) {
      for (const name of ['ann', 'bea', 'lab']) {
        const may = (who: Ctx) =>
          dev.hub.policy.requireNamespace(who, action, name).then(
            () => true,
            () => false,
          )
        if (await may(ctx)) assert.equal(await may(ann), true, `${action} ${name}`)
      }
    }
    assert.throws(() => dev.hub.policy.requireHub(ctx))
  }
  assert.ok(done > 100, `${done} acts were allowed`)
})
