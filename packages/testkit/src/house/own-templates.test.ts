/** Templates that an organisation wrote: tried out before they are kept, versioned, filled like the hub's own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { templates } from '@weighhouse/server/core/agreements/templates/index.ts'
import { begin, managing, openTwoParties } from './agreement-kit.ts'
import { clientOf, refusedWith } from './org-kit.ts'

const own = () => {
  const found = templates.find(({ id }) => id === 'research')
  assert.ok(found)
  const { id: _, version: _version, ...template } = structuredClone(found)
  return { ...template, title: 'Our research terms' }
}

const values = {
  from: '2026-01-01T00:00:00Z',
  to: '2026-12-31T00:00:00Z',
  legalContact: 'Legal',
  technicalContact: 'Models',
  incidentContact: 'Desk',
  governingLaw: 'Germany',
  credit: 'Retina by Lab',
}

void test('written, filled, drafted from, written anew, withdrawn', async () => {
  const two = await openTwoParties()
  const { dev, lab } = two
  await using _ = dev
  const { agreements } = dev.hub
  const permit = await managing(dev, lab, 'lab')
  const first = await agreements.writeTemplate(lab, permit, 'our-research', own())
  assert.deepEqual([first.id, first.version], ['lab/our-research', 1])
  const again = await agreements.writeTemplate(lab, permit, 'our-research', own())
  assert.equal(again.version, 1, 'the same again is no new version')
  const second = await agreements.writeTemplate(lab, permit, 'our-research', {
    ...own(),
    title: 'Our terms',
  })
  assert.equal(second.version, 2)
  assert.equal((await agreements.ownTemplate(permit, 'our-research', 1)).title, first.title)

  const wish = await agreements.fillOwn(permit, 'our-research', values)
  assert.deepEqual(wish.template, { id: 'lab/our-research', version: 2 })
  const id = await begin(two)
  const drafted = await agreements.draft(lab, permit, id, {
    ...wish,
    repos: [{ type: 'model', path: 'lab/retina' }],
  })
  const { body } = await agreements.body(permit, id, drafted.version)
  assert.equal(body.template.id, 'lab/our-research')

  await agreements.withdrawTemplate(lab, permit, 'our-research')
  assert.deepEqual(await agreements.ownTemplates(permit), [])
  await assert.rejects(agreements.fillOwn(permit, 'our-research', values), /has no template/)
  assert.equal((await agreements.ownTemplate(permit, 'our-research', 2)).title, 'Our terms')
  const third = await agreements.writeTemplate(lab, permit, 'our-research', own())
  assert.equal(third.version, 3, 'numbers are not used again')
})

void test('what cannot be drafted, contradicts itself or claims too much is refused with its place', async () => {
  const { dev, lab } = await openTwoParties()
  await using _ = dev
  const permit = await managing(dev, lab, 'lab')
  type Own = ReturnType<typeof own>
  const refused = async (change: (one: Own) => unknown, pattern: RegExp): Promise<void> => {
    await assert.rejects(
      dev.hub.agreements.writeTemplate(lab, permit, 'bad', change(own())),
      pattern,
    )
  }
  const clausesWith = ({ clauses }: Own, more: object) =>
    clauses.map((one, i) => (i === 0 ? { ...one, ...more } : one))
  await refused((one) => ({ ...one, strange: 1 }), /expected members among/)
  await refused((one) => ({ ...one, fields: [{ type: 'rocket' }] }), /fields\[0\]\.type/)
  await refused(
    (one) => ({ ...one, clauses: clausesWith(one, { text: 'Until {whenever}.' }) }),
    /placeholders that are fields, found "whenever"/,
  )
  await refused(
    (one) => ({ ...one, clauses: clausesWith(one, { strength: 'N' }) }),
    /the strength E, which is what the terms back it with, found "N"/,
  )
  await refused(
    (one) => ({
      ...one,
      terms: {
        ...one.terms,
        prohibitions: [
          { id: 'no-get', clause: 'onward', action: 'download', constraints: [] },
          ...one.terms.prohibitions,
        ],
      },
    }),
    /terms, rule get/,
  )
  await refused((one) => ({ ...one, terms: { ...one.terms, permissions: 'all' } }), /permissions/)
  await refused((one) => ({ ...one, body: undefined }), /body: expected an object/)
  await refused((one) => ({ ...one, summary: 'x'.repeat(600_000) }), /at most 500000 characters/)
  await refused(() => null, /template: expected an object/)
  await refused(
    (one) => ({ ...one, clauses: clausesWith(one, { title: 'Until {to}' }) }),
    /clause see\.title: expected no placeholder/,
  )
  await refused(
    (one) => ({ ...one, body: { ...one.body, governingLaw: { field: 'no-such', more: 1 } } }),
    /placeholders that are fields, found "no-such"/,
  )
  await refused(
    ({ fields, ...one }) => ({
      ...one,
      fields: fields.map((each) =>
        each.id === 'to' ? { ...each, after: { field: 'nobody', daysMax: 3 } } : each,
      ),
    }),
    /field to: expected another field, found "nobody"/,
  )
  const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000))
  await refused((one) => ({ ...one, body: deep }), /at most 64 levels/)
  await assert.rejects(
    dev.hub.agreements.writeTemplate(lab, permit, 'No Good', own()),
    /small letters/,
  )
})

void test('of two who write the same version at once, one is told', async () => {
  const { dev, lab } = await openTwoParties()
  await using _ = dev
  const permit = await managing(dev, lab, 'lab')
  const written = await Promise.allSettled(
    ['One', 'Other'].map((title) =>
      dev.hub.agreements.writeTemplate(lab, permit, 'ours', { ...own(), title }),
    ),
  )
  const late = written.find((one) => one.status === 'rejected')
  assert.match(String(late?.reason), /Somebody else wrote version 1/)
  assert.equal((await dev.hub.agreements.ownTemplates(permit)).length, 1)
})

void test('by the API: administrators write, auditors read, strangers see nothing', async () => {
  const { dev, lab } = await openTwoParties()
  await using _ = dev
  const permit = await managing(dev, lab, 'lab')
  await dev.hub.agreements.writeTemplate(lab, permit, 'ours', own())
  const ann = clientOf(dev, await dev.token('ann', 'write'))
  const { items } = await ann.listOwnTemplates({ org: 'lab' })
  assert.deepEqual(
    items.map(({ id, version }) => [id, version]),
    [['lab/ours', 1]],
  )
  const { content } = await ann.getOwnTemplate({ org: 'lab', template: 'ours' })
  const written = await ann.writeOwnTemplate({ org: 'lab', template: 'ours', content })
  assert.equal(written.version, 1)
  const { wish } = await ann.fillOwnTemplate({ org: 'lab', template: 'ours', values })
  assert.equal(wish.template.id, 'lab/ours')
  await refusedWith(
    clientOf(dev, await dev.user('eve')).listOwnTemplates({ org: 'lab' }),
    403,
    'permission_denied',
  )
  const { id } = await ann.createAgreement({
    org: 'lab',
    title: 'Ours',
    template: 'lab/ours',
    parties: [
      { name: 'lab', role: 'provider' },
      { name: 'clinic', role: 'consumer' },
    ],
  })
  const repos = [{ type: 'model' as const, path: 'lab/retina' }]
  const named = { org: 'lab', id }
  const drafted = await ann.draftAgreement({ ...named, wish: { ...wish, repos } })
  const read = await ann.getAgreementValues({ ...named, version: String(drafted.version) })
  assert.equal(read.values?.['credit'], values.credit)
  assert.equal(read.values['users'], 12, 'a default too')
  const touched = await ann.draftAgreement({
    ...named,
    wish: { ...wish, governingLaw: 'Austria', repos },
  })
  const unread = await ann.getAgreementValues({ ...named, version: String(touched.version) })
  assert.equal(unread.values, null, 'its clause says Germany')
  // Only on the table do others see a text; whose template it is stays with them.
  await ann.draftAgreement({ ...named, wish: { ...wish, repos } })
  const { candidate } = await ann.getAgreement(named)
  assert.ok(candidate)
  await ann.proposeAgreement({ ...named, version: candidate.version, sha256: candidate.sha256 })
  const cem = clientOf(dev, await dev.token('cem', 'write'))
  const theirs = { org: 'clinic', id, version: String(candidate.version) }
  assert.equal((await cem.getAgreementVersion(theirs)).sha256, candidate.sha256)
  assert.equal((await cem.getAgreementValues(theirs)).values, null)
  await refusedWith(
    cem.getAgreementValues({ ...theirs, version: String(drafted.version) }),
    404,
    'entry_not_found',
  )
})
