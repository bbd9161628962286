/** Lists tell what is inside a repo to those alone who may look inside: by no field, no filter, no count, no order. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { engineNames } from '../engines.ts'
import { managing } from './agreement-kit.ts'
import { grantTo, openScene, type Scene } from './agreement-scene.ts'
import { commit, file, header } from './calls.ts'
import { clientOf } from './org-kit.ts'

const card =
  '---\nlicense: mit\npipeline_tag: image-segmentation\ntags:\n- secret-word\n---\n# Retina\n'

/** All that lists say of the repo to somebody, as text, without its name. */
const toldOf = async ({ dev, doctor }: Scene): Promise<string> => {
  const ask = async (path: string): Promise<string> =>
    (await dev.ask('GET', path, { token: doctor })).text
  const page = clientOf(dev, doctor)
  const all = [
    await ask('/api/models?full=true&cardData=true&config=true&author=lab'),
    await ask('/api/models?expand=tags&expand=cardData&expand=safetensors&expand=usedStorage'),
    await ask('/api/trending?type=model'),
    await ask('/api/models-tags-by-type'),
    JSON.stringify(await page.listRepos({ type: 'model', sort: 'parameters' })),
    JSON.stringify((await page.countRepos({ type: 'model' })).tags),
  ]
  return all.join('\n')
}

const findings = async ({ dev, doctor }: Scene): Promise<number[]> => {
  const page = clientOf(dev, doctor)
  const wishes = [{ tags: 'secret-word' }, { tags: 'license:mit' }]
  const lists = await Promise.all(wishes.map((wish) => page.listRepos({ type: 'model', ...wish })))
  const counts = await Promise.all(
    wishes.map((wish) => page.countRepos({ type: 'model', ...wish })),
  )
  const filtered = await dev.ask('GET', '/api/models?filter=secret-word', { token: doctor })
  return [
    ...lists.map(({ items }) => items.length),
    ...counts.map(({ total }) => total),
    (JSON.parse(filtered.text) as unknown[]).length,
  ]
}

const secrets =
  /secret-word|"mit"|license:mit|image-segmentation|filesBytes":[1-9]|usedStorage":[1-9]/

for (const engine of engineNames) {
  void test(`${engine}: to people of a party before they are let in, while it is paused, and when it was taken down`, async () => {
    const scene = await openScene(engine)
    const { dev, lab, id } = scene
    await using _ = dev
    const writer = await dev.token('ann', 'write')
    const lines = [header(), file('README.md', card)]
    assert.equal((await commit(dev, 'lab/retina', lines, { token: writer })).status, 200)
    await dev.house.settle()
    assert.doesNotMatch(await toldOf(scene), secrets)
    assert.deepEqual(await findings(scene), [0, 0, 0, 0, 0])
    assert.match(await toldOf(scene), /lab\/retina/, 'that it is there is no secret')

    await grantTo(scene)
    assert.match(await toldOf(scene), secrets)
    assert.deepEqual(await findings(scene), [1, 1, 1, 1, 1])

    const forLab = await managing(dev, lab, 'lab')
    await dev.hub.agreements.suspend(lab, forLab, id, 'We look into it.')
    assert.doesNotMatch(await toldOf(scene), secrets)
    assert.deepEqual(await findings(scene), [0, 0, 0, 0, 0])
    await dev.hub.agreements.resume(lab, forLab, id, 'It was nothing.')
    assert.deepEqual(await findings(scene), [1, 1, 1, 1, 1])

    const repo = { type: 'model', path: 'lab/retina' } as const
    const { repo: ref } = await dev.hub.policy.require(lab, 'repo.see', repo)
    await dev.house.db.tx(async (q) => {
      await q.updateTable('repo').set({ hold: 'takedown' }).where('id', '=', ref.id).execute()
    })
    assert.doesNotMatch(await toldOf(scene), secrets)
    assert.deepEqual(await findings(scene), [0, 0, 0, 0, 0])
  })
}
