/** What a page of a repo asks: finding, folders, files, tensors, history, commits; and that none of it tells more than may be known. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatSafetensorsHead } from '@weighhouse/formats/safetensors/header.ts'
import { openDevHouse, type DevHouse } from '../dev-house.ts'
import { clientOf, refusedWith } from './org-kit.ts'

const triage = { type: 'model', ns: 'lab', name: 'triage' } as const

const weights = (): string => {
  const data = new Uint8Array(24)
  const head = formatSafetensorsHead([{ name: 'w', dtype: 'F32', shape: [2, 3], data }], {
    format: 'pt',
  })
  return Buffer.concat([head, data]).toString('latin1') // bounded: a head and 24 bytes
}

/** `lab` of ann has a public model; `secret` is private; bob is a stranger. */
const openLab = async () => {
  const dev = await openDevHouse()
  const ann = clientOf(dev, await dev.user('ann'))
  const bob = clientOf(dev, await dev.user('bob'))
  await dev.org('lab', 'ann')
  await ann.createRepo({
    type: 'model',
    owner: 'lab',
    name: 'triage',
    visibility: 'public',
    license: 'mit',
  })
  await ann.createRepo({ type: 'model', owner: 'lab', name: 'secret', visibility: 'private' })
  await dev.house.settle()
  return { dev, ann, bob, nobody: clientOf(dev) }
}

const put = async (dev: DevHouse, path: string, bytes: Buffer): Promise<void> => {
  const permit = await dev.hub.policy.require(dev.system, 'repo.write', {
    type: 'model',
    path: 'lab/triage',
  })
  const each = async function* () {
    yield { kind: 'file', path, bytes } as const
  }
  await dev.hub.commits.commit(dev.system, permit, {
    ref: 'refs/heads/main',
    parent: undefined,
    message: path,
    operations: each(),
  })
}

void test('lists and counts tell of what may be seen, and of nothing else', async () => {
  const { dev, ann, bob, nobody } = await openLab()
  await using _ = dev
  const names = async (client: typeof ann) =>
    (await client.listRepos({ type: 'model' })).items.map(({ path }) => path).toSorted()
  assert.deepEqual(await names(ann), ['lab/secret', 'lab/triage'])
  assert.deepEqual(await names(bob), ['lab/triage'])
  assert.deepEqual(await names(nobody), ['lab/triage'])
  assert.equal((await ann.countRepos({ type: 'model' })).total, 2)
  const counts = await nobody.countRepos({ type: 'model' })
  assert.deepEqual([counts.total, counts.owners], [1, [{ owner: 'lab', count: 1 }]])
  assert.deepEqual(counts.tags, [{ tag: 'license:mit', count: 1 }])
  assert.equal((await ann.countRepos({ type: 'model', tags: 'license:mit' })).total, 1)
  assert.equal((await ann.countRepos({ type: 'model', q: 'sec lab' })).total, 1)
  assert.equal((await ann.countRepos({ type: 'model', tags: 'none' })).total, 0)
})

void test('a repo says what the caller may do', async () => {
  const { dev, ann, bob, nobody } = await openLab()
  await using _ = dev
  const all = { browse: true, read: true, write: true, admin: true }
  assert.deepEqual((await ann.getRepo(triage)).may, all)
  const seen = await bob.getRepo(triage)
  assert.deepEqual(seen.may, { ...all, write: false, admin: false })
  assert.deepEqual([seen.license, seen.files, seen.refusal, seen.isLiked], ['mit', 2, null, false])
  await bob.likeRepo(triage)
  assert.deepEqual(
    [(await bob.getRepo(triage)).isLiked, (await ann.getRepo(triage)).isLiked],
    [true, false],
  )
  await refusedWith(bob.getRepo({ ...triage, name: 'secret' }), 404, 'repo_not_found')
  await refusedWith(nobody.getRepo({ ...triage, name: 'none' }), 404, 'repo_not_found')
  await ann.changeRepo({ ...triage, gate: 'manual' })
  const gated = await bob.getRepo(triage)
  assert.deepEqual([gated.may.browse, gated.may.read, gated.refusal?.code], [true, false, 'gated'])
  assert.equal(gated.refusal?.details['reason'], 'gate_not_asked')
  await refusedWith(bob.changeRepo({ ...triage, gate: null }), 403, 'permission_denied')
  await refusedWith(bob.deleteRepo(triage), 403, 'permission_denied')
  await refusedWith(
    nobody.createRepo({ type: 'model', owner: 'lab', name: 'x', visibility: 'public' }),
    401,
    'unauthenticated',
  )
  assert.equal(
    (await ann.moveRepo({ ...triage, toOwner: 'lab', toName: 'renamed' })).path,
    'lab/renamed',
  )
  assert.equal((await bob.getRepo(triage)).path, 'lab/renamed')
  await ann.deleteRepo({ ...triage, name: 'renamed' })
  await refusedWith(ann.getRepo(triage), 404, 'repo_not_found')
})

void test('what is held says so, and shows nothing of what is in it', async () => {
  const { dev, bob } = await openLab()
  await using _ = dev
  const admin = clientOf(dev, await dev.user('root', { admin: true }))
  await admin.setHold({ ...triage, kind: 'takedown', reason: 'a court' })
  const held = await bob.getRepo(triage)
  assert.deepEqual([held.hold, held.may.read, held.may.browse], ['takedown', false, false])
  assert.deepEqual(
    [held.refusal?.code, held.card, held.head, held.tags],
    ['repo_disabled', null, null, []],
  )
  const [listed] = (await bob.listRepos({ type: 'model' })).items
  assert.deepEqual([listed?.hold, listed?.license, listed?.tags], ['takedown', null, []])
})

void test('folders, files and their heads', async () => {
  const { dev, ann, bob } = await openLab()
  await using _ = dev
  const made = await ann.commitFiles({
    ...triage,
    branch: 'main',
    title: 'More',
    operations: [
      { kind: 'text', path: 'notes/a b.txt', text: 'first\nsecond\n' },
      { kind: 'text', path: 'notes/data.csv', text: 'a,b\n1,2\n' },
    ],
  })
  await put(dev, 'odd.dat', Buffer.from([0xff, 0xfe, 0, 1]))
  await put(dev, 'long.txt', Buffer.from(`é${'x'.repeat(1_500_000)}`))
  const root = await bob.getTree({ ...triage, at: 'main', withLast: true })
  assert.deepEqual(
    root.entries.map(({ path, last }) => `${path}: ${last?.title ?? ''}`),
    [
      'notes: More',
      '.gitattributes: initial commit',
      'README.md: initial commit',
      'long.txt: long.txt',
      'odd.dat: odd.dat',
    ],
  )
  const notes = await bob.getTree({ ...triage, at: `${made.commit}/notes` })
  assert.deepEqual([notes.kind, notes.path, notes.total], ['commit', 'notes', 2])
  const text = await bob.getFile({ ...triage, at: 'main/notes/a b.txt' })
  assert.deepEqual(
    [text.view, text.text, text.isWhole, text.kind],
    ['text', 'first\nsecond\n', true, 'branch'],
  )
  assert.equal((await bob.getFile({ ...triage, at: 'main/notes/data.csv' })).view, 'table')
  const odd = await bob.getFile({ ...triage, at: 'main/odd.dat' })
  assert.deepEqual([odd.view, odd.text], ['binary', null])
  const long = await bob.getFile({ ...triage, at: 'main/long.txt' })
  assert.deepEqual([long.view, long.isWhole], ['text', false])
  assert.ok((long.text?.length ?? 0) < 1_100_000)
  await refusedWith(bob.getFile({ ...triage, at: 'main/notes' }), 404, 'entry_not_found')
  await refusedWith(bob.getTree({ ...triage, at: 'none' }), 404, 'revision_not_found')
  await refusedWith(bob.getTree({ ...triage, at: 'main/none' }), 404, 'entry_not_found')
})

void test('behind a gate names are shown, and bytes are not', async () => {
  const { dev, ann, bob } = await openLab()
  await using _ = dev
  await put(dev, 'secret.txt', Buffer.from('secret'))
  await put(dev, 'model.safetensors', Buffer.from(weights(), 'latin1'))
  await ann.changeRepo({ ...triage, gate: 'manual' })
  assert.equal((await bob.getTree({ ...triage, at: 'main' })).total, 4)
  await refusedWith(bob.getFile({ ...triage, at: 'main/secret.txt' }), 403, 'gated')
  await refusedWith(bob.getTensors({ ...triage, at: 'main/model.safetensors' }), 403, 'gated')
  await refusedWith(bob.getChanges({ ...triage, to: 'main' }), 403, 'gated')
  await refusedWith(bob.getCard({ ...triage, at: 'main/secret.txt' }), 403, 'gated')
  assert.notEqual((await bob.getCard({ ...triage, at: 'main' })).html, null)
  assert.equal((await ann.getFile({ ...triage, at: 'main/secret.txt' })).text, 'secret')
})

void test('the header of weights as a table; a broken one says what is wrong', async () => {
  const { dev, bob } = await openLab()
  await using _ = dev
  await put(dev, 'model.safetensors', Buffer.from(weights(), 'latin1'))
  const found = await bob.getTensors({ ...triage, at: 'main/model.safetensors' })
  assert.deepEqual(found.tensors, [
    { name: 'w', dtype: 'F32', shape: [2, 3], beginBytes: 0, sizeBytes: 24 },
  ])
  assert.deepEqual(
    [found.format, found.total, found.metadata],
    ['safetensors', 1, [{ key: 'format', value: 'pt' }]],
  )
  await put(dev, 'broken.safetensors', Buffer.from('\u0010\0\0\0\0\0\0\0{"not json"'))
  await refusedWith(bob.getTensors({ ...triage, at: 'main/broken.safetensors' }), 400, 'invalid')
  await put(dev, 'lie.safetensors', Buffer.from([255, 255, 255, 255, 255, 255, 255, 127]))
  await refusedWith(bob.getTensors({ ...triage, at: 'main/lie.safetensors' }), 400, 'invalid')
  await refusedWith(bob.getTensors({ ...triage, at: 'main/README.md' }), 501, 'not_supported')
})

void test('history, differences, branches and tags', async () => {
  const { dev, ann, bob } = await openLab()
  await using _ = dev
  const commit = (text: string, parent?: string) =>
    ann.commitFiles({
      ...triage,
      branch: 'main',
      title: `Say ${text}`,
      ...(parent === undefined ? {} : { parent }),
      operations: [{ kind: 'text', path: 'a.txt', text: `one\n${text}\nthree\n` }],
    })
  const first = await commit('two')
  const second = await commit('2', first.commit)
  const { items, total } = await bob.listCommits({ ...triage, at: 'main' })
  assert.deepEqual(
    [items.map(({ title }) => title), total],
    [['Say 2', 'Say two', 'initial commit'], 3],
  )
  const changes = await bob.getChanges({ ...triage, to: second.commit })
  assert.deepEqual(
    changes.files.map(({ status, path, hunks }) => [status, path, hunks?.[0]?.lines]),
    [['changed', 'a.txt', [' one', '-two', '+2', ' three']]],
  )
  await refusedWith(commit('late', first.commit), 409, 'ref_moved')
  await ann.createBranch({ ...triage, branch: 'side/x', from: first.commit })
  await ann.createTag({ ...triage, tag: 'v1', from: 'main', message: 'The first' })
  const refs = await bob.listRefs(triage)
  assert.deepEqual(
    [refs.branches.map(({ name }) => name), refs.tags.map(({ name }) => name)],
    [['main', 'side/x'], ['v1']],
  )
  const side = await bob.getFile({ ...triage, at: 'side/x/a.txt' })
  assert.deepEqual([side.revision, side.path, side.text], ['side/x', 'a.txt', 'one\ntwo\nthree\n'])
  assert.equal((await bob.getChanges({ ...triage, from: 'side/x', to: 'v1' })).files.length, 1)
  await refusedWith(bob.createTag({ ...triage, tag: 'v2', from: 'main' }), 403, 'permission_denied')
  await refusedWith(bob.deleteBranch({ ...triage, branch: 'side/x' }), 403, 'permission_denied')
  await refusedWith(ann.deleteBranch({ ...triage, branch: 'main' }), 400, 'invalid')
  await ann.deleteBranch({ ...triage, branch: 'side/x' })
  await ann.deleteTag({ ...triage, tag: 'v1' })
  await refusedWith(bob.getTree({ ...triage, at: 'v1' }), 404, 'revision_not_found')
})

void test('uploads begin for who may write, and say what is wrong', async () => {
  const { dev, ann, bob } = await openLab()
  await using _ = dev
  const offer = { ...triage, sha256: 'a'.repeat(64), sizeBytes: 40 * 1024 * 1024 }
  const begun = await ann.beginUpload(offer)
  assert.deepEqual([begun.state, begun.parts.map(({ number }) => number)], ['wanted', [1, 2, 3]])
  assert.ok(
    begun.complete !== null && begun.parts.every(({ path }) => path.startsWith('/_lfs/uploads/')),
  )
  await refusedWith(bob.beginUpload(offer), 403, 'permission_denied')
  await refusedWith(ann.beginUpload({ ...offer, sha256: 'z'.repeat(64) }), 400, 'invalid')
  await refusedWith(
    ann.commitFiles({
      ...triage,
      branch: 'main',
      title: 'x',
      operations: [{ kind: 'upload', path: 'x', sha256: 'b'.repeat(64) }],
    }),
    404,
    'content_missing',
  )
})

void test('a hub without accounts is set up by the code alone, once', async () => {
  await using dev = await openDevHouse()
  const browser = clientOf(dev, undefined, { 'sec-fetch-site': 'same-origin' })
  assert.equal((await browser.getHub({})).isSetUp, false)
  const code = (await dev.hub.identity.offerSetup()) ?? ''
  const wish = { name: 'ann', password: 'seven quiet barges' }
  await refusedWith(browser.setUp({ ...wish, code: 'guessed' }), 403, 'permission_denied')
  await refusedWith(
    clientOf(dev, undefined, { 'sec-fetch-site': 'cross-site' }).setUp({ ...wish, code }),
    403,
    'permission_denied',
  )
  const made = await browser.setUp({ ...wish, code: ` ${code}\n` })
  assert.equal(made.name, 'ann')
  assert.equal((await clientOf(dev, made.token).getMe()).isAdmin, true)
  assert.equal((await browser.getHub({})).isSetUp, true)
  await refusedWith(
    browser.setUp({ name: 'eve', password: wish.password, code }),
    403,
    'permission_denied',
  )
})
