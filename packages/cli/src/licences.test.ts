/** `weighhouse licence check` on a folder and on a repository. */
import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createOrg, createUser, weighhouse } from '@weighhouse/testkit/crash/admin.ts'

void test('a folder is judged before it is pushed, a repository as it stands', async () => {
  const data = join(await mkdtemp(join(tmpdir(), 'weighhouse-licences-')), 'data')
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-card-'))
  await createUser(data, 'ann')
  await createOrg(data, 'lab', 'ann')
  const check = (...args: string[]) => weighhouse(['licence', 'check', ...args, '--data', data])
  const write = (lines: string): Promise<void> =>
    writeFile(join(folder, 'README.md'), `---\n${lines}\n---\n`)
  await write('license: mit\nbase_model: elsewhere/llama\nbase_model_license: llama3.1')
  const said = await check(folder, '--as', 'lab/doc')
  assert.equal(said.code, 0, said.stderr)
  assert.match(said.stdout, /^lab\/doc: conflict \(MIT\)/)
  assert.match(said.stdout, /proposed license: MIT AND LicenseRef-Llama-3\.1\n/)
  assert.match(said.stdout, /proposed name: Llama-doc\n/)
  await write('license: mit\nbase_model: elsewhere/x')
  const unknown = await check(folder, '--json')
  assert.equal(unknown.code, 1, 'it may not be shown to others')
  const json = JSON.parse(unknown.stdout) as { verdict: string; findings: { rule: string }[] }
  assert.deepEqual([json.verdict, json.findings[0]?.rule], ['unknown', 'R0'])
  await weighhouse(['repo', 'create', 'lab/m', '--data', data])
  assert.match((await check('lab/m')).stdout, /^lab\/m: ask/)
  assert.equal((await check('lab/none')).code, 3)
})
