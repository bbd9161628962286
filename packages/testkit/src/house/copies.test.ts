/** Copies inside the hub of what came under an agreement: they count as downloads, and stay with those whom its terms let have it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Constraint } from '@weighhouse/formats/terms/terms.ts'
import type { GrantTarget } from '@weighhouse/server/core/hub.ts'
import type { Answer } from '../dev-house.ts'
import { type EngineName, engineNames } from '../engines.ts'
import { makeRandom } from '../random.ts'
import { dayMs, heading, managing, openTwoParties, toActive, wishOf } from './agreement-kit.ts'
import { commit, file, header, lfsFile, sha256 } from './calls.ts'
import { push } from './xet-calls.ts'
import { floats, packed } from './xet-kit.ts'

const weights = packed(floats(makeRandom(7), 60_000))

/** The lab's four files, which dora of the clinic may fetch, and an organisation of her own that is no party. */
const open = async (limits: readonly Constraint[] = [], engine: EngineName = 'sqlite') => {
  const two = await openTwoParties(engine)
  const { dev, clinic } = two
  const ann = await dev.token('ann', 'write')
  const lines = ['a', 'b', 'c'].map((name) => file(`${name}.json`, `{"${name}":1}`))
  const done = await commit(dev, 'lab/retina', [header(), ...lines], { token: ann })
  assert.equal(done.status, 200, done.text)
  await push(dev, 'lab/retina', ann, weights, 'w.bin')
  const doctor = await dev.user('dora')
  await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'dora', 'write')
  await dev.org('elsewhere', 'dora')
  const { permissions, ...terms } = wishOf(dev).terms
  const counted = permissions.map((one) =>
    one.action === 'download' ? { ...one, constraints: limits } : one,
  )
  const { id, forClinic } = await toActive(two, { terms: { ...terms, permissions: counted } })
  await dev.hub.agreements.grant(clinic, forClinic, id, {
    project: 'retina study',
    purposes: [],
    to: { kind: 'user', name: 'dora' },
  })
  const ask = (path: string, body: object): Promise<Answer> =>
    dev.ask('POST', path, { token: doctor, body })
  return {
    ...two,
    doctor,
    duplicate: (repository: string, from = 'lab/retina', visibility = 'private') =>
      ask(`/api/models/${from}/duplicate`, { repository, visibility }),
    share: (name: string, from = 'lab/retina') =>
      ask(`/api/models/${from}/lfs-files/duplicate`, {
        target: { type: 'model', name },
        files: [{ sha256: sha256(weights.bytes), filename: 'w.bin' }],
      }),
    make: async (organization: string, name: string, isPrivate: boolean) => {
      const made = await ask('/api/repos/create', { name, organization, private: isPrivate })
      assert.equal(made.status, 200, made.text)
    },
    async used() {
      const permit = await managing(dev, two.lab, 'lab')
      const meters = await dev.hub.agreements.meters(permit, id)
      return Object.fromEntries(meters.map(({ operand, used }) => [operand, used]))
    },
  }
}

const most = (value: number): Constraint => ({
  operand: 'downloadsTotal',
  operator: 'lteq',
  value,
})

for (const engine of engineNames) {
  void test(`${engine}: a copy counts each file that it hands over, and is refused where that is too many`, async () => {
    const { dev, doctor, duplicate, used } = await open([most(4)], engine)
    await using _ = dev
    const one = await dev.ask('GET', '/lab/retina/resolve/main/a.json', { token: doctor })
    assert.equal(one.status, 200)
    // Three, the weights, and the attributes that every repo begins with.
    const over = await duplicate('dora/mine')
    assert.equal(over.headers['x-weighhouse-reason'], 'QUOTA_EXHAUSTED', over.text)
    assert.equal((await used())['downloadsTotal'], 1)
    const none = await dev.ask('GET', '/api/models/dora/mine', { token: doctor })
    assert.equal(none.status, 404)
  })
}

void test('a copy within the limit counts once a day', async () => {
  const { dev, duplicate, used } = await open([most(5)])
  await using _ = dev
  const first = await duplicate('dora/mine')
  assert.equal(first.status, 200, first.text)
  const counted = await used()
  assert.equal(counted['downloadsTotal'], 5)
  assert.ok((counted['bytesTotal'] ?? 0) > weights.bytes.length)
  assert.equal((await duplicate('dora/again')).status, 200)
  assert.deepEqual(await used(), counted)
})

void test('a copy goes to nobody whom the terms do not let have it, also not as a copy of a copy', async () => {
  const { dev, duplicate } = await open()
  await using _ = dev
  const eve = await dev.user('eve')
  const own = await dev.hub.policy.requireNamespace(dev.system, 'namespace.manage', 'elsewhere')
  await dev.hub.identity.addMember(dev.system, own, 'eve', 'read')
  const mine = await duplicate('dora/mine')
  assert.equal(mine.status, 200, mine.text)
  const theirs = await duplicate('clinic/ours')
  assert.equal(theirs.status, 200, theirs.text)
  for (const from of ['lab/retina', 'dora/mine', 'clinic/ours']) {
    for (const visibility of ['private', 'public']) {
      const away = await duplicate('elsewhere/away', from, visibility)
      assert.equal(away.status, 400, `${from} ${visibility}: ${away.text}`)
      assert.match(away.text, /passes it on to nobody/)
    }
  }
  const seen = await dev.ask('GET', '/elsewhere/away/resolve/main/a.json', { token: eve })
  assert.equal(seen.status, 404)
  assert.equal((await duplicate('dora/third', 'clinic/ours')).status, 200, 'of her own people')
})

void test('what came under an agreement is not handed on file by file', async () => {
  const { dev, doctor, duplicate, share, make } = await open()
  await using _ = dev
  await duplicate('dora/mine')
  await make('elsewhere', 'open', false)
  await make('elsewhere', 'quiet', true)
  await make('dora', 'loose', true)
  for (const from of ['lab/retina', 'dora/mine']) {
    for (const to of ['elsewhere/open', 'elsewhere/quiet', 'dora/loose']) {
      const said = await share(to, from)
      assert.match(said.text, /came under an agreement/, `${from} to ${to}`)
      const lines = [header(), lfsFile('w.bin', weights.bytes)]
      const named = await commit(dev, to, lines, { token: doctor })
      assert.notEqual(named.status, 200, `${from} to ${to}`)
    }
  }
  assert.deepEqual((await share('dora/mine')).json(), { failed: [] }, 'under the same agreement')
})

void test('nobody outside is given a role on what came under an agreement, alone or in a group', async () => {
  const { dev, clinic, duplicate } = await open()
  await using _ = dev
  await dev.user('eve')
  const { organisations, policy } = dev.hub
  const forClinic = await heading(dev, clinic, 'clinic')
  const made = await duplicate('clinic/ours')
  assert.equal(made.status, 200, made.text)
  await dev.repo('clinic/own', { visibility: 'private' })
  const permitOf = (path: string) => policy.require(clinic, 'repo.admin', { type: 'model', path })
  const [ours, own] = [await permitOf('clinic/ours'), await permitOf('clinic/own')]
  const give = (target: GrantTarget, name: string) =>
    organisations.grant(clinic, forClinic, {
      target,
      grantee: { kind: 'user', name },
      role: 'read',
    })
  await assert.rejects(give({ kind: 'repo', permit: ours }, 'eve'), /passes it on to nobody/)
  await give({ kind: 'repo', permit: own }, 'eve')
  await give({ kind: 'repo', permit: ours }, 'dora')
  await give({ kind: 'repo', permit: ours }, 'ann')

  await organisations.createGroup(clinic, forClinic, 'shown')
  await organisations.putInGroup(clinic, forClinic, 'shown', ours)
  await assert.rejects(give({ kind: 'group', name: 'shown' }, 'eve'), /passes it on to nobody/)
  await organisations.createGroup(clinic, forClinic, 'open')
  await organisations.putInGroup(clinic, forClinic, 'open', own)
  await give({ kind: 'group', name: 'open' }, 'eve')
  const added = organisations.putInGroup(clinic, forClinic, 'open', ours)
  await assert.rejects(added, /passes it on to nobody/)
})

void test('everybody outside is looked at who has a role on a group, however many, and nobody whose role is over', async () => {
  const { dev, clinic, duplicate } = await open()
  await using _ = dev
  await dev.user('eve')
  const { organisations, policy } = dev.hub
  const forClinic = await heading(dev, clinic, 'clinic')
  assert.equal((await duplicate('clinic/ours')).status, 200)
  const ours = await policy.require(clinic, 'repo.admin', { type: 'model', path: 'clinic/ours' })
  await organisations.createGroup(clinic, forClinic, 'open')
  const give = (name: string, days: number) =>
    organisations.grant(clinic, forClinic, {
      target: { kind: 'group', name: 'open' },
      grantee: { kind: 'user', name },
      role: 'read',
      expiresAtMs: dev.clock.nowMs() + days * dayMs,
    })
  await give('ann', 30)
  await give('eve', 30)
  // A thousand people of the lab, which is a party: all of them before her.
  await dev.house.db.tx(async (q) => {
    const ann = await q
      .selectFrom('account')
      .selectAll()
      .where('name_key', '=', 'ann')
      .executeTakeFirstOrThrow()
    const rowsOf = (table: 'membership' | 'access_grant', column: 'user_id' | 'grantee_id') =>
      q
        .selectFrom(table)
        .selectAll()
        // A cast because each table has its own one of the two.
        .where(column as never, '=', ann.id as never)
        .execute()
    const ids = Array.from({ length: 1_000 }, (_none, at) => String(at).padStart(4, '0'))
    const copies = (rows: readonly object[], of: (id: string) => object) =>
      ids.flatMap((id) => rows.map((row) => ({ ...row, ...of(id) })))
    const people = copies([ann], (id) => ({ id, name: `p${id}`, name_key: `p${id}`, email: null }))
    const members = copies(await rowsOf('membership', 'user_id'), (id) => ({ user_id: id }))
    const grants = copies(await rowsOf('access_grant', 'grantee_id'), (id) => ({ grantee_id: id }))
    for (const [table, rows] of [
      ['account', people],
      ['membership', members],
      ['access_grant', grants],
    ] as const) {
      for (let at = 0; at < rows.length; at += 500)
        await q
          .insertInto(table)
          // A cast because rows of three tables are written in one way.
          .values(rows.slice(at, at + 500) as never)
          .execute()
    }
  })
  const put = () => organisations.putInGroup(clinic, forClinic, 'open', ours)
  await assert.rejects(put(), /passes it on to nobody/)
  dev.clock.advance(31 * dayMs)
  await put()
})
