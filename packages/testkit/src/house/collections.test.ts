/** Collections: made, found by old names too, ordered, hidden from others. On both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, openDevHouse } from '../dev-house.ts'
import { type EngineName, engineNames } from '../engines.ts'

interface Item {
  readonly _id: string
  readonly id: string
  readonly type: string
  readonly slug?: string
  readonly position: number
  readonly note?: { readonly text: string; readonly html: string }
}

interface Shown {
  readonly slug: string
  readonly title: string
  readonly position?: number
  readonly private: boolean
  readonly upvotes: number
  readonly items: readonly Item[]
}

const open = async (engine: EngineName = 'sqlite') => {
  const dev = await openDevHouse({ engine })
  const tokens: Readonly<Record<string, string>> = {
    ann: await dev.user('ann'),
    bob: await dev.user('bob'),
    cid: await dev.user('cid'),
  }
  await dev.org('lab', 'ann')
  const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'lab')
  await dev.hub.identity.addMember(dev.system, permit, 'cid', 'read')
  for (const name of ['a', 'b', 'c', 'd', 'e']) await dev.repo(`lab/${name}`)
  await dev.repo('lab/hidden', { visibility: 'private' })
  const call = (method: string, path: string, who?: string, body?: unknown): Promise<Answer> => {
    const token = who === undefined ? undefined : tokens[who]
    return dev.ask(method, `/api/collections${path}`, {
      ...(token === undefined ? {} : { token }),
      ...(body === undefined ? {} : { body }),
    })
  }
  const make = async (title: string, more: object = {}, who = 'ann'): Promise<Shown> => {
    const answer = await call('POST', '', who, { title, ...more })
    assert.equal(answer.status, 200, answer.text)
    return answer.json() as Shown
  }
  const add = (slug: string, id: string, more: object = {}, who = 'ann') =>
    call('POST', `/${slug}/items`, who, { item: { id, type: 'model' }, ...more })
  const get = async (slug: string, who?: string): Promise<Shown> => {
    const answer = await call('GET', `/${slug}`, who)
    assert.equal(answer.status, 200, answer.text)
    return answer.json() as Shown
  }
  const list = async (query: string, who?: string): Promise<Shown[]> => {
    const answer = await call('GET', query, who)
    assert.equal(answer.status, 200, answer.text)
    return answer.json() as Shown[]
  }
  return { dev, call, make, add, get, list }
}

/** The id of one of its items. */
const idAt = (shown: Shown, place: number): string => {
  const { _id: id = '' } = shown.items[place] ?? {}
  return id
}

const names = (shown: Shown): string[] => shown.items.map(({ id }) => id)
const titles = (shown: readonly Shown[]): string[] => shown.map(({ title }) => title)

for (const engine of engineNames) {
  void test(`${engine}: made, changed, found by old names, deleted`, async () => {
    const { dev, call, make, get } = await open(engine)
    await using _ = dev
    const made = await make('Ein schöner Titel!', { description: 'words', namespace: 'lab' })
    assert.match(made.slug, /^lab\/ein-schoner-titel-[0-9a-f]{24}$/)
    const again = await call('POST', '', 'ann', { title: 'Ein schöner Titel!', namespace: 'lab' })
    assert.equal(again.status, 409)
    assert.equal((again.json() as { slug: string }).slug, made.slug)
    const change = { title: 'Another', theme: 'pink', private: false }
    const changed = await call('PATCH', `/${made.slug}`, 'ann', change)
    const { success, data } = changed.json() as { success: boolean; data: Shown }
    assert.equal(success, true)
    assert.match(data.slug, /^lab\/another-/)
    assert.equal((await get(made.slug)).title, 'Another')
    assert.equal((await call('GET', '/lab/another-0123')).status, 404)
    assert.equal((await call('PATCH', `/${made.slug}`, 'ann', { theme: 'x' })).status, 400)
    for (const who of ['bob', 'cid']) {
      assert.equal((await call('PATCH', `/${made.slug}`, who, { title: 'Mine' })).status, 403)
      assert.equal((await call('DELETE', `/${made.slug}`, who)).status, 403)
      assert.equal((await call('POST', '', who, { title: 'x', namespace: 'lab' })).status, 403)
    }
    assert.equal((await call('POST', '', 'ann', { title: 'x'.repeat(61) })).status, 400)
    assert.equal((await call('POST', '', undefined, { title: 'x', namespace: 'lab' })).status, 401)
    assert.equal((await call('DELETE', `/${made.slug}`, 'ann')).status, 200)
    assert.equal((await call('GET', `/${made.slug}`, 'ann')).status, 404)
  })

  void test(`${engine}: items keep their order, and those that one may not see are left out`, async () => {
    const { dev, call, make, add, get, list } = await open(engine)
    await using _ = dev
    const { slug } = await make('Things', { item: { id: 'lab/a', type: 'model' }, note: 'a <b>' })
    for (const name of ['b', 'hidden', 'c', 'd', 'e']) {
      assert.equal((await add(slug, `lab/${name}`)).status, 200)
    }
    assert.equal((await add(slug, 'lab/a')).status, 409)
    assert.equal((await add(slug, 'lab/no')).status, 404)
    assert.equal((await add(slug, 'lab/b', {}, 'bob')).status, 403)
    const paper = { item: { id: '2307.09288', type: 'paper' } }
    assert.equal((await call('POST', `/${slug}/items`, 'ann', paper)).status, 400)
    const all = await get(slug, 'ann')
    assert.deepEqual(names(all), ['lab/a', 'lab/b', 'lab/hidden', 'lab/c', 'lab/d', 'lab/e'])
    assert.deepEqual(all.items[0]?.note, { html: 'a &#60;b&#62;', text: 'a <b>' })
    assert.deepEqual(names(await get(slug)), ['lab/a', 'lab/b', 'lab/c', 'lab/d', 'lab/e'])
    const [listed] = await list('?owner=ann')
    assert.deepEqual(names(listed as Shown), ['lab/a', 'lab/b', 'lab/c', 'lab/d'])
    assert.ok(!('position' in (listed as Shown)))
    const last = idAt(all, 5)
    const path = `/${slug}/items/${last}`
    assert.equal((await call('PATCH', path, 'ann', { position: 0, note: 'best' })).status, 200)
    const moved = await get(slug, 'ann')
    assert.deepEqual(names(moved).slice(0, 3), ['lab/e', 'lab/a', 'lab/b'])
    assert.deepEqual(
      moved.items.map(({ position }) => position),
      [0, 1, 2, 3, 4, 5],
    )
    assert.equal(moved.items[0]?.note?.text, 'best')
    const batch = [
      { action: 'update', _id: last, data: { note: '' } },
      { action: 'update', _id: idAt(all, 1), data: { position: 0 } },
    ]
    assert.equal((await call('POST', `/${slug}/items/batch`, 'ann', batch)).status, 200)
    assert.deepEqual(names(await get(slug)).slice(0, 2), ['lab/b', 'lab/e'])
    assert.equal((await call('DELETE', path, 'ann')).status, 200)
    assert.equal((await call('DELETE', path, 'ann')).status, 404)
    assert.equal((await call('PATCH', path, 'ann', { note: 'x' })).status, 404)
  })

  void test(`${engine}: private ones are for the people of their namespace`, async () => {
    const { dev, call, make, add, get, list } = await open(engine)
    await using _ = dev
    const secret = await make('Secret', { namespace: 'lab', private: true })
    const open2 = await make('Open', { namespace: 'lab' })
    const nested = { item: { id: secret.slug, type: 'collection' } }
    assert.equal((await call('POST', `/${open2.slug}/items`, 'ann', nested)).status, 200)
    assert.equal((await add(open2.slug, 'lab/a')).status, 200)
    for (const who of ['ann', 'cid']) {
      assert.equal((await get(secret.slug, who)).private, true)
      assert.deepEqual(titles(await list('?owner=lab', who)).toSorted(), ['Open', 'Secret'])
      assert.equal((await get(open2.slug, who)).items[0]?.slug, secret.slug)
    }
    for (const who of ['bob', undefined]) {
      assert.equal((await call('GET', `/${secret.slug}`, who)).status, 404)
      assert.equal((await call('DELETE', `/${secret.slug}`, who)).status, 404)
      assert.deepEqual(titles(await list('?owner=lab', who)), ['Open'])
      assert.deepEqual(titles(await list('', who)), ['Open'])
      assert.deepEqual(names(await get(open2.slug, who)), ['lab/a'])
    }
  })

  void test(`${engine}: lists are filtered, sorted and cut into pages`, async () => {
    const { dev, call, make, add, get, list } = await open(engine)
    await using _ = dev
    const made: Shown[] = []
    for (const title of ['one', 'two', 'three']) {
      made.push(await make(title))
      dev.clock.advance(1_000)
    }
    const [one, two] = made
    await make('of bob', { description: 'has 100% more' }, 'bob')
    await add(two?.slug ?? '', 'lab/hidden')
    assert.deepEqual(titles(await list('?owner=ann')), ['two', 'three', 'one'])
    assert.equal((await list('?owner=ann&owner=bob')).length, 4)
    assert.deepEqual(titles(await list('?q=100%25')), ['of bob'])
    assert.deepEqual(titles(await list('?item=models/lab/hidden', 'ann')), ['two'])
    assert.deepEqual(await list('?item=models/lab/hidden', 'bob'), [])
    assert.deepEqual(await list('?owner=nobody'), [])
    await call('POST', `/${one?.slug}/like`, 'bob')
    await call('POST', `/${one?.slug}/like`, 'bob')
    assert.equal((await get(one?.slug ?? '')).upvotes, 1)
    for (const sort of ['upvotes', 'lastModified', 'trending']) {
      const seen: string[] = []
      let url: string | undefined = `?owner=ann&sort=${sort}&limit=1`
      while (url !== undefined) {
        const page = await call('GET', url)
        seen.push(...titles(page.json() as Shown[]))
        const next: string | undefined = /<([^>]+)>; rel="next"/.exec(
          page.headers['link'] ?? '',
        )?.[1]
        url = next?.replace(/^[^?]+/, '')
      }
      assert.deepEqual(seen.toSorted(), ['one', 'three', 'two'], sort)
      if (sort !== 'lastModified') assert.equal(seen[0], 'one')
    }
    await call('PATCH', `/${made[2]?.slug}`, 'ann', { position: 0 })
    const places: (number | undefined)[] = []
    for (const { slug } of made) places.push((await get(slug)).position)
    assert.deepEqual(places, [1, 2, 0])
    assert.equal((await call('GET', '?sort=x')).status, 400)
  })
}
