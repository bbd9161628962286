/** What the linter says of limits that read as if the hub kept them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evaluate } from './evaluate.ts'
import { lint } from './lint.ts'
import { parseTerms } from './terms.ts'
import { permission, prohibition, purposeIs, until } from './test-support.ts'

void test('the linter names limits that this hub does not find out, or is not asked about', () => {
  const terms = parseTerms({
    permissions: [
      permission('see', 'discover', [until('2028-01-01T00:00:00Z')]),
      permission('get', 'download', [
        until('2028-01-01T00:00:00Z'),
        { any: [{ operand: 'revisionState', operator: 'eq', value: 'Approved' }] },
      ]),
      permission('call', 'infer', [
        until('2028-01-01T00:00:00Z'),
        { operand: 'callsPerCalendarMonth', operator: 'lteq', value: 10_000 },
        { operand: 'tokensPerCalendarMonth', operator: 'lteq', value: 10_000 },
      ]),
      permission('serve', 'serveThirdParty', [
        { operand: 'spatial', operator: 'isAnyOf', value: ['EU'] },
      ]),
      permission('pass', 'redistributeWeights', [
        { operand: 'recipient', operator: 'isAnyOf', value: ['school'] },
        { operand: 'spatial', operator: 'isAnyOf', value: ['EU'] },
      ]),
      permission('few', 'download', [{ operand: 'downloadsTotal', operator: 'lteq', value: 3 }]),
      permission('rich', 'download', [
        { operand: 'annualRevenueUSD', operator: 'lt', value: 1_000_000 },
      ]),
    ],
    prohibitions: [
      prohibition('no-draft', 'download', [
        { operand: 'revisionState', operator: 'eq', value: 'Draft' },
      ]),
      prohibition('no-war', 'use', [purposeIs('RailUnlawful')]),
      prohibition('no-rich', 'use', [
        { operand: 'monthlyActiveUsers', operator: 'gt', value: 700_000_000 },
      ]),
    ],
    obligations: [],
  })
  const found = lint(terms).filter(({ code }) => code === 'not_known' || code === 'not_asked')
  assert.deepEqual(
    found.map(({ code, level, rule }) => `${level} ${code} ${rule}`),
    [
      'warning not_known get',
      'warning not_asked call',
      'warning not_asked serve',
      'warning not_known pass',
      'warning not_known rich',
      'warning not_known no-draft',
    ],
  )
  const of = (rule: string) => found.find((one) => one.rule === rule)?.message ?? ''
  assert.equal(
    of('get'),
    'get permits to download it by the state of the revision, which this hub does not find out, so that limit is never met, and nothing is permitted that hangs on it. Take it out, or say it in the clause alone.',
  )
  assert.match(
    of('call'),
    /^call is limited by calls this month and tokens this month, and this hub is not asked when somebody means to call it where it is hosted/,
  )
  assert.match(of('pass'), /by the recipient and the seat of the organisation/)
  assert.match(of('no-draft'), /refuses all that the rule could be about/)
  // What is said of it is so.
  const denied = evaluate(terms, {
    action: 'download',
    facts: { dateTime: 0, downloadsTotal: 1 },
    done: new Set(),
    hasAccepted: true,
    isInRange: () => false,
  })
  assert.equal(denied.effect === 'deny' && denied.rule?.id, 'no-draft')
})
