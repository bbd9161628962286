/** A gate at every door: who gets through, what stays readable, and that nothing outlives the access it rests on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batch, local, offered, sha256 } from './calls.ts'
import { answers, type GateWorld, openGateWorld, weights } from './gate-kit.ts'
import { cas, grantOf, planOf } from './xet-calls.ts'

const dayMs = 24 * 3600_000

const downloads = (world: GateWorld, who: string | undefined) => {
  const token = who === undefined ? undefined : world.tokens[who]
  return batch(world.dev, 'lab/gated', [{ oid: sha256(weights), size: weights.length }], {
    operation: 'download',
    ...(token === undefined ? {} : { token }),
  })
}

const contentCalls: Readonly<
  Record<string, (world: GateWorld, who: string | undefined) => ReturnType<GateWorld['ask']>>
> = {
  resolve: (world, who) => world.ask('GET', '/lab/gated/resolve/main/a.txt', who),
  'resolve LFS': (world, who) => world.ask('GET', '/lab/gated/resolve/main/w.bin', who),
  head: (world, who) => world.ask('HEAD', '/lab/gated/resolve/main/w.bin', who),
  raw: (world, who) => world.ask('GET', '/lab/gated/raw/main/w.bin', who),
  'LFS batch': downloads,
  'xet-read-token': (world, who) => world.api('GET', '/xet-read-token/main', who),
  'auth-check': (world, who) => world.api('GET', '/auth-check', who),
  compare: (world, who) => world.api('GET', '/compare/main..main', who),
  duplicate: (world, who) =>
    world.api('POST', '/duplicate', who, { repository: `${who ?? 'x'}/copy-of-it` }),
}

const tryAll = async (
  world: GateWorld,
  who: string | undefined,
  expected: { status: number; words: RegExp },
): Promise<void> => {
  for (const [name, call] of Object.entries(contentCalls)) {
    const answer = await call(world, who)
    assert.equal(answer.status, expected.status, `${name} as ${who}: ${answer.text}`)
    assert.equal(answer.headers['x-error-code'], 'GatedRepo', name)
    assert.match(answer.headers['x-error-message'] ?? '', expected.words, name)
  }
}

const handle = (world: GateWorld, user: string, status: string) =>
  world.api('POST', '/user-access-request/handle', 'owner', { user, status })

const reads = async (world: GateWorld, who: string): Promise<number> =>
  (await world.ask('GET', '/lab/gated/resolve/main/w.bin', who)).status

void test('content is refused in the words that clients look for', async () => {
  await using world = await openGateWorld('manual')
  await tryAll(world, undefined, {
    status: 401,
    words: /^Access to model lab\/gated is restricted\. You must have access to it/,
  })
  await tryAll(world, 'ann', {
    status: 403,
    words: /^Access to model lab\/gated is restricted and you are not in the authorized list\. /,
  })
  const asked = await world.ask('POST', '/lab/gated/ask-access', 'ann', { body: answers })
  assert.equal(asked.status, 200, asked.text)
  await tryAll(world, 'ann', {
    status: 403,
    words: /^Your request to access model lab\/gated is awaiting a review from the repo authors\./,
  })
  assert.equal((await handle(world, 'ann', 'rejected')).status, 200)
  await tryAll(world, 'ann', {
    status: 403,
    words: /^Your request to access model lab\/gated has been rejected by the repo's authors\./,
  })
})

void test('what is needed to decide about asking stays open, and hashes do not', async () => {
  await using world = await openGateWorld('manual')
  for (const name of ['README.md', 'LICENSE']) {
    const answer = await world.ask('GET', `/lab/gated/resolve/main/${name}`)
    assert.equal(answer.status, 200, name)
  }
  for (const who of [undefined, 'ann']) {
    const tree = await world.api('GET', '/tree/main', who)
    assert.equal(tree.status, 200)
    assert.ok(tree.text.includes('w.bin'))
    assert.ok(!tree.text.includes(sha256(weights)))
    assert.ok(!tree.text.includes('xetHash'))
    const info = await world.api('GET', '?blobs=true', who)
    assert.ok(!info.text.includes(sha256(weights)))
    assert.equal((info.json() as { gated: unknown }).gated, 'manual')
  }
  const open = await world.api('GET', '/tree/main', 'member')
  assert.ok(open.text.includes(sha256(weights)))
})

void test('writers pass; members who read pass unless the gate covers them', async () => {
  await using world = await openGateWorld('auto')
  for (const who of ['owner', 'writer', 'member', 'reader'])
    assert.equal(await reads(world, who), 200)
  const answer = await world.api('PUT', '/settings', 'owner', { orgMembersGated: true })
  assert.equal((answer.json() as { gated: unknown }).gated, 'auto')
  assert.equal(await reads(world, 'member'), 403)
  assert.equal(await reads(world, 'writer'), 200)
  assert.equal((await world.api('PUT', '/settings', 'owner', { gated: false })).status, 200)
  assert.equal(await reads(world, 'ann'), 200)
  assert.equal((await world.api('PUT', '/settings', 'owner', { gated: 'maybe' })).status, 400)
  assert.equal((await world.api('PUT', '/settings', 'ann', { gated: false })).status, 403)
})

/** What a client that was let in holds on to: a link to the bytes, a token for the chunks, a link to a range of them. */
const takeTickets = async (world: GateWorld, who: string) => {
  const link = local(offered(await downloads(world, who)).actions?.download?.href)
  const grant = grantOf(await world.api('GET', '/xet-read-token/main', who))
  const head = await world.ask('HEAD', '/lab/gated/resolve/main/w.bin', who)
  const hash = head.headers['x-xet-hash'] ?? ''
  const [range] = Object.values((await planOf(world.dev, grant, hash)).xorbs).flat()
  const [span] = range?.ranges ?? []
  const headers = { range: `bytes=${span?.bytes.start}-${span?.bytes.end}` }
  return {
    link: async () => (await world.dev.ask('GET', link)).status,
    chunks: async () =>
      (await cas(world.dev, grant, 'GET', `/v2/reconstructions/${hash}`, {})).status,
    range: async () => (await world.dev.ask('GET', local(range?.url), { headers })).status,
    resolve: () => reads(world, who),
  }
}

/** A link to xorbs says 404, since clients take 403 as leave to ask for another. */
const refusals = [401, 403, 404]

const allAre = async (
  tickets: Awaited<ReturnType<typeof takeTickets>>,
  expected: readonly number[],
): Promise<void> => {
  for (const [name, use] of Object.entries(tickets)) {
    const status = await use()
    assert.ok(expected.includes(status), `${name}: ${status}`)
  }
}

const settled = async (world: GateWorld): Promise<void> => {
  world.dev.clock.advance(10_000)
  await world.dev.house.settle()
}

void test('tickets end when the access they rest on is taken away', async () => {
  await using world = await openGateWorld('auto')
  await settled(world)
  await world.ask('POST', '/lab/gated/ask-access', 'ann', { body: answers })
  const tickets = await takeTickets(world, 'ann')
  await allAre(tickets, [200, 206])
  assert.equal((await handle(world, 'ann', 'rejected')).status, 200)
  await allAre(tickets, refusals)
  assert.equal((await handle(world, 'ann', 'accepted')).status, 200)
  await allAre(tickets, [200, 206])
  assert.equal((await handle(world, 'ann', 'pending')).status, 200)
  await allAre(tickets, refusals)
})

void test('tickets end when the access they rest on ends by itself', async () => {
  await using world = await openGateWorld('manual')
  await settled(world)
  const given = await world.ask(
    'POST',
    '/weighhouse/v1/repos/model/lab/gated/access-grants',
    'owner',
    {
      body: { account: 'ann', expiresAt: new Date(world.dev.clock.nowMs() + 60_000).toISOString() },
    },
  )
  assert.equal(given.status, 201, given.text)
  const tickets = await takeTickets(world, 'ann')
  await allAre(tickets, [200, 206])
  world.dev.clock.advance(60_001)
  await allAre(tickets, refusals)
  world.dev.clock.advance(dayMs)
  const granted = await world.api('POST', '/user-access-request/grant', 'owner', { user: 'ann' })
  assert.equal(granted.status, 200, 'what has ended can be given again')
  assert.equal(await reads(world, 'ann'), 200)
})

void test('a copy of a gated repo is gated', async () => {
  await using world = await openGateWorld('auto')
  await world.ask('POST', '/lab/gated/ask-access', 'ann', { body: answers })
  const copied = await world.api('POST', '/duplicate', 'ann', { repository: 'ann/copy' })
  assert.equal(copied.status, 200, copied.text)
  const other = await world.ask('GET', '/ann/copy/resolve/main/a.txt', 'bob')
  assert.equal(other.status, 403)
  assert.equal(other.headers['x-error-code'], 'GatedRepo')
})
