/** Looking after a hub: fsck finds each kind of damage, a backup taken while pushes go on restores clean, doctor sees what is wrong. */
import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import { type House, openHouse } from '@weighhouse/server/house.ts'
import { backup, restore } from '@weighhouse/server/upkeep/backup.ts'
import { examine } from '@weighhouse/server/upkeep/doctor.ts'
import { fsck } from '@weighhouse/server/upkeep/fsck.ts'
import { makeRandom } from '../random.ts'

const open = async (): Promise<{ house: House; data: string }> => {
  const data = join(await mkdtemp(join(tmpdir(), 'weighhouse-keep-')), 'data')
  return { house: await openHouse(makeConfig({ data }, {})), data }
}

const owner = 'ann'

const prepare = async (house: House): Promise<void> => {
  const ctx = house.systemCtx('test')
  const { hub } = house
  await hub.identity.createUser(ctx, hub.policy.requireHub(ctx), { name: owner })
  const permit = await hub.policy.requireNamespace(ctx, 'namespace.create', owner)
  await hub.commits.createRepo(ctx, permit, { type: 'model', name: 'm', visibility: 'private' }, [])
}

/** Commits files that are large enough to lie in the byte store. */
const push = async (house: House, count: number, seed: number): Promise<string> => {
  const ctx = house.systemCtx('test')
  const permit = await house.hub.policy.require(ctx, 'repo.write', { type: 'model', path: 'ann/m' })
  const random = makeRandom(seed)
  return house.hub.commits.commit(ctx, permit, {
    ref: 'refs/heads/main',
    parent: undefined,
    message: `push ${seed}`,
    operations: (async function* () {
      for (let i = 0; i < count; i += 1) {
        const bytes = await Promise.resolve(random.bytes(40_000))
        yield { kind: 'file' as const, path: `${seed}/${i}.bin`, bytes }
      }
    })(),
  })
}

const openPrepared = async () => {
  const found = await open()
  await prepare(found.house)
  await push(found.house, 3, 1)
  return found
}

void test('fsck of a sound hub is clean and counts what it saw', async () => {
  const { house } = await openPrepared()
  await using _ = house
  const report = await fsck(house, { deep: true })
  assert.deepEqual(report.problems, [])
  assert.equal(report.repos, 1)
  assert.equal(report.refs, 1)
  assert.equal(report.contents, 3)
  assert.equal(report.bytes, 120_000)
})

const objectPath = async (house: House, data: string): Promise<string> => {
  const [first] = await house.hub.content.eachHeld('', 1)
  assert.ok(first)
  return join(data, 'bytes', 'objects', first.sha256.slice(0, 2), first.sha256)
}

const damages: readonly {
  readonly name: string
  readonly needsDeep?: boolean
  readonly says: RegExp
  readonly harm: (data: string, object: string) => Promise<void> | void
}[] = [
  { name: 'bytes that are gone', says: /gone/, harm: (_data, object) => rm(object) },
  {
    name: 'bytes that were cut',
    says: /should have 40000 bytes, has 100/,
    harm: async (_data, object) => {
      await chmod(object, 0o600)
      await truncate(object, 100)
    },
  },
  {
    name: 'bytes that rotted',
    needsDeep: true,
    says: /another SHA-256/,
    harm: async (_data, object) => {
      const bytes = await readFile(object)
      bytes[17] = (bytes[17] ?? 0) ^ 1
      await chmod(object, 0o600)
      await writeFile(object, bytes)
    },
  },
  {
    name: 'a ref that leads nowhere',
    says: /leads to/,
    harm: (data) => run(data, `update ref set commit_oid = '${'0'.repeat(40)}'`),
  },
  {
    name: 'a tree that is gone',
    says: /needs the object/,
    harm: (data) => run(data, `delete from git_object where kind = 'tree'`),
  },
  {
    name: 'a link that is gone',
    says: /not linked/,
    harm: (data) => run(data, 'delete from content_link'),
  },
  {
    name: 'an object whose body is another',
    needsDeep: true,
    says: /does not have this id/,
    harm: (data) =>
      run(data, `update git_object set body = x'61' where kind = 'blob' and body is not null`),
  },
]

/** Harm as no program of ours would do it. */
const run = (data: string, sql: string): void => {
  const db = new DatabaseSync(join(data, 'weighhouse.db'))
  db.exec('pragma foreign_keys = off')
  db.exec(sql)
  db.close()
}

for (const { name, needsDeep = false, says, harm } of damages) {
  void test(`fsck finds ${name}`, async () => {
    const { house, data } = await openPrepared()
    await using _ = house
    await harm(data, await objectPath(house, data))
    const shallow = await fsck(house, { deep: false })
    assert.equal(shallow.problemCount > 0, !needsDeep, shallow.problems.join('\n'))
    const deep = await fsck(house, { deep: true })
    assert.match(deep.problems.join('\n'), says)
  })
}

void test('a backup taken while pushes go on restores clean, with every commit that was there before', async () => {
  const { house, data } = await openPrepared()
  await using _ = house
  const before = await push(house, 2, 2)
  let stop = false
  const pushing = (async () => {
    for (let seed = 10; !stop && seed < 200; seed += 1) await push(house, 2, seed)
  })()
  const target = `${data}-backup`
  const report = await backup(house, target)
  stop = true
  await pushing
  assert.ok(report.contents >= 5)

  const restored = `${data}-restored`
  const found = await restore(target, restored)
  assert.deepEqual(found.problems, [])
  await using other = await openHouse(makeConfig({ data: restored }, {}))
  assert.deepEqual((await fsck(other, { deep: true })).problems, [])
  const ctx = other.systemCtx('test')
  const permit = await other.hub.policy.require(ctx, 'repo.read', { type: 'model', path: 'ann/m' })
  const head = await other.hub.refs.resolve(permit, 'main')
  const { commits } = await other.hub.refs.history(permit, head.commit, { skip: 0, limit: 1000 })
  assert.ok(commits.some((one) => one.oid === before))
})

void test('a backup is not mixed into a folder that holds something, nor restored over a hub', async () => {
  const { house, data } = await openPrepared()
  await using _ = house
  const target = `${data}-backup`
  await backup(house, target)
  await assert.rejects(backup(house, target), /not empty/)
  await assert.rejects(restore(target, data), /holds something/)
  await assert.rejects(restore(`${data}-none`, `${data}-new`), /no finished backup/)
})

void test('a backup of damaged bytes is refused and names them', async () => {
  const { house, data } = await openPrepared()
  await using _ = house
  const object = await objectPath(house, data)
  await chmod(object, 0o600)
  await writeFile(object, Buffer.alloc(40_000, 1))
  await assert.rejects(backup(house, `${data}-backup`), /is damaged/)
})

void test('doctor finds nothing in a sound hub, and says what to do where there is something', async () => {
  const { house, data } = await openPrepared()
  await using _ = house
  const states = async () =>
    Object.fromEntries((await examine(house)).map(({ subject, state }) => [subject, state]))
  assert.notEqual((await states())['permissions'], 'bad')
  assert.equal((await states())['database'], 'ok')
  await chmod(join(data, 'secrets.json'), 0o644)
  const findings = await examine(house)
  const permissions = findings.find(({ subject }) => subject === 'permissions')
  assert.equal(permissions?.state, 'bad')
  assert.match(permissions.sentence, /chmod 600/)
})

void test('doctor tries the public URL', async () => {
  const { data, house: first } = await openPrepared()
  await first[Symbol.asyncDispose]()
  const config = makeConfig({ data, publicUrl: 'http://127.0.0.1:9' }, {})
  await using house = await openHouse(config)
  const url = (await examine(house)).find(({ subject }) => subject === 'public URL')
  assert.equal(url?.state, 'bad')
  assert.match(url.sentence, /does not answer/)
})
