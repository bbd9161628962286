/** The program as administrators run it: by its name, with secrets on standard input, beside a running hub. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { weighhouse } from '@weighhouse/testkit/crash/admin.ts'
import { startHub } from '@weighhouse/testkit/crash/hub-process.ts'

const folder = async (): Promise<string> =>
  join(await mkdtemp(join(tmpdir(), 'weighhouse-cli-')), 'data')

const json = (text: string): unknown => JSON.parse(text)

void test('accounts, tokens and repos, while a server runs on the same folder', async () => {
  const data = await folder()
  const hub = await startHub({ dataDir: data })
  const run = (...args: string[]) => weighhouse([...args, '--data', data])
  try {
    const created = await weighhouse(
      ['user', 'create', 'ann', '--admin', '--password-stdin', '--data', data, '--json'],
      'a-long-password\n',
    )
    assert.equal(created.code, 0, created.stderr)
    assert.doesNotMatch(created.stdout + created.stderr, /a-long-password/)
    assert.equal((await run('org', 'create', 'lab', '--owner', 'ann')).code, 0)
    await weighhouse(['user', 'create', 'bea', '--data', data])
    const added = await run('org', 'member', 'add', 'lab', 'bea', '--role', 'write')
    assert.match(added.stdout, /bea is now write in lab/)

    const directory = await run('org', 'directory', 'show', 'lab')
    assert.match(directory.stdout, /users: 0, of which 0 active[^]*braked: no/)
    assert.match((await run('org', 'directory', 'resume', 'lab')).stdout, /goes on/)

    const made = await run(
      'token',
      'create',
      '--user',
      'bea',
      '--name',
      'ci',
      '--role',
      'write',
      '--json',
    )
    const { token, id } = json(made.stdout) as { token: string; id: string }
    assert.match(token, /^hf_[A-Za-z0-9]{34,}$/)
    const listed = await run('token', 'list', '--user', 'bea', '--json')
    assert.doesNotMatch(listed.stdout, new RegExp(token), 'a secret is shown once')

    const who = async () =>
      fetch(`${hub.url}/api/whoami-v2`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal((await who()).status, 200)
    assert.equal((await run('repo', 'create', 'lab/m', '--visibility', 'internal')).code, 0)
    assert.match((await run('repo', 'list')).stdout, /lab\/m +model +internal/)
    assert.equal((await run('repo', 'visibility', 'lab/m', 'public')).code, 0)
    const tree = () => fetch(`${hub.url}/api/models/lab/m/tree/main`).then(({ status }) => status)
    const why = ['--reason', 'A complaint']
    assert.equal((await run('repo', 'hold', 'lab/m', 'takedown', ...why)).code, 0)
    assert.equal(await tree(), 403)
    assert.equal((await run('repo', 'hold', 'lab/m', 'legal_hold', ...why)).code, 4)
    assert.equal((await run('repo', 'release', 'lab/m', ...why)).code, 0)
    assert.equal(await tree(), 200)
    assert.equal((await fetch(`${hub.url}/api/models/lab/m`)).status, 200)
    assert.equal((await run('repo', 'delete', 'lab/m')).code, 0)
    assert.equal((await fetch(`${hub.url}/api/models/lab/m`)).status, 401)

    const page = ['--redirect', 'https://app.example/cb', '--confidential', '--json']
    const app = json((await run('app', 'create', 'Scales', ...page)).stdout) as Record<
      string,
      string
    >
    assert.match(app['secret'] ?? '', /^hfs_/)
    assert.match(
      (await run('app', 'list')).stdout,
      /Scales +confidential +- +https:\/\/app\.example/,
    )
    assert.match((await run('app', 'rotate', app['id'] ?? '')).stdout, /^secret: hfs_/)
    assert.equal((await run('app', 'delete', app['id'] ?? '')).code, 0)
    assert.equal((await run('app', 'delete', app['id'] ?? '')).code, 3)
    assert.match((await run('app', 'rotate-key')).stdout, /key [0-9a-f]{24}/)

    assert.equal((await run('token', 'revoke', id)).code, 0)
    assert.equal((await who()).status, 401)
    assert.equal((await run('user', 'disable', 'bea')).code, 0)
    const users = json((await run('user', 'list', '--json')).stdout)
    assert.deepEqual(
      (users as { name: string; disabled: boolean }[]).map(({ name, disabled }) => [
        name,
        disabled,
      ]),
      [
        ['ann', false],
        ['bea', true],
      ],
    )
    for (const command of [['doctor'], ['fsck'], ['fsck', '--deep']]) {
      const done = await run(...command)
      assert.equal(done.code, 0, `${command.join(' ')}: ${done.stdout}${done.stderr}`)
    }
  } finally {
    await hub.stop()
  }
})

void test('a link for who forgot a password leads to the page of the hub that runs', async () => {
  const data = await folder()
  const hub = await startHub({ dataDir: data })
  try {
    await weighhouse(['user', 'create', 'ann', '--data', data])
    const made = await weighhouse(['user', 'recover', 'ann', '--data', data, '--json'])
    assert.equal(made.code, 0, made.stderr)
    const { url, dropsSecondFactor } = json(made.stdout) as {
      url: string
      dropsSecondFactor: boolean
    }
    assert.equal(dropsSecondFactor, false)
    const { pathname } = new URL(url)
    assert.match(pathname, /^\/recover\/[\w-]{43}$/)
    const page = await fetch(hub.url + pathname)
    assert.match(await page.text(), /For <strong>ann<\/strong>/)
    const unknown = await weighhouse(['user', 'recover', 'bob', '--data', data])
    assert.equal(unknown.code, 3)
  } finally {
    await hub.stop()
  }
})

const mistakes: readonly [args: readonly string[], code: number, says: RegExp][] = [
  [['user', 'create', 'x'], 2, /2 to 42|at least 2|2/],
  [['org', 'create', 'lab', '--owner', 'nobody'], 3, /nobody/],
  [['token', 'create', '--user', 'nobody', '--name', 'x', '--role', 'read'], 3, /nobody/],
  [['token', 'create', '--user', 'ann', '--name', 'x', '--role', 'all'], 1, /read or write/],
  [['repo', 'delete', 'ann/none'], 3, /not found/i],
  [['repo', 'create', 'no-owner'], 1, /OWNER\/NAME/],
  [['repo', 'hold', 'ann/none', 'takedown', '--reason', 'x'], 3, /not found/i],
  [['repo', 'hold', 'ann/none', 'takedown'], 1, /--reason/],
  [['repo', 'visibility', 'ann/none', 'secret'], 1, /public, internal, private/],
  [['gate', 'set', 'ann/none', 'maybe'], 1, /auto, manual, off/],
  [['repo', 'hold', 'ann/none', 'prison', '--reason', 'x'], 1, /legal_hold, takedown, quarantine/],
  [['access', 'matrix', 'ann/none', '--limit', 'many'], 1, /whole number above 0/],
  [['gate', 'requests', 'ann/none', '--limit', '0'], 1, /whole number above 0/],
  [['fly'], 1, /unknown command/],
]

void test('mistakes are told in one line, with an exit code', async () => {
  const data = await folder()
  await weighhouse(['user', 'create', 'ann', '--data', data])
  for (const [args, code, says] of mistakes) {
    const done = await weighhouse([...args, '--data', data])
    assert.equal(done.code, code, `${args.join(' ')}: ${done.stderr}`)
    assert.match(done.stderr, says)
    assert.doesNotMatch(done.stderr, /at .*\.ts:/)
  }
  const again = await weighhouse(['user', 'create', 'ann', '--data', data])
  assert.equal(again.code, 4)
})

void test('a data folder whose name was mistyped is no new hub', async () => {
  const data = await folder()
  for (const command of [
    ['user', 'list'],
    ['org', 'create', 'lab', '--owner', 'ann'],
    ['doctor'],
  ]) {
    const { code, stderr } = await weighhouse([...command, '--data', data])
    assert.equal(code, 1, stderr)
    assert.match(
      stderr,
      /expected the data folder of a hub, found none at .*data\. Name it by --data/,
    )
  }
  assert.equal(existsSync(data), false, 'nothing was made there')
})

void test('evidence is read from what is evidence, and written over nothing', async () => {
  const data = await folder()
  await weighhouse(['user', 'create', 'ann', '--data', data])
  const file = join(data, 'notes.txt')
  await writeFile(file, 'not JSON')
  const verified = await weighhouse(['agreement', 'verify', file])
  assert.equal(verified.code, 1)
  assert.match(
    verified.stderr,
    /notes\.txt is not JSON: expected what "weighhouse agreement export"/,
  )
  const exported = await weighhouse(['agreement', 'export', 'lab', 'any', file, '--data', data])
  assert.equal(exported.code, 1)
  assert.match(exported.stderr, /notes\.txt is there already/)
})

void test('the first start offers set-up once, by a link', async () => {
  const data = await folder()
  const hub = await startHub({ dataDir: data })
  const link = /set-up, once +(\S+)/.exec(hub.output())?.[1] ?? ''
  const code = new URL(link).searchParams.get('code') ?? ''
  const submit = (wish: { name: string; password?: string; code?: string }) =>
    fetch(`${hub.url}/weighhouse/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: hub.url },
      body: JSON.stringify({ code, password: 'a-long-password', ...wish }),
    })
  try {
    const page = await fetch(link, { headers: { accept: 'text/html' } })
    assert.equal(page.status, 200)
    assert.equal((await submit({ name: 'eve', code: 'guessed' })).status, 403)
    const refused = await submit({ name: 'ann', password: 'short' })
    assert.equal(refused.status, 400)
    assert.match(await refused.text(), /password/i)
    const done = await submit({ name: 'ann' })
    assert.equal(done.status, 201)
    assert.match(await done.text(), /hf_[A-Za-z0-9]{34,}/)
    assert.equal((await submit({ name: 'eve' })).status, 403)
  } finally {
    await hub.stop()
  }
  const second = await startHub({ dataDir: data })
  await second.stop()
  assert.doesNotMatch(second.output(), /set-up/)
})

void test('serve says what is wrong with its settings, and stops', async () => {
  const data = await folder()
  const bad: readonly [args: readonly string[], says: RegExp][] = [
    [['--port', 'eighty'], /port must be a whole number/],
    [['--port', '99999'], /at most 65535/],
    [['--public-url', 'hub.example'], /http:\/\//],
  ]
  for (const [args, says] of bad) {
    const done = await weighhouse(['serve', '--data', data, ...args])
    assert.equal(done.code, 1)
    assert.match(done.stderr, says)
  }
})

void test('a folder that cannot be a data folder is told', async () => {
  const data = await folder()
  await writeFile(data, 'a file')
  const done = await weighhouse(['user', 'list', '--data', data])
  assert.equal(done.code, 1)
  assert.match(done.stderr, /^weighhouse: .+\n$/)
})

void test('gc and storage report say what bytes cost, beside a running hub', async () => {
  const data = await folder()
  const hub = await startHub({ dataDir: data })
  const run = (...args: string[]) => weighhouse([...args, '--data', data])
  try {
    assert.equal((await run('user', 'create', 'ann')).code, 0)
    assert.equal((await run('repo', 'create', 'ann/m')).code, 0)
    const freed = await run('gc', '--dry-run', '--now', '--json')
    assert.equal(freed.code, 0, freed.stderr)
    const { isDryRun, repos, bytes, skipped } = json(freed.stdout) as Record<string, unknown>
    assert.deepEqual([isDryRun, repos, bytes, skipped], [true, 1, 0, []])
    assert.match((await run('gc')).stdout, /Freed 0 B: 0 contents/)
    const report = json((await run('storage', 'report', '--json')).stdout)
    assert.deepEqual(
      (report as { repos: { path: string; storedBytes: number }[] }).repos.map((one) => [
        one.path,
        one.storedBytes,
      ]),
      [['ann/m', 0]],
    )
    assert.match((await run('storage', 'report', '--repo', 'ann/m')).stdout, /\.gitattributes/)
    assert.equal((await run('storage', 'report', '--repo', 'ann/none')).code, 3)
  } finally {
    await hub.stop()
  }
})
