/** The trail: acts and denials of every door, read by those who may, kept once, sent on. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { test } from 'node:test'
import type { AuditEntry } from '@weighhouse/server/core/hub.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { clientOf } from './org-kit.ts'

const whole = { limit: 1000 }

const trail = async (dev: DevHouse): Promise<AuditEntry[]> => {
  await dev.house.settle()
  await dev.hub.audit.flush()
  const { entries } = await dev.hub.audit.list(dev.hub.policy.requireHub(dev.system), {}, whole)
  return entries.toReversed()
}

const denials = async (dev: DevHouse): Promise<string[]> =>
  (await trail(dev))
    .filter(({ outcome }) => outcome === 'denied')
    .map(({ act, actor, door, target, reason }) =>
      [door ?? '-', actor.name ?? '-', act, target.path ?? '-', reason].join(' '),
    )

for (const engine of engineNames) {
  void test(`${engine}: each act has one entry, however often its event is seen`, async () => {
    await using dev = await openDevHouse({ engine })
    const token = await dev.user('ann')
    await dev.ask('POST', '/api/repos/create', { token, body: { name: 'm', type: 'model' } })
    const before = await trail(dev)
    const created = before.filter(({ act }) => act === 'repo_created')
    assert.equal(created.length, 1)
    const [{ actor, door, target, tokenId, ip }] = created as [AuditEntry]
    assert.equal(actor.name, 'ann')
    assert.equal(door, 'hf')
    assert.equal(target.path, 'ann/m')
    assert.ok(tokenId !== undefined && ip !== undefined)
    await dev.house.db.tx((q) =>
      q.deleteFrom('event_cursor').where('consumer', '=', 'audit').execute(),
    )
    await dev.house.events.settle()
    assert.deepEqual(await trail(dev), before)
  })
}

void test('an act on a repo names the repo, whatever else the act says', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  const root = await dev.user('root', { admin: true })
  const create = { token, body: { name: 'm', type: 'model' } }
  await dev.ask('POST', '/api/repos/create', create)
  await dev.ask('PUT', '/api/models/ann/m/settings', { token, body: { private: true } })
  // Entries are written soon after the act, and name the repo as it is called then.
  await trail(dev)
  const move = { fromRepo: 'ann/m', toRepo: 'ann/n', type: 'model' }
  await dev.ask('POST', '/api/repos/move', { token, body: move })
  const at = { type: 'model', ns: 'ann', name: 'n' }
  await clientOf(dev, root).setHold({ ...at, kind: 'quarantine', reason: 'Looks odd' })
  const found = (await trail(dev))
    .filter(({ act, target }) => target.kind === 'repo' && act.startsWith('repo_'))
    .map(({ act, target }) => `${act} ${target.path}`)
  assert.deepEqual(found, [
    'repo_created ann/m',
    'repo_visibility_changed ann/m',
    'repo_moved ann/n',
    'repo_hold_changed ann/n',
  ])
})

void test('every denial is written down with who, by which door, to what and why', async () => {
  await using dev = await openDevHouse()
  await dev.user('ann')
  const bea = await dev.user('bea')
  const reader = await dev.token('ann', 'read')
  await dev.repo('ann/open')
  await dev.repo('ann/hidden', { visibility: 'private' })
  await dev.ask('GET', '/api/models/ann/hidden', { token: bea })
  await dev.ask('GET', '/api/models/ann/never-was', { token: bea })
  await dev.ask('POST', '/api/models/ann/open/branch/x', { token: reader, body: {} })
  await dev.ask('GET', '/api/whoami-v2', { token: 'hf_wrong' })
  await dev.ask('POST', '/ann/hidden.git/info/lfs/objects/batch', {
    token: bea,
    body: { operation: 'download', objects: [] },
  })
  await dev.ask('GET', '/weighhouse/v1/audit', { token: bea })
  assert.deepEqual(await denials(dev), [
    'hf bea repo.browse ann/hidden not_visible',
    'hf ann repo.write ann/open token_is_read_only',
    '- - sign_in - bad_credentials',
    'lfs bea repo.read ann/hidden not_visible',
    'api bea hub.manage - not_an_admin',
  ])
})

void test('what was hidden stays hidden from the one who was denied', async () => {
  await using dev = await openDevHouse()
  await dev.user('ann')
  const bea = await dev.user('bea')
  await dev.repo('ann/hidden', { visibility: 'private' })
  const hidden = await dev.ask('GET', '/api/models/ann/hidden', { token: bea })
  const missing = await dev.ask('GET', '/api/models/ann/missing', { token: bea })
  assert.equal(hidden.status, missing.status)
  assert.equal(hidden.text, missing.text)
})

void test('the same denial over and over is one entry with a count', async () => {
  await using dev = await openDevHouse()
  await dev.user('ann')
  await dev.repo('ann/hidden', { visibility: 'private' })
  for (let i = 0; i < 50; i += 1) await dev.ask('GET', '/api/models/ann/hidden')
  const found = (await trail(dev)).filter(({ outcome }) => outcome === 'denied')
  assert.equal(found.length, 1)
  assert.deepEqual(found[0]?.details, { count: 50 })
})

void test('denials that cannot be written are kept until they can', async () => {
  await using dev = await openDevHouse()
  await dev.user('ann')
  await dev.repo('ann/hidden', { visibility: 'private' })
  await dev.house.settle()
  const { db } = dev.house
  const { tx } = db
  await dev.ask('GET', '/api/models/ann/hidden')
  // A disk that is full, for once.
  Object.assign(db, { tx: () => Promise.reject(new Error('full')) })
  await assert.rejects(dev.hub.audit.flush(), /full/)
  Object.assign(db, { tx })
  await dev.ask('GET', '/api/models/ann/hidden')
  const found = (await trail(dev)).filter(({ outcome }) => outcome === 'denied')
  assert.deepEqual(
    found.map(({ details }) => details),
    [{ count: 2 }],
  )
})

void test('an auditor reads the trail of the organisation, everybody their own, nobody the others', async () => {
  await using dev = await openDevHouse()
  const ann = await dev.user('ann')
  const bea = await dev.user('bea')
  await dev.org('acme', 'ann')
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'acme')
  await dev.hub.identity.addMember(dev.system, permit, 'bea', 'auditor')
  const cid = await dev.user('cid')
  await dev.repo('acme/m', { visibility: 'private' })
  await dev.ask('GET', '/api/models/acme/m', { token: cid })
  await trail(dev)
  const items = async (token: string, path: string): Promise<{ act: string; actor: object }[]> => {
    const answer = await dev.ask('GET', `/weighhouse/v1${path}`, { token })
    assert.equal(answer.status, 200, answer.text)
    return (answer.json() as { items: { act: string; actor: object }[] }).items
  }
  for (const token of [ann, bea]) {
    const acts = (await items(token, '/orgs/acme/audit')).map(({ act }) => act)
    assert.ok(acts.includes('repo_created') && acts.includes('member_added'), acts.join())
    assert.ok(acts.includes('repo.browse'), 'the denial of a stranger')
  }
  assert.equal((await dev.ask('GET', '/weighhouse/v1/orgs/acme/audit', { token: cid })).status, 403)
  assert.equal((await dev.ask('GET', '/weighhouse/v1/audit', { token: ann })).status, 403)
  const own = await items(cid, '/me/audit')
  assert.deepEqual(
    own.map(({ act }) => act),
    ['repo.browse', 'token_created', 'account_created'],
  )
})

void test('pages and exports hold the same, and a cell is no formula', async () => {
  await using dev = await openDevHouse()
  const root = await dev.user('root', { admin: true })
  for (const name of ['ann', 'bea', 'cid']) await dev.user(name)
  await dev.repo('ann/m')
  const all = await trail(dev)
  const seen: number[] = []
  let cursor = ''
  for (let i = 0; i < 100; i += 1) {
    const url = `/weighhouse/v1/audit?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`
    const { items, next } = (await dev.ask('GET', url, { token: root })).json() as {
      items: { seq: number }[]
      next: string | null
    }
    seen.push(...items.map(({ seq }) => seq))
    if (next === null) break
    cursor = next
  }
  assert.deepEqual(
    seen.toReversed(),
    all.map(({ seq }) => seq),
  )
  const lines = (await dev.ask('GET', '/weighhouse/v1/audit/export', { token: root })).text
  assert.deepEqual(
    lines
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { seq: number }).seq),
    all.map(({ seq }) => seq),
  )
  const csv = await dev.ask('GET', '/weighhouse/v1/audit/export?format=csv&act=repo_created', {
    token: root,
  })
  assert.match(csv.text, /^seq,at,outcome,/)
  assert.equal(csv.text.trim().split('\r\n').length, 2)
  const wrong = await dev.ask('GET', '/weighhouse/v1/audit?since=yesterday', { token: root })
  assert.equal(wrong.status, 400)
})

void test('old entries go, the newest stays, numbers are not used twice', async () => {
  await using dev = await openDevHouse()
  await dev.user('ann')
  const before = await trail(dev)
  const signal = new AbortController().signal
  dev.clock.advance(10_000)
  await dev.hub.audit.prune(dev.clock.nowMs(), signal)
  const kept = await trail(dev)
  assert.deepEqual(kept, before.slice(-1))
  await dev.user('bea')
  const after = await trail(dev)
  assert.ok((after.at(-1)?.seq ?? 0) > (before.at(-1)?.seq ?? 0))
})

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

void test('a log server gets new entries once each, and what it missed when it is back', async () => {
  await using dev = await openDevHouse()
  let received = ''
  const server = createTcp((socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => (received += text))
  })
  const port = await listen(server)
  const manage = dev.hub.policy.requireHub(dev.system)
  await dev.user('early')
  await trail(dev)
  await dev.hub.audit.addSink(manage, { kind: 'syslog', target: `tcp://127.0.0.1:${port}` })
  const { signal } = new AbortController()
  await dev.user('ann')
  await trail(dev)
  await dev.hub.audit.deliver(signal)
  assert.match(received, /^\d+ <110>1 2026-01-01T00:00:00.000Z \S+ weighhouse - account_created - /)
  assert.ok(!received.includes('early'))
  await new Promise((resolve) => server.close(resolve))
  await dev.user('bea')
  await trail(dev)
  await dev.hub.audit.deliver(signal)
  const [broken] = await dev.hub.audit.listSinks(manage)
  assert.match(broken?.lastError ?? '', /ECONNREFUSED/)
  const again = createTcp((socket) => {
    socket.setEncoding('utf8').on('data', (text: string) => (received += text))
  })
  await new Promise<void>((resolve) => again.listen(port, '127.0.0.1', resolve))
  await dev.hub.audit.deliver(signal)
  await new Promise((resolve) => again.close(resolve))
  assert.equal(received.split('"name":"ann"').length, 2)
  assert.equal(received.split('"name":"bea"').length, 2)
  // Octet counting: each frame is as long as it says.
  let bytes = Buffer.from(received)
  while (bytes.length > 0) {
    const space = bytes.indexOf(' ')
    const length = Number(bytes.subarray(0, space).toString())
    const frame = bytes.subarray(space + 1, space + 1 + length)
    assert.equal(frame.length, length)
    JSON.parse(frame.subarray(frame.indexOf('{')).toString())
    bytes = bytes.subarray(space + 1 + length)
  }
})

void test('an endpoint gets signed lines; one that fails keeps its place', async () => {
  await using dev = await openDevHouse()
  const bodies: string[] = []
  let status = 500
  const server = createHttp((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const signature = createHmac('sha256', 'a long secret').update(body).digest('hex')
      assert.equal(request.headers['x-weighhouse-signature'], `sha256=${signature}`)
      if (status === 200) bodies.push(body)
      response.writeHead(status).end()
    })
  })
  const port = await listen(server)
  const manage = dev.hub.policy.requireHub(dev.system)
  const target = `http://127.0.0.1:${port}/trail`
  await dev.hub.audit.addSink(manage, { kind: 'http', target, secret: 'a long secret' })
  await dev.user('ann')
  await trail(dev)
  const { signal } = new AbortController()
  await dev.hub.audit.deliver(signal)
  assert.match((await dev.hub.audit.listSinks(manage))[0]?.lastError ?? '', /answered 500/)
  status = 200
  await dev.hub.audit.deliver(signal)
  await dev.hub.audit.deliver(signal)
  assert.equal(bodies.length, 1)
  assert.match(bodies[0] ?? '', /"act":"account_created"/)
  assert.equal((await dev.hub.audit.listSinks(manage))[0]?.lastError, undefined)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await assert.rejects(dev.hub.audit.addSink(manage, { kind: 'http', target: 'file:///x' }), {
    code: 'invalid',
  })
})

void test('the client of the contract reads trails and looks after sinks', async () => {
  await using dev = await openDevHouse()
  const root = clientOf(dev, await dev.user('root', { admin: true }))
  const ann = clientOf(dev, await dev.user('ann'))
  await trail(dev)
  const { items } = await ann.listMyTrail({ act: 'token_created' })
  assert.deepEqual(
    items.map(({ outcome, target }) => [outcome, target.path]),
    [['done', 'ann']],
  )
  const sink = await root.addSink({ kind: 'syslog', target: 'udp://127.0.0.1:514' })
  assert.deepEqual((await root.listSinks({})).items, [sink])
  await root.removeSink({ id: sink.id })
  await assert.rejects(root.removeSink({ id: sink.id }), { code: 'entry_not_found' })
  await assert.rejects(ann.listSinks({}), { code: 'permission_denied' })
  await assert.rejects(root.listTrail({ cursor: 'x' }), { code: 'invalid' })
})
