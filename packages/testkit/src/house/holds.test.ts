/** Holds, as administrators of the hub place them: whom they stop, that they are lifted again, and what they keep. On both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { engineNames, type EngineName } from '../engines.ts'
import { commit, file, header } from './calls.ts'
import { administer, clientOf, manage, refused, refusedWith, signedIn } from './org-kit.ts'

const at = { type: 'model', ns: 'lab', name: 'm' }
const reason = 'Order 12 of a court'

/** ann administers lab with its public model, bea is anybody, root administers the hub. */
const open = async (engine: EngineName) => {
  const dev = await openDevHouse({ engine })
  const ann = await dev.user('ann')
  const bea = await dev.user('bea')
  const root = await dev.user('root-admin', { admin: true })
  await dev.org('lab', 'ann')
  await dev.repo('lab/m', { visibility: 'public' })
  await commit(dev, 'lab/m', [header(), file('config.json', '{}')], { token: ann })
  const status = async (url: string, token?: string): Promise<number> =>
    (await dev.ask('GET', url, token === undefined ? {} : { token })).status
  return {
    dev,
    tokens: { ann, bea, root },
    root: clientOf(dev, root),
    reads: (token?: string) => status('/lab/m/resolve/main/config.json', token),
    browses: (token?: string) => status('/api/models/lab/m/tree/main', token),
  }
}

const holdsOf = async (dev: Awaited<ReturnType<typeof open>>['dev']): Promise<unknown[]> => {
  const rows = await dev.house.db.read
    .selectFrom('event')
    .select('payload')
    .where('name', '=', 'repo_hold_changed')
    .orderBy('seq')
    .execute()
  return rows.map((row) => JSON.parse(String(row.payload)) as unknown)
}

for (const engine of engineNames) {
  void test(`${engine}: only administrators of the hub place and lift a hold, with a reason`, async () => {
    const { dev, tokens, root, reads } = await open(engine)
    await using _ = dev
    const wish = { ...at, kind: 'takedown', reason } as const
    await refusedWith(clientOf(dev).setHold(wish), 401, 'unauthenticated')
    await refusedWith(clientOf(dev, tokens.bea).setHold(wish), 403, 'permission_denied')
    await refusedWith(clientOf(dev, tokens.ann).setHold(wish), 403, 'permission_denied')
    await refusedWith(root.setHold({ ...wish, reason: '  ' }), 400, 'invalid')
    await refusedWith(root.setHold({ ...wish, reason: 'x'.repeat(2_001) }), 400, 'invalid')
    await refusedWith(root.setHold({ ...wish, name: 'none' }), 404, 'repo_not_found')
    assert.equal(await reads(), 200)
    await root.setHold({ ...wish, reason: 'x'.repeat(2_000) })
    await root.setHold(wish)
    assert.equal((await holdsOf(dev)).length, 1, 'what is so already is not written again')
    assert.equal(await reads(tokens.ann), 403)
    await refusedWith(root.setHold({ ...wish, kind: 'legal_hold' }), 409, 'conflict')
    await root.setHold({ ...wish, kind: null })
    await root.setHold({ ...wish, kind: null })
    assert.equal(await reads(), 200)
    const [, lifted] = await holdsOf(dev)
    assert.deepEqual(lifted, { from: 'takedown', to: null, reason })
    assert.equal((await holdsOf(dev)).length, 2)
  })

  void test(`${engine}: each kind stops what it is for, and the list says so`, async () => {
    const { dev, tokens, root, reads, browses } = await open(engine)
    await using _ = dev
    const ann = { token: tokens.ann }
    for (const [kind, seen, changed] of [
      ['takedown', 403, 200],
      ['quarantine', 200, 200],
      ['legal_hold', 200, 403],
    ] as const) {
      await root.setHold({ ...at, kind, reason })
      for (const token of [undefined, tokens.bea, tokens.ann, tokens.root]) {
        assert.equal(await reads(token), 403, kind)
        assert.equal(await browses(token), seen, kind)
      }
      const write = await commit(dev, 'lab/m', [header(), file('x.txt', 'x')], ann)
      assert.equal(write.status, 403, kind)
      const body = { private: true }
      const set = await dev.ask('PUT', '/api/models/lab/m/settings', { ...ann, body })
      assert.equal(set.status, changed, kind)
      const listed = (await dev.ask('GET', '/api/models?author=lab&full=true', ann)).json()
      assert.equal((listed as { disabled: boolean }[])[0]?.disabled, true, kind)
      await root.setHold({ ...at, kind: null, reason })
      await dev.ask('PUT', '/api/models/lab/m/settings', { ...ann, body: { private: false } })
      assert.equal(await reads(), 200, kind)
    }
  })

  void test(`${engine}: under a legal hold nothing is deleted, by two people or by the operator neither`, async () => {
    const { dev, tokens, root } = await open(engine)
    await using _ = dev
    await dev.user('cid')
    const ann = await signedIn(dev, 'ann')
    const cid = await signedIn(dev, 'cid')
    const permit = await manage(dev, ann, 'lab')
    await dev.hub.identity.addMember(ann, permit, 'cid', 'admin')
    await dev.hub.organisations.setRules(ann, permit, { needsTwoPeople: true })
    const target = await administer(dev, ann, 'lab/m')
    await dev.hub.repos.addDownloads(new Map([[target.repo.id, 1]]))
    await refused(dev.hub.organisations.deleteRepo(ann, target), 'approval_needed')
    const page = { isOpen: true, after: '', limit: 9 }
    const [act] = await dev.hub.organisations.pendingActs(permit, page)
    assert.ok(act)
    await root.setHold({ ...at, kind: 'legal_hold', reason })
    const second = await manage(dev, cid, 'lab')
    await refused(dev.hub.organisations.approveAct(cid, second, act.id), 'conflict')
    const byOperator = await administer(dev, dev.system, 'lab/m')
    await refused(dev.hub.organisations.deleteRepo(dev.system, byOperator), 'conflict')
    await root.setHold({ ...at, kind: null, reason })
    await dev.hub.organisations.approveAct(cid, second, act.id)
    const gone = await dev.ask('GET', '/api/models/lab/m', { token: tokens.bea })
    assert.equal(gone.status, 404)
  })
}
