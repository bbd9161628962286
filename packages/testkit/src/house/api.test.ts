/** The API as its own client uses it: over the contract, in the words of the caller. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { clientOf, refusedWith } from './org-kit.ts'

const open = async () => {
  const dev = await openDevHouse()
  const tokens = {
    ann: await dev.user('ann'),
    bea: await dev.user('bea'),
    cid: await dev.user('cid'),
    root: await dev.user('root-admin', { admin: true }),
  }
  return {
    dev,
    tokens,
    ann: clientOf(dev, tokens.ann),
    bea: clientOf(dev, tokens.bea),
    cid: clientOf(dev, tokens.cid),
    root: clientOf(dev, tokens.root),
  }
}

const reads = async (dev: DevHouse, token: string, repo: string): Promise<number> =>
  (await dev.ask('GET', `/api/models/${repo}`, { token })).status

void test('an organisation from its beginning to its end', async () => {
  const { dev, tokens, ann, bea, cid, root } = await open()
  await using _ = dev
  await refusedWith(ann.createOrg({ name: 'lab', owner: 'ann' }), 403, 'permission_denied')
  assert.equal((await root.createOrg({ name: 'lab', owner: 'ann' })).name, 'lab')
  await ann.setOrgCard({ org: 'lab', fullName: 'The Lab' })
  const seen = await clientOf(dev).getOrg({ org: 'LAB' })
  assert.equal(seen.fullName, 'The Lab')
  assert.deepEqual(Object.keys(seen).toSorted(), [
    'createdAt',
    'details',
    'fullName',
    'id',
    'name',
    'website',
  ])
  await dev.repo('lab/secret', { visibility: 'private' })

  const made = await ann.createInvitation({ org: 'lab', role: 'read', lifeSeconds: 3600 })
  await refusedWith(clientOf(dev).acceptInvitation({ secret: made.secret }), 401, 'unauthenticated')
  assert.deepEqual(await bea.acceptInvitation({ secret: made.secret }), {
    org: 'lab',
    role: 'read',
  })
  await refusedWith(cid.acceptInvitation({ secret: made.secret }), 403, 'permission_denied')
  assert.deepEqual(
    (await bea.getMe()).orgs.map(({ name, role }) => `${name} ${role}`),
    ['lab read'],
  )
  await refusedWith(
    bea.setMember({ org: 'lab', user: 'cid', role: 'read' }),
    403,
    'permission_denied',
  )
  await refusedWith(bea.listMembers({ org: 'lab' }), 403, 'permission_denied')
  const first = await ann.listMembers({ org: 'lab', limit: 1 })
  assert.equal(first.next, 'ann')
  const rest = await ann.listMembers({ org: 'lab', cursor: first.next })
  assert.deepEqual(
    [...first.items, ...rest.items].map(({ name }) => name),
    ['ann', 'bea'],
  )
  assert.equal(rest.next, null)

  await ann.createTeam({ org: 'lab', name: 'Vision' })
  await ann.addToTeam({ org: 'lab', team: 'vision', user: 'bea' })
  await ann.createGroup({ org: 'lab', name: 'closed' })
  await ann.putInGroup({ org: 'lab', group: 'closed', type: 'model', name: 'secret' })
  assert.equal(await reads(dev, tokens.bea, 'lab/secret'), 404)
  await ann.putGrant({
    org: 'lab',
    target: { kind: 'group', name: 'closed' },
    grantee: { kind: 'team', name: 'vision' },
    role: 'read',
  })
  assert.equal(await reads(dev, tokens.bea, 'lab/secret'), 200)
  const { items } = await ann.listGrants({ org: 'lab' })
  assert.equal(items[0]?.grantee.name, 'Vision')
  const held = await ann.listGroupRepos({ org: 'lab', group: 'closed' })
  assert.equal(held.items[0]?.path, 'lab/secret')
  await ann.deleteGrant({
    org: 'lab',
    target: items[0]?.target.id ?? '',
    grantee: items[0]?.grantee.id ?? '',
  })
  assert.equal(await reads(dev, tokens.bea, 'lab/secret'), 404)
  await refusedWith(ann.deleteGroup({ org: 'lab', group: 'closed' }), 409, 'conflict')
  await refusedWith(ann.leaveOrg({ org: 'lab' }), 409, 'conflict')
  await ann.transferOrg({ org: 'lab', to: 'bea' })
  await refusedWith(ann.deleteOrg({ org: 'lab' }), 403, 'permission_denied')
  await refusedWith(bea.deleteOrg({ org: 'lab' }), 409, 'conflict')
})

void test('two people, by the door of the hub and by that of the clients', async () => {
  const { dev, tokens, ann, bea, root } = await open()
  await using _ = dev
  await root.createOrg({ name: 'lab', owner: 'ann' })
  await ann.setMember({ org: 'lab', user: 'bea', role: 'admin' })
  const set = await ann.setPolicy({ org: 'lab', needsTwoPeople: true, tokenLifeSecondsMax: null })
  assert.equal(set.needsTwoPeople, true)
  await dev.repo('lab/used')
  const permit = await dev.hub.policy.require(dev.system, 'repo.admin', {
    type: 'model',
    path: 'lab/used',
  })
  await dev.hub.repos.addDownloads(new Map([[permit.repo.id, 3]]))
  const body = { name: 'used', organization: 'lab' }
  const answer = await dev.ask('DELETE', '/api/repos/delete', { token: tokens.ann, body })
  assert.equal(answer.status, 403, 'a client must not take it for done')
  assert.match(answer.text, /second administrator/)
  await refusedWith(ann.setPolicy({ org: 'lab', needsTwoPeople: false }), 202, 'approval_needed')
  const { items } = await bea.listApprovals({ org: 'lab' })
  assert.deepEqual(items.map(({ act, askedBy }) => `${act} ${askedBy}`).toSorted(), [
    'policy.set ann',
    'repo.delete ann',
  ])
  const waiting = items.find(({ act }) => act === 'repo.delete')
  assert.equal(waiting?.about['path'], 'lab/used')
  const decide = { org: 'lab', id: waiting.id, decision: 'approve' } as const
  await refusedWith(ann.decideApproval(decide), 403, 'permission_denied')
  await bea.decideApproval(decide)
  assert.equal(await reads(dev, tokens.ann, 'lab/used'), 404)
  const all = await bea.listApprovals({ org: 'lab', state: 'all' })
  assert.equal(all.items.find(({ id }) => id === waiting.id)?.decidedBy, 'bea')
})

void test('tokens of one’s own and of service accounts', async () => {
  const { dev, ann, bea, root } = await open()
  await using _ = dev
  await dev.repo('ann/one', { visibility: 'private' })
  const target = { kind: 'repo', type: 'model', path: 'ann/one' } as const
  const { token, secret } = await ann.createToken({
    label: 'reader',
    role: 'fineGrained',
    expiresAt: new Date(dev.clock.nowMs() + 3_600_000).toISOString(),
    scope: { readsGated: false, entries: [{ target, permissions: ['repo.content.read'] }] },
    ipRanges: ['127.0.0.0/8'],
  })
  assert.equal(token.state, 'active')
  assert.equal(await reads(dev, secret, 'ann/one'), 200)
  const fine = clientOf(dev, secret)
  assert.equal((await fine.getMe()).name, 'ann')
  await refusedWith(fine.listTokens({}), 403, 'permission_denied')
  await refusedWith(fine.createToken({ label: 'x', role: 'write' }), 403, 'permission_denied')
  await ann.renameToken({ id: token.id, label: 'reader 2' })
  const next = await ann.rotateToken({ id: token.id, overlapSeconds: 60 })
  assert.equal(await reads(dev, secret, 'ann/one'), 200)
  assert.equal(await reads(dev, next.secret, 'ann/one'), 200)
  dev.clock.advance(3_600_000)
  const listed = await ann.listTokens({})
  const states = listed.items.map(({ label, state }) => `${label} ${state}`)
  assert.ok(states.includes('reader 2 expired'), states.join())
  assert.doesNotMatch(JSON.stringify(listed), new RegExp(secret))
  await refusedWith(bea.revokeToken({ id: next.token.id }), 404, 'entry_not_found')
  await ann.revokeToken({ id: next.token.id })
  await refusedWith(
    ann.createToken({ label: 'x', role: 'read', expiresAt: 'soon' }),
    400,
    'invalid',
  )

  await root.createOrg({ name: 'lab', owner: 'ann' })
  await ann.createServiceAccount({ org: 'lab', name: 'lab-bot', fullName: 'CI' })
  const at = { org: 'lab', name: 'lab-bot' }
  const bot = await ann.createServiceToken({ ...at, label: 'ci', role: 'write' })
  assert.equal((await clientOf(dev, bot.secret).getMe()).serviceOf, 'lab')
  await refusedWith(bea.listServiceTokens(at), 403, 'permission_denied')
  assert.equal((await ann.listServiceTokens(at)).items.length, 1)
  await ann.revokeServiceToken({ ...at, id: bot.token.id })
  await refusedWith(clientOf(dev, bot.secret).getMe(), 401, 'unauthenticated')
  const again = await ann.createServiceToken({ ...at, label: 'ci', role: 'read' })
  await ann.disableServiceAccount(at)
  await refusedWith(clientOf(dev, again.secret).getMe(), 401, 'unauthenticated')
})

void test('what does not fit the contract is refused with its reason', async () => {
  const { dev, tokens, ann, root } = await open()
  await using _ = dev
  await refusedWith(ann.listUsers({}), 403, 'permission_denied')
  const page = await root.listUsers({ limit: 2 })
  assert.equal(page.items.length, 2)
  await refusedWith(ann.getOrg({ org: 'none' }), 404, 'account_not_found')
  const ask = (method: string, path: string, body?: unknown) =>
    dev.ask(method, `/weighhouse/v1${path}`, {
      token: tokens.ann,
      body,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
    })
  for (const [method, path, body] of [
    ['POST', '/tokens', { label: 'x', role: 'god' }],
    ['POST', '/tokens', {}],
    ['POST', '/tokens', '{'],
    ['GET', '/tokens?limit=0', undefined],
    ['GET', '/tokens?limit=100000', undefined],
    ['PATCH', '/me', { fullName: 7, website: ['x'] }],
  ] as const) {
    const answer = await ask(method, path, body)
    assert.equal(answer.status, 400, `${method} ${path}: ${answer.text}`)
  }
  await dev.org('lab', 'ann')
  const role = await ask('PUT', '/orgs/lab/members/bea', { role: 'owner' })
  assert.equal(role.status, 400)
  const gone = await ask('GET', '/orgs/lab/nothing')
  assert.equal(gone.status, 404)
})
