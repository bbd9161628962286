/** Every template gives back what was put into it, and what was written by hand is told apart. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fill, templates } from './index.ts'
import { sampleOf } from './samples.ts'
import { unfill } from './unfill.ts'

void test('each template gives back what was put into it', () => {
  for (const template of templates) {
    const values = Object.fromEntries(template.fields.map((field) => [field.id, sampleOf(field)]))
    assert.deepEqual(
      { id: template.id, ...unfill(template, fill(template, values)) },
      { id: template.id, ...values },
    )
  }
})

void test('values that are not the usual ones come back as well', () => {
  const template = templates.find(({ id }) => id === 'research')
  assert.ok(template)
  const values = {
    ...Object.fromEntries(template.fields.map((field) => [field.id, sampleOf(field)])),
    users: 20,
    reviewWithin: 'P1M15D',
    liabilityCap: { amount: '1250.50', currency: 'CHF' },
    audits: 3,
    paperRef: 'C-17',
    precedence: 'paper',
    purposes: ['duo:0000042'],
  }
  assert.deepEqual(unfill(template, fill(template, values)), values)
})

void test('a text that was changed by hand has no values', () => {
  const [template] = templates
  assert.ok(template)
  const values = Object.fromEntries(template.fields.map((field) => [field.id, sampleOf(field)]))
  const wish = fill(template, values)
  const clauses = wish.clauses.map((one, i) =>
    i === 0 ? { ...one, text: `${one.text} More.` } : one,
  )
  assert.equal(unfill(template, { ...wish, clauses }), undefined)
  assert.equal(unfill(template, { ...wish, language: 'de' }), undefined)
})
