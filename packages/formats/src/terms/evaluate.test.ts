/** Decisions of six agreements, as they are asked in practice, and what holds for all terms. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluate, type Facts, type TermsQuestion } from './evaluate.ts'
import { lint } from './lint.ts'
import { type Constraint, parseTerms, type Terms } from './terms.ts'
import { permission, prohibition, purposeIs, until } from './test-support.ts'
import { type Action, actionNames } from './vocabulary.ts'

const ask = (
  terms: Terms,
  action: Action,
  facts: Facts = {},
  more: Partial<TermsQuestion> = {},
): string => {
  const verdict = evaluate(terms, {
    action,
    facts,
    done: new Set(),
    hasAccepted: false,
    isInRange: (address, range) => address.startsWith(range.slice(0, 5)),
    ...more,
  })
  if (verdict.effect === 'permit') return `permit ${verdict.rule.id}`
  return [verdict.code, verdict.rule?.id, verdict.limit?.operand].filter(Boolean).join(' ')
}

const at = (text: string): number => Date.parse(text)

const research = parseTerms({
  permissions: [
    permission('see', 'discover'),
    permission('get', 'download', [
      until('2027-11-22T00:00:00Z'),
      { operand: 'purpose', operator: 'isAnyOf', value: ['NonCommercialResearch', 'duo:0000042'] },
      { operand: 'namedUsers', operator: 'lteq', value: 12 },
    ]),
    permission('call', 'infer', [
      until('2027-11-22T00:00:00Z'),
      purposeIs('NonCommercialResearch'),
    ]),
    permission('tune', 'finetune', [
      until('2027-11-22T00:00:00Z'),
      purposeIs('NonCommercialResearch'),
    ]),
  ],
  prohibitions: [prohibition('no-pass', 'distribute'), prohibition('no-spy', 'attackPrivacy')],
  obligations: [],
})

void test('research with a partner, one year', () => {
  const now = { dateTime: at('2027-01-01T00:00:00Z'), namedUsers: 3 }
  const forResearch = { ...now, purpose: ['NonCommercialResearch'] }
  assert.equal(ask(research, 'download', forResearch), 'permit get')
  assert.equal(ask(research, 'download', { ...now, purpose: 'duo:0000007' }), 'permit get')
  const end = { ...forResearch, dateTime: at('2027-11-22T00:00:00Z') }
  assert.equal(ask(research, 'download', end), 'EXPIRED get dateTime')
  assert.equal(ask(research, 'download', { ...end, dateTime: end.dateTime - 1 }), 'permit get')
  const commercial = { ...now, purpose: 'Commercial' }
  assert.equal(ask(research, 'finetune', commercial), 'CONSTRAINT_UNSATISFIED tune purpose')
  assert.equal(ask(research, 'adapt', forResearch), 'permit tune')
  assert.equal(ask(research, 'serveThirdParty', forResearch), 'PROHIBITED no-pass')
  assert.equal(ask(research, 'infer', now), 'CONTEXT_MISSING call purpose')
  const crowd = { ...forResearch, namedUsers: 13 }
  assert.equal(ask(research, 'download', crowd), 'CONSTRAINT_UNSATISFIED get namedUsers')
  assert.equal(ask(research, 'merge', forResearch), 'NO_PERMISSION')
})

void test('inference alone, ten thousand calls a month', () => {
  const terms = parseTerms({
    permissions: [
      permission('see', 'discover'),
      permission('call', 'infer', [
        { operand: 'callsPerCalendarMonth', operator: 'lteq', value: 10_000 },
        until('2027-06-30T22:00:00Z'),
        { operand: 'environment', operator: 'isAnyOf', value: ['Production', 'NonProduction'] },
      ]),
    ],
    prohibitions: [
      prohibition('no-copy', 'download'),
      prohibition('no-distil', 'distill'),
      prohibition('no-train', 'trainOnOutputs'),
    ],
    obligations: [],
  })
  const now = { dateTime: at('2027-01-01T00:00:00Z'), environment: 'Production' }
  assert.equal(ask(terms, 'infer', { ...now, callsPerCalendarMonth: 10_000 }), 'permit call')
  assert.equal(
    ask(terms, 'infer', { ...now, callsPerCalendarMonth: 10_001 }),
    'QUOTA_EXHAUSTED call callsPerCalendarMonth',
  )
  assert.equal(ask(terms, 'download', now), 'PROHIBITED no-copy')
})

void test('a commercial licence: paid first, served in some countries, not passed on', () => {
  const terms = parseTerms({
    permissions: [
      permission('get', 'download', [], {
        preconditions: [{ name: 'compensate', detail: 'EUR 25000.00' }],
      }),
      permission('serve', 'serveThirdParty', [
        purposeIs('Commercial'),
        { operand: 'spatial', operator: 'isAnyOf', value: ['EU', 'UK', 'CH'] },
      ]),
    ],
    prohibitions: [
      prohibition('no-pass', 'redistributeWeights'),
      prohibition('no-sale', 'transfer'),
    ],
    obligations: [],
  })
  assert.equal(ask(terms, 'download'), 'DUTY_UNFULFILLED get')
  assert.equal(ask(terms, 'download', {}, { done: new Set(['get/compensate']) }), 'permit get')
  const serve = (spatial: string) =>
    ask(terms, 'serveThirdParty', { purpose: 'CommercialService', spatial })
  for (const country of ['CH', 'DE', 'GB']) assert.equal(serve(country), 'permit serve', country)
  assert.equal(serve('US'), 'TERRITORY serve spatial')
  assert.equal(ask(terms, 'redistributeWeights'), 'PROHIBITED no-pass')
})

void test('restrictions that no request says are accepted once', () => {
  const restricted: Constraint = {
    operand: 'purpose',
    operator: 'isAnyOf',
    value: ['RailUnlawful', 'RailDisinformation', 'RailMedicalAdvice'],
  }
  const terms = parseTerms({
    permissions: [permission('all', 'use'), permission('pass', 'distribute')],
    prohibitions: [prohibition('rail', 'use', [restricted])],
    obligations: [],
  })
  assert.equal(ask(terms, 'finetune', { purpose: 'Commercial' }), 'permit all')
  assert.equal(ask(terms, 'infer', { purpose: 'RailDisinformation' }), 'PROHIBITED rail')
  const lie = { hasAccepted: true }
  assert.equal(ask(terms, 'infer', { purpose: 'RailDisinformation' }, lie), 'PROHIBITED rail')
  assert.equal(ask(terms, 'download'), 'USER_ASSENT_REQUIRED rail purpose')
  assert.equal(ask(terms, 'download', {}, { hasAccepted: true }), 'permit all')
})

void test('inside one house: approved revisions, one network, no training', () => {
  const approved: Constraint = { operand: 'revisionState', operator: 'eq', value: 'Approved' }
  const terms = parseTerms({
    permissions: [
      permission('run', 'infer', [
        approved,
        { operand: 'environment', operator: 'eq', value: 'Production' },
      ]),
      permission('get', 'download', [
        { operand: 'network', operator: 'isPartOf', value: '10.20.0.0/16' },
        approved,
      ]),
    ],
    prohibitions: [prohibition('no-tune', 'finetune'), prohibition('no-pass', 'distribute')],
    obligations: [],
  })
  const run = (revisionState: string) =>
    ask(terms, 'infer', { environment: 'Production', revisionState })
  assert.equal(run('Approved'), 'permit run')
  assert.equal(run('Draft'), 'CONSTRAINT_UNSATISFIED run revisionState')
  assert.equal(ask(terms, 'adapt'), 'PROHIBITED no-tune')
  const from = (network: string) => ask(terms, 'download', { network, revisionState: 'Approved' })
  assert.equal(from('10.20.3.4'), 'permit get')
  assert.equal(from('10.21.3.4'), 'CONSTRAINT_UNSATISFIED get network')
})

void test('a consortium: certificates, members alone, no business', () => {
  const member: Constraint = { operand: 'recipient', operator: 'isPartOf', value: 'sepsis-net' }
  const terms = parseTerms({
    permissions: [
      permission('get', 'download', [
        {
          all: [
            { operand: 'purpose', operator: 'isAnyOf', value: ['duo:0000006', 'ModelValidation'] },
            { operand: 'ethicsApproval', operator: 'eq', value: 'OnFile' },
            { operand: 'userTraining', operator: 'isAnyOf', value: ['HumanSubjects'] },
          ],
        },
      ]),
      permission('serve', 'serveThirdParty', [member]),
    ],
    prohibitions: [
      prohibition('no-stranger', 'distribute', [
        { operand: 'recipient', operator: 'isNoneOf', value: ['sepsis-net'] },
      ]),
      prohibition('no-spy', 'attackPrivacy'),
      prohibition('no-business', 'use', [purposeIs('Commercial')]),
    ],
    obligations: [],
  })
  const groups = { 'sepsis-net': ['north', 'south'] }
  const facts = { purpose: 'ModelValidation', ethicsApproval: 'OnFile' }
  assert.equal(
    ask(terms, 'download', { ...facts, userTraining: ['HumanSubjects'] }, { groups }),
    'permit get',
  )
  assert.equal(ask(terms, 'download', facts, { groups }), 'CONTEXT_MISSING get userTraining')
  assert.equal(
    ask(terms, 'download', { ...facts, userTraining: 'Other' }, { groups }),
    'TRAINING_EXPIRED get userTraining',
  )
  assert.equal(ask(terms, 'infer', { purpose: 'CommercialProduct' }), 'PROHIBITED no-business')
  const serve = (recipient: string) =>
    ask(terms, 'serveThirdParty', { recipient, purpose: 'duo:0000006' }, { groups })
  assert.equal(serve('north'), 'permit serve')
  assert.equal(serve('east'), 'PROHIBITED no-stranger')
})

void test('an end may be said in several ways, and the latest permission counts', () => {
  const early = permission('early', 'download', [until('2027-01-01T00:00:00Z')])
  const late = permission('late', 'download', [
    until('2028-01-01T00:00:00Z'),
    { all: [until('2027-06-01T00:00:00Z')] },
  ])
  const terms = parseTerms({ permissions: [early, late], prohibitions: [], obligations: [] })
  const verdict = evaluate(terms, {
    action: 'download',
    facts: { dateTime: 0 },
    done: new Set(),
    hasAccepted: false,
    isInRange: () => false,
  })
  assert.equal(verdict.effect === 'permit' && verdict.untilMs, at('2027-06-01T00:00:00Z'))
})

void test('for every action: a prohibition more never permits more, a later end never permits less, order is nothing', () => {
  const facts = { dateTime: at('2027-05-01T00:00:00Z'), purpose: 'NonCommercialResearch' }
  for (const action of actionNames) {
    const before = ask(research, action, { ...facts, namedUsers: 1 })
    for (const other of actionNames) {
      const more = {
        ...research,
        prohibitions: [prohibition('more', other), ...research.prohibitions],
      }
      if (before.startsWith('permit')) continue
      assert.ok(!ask(more, action, { ...facts, namedUsers: 1 }).startsWith('permit'))
    }
    const turned = {
      ...research,
      permissions: research.permissions.toReversed(),
      prohibitions: research.prohibitions.toReversed(),
    }
    assert.equal(ask(turned, action, { ...facts, namedUsers: 1 }), before, action)
  }
})

void test('what is unknown to the vocabulary is refused, with its place', () => {
  const bad: [unknown, RegExp][] = [
    [null, /expected an object/],
    [{ permissions: [], prohibitions: [] }, /obligations: expected a list/],
    [
      { permissions: [permission('a', 'fly' as Action)], prohibitions: [], obligations: [] },
      /permissions\[0\]\.action/,
    ],
    [
      {
        permissions: [
          permission('a', 'download', [
            { operand: 'dateTime', operator: 'lt', value: '2027-02-30T00:00:00Z' },
          ]),
        ],
        prohibitions: [],
        obligations: [],
      },
      /an instant in UTC/,
    ],
    [
      {
        permissions: [
          permission('a', 'download', [{ operand: 'purpose', operator: 'isA', value: 'Whatever' }]),
        ],
        prohibitions: [],
        obligations: [],
      },
      /a purpose that the vocabulary knows/,
    ],
    [
      {
        permissions: [
          permission('a', 'download', [{ operand: 'spatial', operator: 'lt', value: 'DE' }]),
        ],
        prohibitions: [],
        obligations: [],
      },
      /operator: expected one of/,
    ],
    [
      {
        permissions: [permission('a', 'download', [{ any: [{ all: [{ any: [] }] }] }])],
        prohibitions: [],
        obligations: [],
      },
      /at most 3 levels|at least one/,
    ],
    [
      {
        permissions: [permission('a', 'use'), permission('a', 'use')],
        prohibitions: [],
        obligations: [],
      },
      /a different id/,
    ],
    [
      {
        permissions: [{ ...permission('a', 'use'), refinement: 1 }],
        prohibitions: [],
        obligations: [],
      },
      /refinement/,
    ],
  ]
  for (const [value, expected] of bad) assert.throws(() => parseTerms(value), expected)
})

void test('the linter finds what contradicts itself and what nobody can enforce', () => {
  const terms = parseTerms({
    permissions: [
      permission('serve', 'serveThirdParty', [until('2028-01-01T00:00:00Z')]),
      permission('get', 'download', [
        { operand: 'dateTime', operator: 'gteq', value: '2028-01-01T00:00:00Z' },
        until('2028-01-01T00:00:00Z'),
      ]),
      permission('tune', 'finetune', [purposeIs('NonCommercial')]),
    ],
    prohibitions: [prohibition('no-pass', 'distribute'), prohibition('no-copy', 'discover')],
    obligations: [
      { id: 'd', clause: '9', name: 'delete', debtor: 'consumer', trigger: 'agreementEnd' },
    ],
  })
  const found = lint(terms).map(({ code, level, rule }) => `${level} ${code} ${rule}`)
  assert.deepEqual(found, [
    'error shadowed_permission serve',
    'error never_true get',
    'error no_due_date d',
    'warning no_enforced_limit tune',
    'warning not_enforceable no-pass',
  ])
  assert.deepEqual(
    lint(research).filter(({ level }) => level === 'error'),
    [],
  )
})
