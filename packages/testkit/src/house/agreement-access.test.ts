/** What an agreement gives, at the doors that clients use: seen, refused with its reason, and gone when it ends. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { get } from 'node:http'
import { promisify } from 'node:util'
import { test } from 'node:test'
import { readableRepos } from '@weighhouse/server/core/policy/index.ts'
import { engineNames } from '../engines.ts'
import { bySession, dayMs, heading, iso, managing, openTwoParties } from './agreement-kit.ts'
import { grantTo, openScene } from './agreement-scene.ts'
import { batch, commit, file, header, lfsFile, local, offered, sha256, upload } from './calls.ts'
import { clientOf, until } from './org-kit.ts'
import { planOf, push, reader } from './xet-calls.ts'
import { cutEvery, makeXorb, wholeOf } from './xet-kit.ts'

for (const engine of engineNames) {
  void test(`${engine}: from hidden to read, and every end is told with its reason`, async () => {
    const scene = await openScene(engine)
    const { dev, lab, id, read, doctor } = scene
    await using _ = dev
    const { agreements } = dev.hub
    const missing = await read()
    assert.deepEqual([missing.status, missing.code], [403, 'GatedRepo'])
    assert.match(missing.message, /has not let you use it.*Retina segmentation/)
    const leads = new RegExp(` See http://[^/ ]+/agreements/${id}/use\\?as=clinic$`)
    assert.match(missing.message, leads)
    const asked = await batch(dev, 'lab/retina', [{ oid: sha256('x'), size: 1 }], {
      token: doctor,
      operation: 'download',
    })
    assert.match((asked.json() as { message: string }).message, leads, 'at other doors too')
    const page = clientOf(dev, doctor)
    const named = { type: 'model', ns: 'lab', name: 'retina' }
    const seen = await page.getRepo(named)
    assert.deepEqual(
      [seen.may.read, seen.refusal?.details['agreement']],
      [false, id],
      'its page says why',
    )
    const given = await grantTo(scene)
    assert.equal((await read()).status, 200)
    assert.equal((await page.getRepo(named)).refusal, null)
    assert.equal((await read('/api/models/lab/retina')).status, 200)
    assert.equal((await read('/api/models/lab/retina/tree/main')).status, 200)
    const listed = await dev.ask('GET', '/api/models?author=lab', { token: doctor })
    assert.match(listed.text, /lab\/retina/)
    const stranger = await dev.user('eve')
    assert.equal(
      (await dev.ask('GET', '/lab/retina/resolve/main/config.json', { token: stranger })).status,
      404,
    )
    assert.doesNotMatch(
      (await dev.ask('GET', '/api/models?author=lab', { token: stranger })).text,
      /retina/,
    )
    const write = await commit(dev, 'lab/retina', [header(), file('x.txt', 'x')], { token: doctor })
    assert.equal(write.status, 403, 'an agreement gives nobody leave to write')

    const forLab = await managing(dev, lab, 'lab')
    await agreements.suspend(lab, forLab, id, 'We look into\r\nsomething.\u202e')
    const paused = await read()
    assert.match(paused.message, /The agreement is suspended.*Retina segmentation/)
    assert.match(paused.message, /suspended: lab paused it on \d+ \w+ \d{4}\. Their reason: /)
    assert.match(paused.message, /Their reason: We look into something\. Agreement/)
    const told = await page.explainAccess({ repo: 'lab/retina' })
    const { said } = told.denial ?? {}
    assert.deepEqual([said?.by, said?.reason], ['lab', 'We look into something.'])
    await agreements.resume(lab, forLab, id, 'It was nothing.')
    await agreements.suspend(lab, forLab, id, 'ä'.repeat(900))
    const cut = (await read()).message
    assert.ok(cut.length <= 1_000)
    assert.match(cut, leads, 'however long the reason is')
    const long = (await page.explainAccess({ repo: 'lab/retina' })).denial?.said?.reason
    assert.equal(long, `${'ä'.repeat(200)}…`)
    await agreements.resume(lab, forLab, id, 'It was nothing.')
    assert.equal((await read()).status, 200)
    await agreements.endGrant(
      scene.clinic,
      await managing(dev, scene.clinic, 'clinic'),
      id,
      given.id,
    )
    assert.match((await read()).message, /has not let you use it/)
    await grantTo(scene, { to: { kind: 'org' } })
    assert.equal((await read()).status, 200)
    dev.clock.advance(366 * dayMs)
    const over = await read()
    assert.match(over.message, /its time has ended/, 'by the clock, before any job has run')
    assert.equal(over.status, 403)
    await agreements.tick(dev.system)
    assert.match((await read()).message, /its time has ended/)
  })
}

void test('who leaves the party, or its service, reads nothing more at once', async () => {
  const scene = await openScene()
  const { dev, clinic, read } = scene
  await using _ = dev
  await grantTo(scene, { to: { kind: 'org' } })
  assert.equal((await read()).status, 200)
  await dev.hub.identity.removeMember(clinic, await heading(dev, clinic, 'clinic'), 'dora')
  assert.equal((await read()).status, 404)
})

for (const engine of engineNames) {
  void test(`${engine}: a grant that was over when something was said is over, wherever the clock is set`, async () => {
    const scene = await openScene(engine)
    const { dev, id, doctor, read } = scene
    await using _ = dev
    await grantTo(scene, { toMs: dev.clock.nowMs() + 10 * dayMs })
    assert.equal((await read()).status, 200)
    dev.clock.advance(11 * dayMs)
    assert.match((await read()).message, /has not let you use it/)
    const clinic = await bySession(dev, 'cem')
    await grantTo({ ...scene, clinic }, { to: { kind: 'user', name: 'cia' } })
    dev.clock.advance(-5 * dayMs)
    assert.match((await read()).message, /has not let you use it/)
    const given = await clientOf(dev, doctor).getGivenAgreement({ org: 'clinic', id })
    assert.deepEqual([given.grants, given.text], [[], null])
  })
}

void test('purposes are bound to grants; restrictions are accepted; a payment is noted; each refusal names its clause', async () => {
  const wish = {
    permissions: [
      { id: 'see', clause: '1', action: 'discover', constraints: [], preconditions: [] },
      {
        id: 'get',
        clause: '1',
        action: 'download',
        constraints: [
          { operand: 'purpose', operator: 'isA', value: 'NonCommercialResearch' },
          { operand: 'spatial', operator: 'isAnyOf', value: ['EU'] },
        ],
        preconditions: [{ name: 'compensate', detail: 'EUR 100' }],
      },
    ],
    prohibitions: [
      {
        id: 'rail',
        clause: '2',
        action: 'use',
        constraints: [{ operand: 'purpose', operator: 'isAnyOf', value: ['RailMedicalAdvice'] }],
      },
    ],
  } as const
  const scene = await openScene('sqlite', wish)
  const { dev, lab, clinic, id, read } = scene
  await using _ = dev
  const { agreements } = dev.hub
  const wrong = await grantTo(scene, { purposes: ['Commercial'] })
  assert.match(
    (await read()).message,
    /conditions that are not met.*clause 1 \(Use\).*found: Commercial/,
  )
  const forClinic = await managing(dev, clinic, 'clinic')
  await agreements.endGrant(clinic, forClinic, id, wrong.id)
  const silent = await grantTo(scene, { purposes: [] })
  assert.match((await read()).message, /Accept the restrictions.*clause 2/)
  const dora = await dev.hub.identity.authenticate(scene.doctor, undefined)
  assert.ok(dora)
  const ctx = { ...dev.system, actor: dora.actor }
  await agreements.accept(ctx, dev.hub.policy.requireOwnAccount(ctx), id, { orgName: 'clinic' })
  assert.match((await read()).message, /condition that nothing is known about.*the purpose/)
  await agreements.endGrant(clinic, forClinic, id, silent.id)
  await grantTo(scene)
  assert.match((await read()).message, /Something has to be done/)
  await assert.rejects(
    agreements.noteDone(clinic, forClinic, id, { rule: 'get', name: 'compensate' }),
    /party that gives/,
  )
  await agreements.noteDone(lab, await managing(dev, lab, 'lab'), id, {
    rule: 'get',
    name: 'compensate',
  })
  assert.equal((await read()).status, 200)
  assert.equal((await read('/api/models/lab/retina/tree/main')).status, 200)
})

void test('a token that was not given the purpose, and one that may not reach so far', async () => {
  const scene = await openScene()
  const { dev } = scene
  await using _ = dev
  const permit = dev.hub.policy.requireHub(dev.system)
  const desk = await dev.hub.identity.tokensOf(permit, 'dora')
  const bound = await desk.create(dev.system, { label: 'study', role: 'read' })
  await grantTo(scene, { tokenId: bound.token.id })
  const url = '/lab/retina/resolve/main/config.json'
  const status = async (token: string) => (await dev.ask('GET', url, { token })).status
  assert.equal(await status(bound.secret), 200)
  assert.equal(await status(scene.doctor), 403)
  await grantTo(scene, { to: { kind: 'org' } })
  assert.equal(await status(scene.doctor), 200)
  const narrow = await desk.create(dev.system, {
    label: 'narrow',
    role: 'fineGrained',
    scope: {
      readsGated: false,
      entries: [{ target: { kind: 'account', name: 'dora' }, permissions: ['repo.write'] }],
    },
  })
  assert.equal(await status(narrow.secret), 404)
  const gated = await desk.create(dev.system, {
    label: 'gated',
    role: 'fineGrained',
    scope: {
      readsGated: true,
      entries: [{ target: { kind: 'account', name: 'dora' }, permissions: ['repo.write'] }],
    },
  })
  assert.equal(await status(gated.secret), 200)
})

void test('a hold stands above everything, for the owner too', async () => {
  const scene = await openScene()
  const { dev, read } = scene
  await using _ = dev
  await grantTo(scene)
  const root = clientOf(dev, await dev.user('root', { admin: true }))
  const retina = { type: 'model', ns: 'lab', name: 'retina' }
  await root.setHold({ ...retina, kind: 'legal_hold', reason: 'Court order' })
  assert.match((await read()).message, /legal hold/)
  const owner = await dev.token('ann', 'write')
  const held = await dev.ask('GET', '/lab/retina/resolve/main/config.json', { token: owner })
  assert.equal(held.status, 403)
  const write = await commit(dev, 'lab/retina', [header(), file('x.txt', 'x')], { token: owner })
  assert.equal(write.status, 403)
})

void test('an agreement about one model opens no other', async () => {
  const scene = await openScene()
  const { dev } = scene
  await using _ = dev
  await grantTo(scene, { to: { kind: 'org' } })
  await dev.repo('lab/other', { visibility: 'private' })
  assert.equal((await scene.read('/api/models/lab/other')).status, 404)
  assert.equal((await scene.read()).status, 200)
})

/** A client that has taken the beginning of a file and waits: how its transfer ends. */
const slowly = (port: number, token: string, path: string, range?: string) => {
  const ended = Promise.withResolvers<'whole' | 'cut'>()
  const begun = Promise.withResolvers<() => void>()
  const asked = get(
    {
      host: '127.0.0.1',
      port,
      path,
      headers: range === undefined ? { authorization: `Bearer ${token}` } : { range },
    },
    (answer) => {
      assert.ok((answer.statusCode ?? 0) < 300, `${path}: ${answer.statusCode}`)
      const wanted = Number(answer.headers['content-length'])
      let size = 0
      answer.once('readable', () => begun.resolve(() => answer.resume()))
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length
      })
      answer.pause()
      answer.on('close', () => ended.resolve(size === wanted ? 'whole' : 'cut'))
      answer.on('error', () => ended.resolve('cut'))
    },
  )
  asked.on('error', () => ended.resolve('cut'))
  return { begun: begun.promise, ended: ended.promise }
}

void test('suspending an agreement cuts running downloads within a minute and leaves others alone; a hold cuts all', async () => {
  const scene = await openScene()
  const { dev, lab, id, doctor } = scene
  await using _ = dev
  await grantTo(scene)
  const owner = await dev.token('ann', 'write')
  // More than the buffers of both sockets hold.
  const weights = randomBytes(32 * 1024 * 1024)
  await upload(dev, 'lab/retina', weights, owner)
  const lines = [header(), lfsFile('w.bin', weights)]
  assert.equal((await commit(dev, 'lab/retina', lines, { token: owner })).status, 200)
  const pushed = wholeOf(makeXorb(cutEvery(randomBytes(48 * 1024 * 1024), 128 * 1024)))
  await push(dev, 'lab/retina', owner, pushed, 'x.bin')
  const grant = await reader(dev, 'lab/retina', doctor)
  const { xorbs } = await planOf(dev, grant, pushed.hash)
  const [[fetched] = []] = Object.values(xorbs)
  const bytes = fetched?.ranges[0]?.bytes ?? assert.fail()
  assert.ok(bytes.end - bytes.start > 32 * 1024 * 1024, 'more than the buffers hold')
  const objects = [{ oid: sha256(weights), size: weights.length }]
  const wish = { token: doctor, operation: 'download' }
  const { actions } = offered(await batch(dev, 'lab/retina', objects, wish))
  const { port } = await dev.server.listen()
  const path = '/lab/retina/resolve/main/w.bin'
  const theirs = Array.from({ length: 20 }, () => slowly(port, doctor, path))
  const own = slowly(port, owner, path)
  theirs.push(slowly(port, doctor, local(fetched?.url), `bytes=${bytes.start}-${bytes.end}`))
  theirs.push(slowly(port, doctor, local(actions?.download?.href), 'bytes=0-'))
  const goOn = await Promise.all([...theirs, own].map(({ begun }) => begun))
  dev.clock.advance(31_000)
  await dev.hub.agreements.suspend(
    lab,
    await managing(dev, lab, 'lab'),
    id,
    'We look into something.',
  )
  dev.clock.advance(31_000)
  const connections = promisify(dev.server.app.server.getConnections.bind(dev.server.app.server))
  await until(async () => (await connections()) === 1)
  for (const resume of goOn) resume()
  assert.deepEqual([...new Set(await Promise.all(theirs.map(({ ended }) => ended)))], ['cut'])
  assert.equal(await own.ended, 'whole')
  const held = slowly(port, owner, path)
  const goOnHeld = await held.begun
  const root = clientOf(dev, await dev.user('root', { admin: true }))
  await root.setHold({ type: 'model', ns: 'lab', name: 'retina', kind: 'quarantine', reason: 'x' })
  dev.clock.advance(31_000)
  await until(async () => (await connections()) === 0)
  goOnHeld()
  assert.equal(await held.ended, 'cut', 'a hold ends a download of the owner too')
})

for (const engine of engineNames)
  void test(`${engine}: a template is filled and signed as it is, and its limit of named users is kept`, async () => {
    const two = await openTwoParties(engine)
    const { dev, lab, clinic } = two
    await using _ = dev
    const { agreements } = dev.hub
    const writer = await dev.token('ann', 'write')
    await commit(dev, 'lab/retina', [header(), file('config.json', '{}')], { token: writer })
    const forLab = await managing(dev, lab, 'lab')
    const forClinic = await managing(dev, clinic, 'clinic')
    const id = await agreements.create(lab, forLab, {
      title: 'From a template',
      templateId: 'research',
      parties: [
        { name: 'lab', role: 'provider' },
        { name: 'clinic', role: 'consumer' },
      ],
    })
    const { fields } = agreements.templates.find((one) => one.id === 'research') ?? { fields: [] }
    const given: Record<string, unknown> = {
      from: iso(dev.clock.nowMs()),
      to: iso(dev.clock.nowMs() + 300 * dayMs),
      users: 2,
      credit: 'Lab e.V.',
      governingLaw: 'Germany',
      legalContact: 'legal@lab.example',
      technicalContact: 'tech@lab.example',
      incidentContact: 'incident@lab.example',
    }
    const known = new Set(fields.map((field) => field.id))
    const values = Object.fromEntries(Object.entries(given).filter(([name]) => known.has(name)))
    const filled = agreements.fill('research', values)
    const what = await agreements.draft(lab, forLab, id, {
      ...filled,
      repos: [{ type: 'model', path: 'lab/retina' }],
    })
    await agreements.propose(lab, forLab, id, what)
    await agreements.agree(clinic, forClinic, id, what)
    for (const [name, orgName] of [
      ['ann', 'lab'],
      ['cem', 'clinic'],
    ] as const) {
      const ctx = await bySession(dev, name)
      await agreements.sign(ctx, dev.hub.policy.requireOwnAccount(ctx), id, { ...what, orgName })
    }
    await agreements.tick(dev.system)
    const tokens: string[] = []
    const name = async (user: string) => {
      tokens.push(await dev.user(user))
      await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), user, 'read')
      const to = { kind: 'user', name: user } as const
      const wish = { project: 'study', purposes: ['NonCommercialResearch'], to }
      return agreements.grant(clinic, forClinic, id, wish)
    }
    const statuses = () =>
      Promise.all(
        tokens.map(
          async (token) =>
            (await dev.ask('GET', '/lab/retina/resolve/main/config.json', { token })).status,
        ),
      )
    const first = await name('dora')
    await name('emil')
    await assert.rejects(name('fay'), /for 2 named users/)
    assert.deepEqual(await statuses(), [200, 200, 403], 'one too many shuts nobody out')
    await agreements.endGrant(clinic, forClinic, id, first.id)
    assert.deepEqual(await statuses(), [403, 200, 403])
    assert.throws(() => agreements.fill('research', { ...values, users: 'many' }), /users/)
    assert.throws(() => agreements.fill('nothing', {}), /no such template/)
  })

void test('what an agreement lets somebody see, they do not thereby read through another repo', async () => {
  const scene = await openScene()
  const { dev, doctor } = scene
  await using _ = dev
  const dora = await dev.hub.identity.authenticate(doctor, undefined)
  assert.ok(dora)
  const readable = readableRepos(dora.actor, dev.clock.nowMs())
  const ids = async () =>
    (
      await dev.house.db.read
        .selectFrom('repo')
        .select('repo.name')
        .where((eb) => readable(eb))
        .execute()
    ).map(({ name }) => name)
  assert.deepEqual(await ids(), [], 'no grant yet')
})

void test('a model that is handed to somebody else is no longer shared by what its old owner signed', async () => {
  const scene = await openScene()
  const { dev, read } = scene
  await using _ = dev
  await grantTo(scene, { to: { kind: 'org' } })
  assert.equal((await read()).status, 200)
  await dev.user('owen')
  await dev.org('other', 'owen')
  const repo = await dev.hub.policy.require(dev.system, 'repo.admin', {
    type: 'model',
    path: 'lab/retina',
  })
  const namespace = await dev.hub.policy.requireNamespace(dev.system, 'namespace.create', 'other')
  await dev.hub.repos.move(dev.system, repo, { namespace, name: 'retina' })
  assert.equal((await read('/other/retina/resolve/main/config.json')).status, 404)
  const listed = await dev.ask('GET', '/api/models?author=other', { token: scene.doctor })
  assert.doesNotMatch(listed.text, /retina/)
})

void test('a limit that nothing counts yet permits nothing', async () => {
  const scene = await openScene('sqlite', {
    permissions: [
      { id: 'see', clause: '1', action: 'discover', constraints: [], preconditions: [] },
      {
        id: 'get',
        clause: '1',
        action: 'download',
        constraints: [{ operand: 'callsPerCalendarMonth', operator: 'lteq', value: 10 }],
        preconditions: [],
      },
    ],
  })
  const { dev, read } = scene
  await using _ = dev
  await grantTo(scene)
  assert.match((await read()).message, /condition that nothing is known about.*calls this month/)
})

void test('many accept at one moment, and each is written down', async () => {
  const scene = await openScene()
  const { dev, clinic, id } = scene
  await using _ = dev
  const names = ['eli', 'fay', 'gus', 'hao', 'ida', 'jun']
  const people = await Promise.all(
    names.map(async (name) => {
      const holder = await dev.hub.identity.authenticate(await dev.user(name), undefined)
      assert.ok(holder)
      await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), name, 'read')
      return { ...dev.system, actor: holder.actor }
    }),
  )
  const accept = (ctx: (typeof people)[number]) =>
    dev.hub.agreements.accept(ctx, dev.hub.policy.requireOwnAccount(ctx), id, { orgName: 'clinic' })
  await Promise.all(people.map(accept))
  const rows = await dev.house.db.read.selectFrom('agreement_assent').selectAll().execute()
  assert.equal(rows.length, names.length)
})
