/** Who may do what with a repo, until when: for its owner, and for a party's own administrators. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'
import { grantTo, openScene } from './agreement-scene.ts'
import { clientOf } from './org-kit.ts'

interface Row {
  name: string
  cells: { action: string; code: string; until: string | null; agreement: string | null }[]
  terms: { action: string; strength: string; code: string }[]
}

for (const engine of ['sqlite', 'postgres'] as const) {
  void test(`each side sees its own people, and of others what they signed, on ${engine}`, async () => {
    const scene = await openScene(engine)
    await using dev = scene.dev
    await grantTo(scene)
    const ask = async (who: string, query = '') => {
      const token = await dev.token(who, 'write')
      const url = `/weighhouse/v1/repos/model/lab/retina/access/matrix${query}`
      return dev.ask('GET', url, { token })
    }
    const rowsOf = (answer: { text: string; status: number; json: () => unknown }) => {
      assert.equal(answer.status, 200, answer.text)
      return answer.json() as { items: Row[]; next: string | null }
    }
    const codes = ({ cells }: Row) => cells.map(({ code }) => code)

    const { items } = rowsOf(await ask('ann'))
    assert.deepEqual(
      items.map(({ name }) => name),
      ['ada', 'ann', 'clinic', 'lab', 'lab-third'],
      'people of the clinic are not the business of the lab',
    )
    const [ada, , clinic] = items
    assert.ok(ada && clinic)
    assert.deepEqual(codes(ada), ['OK_OWNER', 'OK_OWNER', 'OK_OWNER', 'OK_OWNER'])
    assert.deepEqual(codes(clinic), [
      'OK_AGREEMENT',
      'OK_AGREEMENT',
      'ROLE_TOO_LOW',
      'ROLE_TOO_LOW',
    ])
    assert.equal(clinic.cells[1]?.agreement, scene.id)
    assert.ok(clinic.cells[1].until)
    const terms = new Map(clinic.terms.map((one) => [one.action, one]))
    assert.deepEqual(
      [terms.get('download')?.code, terms.get('download')?.strength],
      ['OK_AGREEMENT', 'E'],
    )
    assert.equal(terms.get('distribute')?.code, 'PROHIBITED')

    const ours = rowsOf(await ask('cem', '?org=clinic'))
    const byName = new Map(ours.items.map((row) => [row.name, row]))
    assert.deepEqual([...byName.keys()], ['cem', 'cia', 'clinic-third', 'dora'])
    assert.equal(byName.get('dora')?.cells[1]?.code, 'OK_AGREEMENT')
    assert.equal(byName.get('cia')?.cells[1]?.code, 'GRANT_MISSING')

    const first = rowsOf(await ask('cem', '?org=clinic&limit=3'))
    assert.equal(first.next, 'clinic-third')
    const rest = rowsOf(await ask('cem', `?org=clinic&limit=3&cursor=${first.next}`))
    assert.deepEqual([rest.items.map(({ name }) => name), rest.next], [['dora'], null])

    assert.equal((await ask('cem')).status, 403, 'the clinic does not administer it')
    assert.equal((await ask('ann', '?org=clinic')).status, 403, 'nor the lab the clinic')
    assert.equal((await ask('dora', '?org=clinic')).status, 403, 'who looks after nobody')
    await dev.user('zoe')
    assert.equal((await ask('zoe')).status, 404, 'hidden')
  })
}

void test('what the owner gave for a time is told with its end, and what is open to everyone without', async () => {
  await using dev = await openDevHouse()
  const token = await dev.user('ann')
  await dev.user('ben')
  await dev.repo('ann/triage', { visibility: 'public' })
  const ann = clientOf(dev, token)
  const repo = { type: 'model', ns: 'ann', name: 'triage' } as const
  await ann.changeRepo({ ...repo, gate: 'manual' })
  const expiresAt = new Date(dev.clock.nowMs() + 40 * 24 * 3_600_000).toISOString()
  await ann.giveAccess({ ...repo, account: 'ben', expiresAt })
  const { items } = await ann.readAccessMatrix(repo)
  const bens = items.find(({ name }) => name === 'ben')?.cells ?? []
  assert.deepEqual(
    bens.map(({ action, decision, until }) => [action, decision, until]),
    [
      ['repo.browse', 'permit', null],
      ['repo.read', 'permit', expiresAt],
      ['repo.write', 'deny', null],
      ['repo.admin', 'deny', null],
    ],
  )
})
