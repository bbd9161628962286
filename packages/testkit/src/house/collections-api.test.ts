/** Likes and collections by the hub's own API: the same rooms, other words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'

interface Shown {
  readonly slug: string
  readonly upvotes: number
  readonly items: readonly { readonly id: string; readonly path: string; readonly note: unknown }[]
}

const open = async () => {
  const dev = await openDevHouse()
  const tokens: Readonly<Record<string, string>> = {
    ann: await dev.user('ann'),
    bob: await dev.user('bob'),
  }
  await dev.repo('ann/m')
  await dev.repo('ann/secret', { visibility: 'private' })
  const call = async (status: number, who: string, method: string, path: string, body?: object) => {
    const answer = await dev.ask(method, `/weighhouse/v1${path}`, {
      token: tokens[who] ?? '',
      ...(body === undefined ? {} : { body }),
    })
    assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`)
    return answer
  }
  return { dev, call }
}

void test('likes', async () => {
  const { dev, call } = await open()
  await using _ = dev
  for (const path of ['/repos/model/ann/m/like', '/repos/model/ann/secret/like']) {
    await call(204, 'ann', 'PUT', path)
    await call(204, 'ann', 'PUT', path)
  }
  await call(404, 'bob', 'PUT', '/repos/model/ann/secret/like')
  await call(400, 'bob', 'PUT', '/repos/thing/ann/m/like')
  const paths = async (who: string) => {
    const { items } = (await call(200, who, 'GET', '/users/ann/likes')).json() as {
      items: { path: string }[]
    }
    return items.map(({ path }) => path).toSorted()
  }
  assert.deepEqual(await paths('ann'), ['ann/m', 'ann/secret'])
  assert.deepEqual(await paths('bob'), ['ann/m'])
  const likers = (await call(200, 'bob', 'GET', '/repos/model/ann/m/likers')).json()
  assert.deepEqual((likers as { items: { name: string }[] }).items[0]?.name, 'ann')
  await call(204, 'ann', 'DELETE', '/repos/model/ann/m/like')
  assert.deepEqual(await paths('bob'), [])
})

void test('collections', async () => {
  const { dev, call } = await open()
  await using _ = dev
  const made = await call(201, 'ann', 'POST', '/collections', { owner: 'ann', title: 'Things' })
  const { slug } = made.json() as Shown
  const one = `/collections/${slug}`
  await call(409, 'ann', 'POST', '/collections', { owner: 'ann', title: 'Things' })
  await call(403, 'bob', 'POST', '/collections', { owner: 'ann', title: 'Mine' })
  await call(201, 'ann', 'POST', `${one}/items`, { kind: 'model', path: 'ann/m', note: 'good' })
  const item = { kind: 'model', path: 'ann/secret' }
  const whole = (await call(201, 'ann', 'POST', `${one}/items`, item)).json() as Shown
  assert.deepEqual(
    whole.items.map(({ path, note }) => [path, note]),
    [
      ['ann/m', 'good'],
      ['ann/secret', null],
    ],
  )
  const [first, second] = whole.items
  const moved = await call(200, 'ann', 'PATCH', `${one}/items/${second?.id}`, { position: 0 })
  assert.equal((moved.json() as Shown).items[0]?.path, 'ann/secret')
  await call(204, 'ann', 'DELETE', `${one}/items/${first?.id}`)
  await call(404, 'ann', 'DELETE', `${one}/items/${first?.id}`)
  await call(204, 'bob', 'PUT', `${one}/upvote`)
  const seen = (await call(200, 'bob', 'GET', one)).json() as Shown
  assert.deepEqual([seen.upvotes, seen.items], [1, []])
  await call(403, 'bob', 'PATCH', one, { title: 'Mine' })
  await call(200, 'ann', 'PATCH', one, { isPrivate: true, description: null })
  await call(404, 'bob', 'GET', one)
  const list = async (who: string) =>
    ((await call(200, who, 'GET', '/collections?owner=ann')).json() as { items: Shown[] }).items
  assert.equal((await list('ann')).length, 1)
  assert.equal((await list('bob')).length, 0)
  await call(204, 'ann', 'DELETE', one)
})
