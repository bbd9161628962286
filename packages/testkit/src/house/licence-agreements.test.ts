/** Licences and agreements: what came under one stays with its parties, and what a licence does not give, no agreement gives. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BodyWish } from '@weighhouse/server/core/agreements/index.ts'
import {
  heading,
  managing,
  openTwoParties,
  sign as signFor,
  toAgreed,
  type TwoParties,
  wishOf,
} from './agreement-kit.ts'
import { commit, file, header } from './calls.ts'
import { refused } from './org-kit.ts'

const card = (lines: readonly string[]): string => `---\n${lines.join('\n')}\n---\n# A model\n`

const push = async ({ dev }: TwoParties, who: string, repo: string, lines: readonly string[]) => {
  const token = await dev.token(who, 'write')
  return commit(dev, repo, [header(), file('README.md', card(lines)), file('w.txt', 'w')], {
    token,
  })
}

const propose = (two: TwoParties, terms: Partial<BodyWish['terms']> = {}) =>
  toAgreed(two, { terms: { ...wishOf(two.dev).terms, ...terms } })

const sign = async (
  two: TwoParties,
  { id, what }: Awaited<ReturnType<typeof propose>>,
  parties: readonly (readonly [string, string])[] = [
    ['ann', 'lab'],
    ['cem', 'clinic'],
  ],
): Promise<void> => {
  for (const [name, orgName] of parties) await signFor(two, name, orgName, id, what)
  await two.dev.hub.agreements.tick(two.dev.system)
}

/** dora of the clinic uses it. */
const letIn = async (
  { dev, clinic }: TwoParties,
  id: Awaited<ReturnType<typeof propose>>['id'],
) => {
  const token = await dev.user('dora')
  await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'write')
  await dev.hub.agreements.grant(clinic, await managing(dev, clinic, 'clinic'), id, {
    project: 'retina study',
    purposes: ['NonCommercialResearch'],
    to: { kind: 'user', name: 'dora' },
  })
  return token
}

void test('a repo whose base nobody knows is not shared by an agreement', async () => {
  const two = await openTwoParties()
  await using _ = two.dev
  const made = await push(two, 'ann', 'lab/retina', ['license: mit', 'base_model: elsewhere/x'])
  assert.equal(made.status, 200, made.text)
  await refused(propose(two), 'licence_blocked')
  assert.equal((await push(two, 'ann', 'lab/retina', ['license: mit'])).status, 200)
  const agreed = await propose(two)
  await sign(two, agreed, [['ann', 'lab']])
  // Spoilt between the two signatures: the last one is refused, and nothing is in force.
  const spoilt = ['license: mit', 'base_model: elsewhere/x']
  assert.equal((await push(two, 'ann', 'lab/retina', spoilt)).status, 200)
  await refused(sign(two, agreed, [['cem', 'clinic']]), 'licence_blocked')
  assert.equal((await push(two, 'ann', 'lab/retina', ['license: mit'])).status, 200)
  await sign(two, agreed, [['cem', 'clinic']])
  // And once it is shared, it cannot be spoilt at all.
  const late = await push(two, 'ann', 'lab/retina', spoilt)
  assert.equal(late.status, 400, late.text)
})

for (const mayPassOn of [false, true]) {
  void test(`what is made of what came under an agreement ${mayPassOn ? 'goes on where its terms let it' : 'stays with its parties'}`, async () => {
    const two = await openTwoParties()
    await using dev = two.dev
    assert.equal((await push(two, 'ann', 'lab/retina', ['license: mit'])).status, 200)
    const terms: Partial<BodyWish['terms']> = mayPassOn
      ? {
          permissions: [
            ...wishOf(dev).terms.permissions,
            {
              id: 'pass',
              clause: '1',
              action: 'redistributeWeights',
              constraints: [],
              preconditions: [],
            },
          ],
          prohibitions: [],
        }
      : {}
    const agreed = await propose(two, terms)
    await sign(two, agreed)
    const dora = await letIn(two, agreed.id)
    await dev.repo('clinic/tuned', { visibility: 'private' })
    const lines = ['license: mit', 'base_model: lab/retina']
    const made = await commit(dev, 'clinic/tuned', [header(), file('README.md', card(lines))], {
      token: dora,
    })
    assert.equal(made.status, 200, made.text)
    const token = await dev.token('cem', 'write')
    const shown = await dev.ask('PUT', '/api/models/clinic/tuned/settings', {
      token,
      body: { private: false },
    })
    await dev.repo('clinic/open')
    const open = await commit(dev, 'clinic/open', [header(), file('README.md', card(lines))], {
      token: dora,
    })
    const copied = await dev.ask('POST', '/api/models/lab/retina/duplicate', {
      token: dora,
      body: { repository: 'clinic/copy', private: false },
    })
    if (mayPassOn) {
      assert.deepEqual([shown.status, open.status, copied.status], [200, 200, 200], shown.text)
      return
    }
    assert.deepEqual([shown.status, open.status, copied.status], [400, 400, 400], shown.text)
    assert.match(
      shown.text,
      /agreement \\"Retina segmentation for research\\", clause 2 \(No passing on\): The clinic passes it on to nobody/,
    )
    // Nor is it handed to somebody who is no party.
    await dev.user('eve')
    const root = await dev.user('root-admin', { admin: true })
    const moved = await dev.ask('POST', '/api/repos/move', {
      token: root,
      body: { fromRepo: 'clinic/tuned', toRepo: 'eve/tuned', type: 'model' },
    })
    assert.equal(moved.status, 400, moved.text)
    // Nor shown, when what it was made of says so later.
    const say = async (repo: string, base?: string) => {
      const keys = ['license: mit', ...(base === undefined ? [] : [`base_model: ${base}`])]
      const answer = await commit(dev, repo, [header(), file('README.md', card(keys))], {
        token: dora,
      })
      assert.equal(answer.status, 200, answer.text)
    }
    for (const repo of ['clinic/first', 'clinic/below'])
      await dev.repo(repo, { visibility: 'private' })
    await say('clinic/first')
    await say('clinic/below', 'clinic/first')
    await say('clinic/first', 'lab/retina')
    await dev.house.settle()
    const late = await dev.ask('PUT', '/api/models/clinic/below/settings', {
      token,
      body: { private: false },
    })
    assert.equal(late.status, 400, late.text)
  })
}

void test('an organisation whose country the licence leaves out does not get it by agreement', async () => {
  const two = await openTwoParties()
  await using dev = two.dev
  const lines = [
    'license: tencent-hunyuan',
    'base_model: elsewhere/h',
    'base_model_license: tencent-hunyuan',
  ]
  assert.equal((await push(two, 'ann', 'lab/retina', ['license: mit'])).status, 200)
  const agreed = await propose(two)
  await sign(two, agreed)
  const dora = await letIn(two, agreed.id)
  const read = () => dev.ask('GET', '/lab/retina/resolve/main/w.txt', { token: dora })
  assert.equal((await read()).status, 200)
  assert.equal((await push(two, 'ann', 'lab/retina', lines)).status, 200)
  const answer = await read()
  assert.equal(answer.status, 403)
  assert.match(answer.text, /does not reach the country.*Needed: a seat outside .*AT.*found: AT/)
  const seen = await dev.ask('GET', '/api/models/lab/retina', { token: dora })
  assert.equal(seen.status, 200, 'that it exists may be known')
})
