/** Commits: what they may hold, what is refused and how, and that a refused one changes nothing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Ask, type DevHouse, openDevHouse } from '../dev-house.ts'
import { engineNames } from '../engines.ts'
import { commit, file, header, type Line, lfsFile, upload } from './calls.ts'

const open = async (engine: (typeof engineNames)[number] = 'sqlite') => {
  const dev = await openDevHouse({ engine })
  const token = await dev.user('ann')
  await dev.repo('ann/m')
  return { dev, token }
}

const head = async (dev: DevHouse, repo = 'ann/m'): Promise<string> => {
  const info = await dev.ask('GET', `/api/models/${repo}`)
  return (info.json() as { sha: string }).sha
}

const paths = async (dev: DevHouse, revision = 'main'): Promise<string[]> => {
  const answer = await dev.ask('GET', `/api/models/ann/m/tree/${revision}?recursive=true`)
  return (answer.json() as { path: string }[]).map((entry) => entry.path)
}

const text = async (dev: DevHouse, path: string, revision = 'main'): Promise<string> =>
  (await dev.ask('GET', `/ann/m/resolve/${revision}/${path}`)).text

for (const engine of engineNames) {
  void test(`${engine}: add, change, copy, delete, delete a folder`, async () => {
    const { dev, token } = await open(engine)
    await using _ = dev
    const weights = Buffer.alloc(50_000, 7)
    await upload(dev, 'ann/m', weights, token)
    const first = await commit(
      dev,
      'ann/m',
      [
        header(),
        file('a.txt', 'one'),
        file('d/b.txt', 'two'),
        file('d/e/c.txt', 'three'),
        lfsFile('w.bin', weights),
      ],
      { token },
    )
    assert.equal(first.status, 200, first.text)
    assert.deepEqual(await paths(dev), [
      '.gitattributes',
      'a.txt',
      'd',
      'd/b.txt',
      'd/e',
      'd/e/c.txt',
      'w.bin',
    ])
    const lines: Line[] = [
      header({ description: 'why' }),
      file('a.txt', 'changed'),
      { key: 'copyFile', value: { path: 'w2.bin', srcPath: 'w.bin', srcRevision: 'main' } },
      { key: 'deletedFile', value: { path: 'd/b.txt' } },
      { key: 'deletedFolder', value: { path: 'd/e/' } },
    ]
    assert.equal((await commit(dev, 'ann/m', lines, { token })).status, 200)
    assert.deepEqual(await paths(dev), ['.gitattributes', 'a.txt', 'w.bin', 'w2.bin'])
    assert.equal(await text(dev, 'a.txt'), 'changed')
    const commits = (await dev.ask('GET', '/api/models/ann/m/commits/main')).json()
    const titles = (commits as { title: string; message: string }[]).map((one) => [
      one.title,
      one.message,
    ])
    assert.deepEqual(titles[0], ['test', 'why'])
    await dev.house.settle()
  })

  void test(`${engine}: of two commits on one parent the second is told where the branch is`, async () => {
    const { dev, token } = await open(engine)
    await using _ = dev
    const parentCommit = await head(dev)
    const lines = (name: string) => [header({ parentCommit }), file(name, 'x')]
    assert.equal((await commit(dev, 'ann/m', lines('a'), { token })).status, 200)
    const second = await commit(dev, 'ann/m', lines('b'), { token })
    assert.equal(second.status, 412)
    assert.match(second.text, new RegExp(await head(dev)))
    assert.deepEqual(await paths(dev), ['.gitattributes', 'a'])
  })

  void test(`${engine}: commits at the same time are all kept`, async () => {
    const { dev, token } = await open(engine)
    await using _ = dev
    const names = Array.from({ length: 8 }, (__, index) => `f${index}.txt`)
    const answers = await Promise.all(
      names.map((name) => commit(dev, 'ann/m', [header(), file(name, name)], { token })),
    )
    for (const answer of answers) assert.equal(answer.status, 200, answer.text)
    assert.deepEqual(await paths(dev), ['.gitattributes', ...names])
    const commits = (await dev.ask('GET', '/api/models/ann/m/commits/main')).json() as unknown[]
    assert.equal(commits.length, names.length + 1)
  })
}

const badPaths = [
  '../up.txt',
  'a/../../b',
  '/abs.txt',
  'a//b',
  './a',
  'a/.',
  '',
  '.git/config',
  'x/.GIT/config',
  'nul\u0000byte',
  'line\nbreak',
  'back\\slash\\..\\x',
  'lone\ud800surrogate',
  'a'.repeat(5_000),
  `${'d/'.repeat(200)}deep`,
]

void test('paths that no repo may hold are refused by name, and nothing is committed', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const before = await head(dev)
  for (const path of badPaths) {
    const answer = await commit(dev, 'ann/m', [header(), file('ok.txt', 'x'), file(path, 'x')], {
      token,
    })
    assert.equal(answer.status, 422, `${JSON.stringify(path.slice(0, 40))}: ${answer.text}`)
    assert.ok(answer.headers['x-error-message'])
  }
  assert.equal(await head(dev), before)
})

void test('names that are not UTF-8 are refused', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const line = Buffer.from(JSON.stringify(file('bad-X.txt', 'x')))
  line[line.indexOf('X')] = 0xff
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(header())}\n`), line])
  const answer = await dev.ask('POST', '/api/models/ann/m/commit/main', {
    token,
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  })
  assert.ok([400, 422].includes(answer.status), answer.text)
  assert.match(answer.text, /Unicode/)
})

void test('names that differ only in case or accents are refused', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const pairs = [
    ['Model.bin', 'model.bin'],
    ['Weights/a.txt', 'weights/b.txt'],
    ['caf\u00e9.txt', 'cafe\u0301.txt'],
  ]
  for (const [one = '', two = ''] of pairs) {
    const answer = await commit(dev, 'ann/m', [header(), file(one, '1'), file(two, '2')], { token })
    assert.equal(answer.status, 422, `${one} and ${two}: ${answer.text}`)
    assert.match(answer.text, /differs|only/)
  }
})

void test('a file cannot be a folder, nor a folder a file', async () => {
  const { dev, token } = await open()
  await using _ = dev
  await commit(dev, 'ann/m', [header(), file('a', '1'), file('d/x', '2')], { token })
  for (const path of ['a/b', 'd']) {
    const answer = await commit(dev, 'ann/m', [header(), file(path, '3')], { token })
    assert.equal(answer.status, 422, answer.text)
  }
  assert.deepEqual(await paths(dev), ['.gitattributes', 'a', 'd', 'd/x'])
})

const badBodies: readonly [name: string, body: string, status: number][] = [
  ['empty', '', 400],
  ['no JSON', 'hello', 400],
  ['no header', JSON.stringify(file('a', 'x')), 400],
  ['header alone is a list', '[]', 400],
  ['cut line', `${JSON.stringify(header())}\n{"key":"file","value":{"path":"a","con`, 400],
  ['unknown key', `${JSON.stringify(header())}\n{"key":"spell","value":{}}`, 400],
  ['no path', `${JSON.stringify(header())}\n{"key":"file","value":{"content":""}}`, 400],
  [
    'content is no base64',
    `${JSON.stringify(header())}\n{"key":"file","value":{"path":"a","content":"%%%","encoding":"base64"}}`,
    400,
  ],
  [
    'oid is no digest',
    `${JSON.stringify(header())}\n{"key":"lfsFile","value":{"path":"a","oid":"x","algo":"sha256","size":1}}`,
    400,
  ],
  [
    'delete of nothing',
    `${JSON.stringify(header())}\n{"key":"deletedFile","value":{"path":"nope"}}`,
    404,
  ],
  [
    'copy of nothing',
    `${JSON.stringify(header())}\n{"key":"copyFile","value":{"path":"b","srcPath":"nope"}}`,
    404,
  ],
]

void test('bodies that are no commit are refused, with the number of the line', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const before = await head(dev)
  for (const [name, body, status] of badBodies) {
    const answer = await commit(dev, 'ann/m', body, { token })
    assert.equal(answer.status, status, `${name}: ${answer.text}`)
  }
  assert.equal(await head(dev), before)
})

void test('a line, a message or a count beyond its bound is refused', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const send = (lines: string | Line[]) => commit(dev, 'ann/m', lines, { token })
  const endless = `${JSON.stringify(header())}\n${'x'.repeat(17 * 1024 * 1024)}`
  assert.equal((await send(endless)).status, 413)
  const large = file('big.txt', Buffer.alloc(10 * 1024 * 1024 + 1, 97))
  const refused = await send([header(), large])
  assert.equal(refused.status, 413)
  assert.match(refused.text, /LFS|upload/i)
  assert.equal((await send([header({ summary: 'x'.repeat(70_000) }), file('a', 'x')])).status, 413)
  const deletes = Array.from({ length: 25_001 }, (__, index) => ({
    key: 'deletedFile',
    value: { path: `f${index}` },
  }))
  assert.equal((await send([header(), ...deletes])).status, 413)
})

void test('a card that does not hold is refused with what is wrong', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const bad = '---\nlicense: [mit\n---\n# x\n'
  const answer = await commit(dev, 'ann/m', [header(), file('README.md', bad)], { token })
  assert.equal(answer.status, 400)
  assert.match(answer.text, /README|metadata|YAML/i)
  const check = await dev.ask('POST', '/api/validate-yaml', {
    token,
    body: { content: bad, repoType: 'model' },
  })
  assert.equal(check.status, 400)
  assert.ok((check.json() as { errors: unknown[] }).errors.length > 0)
})

void test('unknown revisions and pull requests are told as such', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const ask = (more: Ask & { revision?: string; query?: string }) =>
    commit(dev, 'ann/m', [header(), file('a', 'x')], { token, ...more })
  const unknown = await ask({ revision: 'nope' })
  assert.equal(unknown.status, 404)
  assert.equal(unknown.headers['x-error-code'], 'RevisionNotFound')
  const pull = await ask({ query: '?create_pr=1' })
  assert.equal(pull.status, 400)
  assert.match(pull.text, /not offered/)
})

void test('many small files in one commit', async () => {
  const { dev, token } = await open()
  await using _ = dev
  const files = Array.from({ length: 3_000 }, (__, index) =>
    file(`d${index % 30}/f${index}.txt`, `${index}`),
  )
  assert.equal((await commit(dev, 'ann/m', [header(), ...files], { token })).status, 200)
  assert.equal((await paths(dev)).length, 1000, 'one page')
  assert.equal(await text(dev, 'd7/f2017.txt'), '2017')
})

void test('a branch and a tag stay where they are when the other moves', async () => {
  const { dev, token } = await open()
  await using _ = dev
  await commit(dev, 'ann/m', [header(), file('v.txt', '1')], { token })
  const tag = await dev.ask('POST', '/api/models/ann/m/tag/main', {
    token,
    body: { tag: 'v1', message: 'first' },
  })
  assert.ok(tag.status < 300, tag.text)
  const branch = await dev.ask('POST', '/api/models/ann/m/branch/side', { token, body: {} })
  assert.ok(branch.status < 300, branch.text)
  await commit(dev, 'ann/m', [header(), file('v.txt', '2')], { token })
  await commit(dev, 'ann/m', [header(), file('v.txt', 's')], { token, revision: 'side' })
  assert.equal(await text(dev, 'v.txt'), '2')
  assert.equal(await text(dev, 'v.txt', 'v1'), '1')
  assert.equal(await text(dev, 'v.txt', 'side'), 's')
  const again = await dev.ask('POST', '/api/models/ann/m/tag/main', { token, body: { tag: 'v1' } })
  assert.equal(again.status, 409)
  for (const name of ['a..b', 'end.lock', '-dash', 'with space', 'x~1', 'a/']) {
    const bad = await dev.ask('POST', '/api/models/ann/m/tag/main', { token, body: { tag: name } })
    assert.equal(bad.status, 400, name)
  }
})

void test('the default branch is not deleted, and a squash keeps the tree', async () => {
  const { dev, token } = await open()
  await using _ = dev
  await commit(dev, 'ann/m', [header(), file('a', '1')], { token })
  await commit(dev, 'ann/m', [header(), file('b', '2')], { token })
  assert.equal((await dev.ask('DELETE', '/api/models/ann/m/branch/main', { token })).status, 400)
  const squash = await dev.ask('POST', '/api/models/ann/m/super-squash/main', {
    token,
    body: { message: 'one' },
  })
  assert.equal(squash.status, 200, squash.text)
  assert.deepEqual(await paths(dev), ['.gitattributes', 'a', 'b'])
  const commits = (await dev.ask('GET', '/api/models/ann/m/commits/main')).json() as unknown[]
  assert.equal(commits.length, 1)
})
