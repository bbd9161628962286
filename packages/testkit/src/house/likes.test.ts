/** Likes, people and their numbers. On both engines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { type EngineName, engineNames } from '../engines.ts'

const open = async (engine: EngineName = 'sqlite') => {
  const dev = await openDevHouse({ engine })
  const ann = await dev.user('ann')
  const bob = await dev.user('bob')
  await dev.org('lab', 'ann')
  await dev.repo('lab/open')
  await dev.repo('lab/closed', { visibility: 'private' })
  await dev.repo('lab/data', { type: 'dataset' })
  return { dev, ann, bob }
}

const likesOf = async (dev: DevHouse, path: string, token: string): Promise<unknown> => {
  const info = await dev.ask('GET', `/api/models/${path}?expand=likes`, { token })
  return (info.json() as { likes: number }).likes
}

const likedBy = async (dev: DevHouse, name: string, token?: string): Promise<string[]> => {
  const who = token === undefined ? {} : { token }
  const answer = await dev.ask('GET', `/api/users/${name}/likes`, who)
  assert.equal(answer.status, 200, answer.text)
  return (answer.json() as { repo: { name: string; type: string } }[]).map(
    ({ repo }) => `${repo.type} ${repo.name}`,
  )
}

for (const engine of engineNames) {
  void test(`${engine}: a like counts once, and is shown to those who may see the repo`, async () => {
    const { dev, ann, bob } = await open(engine)
    await using _ = dev
    const like = (path: string, token?: string, method = 'POST') =>
      dev.ask(method, `/api/${path}/like`, token === undefined ? {} : { token })
    for (const path of ['models/lab/open', 'models/lab/open', 'models/lab/closed']) {
      assert.equal((await like(path, ann)).status, 200)
      dev.clock.advance(1_000)
    }
    assert.equal((await like('datasets/lab/data', ann)).status, 200)
    assert.equal((await like('models/lab/open', bob)).status, 200)
    assert.equal((await like('models/lab/closed', bob)).status, 404)
    assert.equal((await like('models/lab/open')).status, 401)
    const reader = await dev.token('bob', 'read')
    assert.equal((await like('datasets/lab/data', reader)).status, 403)
    assert.equal(await likesOf(dev, 'lab/open', ann), 2)
    const all = ['dataset lab/data', 'model lab/closed', 'model lab/open']
    assert.deepEqual(await likedBy(dev, 'ann', ann), all)
    const shown = ['dataset lab/data', 'model lab/open']
    assert.deepEqual(await likedBy(dev, 'ann', bob), shown)
    assert.deepEqual(await likedBy(dev, 'ann'), shown)
    const likers = await dev.ask('GET', '/api/models/lab/open/likers')
    assert.deepEqual((likers.json() as { user: string }[]).map(({ user }) => user).toSorted(), [
      'ann',
      'bob',
    ])
    assert.equal((await like('models/lab/open', ann, 'DELETE')).status, 200)
    assert.equal((await like('models/lab/open', ann, 'DELETE')).status, 200)
    assert.equal(await likesOf(dev, 'lab/open', ann), 1)
    assert.deepEqual(await likedBy(dev, 'ann'), ['dataset lab/data'])
  })

  void test(`${engine}: lists of likes come in pages`, async () => {
    const { dev, ann } = await open(engine)
    await using _ = dev
    for (let index = 0; index < 5; index += 1) {
      await dev.repo(`lab/m${index}`)
      await dev.ask('POST', `/api/models/lab/m${index}/like`, { token: ann })
    }
    const seen: string[] = []
    let url: string | undefined = '/api/users/ann/likes?limit=2'
    while (url !== undefined) {
      const page = await dev.ask('GET', url)
      seen.push(...(page.json() as { repo: { name: string } }[]).map(({ repo }) => repo.name))
      const next: string | undefined = /<([^>]+)>; rel="next"/.exec(page.headers['link'] ?? '')?.[1]
      url = next?.replace(/^https?:\/\/[^/]+/, '')
    }
    assert.deepEqual(seen.toSorted(), ['lab/m0', 'lab/m1', 'lab/m2', 'lab/m3', 'lab/m4'])
    const bad = await dev.ask('GET', '/api/users/ann/likes?cursor=x')
    assert.equal(bad.status, 400)
  })

  void test(`${engine}: overviews count what the caller may see`, async () => {
    const { dev, ann, bob } = await open(engine)
    await using _ = dev
    const overview = async (path: string, token?: string) =>
      (await dev.ask('GET', `/api/${path}/overview`, token === undefined ? {} : { token })).json()
    const lab = async (token?: string) => {
      const found = (await overview('organizations/lab', token)) as Record<string, unknown>
      return [found['numUsers'], found['numModels'], found['numDatasets'], found['numSpaces']]
    }
    assert.deepEqual(await lab(ann), [1, 2, 1, 0])
    assert.deepEqual(await lab(bob), [1, 1, 1, 0])
    assert.deepEqual(await lab(), [1, 1, 1, 0])
    await dev.ask('POST', '/api/models/lab/closed/like', { token: ann })
    const likes = async (token?: string) =>
      ((await overview('users/ann', token)) as { numLikes: number }).numLikes
    assert.deepEqual([await likes(ann), await likes(bob), await likes()], [1, 0, 0])
  })

  void test(`${engine}: who is in an organisation is shown to people, and their roles to members`, async () => {
    const { dev, ann, bob } = await open(engine)
    await using _ = dev
    const url = '/api/organizations/lab/members'
    assert.equal((await dev.ask('GET', url)).status, 401)
    const seen = (await dev.ask('GET', url, { token: bob })).json() as { user: string }[]
    assert.deepEqual(
      seen.map((one) => [one.user, 'role' in one]),
      [['ann', false]],
    )
    const inside = (await dev.ask('GET', url, { token: ann })).json() as { role: string }[]
    assert.equal(inside[0]?.role, 'admin')
    const none = await dev.ask('GET', `${url}?search=x`, { token: ann })
    assert.deepEqual(none.json(), [])
    for (const path of [
      'organizations/lab/followers',
      'users/ann/followers',
      'users/ann/following',
    ])
      assert.deepEqual((await dev.ask('GET', `/api/${path}`)).json(), [])
    assert.equal((await dev.ask('GET', '/api/users/lab/followers')).status, 404)
  })
}

void test('pictures are drawn from names and can do nothing', async () => {
  const { dev } = await open()
  await using _ = dev
  for (const path of ['users/ann', 'organizations/lab']) {
    const { avatarUrl } = (await dev.ask('GET', `/api/${path}/avatar`)).json() as {
      avatarUrl: string
    }
    const image = await dev.ask('GET', new URL(avatarUrl).pathname)
    assert.equal(image.status, 200)
    assert.match(image.headers['content-type'] ?? '', /^image\/svg\+xml/)
    assert.equal(image.headers['content-security-policy'], "sandbox; default-src 'none'")
    assert.equal(image.headers['x-content-type-options'], 'nosniff')
    assert.ok(!image.text.includes('script'))
    assert.equal((await dev.ask('GET', new URL(avatarUrl).pathname)).text, image.text)
  }
  const other = await dev.ask('GET', '/avatars/%3Cscript%3E.svg')
  assert.ok(!other.text.includes('script'))
  assert.equal((await dev.ask('GET', '/avatars/ann.png')).status, 404)
  assert.equal((await dev.ask('GET', '/api/users/nobody/avatar')).status, 404)
})

for (const engine of engineNames) {
  void test(`${engine}: a name is looked for as it is written, its underscores too`, async () => {
    await using dev = await openDevHouse({ engine })
    const token = await dev.user('ann')
    await dev.user('a_x')
    await dev.user('abx')
    await dev.org('acme', 'ann')
    const permit = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'acme')
    for (const name of ['a_x', 'abx']) {
      await dev.hub.identity.addMember(dev.system, permit, name, 'read')
    }
    const found = async (word: string): Promise<string[]> => {
      const url = `/api/organizations/acme/members?search=${encodeURIComponent(word)}`
      const members = (await dev.ask('GET', url, { token })).json() as { user: string }[]
      return members.map(({ user }) => user)
    }
    assert.deepEqual(await found('A_'), ['a_x'])
    assert.deepEqual(await found('%'), [])
    assert.deepEqual(await found('X'), ['a_x', 'abx'])
  })
}
