/** Tokens that apps were given, among the other tokens of an account. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TokenId } from '@weighhouse/server/core/kernel/ids.ts'
import { limits } from '@weighhouse/server/core/kernel/limits.ts'
import { engineNames } from '../engines.ts'
import { askToken, getTokens, newApp, press, asking, tokensIn } from './app-kit.ts'
import { byToken, manage, mayRead, signedIn as acting, until } from './org-kit.ts'
import { openWithAnn as open, signedIn, userWithPassword } from './signin-kit.ts'

const dayMs = 24 * 3600_000

for (const engine of engineNames) {
  void test(`${engine}: an organisation that approved an app's token is not asked at each renewal`, async () => {
    await using dev = await open(engine)
    await userWithPassword(dev, 'bob')
    await dev.org('lab', 'ann')
    await dev.repo('lab/m', { visibility: 'private' })
    const ann = await acting(dev, 'ann')
    const permit = await manage(dev, ann, 'lab')
    await dev.hub.identity.addMember(ann, permit, 'bob', 'read')
    await dev.hub.organisations.setRules(ann, permit, { needsTokenApproval: true })
    const { app } = await newApp(dev)
    const issued = await getTokens(dev, await signedIn(dev, 'bob'), app.id, 'read-repos')
    const reads = async (token: string) => mayRead(dev, await byToken(dev, token), 'lab/m')
    assert.equal(await reads(issued.access_token), false)
    const waiting = () =>
      dev.hub.identity.tokenApprovals(permit, { after: '', limit: 9, state: 'pending' })
    await until(async () => (await waiting()).length === 1)
    const [asked] = await waiting()
    assert.ok(asked)
    await dev.hub.identity.decideToken(ann, permit, asked.tokenId, 'approved')
    assert.equal(await reads(issued.access_token), true)
    const refresh = { grant_type: 'refresh_token', client_id: app.id }
    const next = tokensIn(await askToken(dev, { ...refresh, refresh_token: issued.refresh_token }))
    assert.equal(await reads(next.access_token), true)
    assert.deepEqual(await waiting(), [])
    dev.clock.advance(100 * dayMs)
    await dev.hub.oauth.prune(new AbortController().signal)
    const left = await dev.house.db.read
      .selectFrom('token')
      .select('id')
      .where('app_id', 'is not', null)
      .execute()
    assert.deepEqual(left, [], 'with what was decided about them')
  })
}

void test('tokens of apps take no place among those that a person may make', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  const cookie = await signedIn(dev)
  const { refresh_token: first } = await getTokens(dev, cookie, app.id)
  const desk = await dev.hub.identity.tokensOf(dev.hub.policy.requireHub(dev.system), 'ann')
  const wish = { role: 'read' } as const
  const { token } = await desk.create(dev.system, { ...wish, label: 'the first' })
  const { db } = dev.house
  const row = await db.read
    .selectFrom('token')
    .selectAll()
    .where('id', '=', token.id)
    .executeTakeFirstOrThrow()
  await db.tx(async (q) => {
    for (let i = 2; i < limits.tokensPerAccountMax; i += 1) {
      const another = { ...row, id: dev.id<TokenId>(), secret_sha256: `${i}` }
      await q.insertInto('token').values(another).execute()
    }
  })
  const refresh = { grant_type: 'refresh_token', client_id: app.id, refresh_token: first }
  tokensIn(await askToken(dev, refresh))
  await desk.create(dev.system, { ...wish, label: 'the last' })
  await assert.rejects(desk.create(dev.system, { ...wish, label: 'more' }), { code: 'too_many' })
})

void test('what is over is forgotten by the house itself', async () => {
  await using dev = await open()
  const { app } = await newApp(dev)
  await press(dev, await signedIn(dev), asking(app.id))
  const codes = async () =>
    (await dev.house.db.read.selectFrom('oauth_code').select('app_id').execute()).length
  assert.equal(await codes(), 1)
  await dev.house.startWork()
  for (let i = 0; i < 27; i += 1) {
    dev.clock.advance(3600_000)
    await dev.house.settle()
  }
  assert.equal(await codes(), 0)
})
