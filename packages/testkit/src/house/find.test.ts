/** Finding: files by their names, files by their bytes, models by how large they are; none of it tells of what is hidden. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { formatSafetensorsHead } from '@weighhouse/formats/safetensors/header.ts'
import { type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { clientOf, refusedWith } from './org-kit.ts'

const weights = (count: number): Buffer => {
  const data = new Uint8Array(count * 4)
  const head = formatSafetensorsHead([{ name: 'w', dtype: 'F32', shape: [count], data }], {})
  return Buffer.concat([head, data]) // bounded: a few thousand numbers
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const put = async (dev: DevHouse, path: string, files: Record<string, Buffer>): Promise<void> => {
  const permit = await dev.hub.policy.require(dev.system, 'repo.write', { type: 'model', path })
  await dev.hub.commits.commit(dev.system, permit, {
    ref: 'refs/heads/main',
    parent: undefined,
    message: 'Files',
    operations: (async function* () {
      for (const [name, bytes] of Object.entries(files)) {
        yield { kind: 'file' as const, path: name, bytes }
      }
    })(),
  })
}

const open = async (engine: (typeof engineNames)[number] = 'sqlite') => {
  const dev = await openDevHouse({ engine })
  const ann = clientOf(dev, await dev.user('ann'))
  const bob = clientOf(dev, await dev.user('bob'))
  await dev.org('lab', 'ann')
  await dev.repo('lab/open')
  await dev.repo('lab/secret', { visibility: 'private' })
  return { dev, ann, bob }
}

void test('files by parts of their names, names before folders', async () => {
  const { dev, ann, bob } = await open()
  await using _ = dev
  const text = Buffer.from('x')
  await put(dev, 'lab/open', {
    'config/readme.txt': text,
    'src/old-config.json': text,
    'Config.json': text,
    'b.txt': text,
  })
  const asked = { type: 'model', ns: 'lab', name: 'open', at: 'main' }
  const found = await bob.findFiles({ ...asked, q: 'config' })
  assert.deepEqual(found.paths, ['Config.json', 'src/old-config.json', 'config/readme.txt'])
  assert.equal(found.total, 3)
  assert.deepEqual((await bob.findFiles({ ...asked, q: 'json old' })).paths, [
    'src/old-config.json',
  ])
  assert.equal((await bob.findFiles({ ...asked, q: '' })).total, 4 + 1, '.gitattributes is one')
  await refusedWith(bob.findFiles({ ...asked, name: 'secret', q: '' }), 404, 'repo_not_found')
  assert.equal((await ann.findFiles({ ...asked, name: 'secret', q: '' })).total, 1)
})

for (const engine of engineNames) {
  void test(`${engine}: a file by its bytes, in what one may browse, on the branch that is shown`, async () => {
    const { dev, ann, bob } = await open(engine)
    await using _ = dev
    const shared = weights(10_000)
    await put(dev, 'lab/open', { 'a/model.safetensors': shared })
    await put(dev, 'lab/secret', { 'copy.safetensors': shared })
    const seen = async (client: typeof ann) =>
      (await client.findContent({ sha256: sha256(shared) })).items
        .map(({ repo, path }) => `${repo} ${path}`)
        .toSorted()
    assert.deepEqual(await seen(bob), ['lab/open a/model.safetensors'])
    assert.deepEqual(await seen(ann), [
      'lab/open a/model.safetensors',
      'lab/secret copy.safetensors',
    ])
    assert.deepEqual((await bob.findContent({ sha256: '0'.repeat(64) })).items, [])
    await refusedWith(bob.findContent({ sha256: 'abc' }), 400, 'invalid')
  })

  void test(`${engine}: models by the number of their parameters, and how many there are of each size`, async () => {
    const { dev, ann, bob } = await open(engine)
    await using _ = dev
    await put(dev, 'lab/open', { 'model.safetensors': weights(2_000) })
    await put(dev, 'lab/secret', { 'model.safetensors': weights(40_000) })
    await dev.repo('lab/unknown')
    await dev.house.settle()
    const named = async (client: typeof ann, range: object) =>
      (await client.listRepos({ type: 'model', ...range })).items.map(({ path }) => path).toSorted()
    assert.deepEqual(await named(ann, { parametersMin: 2_000 }), ['lab/open', 'lab/secret'])
    assert.deepEqual(await named(ann, { parametersMin: 2_001 }), ['lab/secret'])
    assert.deepEqual(await named(ann, { parametersMax: 2_000 }), ['lab/open'])
    assert.deepEqual(await named(bob, { parametersMin: 0 }), ['lab/open'])
    const counts = async (client: typeof ann) => {
      const { total, parameters } = await client.countRepos({
        type: 'model',
        parametersMin: 3_000,
      })
      return [total, parameters.filter(({ count }) => count > 0)]
    }
    // Bars of what the range leaves out are shown too; hidden repos are in none.
    assert.deepEqual(await counts(ann), [
      1,
      [
        { from: 1_000, count: 1 },
        { from: 30_000, count: 1 },
      ],
    ])
    assert.deepEqual(await counts(bob), [0, [{ from: 1_000, count: 1 }]])
  })
}
