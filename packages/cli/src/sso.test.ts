/** Providers of single sign-on, as an administrator sets them. */
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { weighhouse } from '@weighhouse/testkit/crash/admin.ts'
import { clientSecret, openLyingProvider } from '@weighhouse/testkit/house/sso-kit.ts'

void test('add, test, change and remove a provider', async () => {
  const data = join(await mkdtemp(join(tmpdir(), 'weighhouse-cli-')), 'data')
  await using provider = await openLyingProvider(() => Date.now())
  const run = (...args: string[]) => weighhouse(['sso', ...args, '--data', data])
  await weighhouse(['user', 'create', 'ann', '--data', data])
  await weighhouse(['org', 'create', 'lab', '--owner', 'ann', '--data', data])

  const add = ['add', 'corp', '--issuer', provider.issuer, '--client-id', 'hub', '--secret-stdin']
  const rules = ['--rule', 'cn=devs=lab:write', '--rule', 'staff=lab/core', '--create-accounts']
  const made = await weighhouse(
    ['sso', ...add, ...rules, '--data', data, '--json'],
    `${clientSecret}\n`,
  )
  assert.equal(made.code, 0, made.stderr)
  assert.doesNotMatch(made.stdout + made.stderr, new RegExp(clientSecret))
  // A cast because this is what the command prints.
  const provided = JSON.parse(made.stdout) as { hasSecret: boolean; rules: unknown }
  assert.equal(provided.hasSecret, true)
  assert.deepEqual(provided.rules, [
    { group: 'cn=devs', org: 'lab', role: 'write' },
    { group: 'staff', org: 'lab', team: 'core' },
  ])

  const tested = await run('test', 'corp')
  assert.equal(tested.code, 0, tested.stderr)
  assert.match(tested.stdout, /keys it publishes: 1\./)
  assert.match((await run('list')).stdout, /corp +http\S+ +in use +yes +cn=devs=lab:write/)
  assert.equal((await run('set', 'corp', '--disable', '--no-rules')).code, 0)
  assert.match((await run('list')).stdout, /corp +http\S+ +disabled +yes +-/)

  provider.words.discovery = (all) => ({ ...all, issuer: 'https://elsewhere.test' })
  const lied = await run('test', 'corp')
  assert.equal(lied.code, 1)
  assert.match(lied.stderr, /corp cannot be used/)

  const own = ['--issuer', provider.issuer, '--client-id', 'hub', '--org', 'lab']
  assert.equal((await run('add', 'lab-login', ...own)).code, 0)
  assert.equal((await run('add', 'CORP', ...own)).code, 4)
  const refused = await run('add', 'third', ...own, '--rule', 'a=other:admin')
  assert.equal(refused.code, 2, 'gives access in another organisation')
  assert.match((await run('test', 'lab-login', '--org', 'lab')).stderr, /private network/)
  assert.equal((await run('remove', 'lab-login')).code, 3)
  assert.equal((await run('remove', 'lab-login', '--org', 'lab')).code, 0)
  assert.equal((await run('remove', 'corp')).code, 0)
  assert.equal((await run('add', 'bad', ...own, '--rule', 'nonsense')).code, 1)
})
