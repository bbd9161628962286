/** News for those who look at pages: who hears of what, where it goes on after a cut, and when it ends. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError } from '@weighhouse/contract/client.ts'
import { type LiveNews, listenTo } from '@weighhouse/contract/live.ts'
import { makeEvents } from '@weighhouse/server/core/events/index.ts'
import { makeSealer } from '@weighhouse/server/core/kernel/seal.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { makeLive } from '@weighhouse/server/core/live/index.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { begin, managing, openTwoParties, sign, toAgreed, wishOf } from './agreement-kit.ts'
import { commit, file, header } from './calls.ts'
import { clientOf, signedIn as actingAs } from './org-kit.ts'
import { own, signedIn, userWithPassword } from './signin-kit.ts'

/** What happened before is no news: every stream of these tests begins later than that. */
const later = (dev: DevHouse): void => dev.clock.advance(limits.liveFreshMs + 1)

/** `dora` reads for the clinic and administers nothing; `eve` belongs to neither party. */
const openOthers = async (dev: DevHouse): Promise<void> => {
  await userWithPassword(dev, 'dora')
  await userWithPassword(dev, 'eve')
  await dev.org('others', 'eve')
  const cem = await actingAs(dev, 'cem')
  const members = await dev.hub.policy.requireNamespace(cem, 'namespace.manage', 'clinic')
  await dev.hub.identity.addMember(cem, members, 'dora', 'read')
}

interface Ear extends Disposable {
  /** What was heard and not asked for yet, such as `repo model/lab/retina`; waits for it. */
  heard(): Promise<string[]>
  /** The same where nothing is expected: waits a moment. */
  heardNothing(): Promise<void>
  /** Of the last news. */
  place(): string
  /** Resolves when the hub has ended the stream. */
  readonly over: Promise<void>
}

/** By a socket, as a browser listens. */
const openEars = async (dev: DevHouse) => {
  const { port } = await dev.server.listen()
  const listen = async (headers: Record<string, string>, after?: string): Promise<Ear> => {
    const stop = new AbortController()
    const news = listenTo({
      url: `http://127.0.0.1:${port}`,
      signal: stop.signal,
      ...(after === undefined ? {} : { after }),
      fetch: (url, init) =>
        fetch(url, { ...init, headers: { ...(init?.headers as object), ...headers } }),
    })
    const got: LiveNews[] = []
    const first = await news.next()
    assert.ok(first.value !== undefined, 'expected a first word at once')
    got.push(first.value)
    let place = first.value.place
    const over = (async () => {
      for await (const one of news) {
        got.push(one)
        place = one.place
      }
    })().catch(() => undefined)
    const taken = (): string[] =>
      got
        .splice(0)
        .flatMap(({ kind, changes }) =>
          kind === 'changes' ? changes.map(({ topic, id }) => `${topic} ${id ?? '-'}`) : [kind],
        )
        .filter((word) => word !== 'beat')
    return {
      over,
      place: () => place,
      async heard() {
        await dev.house.events.settle()
        // What the hub has sent comes by the socket a moment later.
        for (let tries = 0; tries < 500; tries += 1) {
          const words = taken()
          if (words.length > 0) return words
          await sleep(20)
        }
        throw new Error('expected news within 10 seconds')
      },
      async heardNothing() {
        await dev.house.events.settle()
        await sleep(100)
        assert.deepEqual(taken(), [])
      },
      [Symbol.dispose]: () => stop.abort(),
    }
  }
  return {
    listen,
    /** In a session of its own. */
    as: async (name: string, after?: string) =>
      listen({ cookie: await signedIn(dev, name) }, after),
  }
}

const openTwo = (engine: (typeof engineNames)[number]) =>
  openDevHouse({ engine, env: { WEIGHHOUSE_PUBLIC_URL: 'http://localhost' } })

for (const engine of engineNames) {
  void test(`${engine}: a commit is told to those who may know the repo, and to nobody else`, async () => {
    await using dev = await openTwo(engine)
    for (const name of ['ann', 'mia', 'bob']) await userWithPassword(dev, name)
    await dev.org('lab', 'ann')
    const ann = await actingAs(dev, 'ann')
    const members = await dev.hub.policy.requireNamespace(ann, 'namespace.manage', 'lab')
    await dev.hub.identity.addMember(ann, members, 'mia', 'read')
    await dev.repo('lab/secret', { visibility: 'private' })
    await dev.repo('lab/open')
    const token = await dev.token('ann', 'write')
    later(dev)
    const ears = await openEars(dev)
    using member = await ears.as('mia')
    using stranger = await ears.as('bob')
    await commit(dev, 'lab/secret', [header(), file('a.txt', '1')], { token })
    assert.deepEqual(await member.heard(), ['repo model/lab/secret'])
    await stranger.heardNothing()
    await commit(dev, 'lab/open', [header(), file('a.txt', '1')], { token })
    assert.deepEqual(await stranger.heard(), ['repo model/lab/open'])

    // What she may know is asked each time.
    await member.heard()
    await dev.hub.identity.removeMember(ann, members, 'mia')
    await commit(dev, 'lab/secret', [header(), file('a.txt', '2')], { token })
    await member.heardNothing()
  })

  void test(`${engine}: an agreement is told to those who look after a party, once it was offered`, async () => {
    const two = await openTwoParties(engine)
    const { dev, lab } = two
    await using _ = dev
    await openOthers(dev)
    later(dev)
    const ears = await openEars(dev)
    using author = await ears.as('ada')
    using partner = await ears.as('cem')
    using doctor = await ears.as('dora')
    using stranger = await ears.as('eve')
    const permit = await managing(dev, lab, 'lab')
    const id = await begin(two)
    const draft = await dev.hub.agreements.draft(lab, permit, id, wishOf(dev))
    assert.deepEqual(new Set(await author.heard()), new Set([`agreement ${id}`]))
    await partner.heardNothing()
    await dev.hub.agreements.propose(lab, permit, id, draft)
    assert.deepEqual(await partner.heard(), [`agreement ${id}`])
    await doctor.heardNothing()
    await stranger.heardNothing()
  })
}

void test('people of a party hear when what they may do with its models changes, and nothing of the talk', async () => {
  const two = await openTwoParties()
  const { dev, lab, clinic } = two
  await using _ = dev
  await openOthers(dev)
  later(dev)
  const ears = await openEars(dev)
  using doctor = await ears.as('dora')
  using stranger = await ears.as('eve')
  const { id, what, forLab, forClinic } = await toAgreed(two)
  await sign(two, 'ann', 'lab', id, what)
  await doctor.heardNothing()
  await sign(two, 'cem', 'clinic', id, what)
  assert.deepEqual(await doctor.heard(), ['repo -'])
  const { agreements } = dev.hub
  await agreements.tick(dev.system)
  assert.deepEqual(await doctor.heard(), ['repo -'])

  await agreements.suspend(lab, forLab, id, 'We look into a report.')
  assert.deepEqual(await doctor.heard(), ['repo -'])
  await agreements.resume(lab, forLab, id, 'It was a mistake.')
  assert.deepEqual(await doctor.heard(), ['repo -'])

  // An amendment is the business of those who speak for the parties until all have signed it.
  const second = await agreements.draft(lab, forLab, id, wishOf(dev, { noticeDays: 60 }))
  await agreements.propose(lab, forLab, id, second)
  await agreements.agree(clinic, forClinic, id, second)
  await sign(two, 'ann', 'lab', id, second)
  await doctor.heardNothing()
  await sign(two, 'cem', 'clinic', id, second)
  assert.deepEqual(await doctor.heard(), ['repo -'])

  await agreements.rescind(lab, forLab, id, 'It was a mistake.')
  await doctor.heardNothing()
  await agreements.terminate(lab, forLab, id, 'It was passed on.', { cause: true })
  assert.deepEqual(await doctor.heard(), ['repo -'])

  const other = await toAgreed(two)
  await sign(two, 'ann', 'lab', other.id, other.what)
  await sign(two, 'cem', 'clinic', other.id, other.what)
  assert.deepEqual(await doctor.heard(), ['repo -'])
  await agreements.rescind(lab, forLab, other.id, 'It was a mistake.')
  await doctor.heardNothing()
  await agreements.rescind(clinic, forClinic, other.id, 'So we think.')
  assert.deepEqual(await doctor.heard(), ['repo -'])
  await stranger.heardNothing()
})

void test('a request is told to who decides and to who asked; a failed job to administrators', async () => {
  await using dev = await openTwo('sqlite')
  for (const name of ['ann', 'mia', 'bob', 'eve']) await userWithPassword(dev, name)
  await userWithPassword(dev, 'root-admin', true)
  await dev.org('lab', 'ann')
  const ann = await actingAs(dev, 'ann')
  const members = await dev.hub.policy.requireNamespace(ann, 'namespace.manage', 'lab')
  await dev.hub.identity.addMember(ann, members, 'mia', 'read')
  await dev.repo('lab/gated')
  const owner = await dev.hub.policy.require(ann, 'repo.admin', {
    type: 'model',
    path: 'lab/gated',
  })
  await dev.hub.repos.setGate(ann, owner, { kind: 'manual' })
  const asking = clientOf(dev, await dev.token('bob', 'write'))
  later(dev)
  const ears = await openEars(dev)
  using decider = await ears.as('ann')
  using reader = await ears.as('mia')
  using asker = await ears.as('bob')
  using stranger = await ears.as('eve')
  using admin = await ears.as('root-admin')
  await asking.askAccess({ type: 'model', ns: 'lab', name: 'gated', fields: {} })
  assert.deepEqual(await decider.heard(), ['requests model/lab/gated'])
  assert.deepEqual(await asker.heard(), ['requests model/lab/gated'])
  await reader.heardNothing()
  await stranger.heardNothing()
  assert.deepEqual(await admin.heard(), ['requests model/lab/gated'])

  dev.hub.jobs.handle('fragile', () => Promise.reject(new Error('the wire is cut')))
  const job = { kind: 'fragile', workKey: 'fragile', payload: {} }
  await dev.house.db.tx((q, after) => dev.hub.jobs.enqueue({ q, after }, job))
  for (let times = 0; times < limits.jobAttemptsMax; times += 1) {
    await dev.hub.jobs.settle()
    dev.clock.advance(3600_000)
  }
  assert.deepEqual(await admin.heard(), ['jobs -'])
  await decider.heardNothing()
})

/** `ann` signs in and has a repo of her own. */
const openOne = async () => {
  const dev = await openTwo('sqlite')
  await userWithPassword(dev, 'ann')
  const token = await dev.token('ann', 'write')
  await dev.repo('ann/m', { visibility: 'private' })
  const change = (text: string) => commit(dev, 'ann/m', [header(), file('a.txt', text)], { token })
  later(dev)
  return { dev, change, token, ears: await openEars(dev) }
}

void test('after a cut it goes on from where it was; from too far back, and from no place of ours, all is read again', async () => {
  const { dev, change, ears } = await openOne()
  await using _ = dev
  later(dev)
  const first = await ears.as('ann')
  await change('1')
  assert.deepEqual(await first.heard(), ['repo model/ann/m'])
  const place = first.place()
  assert.doesNotMatch(place, /^\d+$/, 'it says nothing of how much happens here')
  first[Symbol.dispose]()
  await change('2')
  later(dev)
  using again = await ears.as('ann', place)
  assert.deepEqual(await again.heard(), ['repo model/ann/m'])
  using fresh = await ears.as('ann')
  await fresh.heardNothing()
  using strange = await ears.as('ann', 'v1.somewhere')
  assert.deepEqual(await strange.heard(), ['reload'])
  await dev.house.db.tx(async (q, after) => {
    for (let count = 0; count <= limits.liveMissedEventsMax; count += 1) {
      const tx = { q, after, ctx: dev.system }
      await dev.house.events.append(tx, 'xorb_damaged', { xorb: 'x' })
    }
  })
  using late = await ears.as('ann', place)
  assert.deepEqual(await late.heard(), ['reload'])
})

void test('what changed while the page was on its way is told at once', async () => {
  const { dev, change, ears } = await openOne()
  await using _ = dev
  later(dev)
  const cookie = await signedIn(dev)
  await change('1')
  await dev.house.events.settle()
  using ear = await ears.listen({ cookie })
  assert.deepEqual(await ear.heard(), ['repo model/ann/m'])
})

void test('it is of a session: nobody and tokens have none, and it ends with it', async () => {
  const { dev, change, ears, token } = await openOne()
  await using _ = dev
  const isRefused = (error: unknown): boolean =>
    error instanceof ApiError && error.code === 'unauthenticated'
  await assert.rejects(ears.listen({}), isRefused)
  await assert.rejects(ears.listen({ authorization: `Bearer ${token}` }), isRefused)
  await assert.rejects(ears.listen({ cookie: 'weighhouse=nothing' }), isRefused)

  const cookie = await signedIn(dev)
  using ear = await ears.listen({ cookie })
  using other = await ears.as('ann')
  const out = await dev.ask('POST', '/logout', { headers: { ...own, cookie }, body: '' })
  assert.ok(out.status < 400, out.text)
  await dev.house.events.settle()
  await ear.over
  later(dev)
  await other.heardNothing()
  await change('1')
  assert.deepEqual(await other.heard(), ['repo model/ann/m'], 'her other session goes on')
  const permit = dev.hub.policy.requireHub(dev.system)
  await dev.hub.identity.disableUser(dev.system, permit, 'ann')
  await dev.house.events.settle()
  await other.over
})

void test('a session that runs out ends it by the next beat, and listening keeps no session alive', async () => {
  const { dev, ears } = await openOne()
  await using _ = dev
  using ear = await ears.as('ann')
  for (let day = 0; day < 13; day += 1) {
    dev.clock.advance(24 * 3600_000)
    await ear.heardNothing()
  }
  dev.clock.advance(24 * 3600_000 + 1)
  await ear.over
})

void test('so many and no more listen for one person, and whoever goes makes room', async () => {
  const { dev, ears } = await openOne()
  await using _ = dev
  const cookie = await signedIn(dev)
  const open: Ear[] = []
  for (let count = 0; count < limits.liveStreamsPerPersonMax; count += 1) {
    open.push(await ears.listen({ cookie }))
  }
  const isTooMany = (error: unknown): boolean => error instanceof ApiError && error.status === 429
  await assert.rejects(ears.listen({ cookie }), isTooMany)
  const gone = open.pop()
  gone?.[Symbol.dispose]()
  await gone?.over
  await sleep(100)
  open.push(await ears.listen({ cookie }))
  for (const ear of open) ear[Symbol.dispose]()
})

void test('a stop ends it at once', async () => {
  const { dev, ears } = await openOne()
  await using _ = dev
  using ear = await ears.as('ann')
  // The clock of the test stands still: nothing but the end of the stream lets the server close.
  await Promise.all([dev.server.close(60_000), ear.over])
})

void test('another process of the same hub tells what happened here', async () => {
  const { dev, change } = await openOne()
  await using _ = dev
  later(dev)
  const { clock } = dev
  const { policy, identity, agreements, chance } = dev.hub
  const { log } = dev.system
  await using events = makeEvents({ db: dev.house.db, clock, log })
  const sealer = makeSealer(randomBytes(32), 'places', chance)
  const live = makeLive({ events, policy, identity, agreements, sealer, clock, log })
  live.start()
  await events.settle()
  const actor = (await actingAs(dev, 'ann')).actor
  const news = await live.listen(dev.system, { who: () => Promise.resolve(actor) })
  assert.equal((await news.next()).value?.kind, 'beat')
  for (const text of ['1', '2', '3']) await change(text)
  await events.settle()
  // Three commits that nobody has read of are one change.
  const { value } = await news.next()
  assert.deepEqual(value?.changes, [{ topic: 'repo', id: 'model/ann/m' }])
  await news.return?.()
})
