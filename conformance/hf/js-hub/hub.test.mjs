import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as hub from '@huggingface/hub'
import {
  alice,
  aliceReading,
  as,
  bob,
  bytesOf,
  file,
  gather,
  newRepo,
  noise,
  sha256,
} from './support.mjs'

const MiB = 1024 * 1024
const push = (repo, files, more = {}) =>
  hub.uploadFiles({ repo, files, useXet: false, ...more, ...as(alice) })

const pull = async (repo, path, more = {}) => {
  const blob = await hub.downloadFile({ repo, path, ...as(alice), ...more })
  return blob === null ? null : bytesOf(blob)
}

const refused = (status) => (error) => {
  assert.ok(error instanceof hub.HubApiError, String(error))
  assert.equal(error.statusCode, status)
  assert.ok(error.requestId, 'the request id is told')
  return true
}

test('who am I', async () => {
  const me = await hub.whoAmI(as(alice))
  assert.equal(me.name, 'alice')
  assert.equal(me.type, 'user')
  assert.deepEqual(
    me.orgs.map((org) => org.name),
    ['acme'],
  )
  assert.equal(me.auth.accessToken.role, 'write')
  await assert.rejects(hub.whoAmI(as('hf_' + 'x'.repeat(37))), refused(401))
})

test('create, see and delete repos of each type', async () => {
  for (const type of ['model', 'dataset']) {
    const repo = await newRepo({ type })
    assert.ok(await hub.repoExists({ repo, ...as(alice) }))
    await hub.checkRepoAccess({ repo, ...as(alice) })
    await assert.rejects(hub.createRepo({ repo, ...as(alice) }), refused(409))
    await hub.deleteRepo({ repo, ...as(alice) })
    assert.equal(await hub.repoExists({ repo, ...as(alice) }), false)
  }
})

test('files given at creation are in the first commit', async () => {
  const repo = { type: 'model', name: 'alice/js-with-files' }
  await hub.createRepo({
    repo,
    license: 'mit',
    files: [{ path: 'a.txt', content: new TextEncoder().encode('first').buffer }],
    ...as(alice),
  })
  assert.equal(new TextDecoder().decode(await pull(repo, 'a.txt')), 'first')
})

test('upload and download small, large and very large files', async () => {
  const repo = await newRepo()
  const small = noise(2_000, 1)
  const large = noise(12 * MiB, 2)
  const parts = noise(33 * MiB, 3)
  const answer = await push(repo, [
    file('README.md', '---\nlicense: mit\n---\n# hello\n'),
    file('small.bin', small),
    file('deep/er/large.safetensors', large),
    file('parts.bin', parts),
  ])
  assert.match(answer.commit.oid, /^[0-9a-f]{40}$/)
  assert.equal(sha256(await pull(repo, 'small.bin')), sha256(small))
  assert.equal(sha256(await pull(repo, 'deep/er/large.safetensors')), sha256(large))
  assert.equal(sha256(await pull(repo, 'parts.bin')), sha256(parts))
  assert.equal(await pull(repo, 'absent.bin'), null)
})

test('with its default settings a file comes back as it was sent', async () => {
  const repo = await newRepo()
  const bytes = noise(11 * MiB, 4)
  await push(repo, [file('m.bin', bytes)], { useXet: true })
  assert.equal(sha256(await pull(repo, 'm.bin')), sha256(bytes))
})

test('upload with progress', async () => {
  const repo = await newRepo()
  const seen = new Set()
  const files = [file('p.bin', noise(12 * MiB, 5)), file('q.txt', 'q')]
  for await (const event of hub.uploadFilesWithProgress({
    repo,
    files,
    useXet: false,
    ...as(alice),
  })) {
    seen.add(event.event)
  }
  assert.ok(seen.has('phase') && seen.has('fileProgress'))
  assert.ok(await hub.fileExists({ repo, path: 'p.bin', ...as(alice) }))
})

test('file info tells size, etag and what an upload is', async () => {
  const repo = await newRepo()
  const bytes = noise(300_000, 6)
  await push(repo, [file('w.safetensors', bytes), file('t.txt', 'text')])
  const upload = await hub.fileDownloadInfo({ repo, path: 'w.safetensors', ...as(alice) })
  assert.equal(upload.size, bytes.length)
  assert.equal(upload.etag, `"${sha256(bytes)}"`)
  const text = await hub.fileDownloadInfo({ repo, path: 't.txt', ...as(alice) })
  assert.equal(text.size, 4)
  const raw = await hub.fileDownloadInfo({ repo, path: 'w.safetensors', raw: true, ...as(alice) })
  assert.ok(raw.size < 200)
  assert.equal(await hub.fileDownloadInfo({ repo, path: 'no.txt', ...as(alice) }), null)
  assert.equal(await hub.fileExists({ repo, path: 'no.txt', ...as(alice) }), false)
})

test('a slice of a file is read by range', async () => {
  const repo = await newRepo()
  const bytes = noise(500_000, 7)
  await push(repo, [file('s.bin', bytes)])
  const blob = await hub.downloadFile({ repo, path: 's.bin', ...as(alice) })
  const slice = await bytesOf(blob.slice(1_000, 5_000))
  assert.deepEqual(slice, bytes.slice(1_000, 5_000))
})

test('list files, plain, below a folder and with their last commit', async () => {
  const repo = await newRepo()
  await push(repo, [
    file('a/one.txt', '1'),
    file('a/b/two.txt', '2'),
    file('top.bin', noise(10, 8)),
  ])
  const flat = await gather(hub.listFiles({ repo, ...as(alice) }))
  assert.deepEqual(
    flat.map((one) => one.path).toSorted((a, b) => a.localeCompare(b)),
    ['.gitattributes', 'a', 'top.bin'],
  )
  const deep = await gather(hub.listFiles({ repo, recursive: true, expand: true, ...as(alice) }))
  const two = deep.find((one) => one.path === 'a/b/two.txt')
  assert.equal(two.type, 'file')
  assert.match(two.lastCommit.id, /^[0-9a-f]{40}$/)
  const below = await gather(hub.listFiles({ repo, path: 'a/b', ...as(alice) }))
  assert.deepEqual(
    below.map((one) => one.path),
    ['a/b/two.txt'],
  )
})

test('paths-info', async () => {
  const repo = await newRepo()
  await push(repo, [file('x/y.txt', 'y'), file('w.bin', noise(5_000, 9))])
  const infos = await hub.pathsInfo({
    repo,
    paths: ['x/y.txt', 'w.bin', 'no'],
    expand: true,
    ...as(alice),
  })
  assert.deepEqual(
    infos.map((one) => one.path).toSorted((a, b) => a.localeCompare(b)),
    ['w.bin', 'x/y.txt'],
  )
  assert.ok(infos.every((one) => one.lastCommit !== undefined))
})

test('delete files, edit others in the same commit', async () => {
  const repo = await newRepo()
  await push(repo, [file('keep.txt', '1'), file('go.txt', '2'), file('also.txt', '3')])
  await hub.commit({
    repo,
    title: 'Tidy',
    operations: [
      { operation: 'delete', path: 'go.txt' },
      { operation: 'addOrUpdate', path: 'keep.txt', content: new Blob(['changed']) },
    ],
    useXet: false,
    ...as(alice),
  })
  await hub.deleteFile({ repo, path: 'also.txt', ...as(alice) })
  const left = await gather(hub.listFiles({ repo, ...as(alice) }))
  assert.deepEqual(
    left.map((one) => one.path).toSorted((a, b) => a.localeCompare(b)),
    ['.gitattributes', 'keep.txt'],
  )
  assert.equal(new TextDecoder().decode(await pull(repo, 'keep.txt')), 'changed')
})

test('a parent commit that is not the head is refused', async () => {
  const repo = await newRepo()
  const first = await push(repo, [file('a.txt', '1')])
  await push(repo, [file('a.txt', '2')], { parentCommit: first.commit.oid })
  await assert.rejects(
    push(repo, [file('a.txt', '3')], { parentCommit: first.commit.oid }),
    refused(412),
  )
})

test('commits are listed and counted', async () => {
  const repo = await newRepo()
  for (const n of ['1', '2', '3'])
    await push(repo, [file('n.txt', n)], { commitTitle: `Number ${n}` })
  const commits = await gather(hub.listCommits({ repo, ...as(alice) }))
  assert.deepEqual(
    commits.map((one) => one.title),
    ['Number 3', 'Number 2', 'Number 1', 'initial commit'],
  )
  assert.equal(await hub.countCommits({ repo, revision: 'main', ...as(alice) }), 4)
})

test('branches hold their own files', async () => {
  const repo = await newRepo()
  await push(repo, [file('a.txt', 'main')])
  await hub.createBranch({ repo, branch: 'try/it', ...as(alice) })
  await push(repo, [file('a.txt', 'branch')], { branch: 'try/it' })
  assert.equal(new TextDecoder().decode(await pull(repo, 'a.txt')), 'main')
  assert.equal(
    new TextDecoder().decode(await pull(repo, 'a.txt', { revision: 'try/it' })),
    'branch',
  )
  await assert.rejects(hub.createBranch({ repo, branch: 'try/it', ...as(alice) }), refused(409))
  await hub.deleteBranch({ repo, branch: 'try/it', ...as(alice) })
  await hub.createBranch({ repo, branch: 'bare', empty: true, ...as(alice) })
  assert.deepEqual(await gather(hub.listFiles({ repo, revision: 'bare', ...as(alice) })), [])
})

test('lists and info', async () => {
  const repo = await newRepo({ owner: 'acme' })
  await push(repo, [
    file('README.md', '---\nlicense: mit\ntags: [scales]\npipeline_tag: fill-mask\n---\n'),
  ])
  const found = await gather(
    hub.listModels({
      search: { owner: 'acme', tags: ['scales'] },
      additionalFields: ['sha', 'tags'],
      ...as(alice),
    }),
  )
  assert.deepEqual(
    found.map((one) => one.name),
    [repo.name],
  )
  assert.equal(found[0].task, 'fill-mask')
  const info = await hub.modelInfo({
    name: repo.name,
    additionalFields: ['author', 'cardData'],
    ...as(alice),
  })
  assert.equal(info.author, 'acme')
  assert.equal(info.cardData.license, 'mit')
  const data = await newRepo({ type: 'dataset' })
  assert.equal((await hub.datasetInfo({ name: data.name, ...as(alice) })).name, data.name)
  const sets = await gather(hub.listDatasets({ search: { owner: 'alice' }, ...as(alice) }))
  assert.ok(sets.some((one) => one.name === data.name))
})

test('safetensors metadata is read by ranges', async () => {
  const repo = await newRepo()
  const header = { w: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] } }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + 24)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  await push(repo, [file('model.safetensors', bytes)])
  const parsed = await hub.parseSafetensorsMetadata({
    repo,
    computeParametersCount: true,
    ...as(alice),
  })
  assert.equal(parsed.sharded, false)
  assert.deepEqual(parsed.parameterCount, { F32: 6 })
})

test('a snapshot lands in the cache', async () => {
  const repo = await newRepo()
  const bytes = noise(200_000, 10)
  await push(repo, [file('config.json', '{}'), file('w/x.bin', bytes)])
  const cacheDir = await mkdtemp(join(tmpdir(), 'js-hub-'))
  const folder = await hub.snapshotDownload({ repo, cacheDir, ...as(alice) })
  assert.equal(sha256(await readFile(join(folder, 'w/x.bin'))), sha256(bytes))
  assert.equal(await readFile(join(folder, 'config.json'), 'utf8'), '{}')
})

test('private repos are hidden from others and from nobody', async () => {
  const repo = await newRepo({ visibility: 'private' })
  await push(repo, [file('secret.txt', 's')])
  assert.equal(await hub.repoExists({ repo, ...as(bob) }), false)
  await assert.rejects(hub.checkRepoAccess({ repo, ...as(bob) }), refused(404))
  await assert.rejects(hub.checkRepoAccess({ repo, ...as(undefined) }), refused(401))
  await assert.rejects(hub.downloadFile({ repo, path: 'secret.txt', ...as(bob) }), refused(404))
})

test('a read token may not write, and says so', async () => {
  const repo = await newRepo()
  await assert.rejects(
    hub.uploadFiles({ repo, files: [file('a.txt', '1')], useXet: false, ...as(aliceReading) }),
    (error) => refused(403)(error) && /read/.test(error.message),
  )
  await assert.rejects(
    hub.uploadFiles({ repo, files: [file('a.txt', '1')], useXet: false, ...as(bob) }),
    refused(403),
  )
})

test('an upload that is cut off leaves nothing behind', async () => {
  const repo = await newRepo()
  const stop = new AbortController()
  const files = [file('cut.bin', noise(40 * MiB, 11))]
  const sending = hub.uploadFiles({
    repo,
    files,
    useXet: false,
    abortSignal: stop.signal,
    ...as(alice),
  })
  setTimeout(() => stop.abort(), 150)
  await assert.rejects(sending)
  assert.equal(await hub.fileExists({ repo, path: 'cut.bin', ...as(alice) }), false)
  await push(repo, files)
  assert.ok(await hub.fileExists({ repo, path: 'cut.bin', ...as(alice) }))
})
