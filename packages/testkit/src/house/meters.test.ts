/** What an agreement counts: each door, to the last one that is allowed and no further, also when many come at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Comparison } from '@weighhouse/formats/terms/terms.ts'
import type { AgreementId } from '@weighhouse/server/core/kernel/ids.ts'
import { type EngineName, engineNames } from '../engines.ts'
import type { Answer } from '../dev-house.ts'
import {
  dayMs,
  heading,
  managing,
  openTwoParties,
  toActive,
  type TwoParties,
  wishOf,
} from './agreement-kit.ts'
import { batch, commit, file, header, local, offered, sha256 } from './calls.ts'
import { clientOf, refusedWith } from './org-kit.ts'
import { cas, pull, push, reader } from './xet-calls.ts'
import { floats, packed } from './xet-kit.ts'
import { makeRandom } from '../random.ts'

interface Scene extends TwoParties {
  readonly id: AgreementId
  readonly doctor: string
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Answer>
  /** Used of each operand. */
  used(): Promise<Record<string, number>>
}

const weights = packed(floats(makeRandom(7), 60_000))

const openScene = async (limit: Comparison, engine: EngineName = 'sqlite'): Promise<Scene> => {
  const two = await openTwoParties(engine)
  const { dev, lab, clinic } = two
  const writer = await dev.token('ann', 'write')
  const lines = ['a', 'b', 'c', 'd'].map((name) => file(`${name}.json`, `{"${name}":1}`))
  const done = await commit(dev, 'lab/retina', [header(), ...lines], { token: writer })
  assert.equal(done.status, 200)
  await push(dev, 'lab/retina', writer, weights, 'model.bin')
  const doctor = await dev.user('dora')
  await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'read')
  const { permissions, ...terms } = wishOf(dev).terms
  const counted = permissions.map((one) =>
    one.action === 'download' ? { ...one, constraints: [limit] } : one,
  )
  const { id, forClinic } = await toActive(two, { terms: { ...terms, permissions: counted } })
  await dev.hub.agreements.grant(clinic, forClinic, id, {
    project: 'retina study',
    purposes: [],
    to: { kind: 'user', name: 'dora' },
  })
  return {
    ...two,
    id,
    doctor,
    get: (path, headers = {}, method = 'GET') =>
      dev.ask(method, `/lab/retina/resolve/main/${path}`, { token: doctor, headers }),
    async used() {
      const permit = await managing(dev, lab, 'lab')
      const meters = await dev.hub.agreements.meters(permit, id)
      for (const { reserved } of meters) assert.equal(reserved, 0, 'nothing stays set aside')
      return Object.fromEntries(meters.map(({ operand, used }) => [operand, used]))
    },
  }
}

const downloads = (value: number): Comparison => ({
  operand: 'downloadsTotal',
  operator: 'lteq',
  value,
})

for (const engine of engineNames) {
  void test(`${engine}: the last one passes, the next one is told, and what was counted may be fetched again`, async () => {
    const { dev, get, used, id } = await openScene(downloads(2), engine)
    await using _ = dev
    assert.equal((await get('a.json')).status, 200)
    assert.equal((await get('a.json', { range: 'bytes=2-' })).status, 206)
    assert.equal((await get('b.json', {}, 'HEAD')).status, 200)
    assert.equal((await used())['downloadsTotal'], 1, 'a second request and a HEAD do not count')
    assert.equal((await get('b.json')).status, 200)
    const over = await get('c.json')
    assert.equal(over.status, 403)
    assert.equal(over.headers['x-error-code'], 'GatedRepo')
    assert.equal(over.headers['x-weighhouse-reason'], 'QUOTA_EXHAUSTED')
    assert.match(
      over.headers['x-error-message'] ?? '',
      /used up.*Agreement "Retina.*Needed: downloads in all is at most 2; found: 3/,
    )
    assert.equal((await get('c.json', {}, 'HEAD')).status, 200)
    assert.equal((await get('b.json')).status, 200, 'again on the same day')
    assert.deepEqual(await used(), { bytesTotal: 14, downloadsTotal: 2 })
    dev.clock.advance(2 * dayMs)
    assert.equal((await get('b.json')).status, 403, 'another day counts anew')
    await dev.hub.agreements.tick(dev.system)
    const said = await dev.house.db.read
      .selectFrom('agreement_statement')
      .select('command_key')
      .where('agreement_id', '=', id)
      .where('kind', '=', 'meter_notice')
      .execute()
    assert.equal(said.length, 1, 'a notice once')
    // The owner's own people use nothing up.
    const ann = await dev.token('ann', 'read')
    const own = await dev.ask('GET', '/lab/retina/resolve/main/d.json', { token: ann })
    assert.equal(own.status, 200)
  })

  void test(`${engine}: many at once never pass the limit`, async () => {
    const { dev, get, used } = await openScene(downloads(2), engine)
    await using _ = dev
    const names = ['a', 'b', 'c', 'd'].flatMap((name) => [name, name, name])
    const answers = await Promise.all(names.map((name) => get(`${name}.json`)))
    const passed = new Set(names.filter((_name, i) => answers[i]?.status === 200))
    assert.equal(passed.size, 2)
    for (const { status } of answers) assert.ok(status === 200 || status === 403, String(status))
    assert.equal((await used())['downloadsTotal'], 2)
  })
}

void test('one file by three doors counts once; by each it is refused when nothing is left', async () => {
  const scene = await openScene(downloads(1))
  const { dev, get, used, doctor } = scene
  await using _ = dev
  const grant = await reader(dev, 'lab/retina', doctor)
  const object = { oid: sha256(weights.bytes), size: weights.bytes.length }
  const link = async (): Promise<string> =>
    local(
      offered(await batch(dev, 'lab/retina', [object], { operation: 'download', token: doctor }))
        .actions?.download?.href,
    )
  const plan = `/v2/reconstructions/${weights.hash}`
  const offersXet = async () => 'x-xet-hash' in (await get('model.bin', {}, 'HEAD')).headers
  assert.equal(await offersXet(), true)
  assert.equal((await cas(dev, grant, 'GET', plan)).status, 200)
  assert.equal((await get('model.bin')).status, 200)
  assert.equal((await dev.ask('GET', await link())).status, 200)
  assert.deepEqual(await used(), { bytesTotal: weights.bytes.length, downloadsTotal: 1 })
  assert.equal((await get('a.json')).status, 403)
  assert.equal(await offersXet(), true, 'counted today')
  dev.clock.advance(10 * 60_000)
  assert.deepEqual(await pull(dev, grant, weights.hash), Buffer.from(weights.bytes))
  // The next day, with nothing left.
  dev.clock.advance(2 * dayMs)
  const fresh = await reader(dev, 'lab/retina', doctor)
  assert.equal((await cas(dev, fresh, 'GET', plan)).status, 403)
  assert.equal((await get('model.bin')).status, 403)
  assert.equal((await dev.ask('GET', await link())).status, 403)
  // Its clients would not show why: they go on by the plain GET, which says it.
  assert.equal(await offersXet(), false)
  const facts = await get('model.bin', { accept: 'application/vnd.xet-fileinfo+json' })
  assert.equal(facts.headers['x-error-code'], 'GatedRepo')
})

void test('bytes are counted by the file, and a limit of bytes refuses one that would pass it', async () => {
  const { dev, get, used } = await openScene({
    operand: 'bytesTotal',
    operator: 'lt',
    value: 15,
  })
  await using _ = dev
  assert.equal((await get('a.json')).status, 200)
  assert.equal((await get('model.bin')).status, 403)
  assert.equal((await get('b.json')).status, 200)
  assert.equal((await get('c.json')).status, 403)
  assert.deepEqual(await used(), { bytesTotal: 14, downloadsTotal: 2 })
})

void test('what fails on our side counts nothing, and what never ended is given back', async () => {
  const scene = await openScene(downloads(1))
  const { dev, get, used, doctor, id } = scene
  await using _ = dev
  const { content } = dev.hub
  const { open } = content
  // A disk that does not answer, for one request.
  Object.assign(content, { open: () => Promise.reject(new Error('disk')) })
  assert.equal((await get('model.bin')).status, 500)
  Object.assign(content, { open })
  assert.deepEqual(await used(), { bytesTotal: 0, downloadsTotal: 0 })
  const actor = (await dev.hub.identity.authenticate(doctor))?.actor
  assert.ok(actor)
  const ctx = { ...dev.system, actor }
  const permit = await dev.hub.policy.require(ctx, 'repo.read', {
    type: 'model',
    path: 'lab/retina',
  })
  const lost = await dev.hub.agreements.reserveDownload(ctx, permit, { content: 'x', sizeBytes: 1 })
  assert.ok(lost)
  assert.equal((await get('a.json')).status, 403, 'what is under way takes its room')
  dev.clock.advance(16 * 60_000)
  await dev.hub.agreements.tick(dev.system)
  assert.equal((await get('a.json')).status, 200)
  await lost.commit()
  assert.equal((await used())['downloadsTotal'], 1, 'given back is given back')
  const cem = clientOf(dev, await dev.token('cem', 'read'))
  const { items } = await cem.listAgreementMeters({ org: 'clinic', id })
  assert.deepEqual(
    items.map(({ operand, used: count, most }) => [operand, count, most]),
    [
      ['bytesTotal', 7, null],
      ['downloadsTotal', 1, 1],
    ],
  )
  const eve = await dev.user('eve')
  await dev.org('other', 'eve')
  await refusedWith(
    clientOf(dev, eve).listAgreementMeters({ org: 'other', id }),
    404,
    'entry_not_found',
  )
})

void test('what a page shows as text counts as fetched, and so does what a comparison tells', async () => {
  const { dev, doctor, get, used } = await openScene(downloads(2))
  await using _ = dev
  const ask = (path: string): Promise<Answer> => dev.ask('GET', path, { token: doctor })
  const page = (path: string): Promise<Answer> =>
    ask(`/weighhouse/v1/repos/model/lab/retina/${path}`)
  for (const path of [
    'tree?at=main',
    'card?at=main',
    'file?at=main/model.bin',
    'commits?at=main',
  ]) {
    assert.equal((await page(path)).status, 200, path)
  }
  assert.deepEqual(await used(), {}, 'names, and what is not shown')
  assert.equal((await page('file?at=main/a.json')).status, 200)
  assert.equal((await page('card?at=main/a.json')).status, 200)
  assert.equal((await get('a.json')).status, 200)
  assert.equal((await used())['downloadsTotal'], 1, 'once a day, by whichever door')
  // A cast because the form is the contract's.
  const { items } = (await page('commits?at=main')).json() as { items: { id: string }[] }
  const [last, first] = [items[0]?.id, items.at(-1)?.id]
  const refused = [
    `/api/models/lab/retina/compare/${first}..${last}`,
    `/weighhouse/v1/repos/model/lab/retina/changes?from=${first}&to=${last}`,
  ]
  for (const path of refused) {
    const answer = await ask(path)
    assert.equal(answer.headers['x-weighhouse-reason'], 'QUOTA_EXHAUSTED', path)
    assert.ok(!answer.text.includes('"d"'), path)
  }
  assert.equal((await used())['downloadsTotal'], 2, 'it told of one more before it stopped')
  assert.equal((await ask(`${refused[0]}?raw=true`)).status, 200, 'names alone')
  const over = await page('file?at=main/d.json')
  assert.deepEqual([over.status, over.headers['x-weighhouse-reason']], [429, 'QUOTA_EXHAUSTED'])
})

/** What a door does for dora before it gives her anything. */
const reserver = async (dev: TwoParties['dev']) => {
  const found = await dev.hub.identity.authenticate(await dev.token('dora', 'read'))
  assert.ok(found)
  const ctx = { ...dev.system, actor: found.actor }
  const { agreements, policy } = dev.hub
  const permit = await policy.require(ctx, 'repo.read', { type: 'model', path: 'lab/retina' })
  return (content: string) => agreements.reserveDownload(ctx, permit, { content, sizeBytes: 7 })
}

void test('who shares what another has set aside counts it when that one gives it back', async () => {
  const { dev, used } = await openScene(downloads(1))
  await using _ = dev
  const reserve = await reserver(dev)
  const first = await reserve('a')
  const second = await reserve('a')
  await assert.rejects(reserve('b'), /used up/, 'the only one is set aside')
  await first?.release()
  await second?.commit()
  assert.deepEqual(await used(), { bytesTotal: 7, downloadsTotal: 1 })

  const third = await reserve('a')
  await third?.commit()
  assert.deepEqual(await used(), { bytesTotal: 7, downloadsTotal: 1 }, 'once a day')
})

void test('what was given back and taken by another meanwhile is not given', async () => {
  const { dev, used } = await openScene(downloads(1))
  await using _ = dev
  const reserve = await reserver(dev)
  const first = await reserve('a')
  const second = await reserve('a')
  await first?.release()
  const other = await reserve('b')
  await other?.commit()
  await assert.rejects(async () => second?.commit(), /used up/)
  assert.deepEqual(await used(), { bytesTotal: 7, downloadsTotal: 1 })
})
