/** `weighhouse gate …` on a data folder. */
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createOrg, createUser, weighhouse } from '@weighhouse/testkit/crash/admin.ts'

void test('a gate is set, people are let in and sent away, and the report tells', async () => {
  const data = join(await mkdtemp(join(tmpdir(), 'weighhouse-gates-')), 'data')
  await createUser(data, 'ann')
  await createUser(data, 'bea')
  await createOrg(data, 'lab', 'ann')
  const run = (...args: string[]) => weighhouse([...args, '--data', data])
  const gate = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run('gate', ...args, '--json')
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout)
  }
  await run('repo', 'create', 'lab/m', '--visibility', 'public')
  assert.equal((await run('gate', 'grant', 'lab/m', 'bea')).code, 2, 'there is no gate yet')
  const set = await gate('set', 'lab/m', 'manual', '--members')
  assert.deepEqual(set, { path: 'lab/m', gate: 'manual', coversMembers: true, template: null })
  await gate('grant', 'lab/m', 'bea', '--until', '2999-01-01')
  assert.equal((await run('gate', 'grant', 'lab/m', 'bea')).code, 2)
  assert.equal((await run('gate', 'grant', 'lab/m', 'cid')).code, 1)
  const accepted = (await gate('requests', 'lab/m', '--state', 'accepted')) as object[]
  assert.equal(accepted.length, 1)
  await gate('reject', 'lab/m', 'bea', '--reason', 'gone')
  assert.equal((await run('gate', 'reject', 'lab/m', 'bea')).code, 3, 'twice')
  const [row] = (await gate('report', 'lab/m')) as Record<string, unknown>[]
  assert.equal(row?.['account'], 'bea')
  assert.equal(row?.['state'], 'rejected')
  assert.equal(row?.['reason'], 'gone')
  const again = (await gate('accept', 'lab/m', 'bea')) as { state: string }
  assert.equal(again.state, 'accepted')
  assert.match((await run('gate', 'set', 'lab/m', 'off')).stdout, /now off/)
})
