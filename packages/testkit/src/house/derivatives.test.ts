/** What is made of what came under an agreement opens the duties that wait for it: once, for whom it is, through the doors. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Obligation } from '@weighhouse/formats/terms/terms.ts'
import type { BodyWish } from '@weighhouse/server/core/agreements/index.ts'
import { engineNames } from '../engines.ts'
import { dayMs, managing, sign, toActive, wishOf } from './agreement-kit.ts'
import { grantTo, openScene, type Scene } from './agreement-scene.ts'
import { commit, file, header } from './calls.ts'
import { clientOf } from './org-kit.ts'

const owes = (more: Partial<Obligation> & Pick<Obligation, 'id' | 'name'>): Obligation => ({
  clause: '3',
  debtor: 'consumer',
  trigger: 'derivative',
  ...more,
})

const obligations: readonly Obligation[] = [
  owes({ id: 'give-back', name: 'returnDerivative', within: 'P90D' }),
  owes({ id: 'tell', name: 'inform', within: 'P30D' }),
  owes({ id: 'not-ours', name: 'inform', debtor: 'provider' }),
  owes({ id: 'credit', name: 'attribute', trigger: 'publication' }),
]

const say = async ({ dev }: Scene, repo: string, token: string, base?: string) => {
  const keys = ['license: mit', ...(base === undefined ? [] : [`base_model: ${base}`])]
  const card = `---\n${keys.join('\n')}\n---\n# A model\n`
  const answer = await commit(dev, repo, [header(), file('README.md', card)], { token })
  assert.equal(answer.status, 200, answer.text)
  await dev.house.settle()
}

const amend = async (scene: Scene, more: Partial<BodyWish>) => {
  const { dev, lab, clinic, id } = scene
  const { agreements } = dev.hub
  const forLab = await managing(dev, lab, 'lab')
  const what = await agreements.draft(lab, forLab, id, wishOf(dev, more))
  await agreements.propose(lab, forLab, id, what)
  await agreements.agree(clinic, await managing(dev, clinic, 'clinic'), id, what)
  await sign(scene, 'ann', 'lab', id, what)
  await sign(scene, 'cem', 'clinic', id, what)
}

/** All of the clinic may see and fetch what the lab gives. */
const open = async (engine: 'sqlite' | 'postgres' = 'sqlite') => {
  const scene = await openScene(engine, { obligations })
  const { dev, lab, id } = scene
  await grantTo(scene, { to: { kind: 'org' } })
  const ann = await dev.token('ann', 'write')
  await say(scene, 'lab/retina', ann)
  const cem = await dev.token('cem', 'write')
  const forLab = await managing(dev, lab, 'lab')
  const opened = async (of = id): Promise<string[]> => {
    const found = await dev.hub.agreements.duties(forLab, of, { after: '', limit: 100 })
    return found.map(({ rule, cause, dueMs, debtor }) => {
      const about = cause.slice(0, cause.indexOf(':'))
      const who = debtor === forLab.namespace.id ? 'lab' : 'clinic'
      const due = dueMs === undefined ? 'no date' : new Date(dueMs).toISOString().slice(0, 10)
      return `${rule} ${about} ${who} ${due}`
    })
  }
  return { scene, dev, ann, cem, opened }
}

const both = ['give-back derivative clinic 2026-04-01', 'tell derivative clinic 2026-01-31']

for (const engine of engineNames) {
  void test(`${engine}: a derivative opens its duties once, whatever is pushed after it`, async () => {
    const { scene, dev, cem, opened } = await open(engine)
    await using _ = dev
    await dev.repo('clinic/tuned', { visibility: 'private' })
    await say(scene, 'clinic/tuned', cem)
    assert.deepEqual(await opened(), [], 'what comes from elsewhere is nobody’s business')
    await say(scene, 'clinic/tuned', cem, 'lab/retina')
    assert.deepEqual((await opened()).toSorted(), both)
    await say(scene, 'clinic/tuned', cem)
    await say(scene, 'clinic/tuned', cem, 'lab/retina')
    assert.equal((await opened()).length, 2, 'taken out and named again, it is the same one')
    await dev.repo('clinic/below', { visibility: 'private' })
    await say(scene, 'clinic/below', cem, 'clinic/tuned')
    assert.equal((await opened()).length, 4, 'what is made of a derivative is another one')
  })
}

for (const engine of engineNames) {
  void test(`${engine}: a rule that an amendment brings opens for what was made before it, from the amendment on`, async () => {
    const { scene, dev, cem, opened } = await open(engine)
    await using _ = dev
    for (const repo of ['clinic/tuned', 'clinic/gone']) {
      await dev.repo(repo, { visibility: 'private' })
      await say(scene, repo, cem, 'lab/retina')
    }
    const gone = await dev.ask('DELETE', '/api/repos/delete', {
      token: cem,
      body: { name: 'gone', organization: 'clinic' },
    })
    assert.equal(gone.status, 200, gone.text)
    dev.clock.advance(31 * dayMs)
    const { terms } = wishOf(dev)
    const more = owes({ id: 'report', name: 'reportUsage', within: 'P10D', every: 'P1M' })
    await amend(scene, { terms: { ...terms, obligations: [...obligations, more] } })
    await dev.hub.agreements.tick(dev.system)
    const found = (await opened()).toSorted()
    assert.deepEqual(found, [...both, ...both, 'report derivative clinic 2026-03-10'].toSorted())
    await dev.hub.agreements.tick(dev.system)
    assert.equal((await opened()).length, 5, 'once')
    dev.clock.advance(28 * dayMs)
    await dev.hub.agreements.tick(dev.system)
    assert.equal((await opened()).length, 6, 'its next round comes with the clock')
  })
}

void test('who owes it reads which repo it is about, who is owed it that there is one', async () => {
  const { scene, dev, ann, cem } = await open()
  await using _ = dev
  await dev.repo('clinic/tuned', { visibility: 'private' })
  await say(scene, 'clinic/tuned', cem, 'lab/retina')
  const read = async (org: string, token: string) => {
    const client = clientOf(dev, token)
    const listed = (await client.listAgreementDuties({ org, id: scene.id })).items
    const dated = (await client.listDuties({ org })).items
    assert.deepEqual(
      listed.map(({ derivative }) => derivative),
      dated.map(({ derivative }) => derivative),
    )
    return listed[0]?.derivative
  }
  assert.deepEqual(await read('clinic', cem), { type: 'model', path: 'clinic/tuned' })
  assert.equal(await read('lab', ann), null)
})

void test('what one of its people makes under her own name is the organisation’s to answer for', async () => {
  const { scene, dev, opened } = await open()
  await using _ = dev
  const dora = await dev.token('dora', 'write')
  await dev.repo('dora/tuned', { visibility: 'private' })
  await say(scene, 'dora/tuned', dora, 'lab/retina')
  assert.deepEqual((await opened()).toSorted(), both)
  const shown = await dev.ask('PUT', '/api/models/dora/tuned/settings', {
    token: dora,
    body: { private: false },
  })
  assert.equal(shown.status, 400, shown.text)
  assert.match(shown.text, /It stays with the parties of that agreement/)
})

void test('what one of its people makes of a derivative is the organisation’s too; what others make is nobody’s', async () => {
  const { scene, dev, cem, opened } = await open()
  await using _ = dev
  await dev.repo('clinic/tuned', { visibility: 'private' })
  await say(scene, 'clinic/tuned', cem, 'lab/retina')
  const dora = await dev.token('dora', 'write')
  await dev.repo('dora/smaller', { visibility: 'private' })
  await say(scene, 'dora/smaller', dora, 'clinic/tuned')
  assert.deepEqual((await opened()).toSorted(), [...both, ...both].toSorted())
  const hub = await dev.user('root', { admin: true })
  await dev.repo('root/found', { visibility: 'private' })
  await say(scene, 'root/found', hub, 'clinic/tuned')
  assert.equal((await opened()).length, 4, 'its maker is of no party')
})

void test('a copy is no derivative until something is made of it', async () => {
  const { scene, dev, cem, opened } = await open()
  await using _ = dev
  const copied = await dev.ask('POST', '/api/models/lab/retina/duplicate', {
    token: cem,
    body: { repository: 'clinic/copy', private: true },
  })
  assert.equal(copied.status, 200, copied.text)
  await dev.house.settle()
  assert.deepEqual(await opened(), [])
  await say(scene, 'clinic/copy', cem, 'lab/retina')
  assert.deepEqual((await opened()).toSorted(), both)
})

void test('what the provider makes of its own opens nothing, nor does an agreement that is not in force', async () => {
  const { scene, dev, ann, cem, opened } = await open()
  await using _ = dev
  await dev.repo('lab/next', { visibility: 'private' })
  await say(scene, 'lab/next', ann, 'lab/retina')
  assert.deepEqual(await opened(), [])
  const later: Partial<BodyWish> = {
    terms: { ...wishOf(dev).terms, obligations },
    from: new Date(dev.clock.nowMs() + 24 * 3600_000).toISOString().replace('.000', ''),
  }
  const { id: scheduled } = await toActive(scene, later)
  await dev.repo('clinic/tuned', { visibility: 'private' })
  await say(scene, 'clinic/tuned', cem, 'lab/retina')
  assert.deepEqual(await opened(scheduled), [])
  assert.equal((await opened()).length, 2)
})
