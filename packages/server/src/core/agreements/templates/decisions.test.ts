/** What is decided under filled templates, for six agreements as they are made in practice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluate, type Facts, type TermsQuestion } from '@weighhouse/formats/terms/evaluate.ts'
import type { Terms } from '@weighhouse/formats/terms/terms.ts'
import type { Action } from '@weighhouse/formats/terms/vocabulary.ts'
import { fill, templateById } from './index.ts'

const common = {
  from: '2026-11-22T00:00:00Z',
  to: '2027-11-22T00:00:00Z',
  legalContact: 'Legal',
  technicalContact: 'Models',
  incidentContact: 'Security desk',
  governingLaw: 'Germany',
}

const termsOf = (id: string, values: Readonly<Record<string, unknown>> = {}): Terms => {
  const template = templateById(id)
  assert.ok(template, id)
  const fitting = Object.entries(common).filter(([name]) =>
    template.fields.some((field) => field.id === name),
  )
  return fill(template, { ...Object.fromEntries(fitting), ...values }).terms
}

const at = (text: string): number => Date.parse(text)
const now = { dateTime: at('2027-01-01T00:00:00Z') }

const ask = (
  terms: Terms,
  action: Action,
  facts: Facts = {},
  more: Partial<TermsQuestion> = {},
): string => {
  const verdict = evaluate(terms, {
    action,
    facts: { ...now, ...facts },
    done: new Set(),
    hasAccepted: false,
    isInRange: (address, range) => address.startsWith(range.slice(0, 5)),
    ...more,
  })
  if (verdict.effect === 'permit') return `permit ${verdict.rule.id}`
  return [verdict.code, verdict.rule?.id, verdict.limit?.operand].filter(Boolean).join(' ')
}

void test('research with a partner, one year', () => {
  const terms = termsOf('research', { credit: 'Retina by Lab', users: 12 })
  const mine: Facts = { purpose: ['NonCommercialResearch'], namedUsers: 12 }
  assert.equal(ask(terms, 'download', mine), 'permit get')
  assert.equal(ask(terms, 'download', { ...mine, purpose: 'duo:0000007' }), 'permit get')
  const end = at(common.to)
  assert.equal(ask(terms, 'download', { ...mine, dateTime: end }), 'EXPIRED get dateTime')
  assert.equal(ask(terms, 'download', { ...mine, dateTime: end - 1 }), 'permit get')
  assert.equal(
    ask(terms, 'finetune', { purpose: 'Commercial' }),
    'CONSTRAINT_UNSATISFIED tune purpose',
  )
  assert.equal(ask(terms, 'serveThirdParty', mine), 'PROHIBITED no-passing-on')
  assert.equal(ask(terms, 'infer'), 'CONTEXT_MISSING call purpose')
  assert.equal(
    ask(terms, 'download', { ...mine, namedUsers: 13 }),
    'CONSTRAINT_UNSATISFIED get namedUsers',
  )
})

void test('inference alone, ten thousand calls a month', () => {
  const terms = termsOf('inference-service', { calls: 10_000 })
  const facts = { environment: 'Production' }
  assert.equal(ask(terms, 'infer', { ...facts, callsPerCalendarMonth: 10_000 }), 'permit call')
  assert.equal(
    ask(terms, 'infer', { ...facts, callsPerCalendarMonth: 10_001 }),
    'QUOTA_EXHAUSTED call callsPerCalendarMonth',
  )
  assert.equal(ask(terms, 'download', facts), 'PROHIBITED no-download')
})

void test('a commercial licence: paid first, served in some countries, not passed on', () => {
  const terms = termsOf('commercial-licence', {
    fee: { amount: '25000.00', currency: 'EUR' },
    credit: 'Speech recognition by Studio GmbH',
  })
  assert.equal(terms.permissions[1]?.preconditions[0]?.detail, 'EUR 25000.00')
  const facts = { namedUsers: 1 }
  assert.equal(ask(terms, 'download', facts), 'DUTY_UNFULFILLED get')
  const paid = { done: new Set(['get/compensate']) }
  assert.equal(ask(terms, 'download', facts, paid), 'permit get')
  const serve = (spatial: string): string =>
    ask(terms, 'serveThirdParty', { purpose: 'Commercial', spatial })
  for (const country of ['CH', 'DE', 'GB']) assert.equal(serve(country), 'permit serve', country)
  assert.equal(serve('US'), 'TERRITORY serve spatial')
  assert.equal(ask(terms, 'redistributeWeights'), 'PROHIBITED no-passing-on')
})

void test('open weights: restrictions that no request says are accepted once', () => {
  const terms = termsOf('open-release')
  assert.equal(ask(terms, 'finetune', { purpose: 'Commercial' }), 'permit all')
  const told = terms.obligations.map(({ name, trigger }) => `${name} ${trigger}`)
  assert.ok(told.includes('passThroughRestrictions redistribution'))
  const bad = { purpose: 'RailDisinformation' }
  assert.equal(ask(terms, 'infer', bad), 'PROHIBITED use-policy')
  assert.equal(ask(terms, 'infer', bad, { hasAccepted: true }), 'PROHIBITED use-policy')
  assert.equal(ask(terms, 'download'), 'USER_ASSENT_REQUIRED use-policy purpose')
  assert.equal(ask(terms, 'download', {}, { hasAccepted: true }), 'permit all')
})

void test('inside one house: approved revisions, one network, no training', () => {
  const terms = termsOf('internal-use', { network: '10.20.0.0/16' })
  const run = (revisionState: string): string =>
    ask(terms, 'infer', { environment: 'Production', revisionState })
  assert.equal(run('Approved'), 'permit run')
  assert.equal(run('Draft'), 'CONSTRAINT_UNSATISFIED run revisionState')
  assert.equal(ask(terms, 'adapt'), 'PROHIBITED no-tuning')
  const from = (network: string): string => ask(terms, 'download', { network })
  assert.equal(from('10.20.3.4'), 'permit get')
  assert.equal(from('10.21.3.4'), 'CONSTRAINT_UNSATISFIED get network')
})

void test('a consortium: certificates, members alone, no business', () => {
  const terms = termsOf('consortium', { group: 'sepsis-net', credit: 'Sepsis Net' })
  const groups = { 'sepsis-net': ['north', 'south'] }
  const facts = { purpose: 'ModelValidation', ethicsApproval: 'OnFile' }
  const trained = { ...facts, userTraining: 'HumanSubjects' }
  assert.equal(ask(terms, 'download', trained, { groups }), 'permit get')
  assert.equal(ask(terms, 'download', facts, { groups }), 'CONTEXT_MISSING get userTraining')
  assert.equal(ask(terms, 'infer', { purpose: 'CommercialProduct' }), 'PROHIBITED no-business')
  const serve = (recipient: string): string =>
    ask(terms, 'serveThirdParty', { recipient, purpose: 'duo:0000006' }, { groups })
  assert.equal(serve('north'), 'permit serve')
  assert.equal(serve('east'), 'PROHIBITED no-strangers')
  const leaving = terms.obligations.find(({ trigger }) => trigger === 'memberExit')
  assert.deepEqual([leaving?.name, leaving?.within], ['delete', 'P60D'])
  const back = terms.obligations.find(({ trigger }) => trigger === 'derivative')
  assert.deepEqual([back?.name, back?.within], ['returnDerivative', 'P90D'])
})

void test('a look before anything is shared: cards, and no file', () => {
  const terms = termsOf('mutual-nda')
  assert.equal(ask(terms, 'discover'), 'permit see')
  assert.equal(ask(terms, 'download'), 'PROHIBITED no-files')
  assert.equal(ask(terms, 'infer'), 'NO_PERMISSION')
})
