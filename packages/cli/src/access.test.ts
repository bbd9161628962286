/** `weighhouse access explain` on a data folder. */
import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createUser, weighhouse } from '@weighhouse/testkit/crash/admin.ts'

void test('an explanation is printed for people and as JSON, and a no has an exit code of its own', async () => {
  const data = join(await mkdtemp(join(tmpdir(), 'weighhouse-access-')), 'data')
  await createUser(data, 'ann')
  await createUser(data, 'bea')
  const run = (...args: string[]) => weighhouse([...args, '--data', data])
  await run('repo', 'create', 'ann/m', '--visibility', 'private')
  const own = await run('access', 'explain', 'ann/m', '--as', 'ann')
  assert.equal(own.code, 0, own.stderr)
  assert.match(own.stdout, /ann may read ann\/m: OK_OWNER/)
  const other = await run('access', 'explain', 'ann/m', '--as', 'bea', '--json')
  assert.equal(other.code, 6, other.stderr)
  const { decision, code } = JSON.parse(other.stdout) as { decision: string; code: string }
  assert.deepEqual([decision, code], ['deny', 'NOT_VISIBLE'])
  assert.equal((await run('access', 'explain', 'ann/none')).code, 3)
})
