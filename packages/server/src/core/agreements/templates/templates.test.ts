/** Every template: complete, in accord with itself, and truthful about what is enforced. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBody } from '@weighhouse/formats/agreement/body.ts'
import { lint } from '@weighhouse/formats/terms/lint.ts'
import { purposes } from '@weighhouse/formats/terms/purposes.ts'
import type { BodyWish } from '../draft.ts'
import { misfit } from './backing.ts'
import type { Field } from './fields.ts'
import { fill, templateById, templates } from './index.ts'
import { questions, type Template } from './template.ts'
import { purposeWords } from './words.ts'

const wordsMax = 900

const given: Readonly<Record<string, unknown>> = {
  from: '2026-11-22T00:00:00Z',
  to: '2027-02-20T00:00:00Z',
  legalContact: 'Legal, legal@lab.example',
  technicalContact: 'Models, models@lab.example',
  incidentContact: 'Security desk, +49 30 123456',
  governingLaw: 'Germany',
  credit: 'Retina segmentation by Lab e.V.',
  network: '10.20.0.0/16',
  group: 'sepsis-net',
  fee: { amount: '25000.00', currency: 'EUR' },
  dataAgreement: 'DUA 2026-14 of 3 May 2026',
  dataOwner: 'North Hospital',
}

/** What has no default. */
const needed = ({ fields }: Template): Record<string, unknown> =>
  Object.fromEntries(
    fields.filter((field) => !('default' in field)).map(({ id }) => [id, given[id]]),
  )

const filled = (template: Template): Omit<BodyWish, 'repos'> => fill(template, needed(template))

const party = (name: string, role: string) => ({
  org: `${name}-id`,
  name,
  role,
  legalName: `${name} e.V.`,
  seat: 'DE',
  keys: ['k'.repeat(43)],
})

/** As the hub completes it. */
const completed = (wish: Omit<BodyWish, 'repos'>) => ({
  ...wish,
  format: 'weighhouse.agreement.v1',
  agreement: 'a1',
  version: 1,
  supersedes: null,
  parties: [party('lab', 'provider'), party('clinic', 'consumer')],
  scope: { repos: [{ id: 'r1', type: 'model', path: 'lab/retina' }] },
})

void test('ten templates, each found by its id', () => {
  const ids = templates.map(({ id }) => id)
  assert.deepEqual(ids, [...new Set(ids)])
  assert.equal(ids.length, 10)
  for (const one of templates) assert.equal(templateById(one.id), one)
  assert.equal(templateById('nothing'), undefined)
})

for (const template of templates) {
  const { id, fields, clauses } = template

  void test(`${id}: filled, it is a body without contradictions`, () => {
    const wish = filled(template)
    const body = parseBody(completed(wish))
    assert.deepEqual(body.terms, wish.terms)
    assert.deepEqual(
      lint(body.terms).filter(({ level }) => level === 'error'),
      [],
    )
    const permissions = new Set(body.terms.permissions.map((rule) => rule.id))
    // A permission by what the hub never finds out is none.
    assert.deepEqual(
      lint(body.terms).filter(({ code, rule }) => code === 'not_known' && permissions.has(rule)),
      [],
    )
    assert.doesNotMatch(JSON.stringify(body), /[{]\w+[}]|undefined/)
    assert.equal(body.template.id, id)
  })

  void test(`${id}: every placeholder is a field, and every field is used`, () => {
    const { terms, body } = template
    const all = JSON.stringify([clauses, terms, body])
    const inTexts = [...all.matchAll(/\{(\w+)\}/g)].map((found) => found[1])
    const inTerms = [...all.matchAll(/\{"field":"(\w+)"\}/g)].map((found) => found[1])
    const used = new Set([...inTexts, ...inTerms])
    assert.deepEqual(used, new Set(fields.map((field) => field.id)))
    // What a machine goes by is told to people too.
    const told = new Set(inTexts)
    const silent = new Set(['title'])
    const untold = inTerms.filter((one) => one !== undefined && !told.has(one) && !silent.has(one))
    assert.deepEqual(untold, [])
  })

  void test(`${id}: two pages at most, and no question left open`, () => {
    const text = filled(template)
      .clauses.map((one) => `${one.title} ${one.text}`)
      .join(' ')
    const count = text.split(/\s+/).length
    assert.ok(count <= wordsMax, `${count} words`)
    const answered = new Set(clauses.flatMap(({ answers }) => answers))
    assert.deepEqual(
      questions.filter((one) => !answered.has(one)),
      [],
    )
  })

  void test(`${id}: no clause claims to be stronger than what backs it`, () => {
    const { terms } = filled(template)
    assert.equal(misfit(template, terms), undefined)
    for (const clause of clauses.filter(({ restsOn = [] }) => restsOn.length > 0)) {
      const all = [...terms.permissions, ...terms.prohibitions, ...terms.obligations]
      assert.ok(!all.some((rule) => rule.clause === clause.id), clause.id)
    }
    const [first, ...others] = clauses
    assert.ok(first)
    const claimed = { ...first, strength: first.strength === 'E' ? 'N' : 'E' } as const
    assert.equal(misfit({ ...template, clauses: [claimed, ...others] }, terms)?.clause.id, first.id)
  })

  void test(`${id}: fields say what they are for, and defaults keep their bounds`, () => {
    for (const field of fields) assert.ok(field.label && field.help, field.id)
    for (const field of fields.filter((one): one is Field => !('default' in one))) {
      const { [field.id]: _, ...others } = needed(template)
      assert.throws(
        () => fill(template, others),
        (error) => error instanceof Error && error.message.includes(`(${field.id}): expected`),
        field.id,
      )
    }
  })
}

void test('every purpose of the vocabulary has words', () => {
  assert.deepEqual(Object.keys(purposeWords).toSorted(), Object.keys(purposes).toSorted())
})
