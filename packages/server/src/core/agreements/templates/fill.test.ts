/** What may be put into a template and what may not, and that words and terms say the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHubError } from '../../kernel/errors.ts'
import type { BodyWish } from '../draft.ts'
import { fill, templateById } from './index.ts'
import type { Template } from './template.ts'

const templateOf = (id: string): Template => {
  const template = templateById(id)
  assert.ok(template, id)
  return template
}

const common = {
  from: '2026-11-22T00:00:00Z',
  to: '2027-11-22T00:00:00Z',
  legalContact: 'Legal',
  technicalContact: 'Models',
  incidentContact: 'Security desk',
  governingLaw: 'Germany',
}
const required: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  research: { credit: 'Retina by Lab' },
  'commercial-licence': {
    credit: 'Speech by Studio',
    fee: { amount: '25000.00', currency: 'EUR' },
  },
  consortium: { credit: 'Sepsis Net', group: 'sepsis-net' },
  'internal-use': { network: '10.20.0.0/16', to: undefined },
}

const filled = (id: string, values: Readonly<Record<string, unknown>>): Omit<BodyWish, 'repos'> => {
  const { to, ...others } = { ...common, ...required[id], ...values }
  return fill(templateOf(id), to === undefined ? others : { ...others, to })
}

const clauseOf = ({ clauses }: Omit<BodyWish, 'repos'>, id: string): string =>
  clauses.find((one) => one.id === id)?.text ?? ''

void test('one value, in words and in the terms', () => {
  const wish = filled('research', {
    users: 1,
    deleteWithin: 'P1M15D',
    noticeDays: 14,
    incidentWithin: 'PT72H',
    purposes: ['duo:0000007'],
    derivatives: 'windDown',
    windDownDays: 90,
  })
  assert.match(
    clauseOf(wish, 'term'),
    /from 22 November 2026, 00:00 UTC to 22 November 2027, 00:00 UTC \(exclusive\)\./,
  )
  assert.match(clauseOf(wish, 'access'), /at most 1 named user at a time/)
  assert.match(clauseOf(wish, 'incident'), /within 72 hours\./)
  assert.match(clauseOf(wish, 'ending'), /with a notice of 14 days\./)
  assert.match(clauseOf(wish, 'deletion'), /within 1 month and 15 days of the end/)
  assert.match(clauseOf(wish, 'use'), /research on one disease \(DUO 0000007\)/)
  assert.match(clauseOf(wish, 'derivatives'), /at most 90 days/)
  assert.deepEqual(wish.derivativesOnEnd, { rule: 'windDown', days: 90 })
  const get = wish.terms.permissions.find(({ id }) => id === 'get')
  assert.deepEqual(get?.constraints, [
    { operand: 'dateTime', operator: 'lt', value: common.to },
    { operand: 'purpose', operator: 'isAnyOf', value: ['duo:0000007'] },
    { operand: 'namedUsers', operator: 'lteq', value: 1 },
  ])
  const report = wish.terms.obligations.find(({ id }) => id === 'report-incident')
  assert.equal(report?.within, 'PT72H')
})

void test('countries, money and what is left out, in words', () => {
  const wish = filled('commercial-licence', { countries: ['EU', 'CH'] })
  assert.match(clauseOf(wish, 'service'), /in the European Union \(EU\) and Switzerland \(CH\) /)
  assert.match(clauseOf(wish, 'fee'), /The fee is EUR 25000\.00, without tax/)
  assert.match(clauseOf(wish, 'law'), /Contract on paper: none\./)
  assert.equal(wish.paperRef, null)
  const paper = filled('commercial-licence', { precedence: 'paper', paperRef: 'LIC-2026/7' })
  assert.match(
    clauseOf(paper, 'law'),
    /the contract on paper wins\. Contract on paper: LIC-2026\/7/,
  )
  assert.equal(paper.paperRef, 'LIC-2026/7')
})

void test('what is filled in is plain text with the signs of ordinary sentences', () => {
  const wish = filled('research', {
    credit: "Lab & Co, 100% (Müller's)",
    legalContact: 'a_b@lab.example',
  })
  assert.match(clauseOf(wish, 'publication'), /Lab & Co, 100% \(Müller's\)\.$/)
  assert.match(clauseOf(wish, 'contacts'), /a_b@lab\.example/)
})

const wrong: readonly (readonly [template: string, field: string, value: unknown])[] = [
  ['research', 'credit', undefined],
  ['research', 'credit', null],
  ['research', 'credit', 7],
  ['research', 'credit', ''],
  ['research', 'credit', ' Lab'],
  ['research', 'credit', 'Lab '],
  ['research', 'credit', 'x'.repeat(10_000)],
  ['research', 'credit', '<b>Lab</b>'],
  ['research', 'credit', '**Lab**'],
  ['research', 'credit', '_Lab_'],
  ['research', 'credit', '# Lab'],
  ['research', 'credit', '[Lab](https://lab.example)'],
  ['research', 'credit', '`Lab`'],
  ['research', 'credit', 'Lab &lt;b&gt;'],
  ['research', 'credit', 'Lab {to}'],
  ['research', 'credit', 'Lab $& Co'],
  ['research', 'credit', 'one\ntwo'],
  ['research', 'credit', 'Lab\u202Eexe'],
  ['research', 'credit', 'La\u200Bb'],
  // Three times as long once it is composed.
  ['research', 'credit', 'a\u{1D160}'.repeat(100)],
  ['research', 'users', 0],
  ['research', 'users', 10_001],
  ['research', 'users', 1.5],
  ['research', 'users', '12'],
  ['research', 'users', Number.NaN],
  ['research', 'from', undefined],
  ['research', 'from', '2026-11-22'],
  ['research', 'from', '2027-02-30T00:00:00Z'],
  ['research', 'to', '2026-11-22T00:00:00Z'],
  ['research', 'to', '2026-11-21T00:00:00Z'],
  ['evaluation', 'to', '2027-02-20T00:00:01Z'],
  ['research', 'deleteWithin', 'P0D'],
  ['research', 'deleteWithin', 'P2Y'],
  ['research', 'deleteWithin', 'PT'],
  ['research', 'deleteWithin', 'P1DT'],
  ['research', 'deleteWithin', '30 days'],
  ['research', 'deleteWithin', 30],
  ['research', 'purposes', []],
  ['research', 'purposes', ['Commercial']],
  ['research', 'purposes', ['toString']],
  ['research', 'purposes', ['duo:0000006', 'duo:0000006']],
  ['research', 'purposes', 'duo:0000006'],
  ['research', 'derivatives', 'sell'],
  ['research', 'timezone', 'Mars/Olympus'],
  ['research', 'precedence', 'paper'],
  ['commercial-licence', 'countries', ['XX']],
  ['commercial-licence', 'countries', ['de']],
  ['commercial-licence', 'countries', [undefined]],
  ['commercial-licence', 'countries', Array.from({ length: 21 }, () => 'DE')],
  ['commercial-licence', 'fee', 25_000],
  ['commercial-licence', 'fee', { amount: '25000', currency: 'EUR' }],
  ['commercial-licence', 'fee', { amount: '-1.00', currency: 'EUR' }],
  ['commercial-licence', 'fee', { amount: '1.00', currency: 'XXQ' }],
  ['commercial-licence', 'fee', { amount: '1.00', currency: 'EUR', tax: 1 }],
  ['commercial-licence', 'fee', { amount: '999999999999.00', currency: 'EUR' }],
  ['consortium', 'group', 'sepsis net'],
  ['internal-use', 'network', '10.20.0.0'],
  ['internal-use', 'network', '10.20.0.0/0'],
  ['internal-use', 'network', '10.20.0.0/33'],
  ['internal-use', 'network', '10.20.0.300/16'],
  ['internal-use', 'network', 'fe80::1%eth0/64'],
]

for (const [id, field, value] of wrong) {
  const shown = (JSON.stringify(value) ?? 'nothing').slice(0, 50)
  void test(`${id} refuses ${field}: ${shown}`, () => {
    // Evaluations end after 90 days: the rest of the table is about a year.
    const fitting = id === 'evaluation' ? { to: '2027-02-20T00:00:00Z' } : {}
    filled(id, fitting)
    assert.throws(
      () => filled(id, { ...fitting, [field]: value }),
      (error) => {
        assert.ok(isHubError(error, 'invalid'), String(error))
        assert.equal(error.details['field'], field)
        assert.match(error.message, new RegExp(`\\(${field}\\): expected .+, found .+\\.`))
        assert.ok(error.message.length < 600)
        return true
      },
    )
  })
}

void test('a field that the template does not have is refused by its name', () => {
  assert.throws(
    () => filled('research', { discount: 7 }),
    (error) => isHubError(error, 'invalid') && error.details['field'] === 'discount',
  )
})
