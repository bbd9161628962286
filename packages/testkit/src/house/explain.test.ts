/** Why somebody may or may not: told to themselves, to those who look after them, to whoever shares the repo; hidden from all others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayMs, heading, iso, managing, wishOf } from './agreement-kit.ts'
import { grantTo, openScene } from './agreement-scene.ts'
import { clientOf } from './org-kit.ts'

void test('what decides, layer by layer, with the clause, what was needed and who can change it', async () => {
  const scene = await openScene('sqlite', {
    permissions: [
      { id: 'see', clause: '1', action: 'discover', constraints: [], preconditions: [] },
      {
        id: 'get',
        clause: '1',
        action: 'download',
        constraints: [{ operand: 'purpose', operator: 'isA', value: 'NonCommercialResearch' }],
        preconditions: [],
      },
    ],
  })
  const { dev, clinic, id } = scene
  await using _ = dev
  const doctor = clientOf(dev, scene.doctor)
  const ask = { repo: 'lab/retina' }
  const missing = await doctor.explainAccess(ask)
  assert.deepEqual([missing.decision, missing.code], ['deny', 'GRANT_MISSING'])
  assert.deepEqual(
    missing.layers.map(({ layer, said, code }) => [layer, said, code]),
    [
      ['hold', 'nothing', null],
      ['upstream', 'nothing', null],
      ['owner', 'deny', 'NOT_VISIBLE'],
      ['agreements', 'deny', 'GRANT_MISSING'],
      ['organisation', 'nothing', null],
    ],
  )
  assert.deepEqual(
    missing.fix.map(({ who, href }) => [who, new URL(href).pathname]),
    [['your_organisation', `/agreements/${id}`]],
  )
  const wrong = await grantTo(scene, { purposes: ['Commercial'] })
  const refused = await doctor.explainAccess(ask)
  assert.equal(refused.code, 'CONSTRAINT_UNSATISFIED')
  assert.equal(refused.denial?.clause?.id, '1')
  assert.match(refused.denial?.needed ?? '', /the purpose/)
  assert.equal(refused.denial?.actual, 'Commercial')
  await dev.hub.agreements.endGrant(clinic, await managing(dev, clinic, 'clinic'), id, wrong.id)
  await grantTo(scene)
  const may = await doctor.explainAccess(ask)
  assert.deepEqual([may.decision, may.code, may.agreement], ['permit', 'OK_AGREEMENT', id])
  assert.equal((await scene.read()).status, 200)
  assert.equal((await doctor.explainAccess(ask)).id, may.id, 'the same facts, the same answer')
  assert.notEqual(missing.id, may.id)
})

void test('about others: their own administrators and the provider’s, of the organisation alone; nobody else, and hidden stays hidden', async () => {
  const scene = await openScene()
  const { dev, clinic } = scene
  await using _ = dev
  await grantTo(scene)
  const doctor = clientOf(dev, scene.doctor)
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const cem = clientOf(dev, await dev.token('cem', 'write'))
  const root = clientOf(dev, await dev.user('root', { admin: true }))
  const eve = clientOf(dev, await dev.user('eve'))
  const about = (as: string, action?: 'repo.write') => ({
    repo: 'lab/retina',
    as,
    ...(action === undefined ? {} : { action }),
  })
  assert.equal((await cem.explainAccess(about('dora'))).code, 'OK_AGREEMENT')
  assert.equal((await root.explainAccess(about('dora'))).code, 'OK_AGREEMENT')
  assert.equal((await ann.explainAccess(about('clinic'))).code, 'OK_AGREEMENT')
  assert.equal((await cem.explainAccess(about('clinic', 'repo.write'))).code, 'ROLE_TOO_LOW')
  assert.equal((await ann.explainAccess(about('ada'))).code, 'OK_OWNER', 'one of her own')
  await assert.rejects(ann.explainAccess(about('dora')), /none of them/, 'a person of theirs')
  await assert.rejects(doctor.explainAccess(about('cem')), /none of them/)
  await assert.rejects(ann.explainAccess(about('nobody-here')), /none of them/)
  await dev.user('otto')
  await dev.hub.identity.addMember(clinic, await heading(dev, clinic, 'clinic'), 'otto', 'auditor')
  const otto = clientOf(dev, await dev.token('otto', 'read'))
  assert.equal((await otto.explainAccess(about('dora'))).code, 'OK_AGREEMENT', 'an auditor looks')
  const told = async (path: string) => {
    const answer = await dev.ask('GET', `/weighhouse/v1/access/explain?repo=${path}`, {
      token: await dev.token('eve', 'read'),
    })
    return [answer.status, answer.text]
  }
  assert.deepEqual(await told('lab/retina'), await told('lab/nothing'))
  await assert.rejects(eve.explainAccess({ repo: 'lab/retina' }), /not found/)
})

void test('a token tells no more of others than it reaches, and an administrator nothing of their other organisations', async () => {
  const scene = await openScene()
  const { dev } = scene
  await using _ = dev
  await grantTo(scene)
  const about = { repo: 'lab/retina', as: 'dora' }
  const secret = await dev.token('cem', 'write')
  const cem = clientOf(dev, secret)
  const target = { kind: 'repo', type: 'model', path: 'lab/retina' } as const
  const narrow = await cem.createToken({
    label: 'one repo',
    role: 'fineGrained',
    scope: { readsGated: true, entries: [{ target, permissions: ['repo.content.read'] }] },
  })
  const reader = clientOf(dev, narrow.secret)
  assert.equal((await reader.explainAccess({ repo: 'lab/retina' })).decision, 'deny', 'no grant')
  await assert.rejects(reader.explainAccess(about), /none of them/)
  const matrixOf = async (token: string) =>
    dev.ask('GET', '/weighhouse/v1/repos/model/lab/retina/access/matrix?org=clinic', { token })
  assert.equal((await matrixOf(narrow.secret)).status, 403)

  await dev.user('max')
  await dev.org('ministry', 'max')
  await dev.hub.identity.addMember(
    dev.system,
    await heading(dev, dev.system, 'ministry'),
    'dora',
    'read',
  )
  const max = clientOf(dev, await dev.token('max', 'write'))
  await max.setTakingRules({ org: 'ministry', licencesAllowed: ['mit'] })
  const doctor = clientOf(dev, scene.doctor)
  assert.equal((await doctor.explainAccess({ repo: 'lab/retina' })).code, 'ORG_POLICY')
  assert.equal((await cem.explainAccess(about)).code, 'OK_AGREEMENT')
  // A cast because the answer's form is the contract's.
  const { items } = (await matrixOf(secret)).json() as {
    items: { name: string; cells: { action: string; code: string }[] }[]
  }
  const cells = items.find(({ name }) => name === 'dora')?.cells
  assert.equal(cells?.find(({ action }) => action === 'repo.read')?.code, 'OK_AGREEMENT')
})

void test('what a text would permit is told before it is signed, by the evaluator that decides', async () => {
  const scene = await openScene()
  const { dev, id } = scene
  await using _ = dev
  const cem = clientOf(dev, await dev.token('cem', 'write'))
  const nowMs = dev.clock.nowMs()
  const at = [iso(nowMs), iso(nowMs + 366 * dayMs)]
  const { rows } = await cem.whatIf({ org: 'clinic', id, version: 1, at })
  const codes = (action: string) =>
    rows.find((row) => row.action === action)?.cells.map(({ code }) => code)
  assert.deepEqual(codes('download'), ['OK_AGREEMENT', 'EXPIRED'])
  assert.deepEqual(codes('distribute'), ['PROHIBITED', 'EXPIRED'])
  assert.deepEqual(codes('finetune'), ['NO_PERMISSION', 'EXPIRED'])
  const wish = wishOf(dev, { noticeDays: 60 })
  const [get, ...others] = wish.terms.permissions.toReversed()
  assert.ok(get)
  const narrower = {
    ...wish,
    repos: [...wish.repos],
    terms: {
      ...wish.terms,
      permissions: [
        ...others,
        {
          ...get,
          constraints: [{ operand: 'spatial', operator: 'isAnyOf', value: ['DE'] } as const],
        },
      ],
    },
  }
  const supposed = await cem.whatIf({ org: 'clinic', id, wish: narrower })
  const download = supposed.rows.find(({ action }) => action === 'download')
  assert.equal(download?.cells[0]?.code, 'TERRITORY', 'the clinic sits in Austria')
  assert.equal(download.strength, 'E')
  const elsewhere = await cem.whatIf({ org: 'clinic', id, wish: narrower, country: 'DE' })
  assert.equal(
    elsewhere.rows.find(({ action }) => action === 'download')?.cells[0]?.code,
    'OK_AGREEMENT',
  )
  const amended = await cem.draftAgreement({ org: 'clinic', id, wish: narrower })
  const diff = await cem.diffAgreement({ org: 'clinic', id, from: 1, to: amended.version })
  assert.deepEqual(
    diff.terms.map(({ rule, change, added }) => [rule, change, added]),
    [['get', 'changed', ['the seat of the organisation is any of DE']]],
  )
  assert.ok(diff.members.some(({ member }) => member === 'noticeDays'))
  await assert.rejects(cem.whatIf({ org: 'clinic', id }), /Either a version/)
  const { items } = await cem.listTemplates()
  const known = new Set(
    items.find((one) => one.id === 'research')?.fields.map((field) => String(field['id'])),
  )
  const given = {
    from: at[0],
    to: at[1],
    users: 2,
    credit: 'Lab',
    governingLaw: 'Germany',
    legalContact: 'legal@lab.example',
    technicalContact: 'tech@lab.example',
    incidentContact: 'incident@lab.example',
  }
  const values = Object.fromEntries(Object.entries(given).filter(([field]) => known.has(field)))
  const filled = await cem.whatIfTemplate({
    template: 'research',
    values,
    purposes: ['CommercialProduct'],
    country: 'AT',
  })
  const refused = filled.rows.find(({ action }) => action === 'download')?.cells[0]
  assert.notEqual(refused?.code, 'OK_AGREEMENT', 'research is no product')
  const may = await cem.whatIfTemplate({
    template: 'research',
    values,
    purposes: ['NonCommercialResearch'],
    country: 'AT',
  })
  const allowed = may.rows.find(({ action }) => action === 'download')?.cells[0]
  assert.equal(allowed?.code, 'OK_AGREEMENT', JSON.stringify(allowed))
})
