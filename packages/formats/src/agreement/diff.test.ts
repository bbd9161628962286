/** What a counter changes is shown: joined, the segments are both texts; every rule that differs is named. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diffBodies, diffText, type Segment } from './diff.ts'
import { type AgreementBody, parseBody } from './body.ts'

const joined = (segments: readonly Segment[], without: Segment['kind']): string =>
  segments
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('')

void test('segments join to both texts, and name the words that differ', () => {
  const pairs = [
    ['The clinic may download it.', 'The clinic may download it twice.'],
    ['', 'all new'],
    ['all gone', ''],
    ['one two three four', 'one three two four'],
    ['  spaces\n kept ', 'spaces  kept'],
    ['same', 'same'],
  ] as const
  for (const [before, after] of pairs) {
    const segments = diffText(before, after)
    assert.equal(joined(segments, 'added'), before)
    assert.equal(joined(segments, 'removed'), after)
  }
  assert.deepEqual(diffText('for 30 days only', 'for 60 days only'), [
    { kind: 'same', text: 'for ' },
    { kind: 'removed', text: '30 ' },
    { kind: 'added', text: '60 ' },
    { kind: 'same', text: 'days only' },
  ])
})

void test('a text too long to compare is replaced as a whole', () => {
  const [before, after] = ['a ', 'b '].map((word) => word.repeat(2_000)) as [string, string]
  assert.deepEqual(
    diffText(before, after).map(({ kind }) => kind),
    ['removed', 'added'],
  )
})

const body = (more: Partial<AgreementBody> = {}): AgreementBody =>
  parseBody({
    format: 'weighhouse.agreement.v1',
    agreement: 'a',
    version: 1,
    supersedes: null,
    title: 'Retina',
    template: { id: 'research', version: 1 },
    language: 'en',
    parties: ['lab', 'clinic'].map((org, i) => ({
      org,
      name: org,
      role: i === 0 ? 'provider' : 'consumer',
      legalName: org,
      seat: 'DE',
      keys: [],
    })),
    scope: { repos: [{ id: 'r', type: 'model', path: 'lab/retina' }] },
    clauses: [{ id: '1', title: 'Use', text: 'For research.', strength: 'E' }],
    terms: {
      permissions: [
        {
          id: 'get',
          clause: '1',
          action: 'download',
          constraints: [
            { operand: 'dateTime', operator: 'lt', value: '2028-01-01T00:00:00Z' },
            { operand: 'spatial', operator: 'isAnyOf', value: ['EU'] },
          ],
          preconditions: [],
        },
      ],
      prohibitions: [],
      obligations: [],
    },
    from: '2026-01-01T00:00:00Z',
    to: null,
    timezone: 'UTC',
    noticeDays: 30,
    derivativesOnEnd: { rule: 'survive', days: 0 },
    ownership: { results: 'creator', grantBack: null },
    precedence: 'machine',
    paperRef: null,
    governingLaw: 'Germany',
    contacts: { legal: 'a', technical: 'b', incident: 'c' },
    ...more,
  })

void test('clauses, rules, limits and members that a counter changes are named, and no others', () => {
  const before = body()
  assert.deepEqual(diffBodies(before, { ...before, version: 2 }), {
    clauses: [],
    terms: [],
    members: [],
  })
  const [get] = before.terms.permissions
  assert.ok(get)
  const after = body({
    version: 2,
    noticeDays: 60,
    clauses: [
      { id: '1', title: 'Use', text: 'For research alone.', strength: 'E' },
      { id: '2', title: 'Passing on', text: 'To nobody.', strength: 'A' },
    ],
    terms: {
      permissions: [{ ...get, constraints: get.constraints.slice(0, 1) }],
      prohibitions: [{ id: 'no', clause: '2', action: 'distribute', constraints: [] }],
      obligations: [],
    },
  })
  const { clauses, terms, members } = diffBodies(before, after)
  assert.deepEqual(
    clauses.map(({ id, change }) => [id, change]),
    [
      ['1', 'changed'],
      ['2', 'added'],
    ],
  )
  assert.deepEqual(members, [{ member: 'noticeDays', before: '30', after: '60' }])
  assert.deepEqual(
    terms.map(({ rule, change, added, removed }) => ({ rule, change, added, removed })),
    [
      {
        rule: 'get',
        change: 'changed',
        added: [],
        removed: ['the seat of the organisation is any of EU'],
      },
      { rule: 'no', change: 'added', added: [], removed: [] },
    ],
  )
  assert.equal(terms[0]?.after, 'may download it, if the time is before 2028-01-01T00:00:00Z')
  const back = diffBodies(after, before)
  assert.deepEqual(
    back.clauses.map(({ change }) => change),
    ['changed', 'removed'],
  )
})

void test('what comes or goes is named: two people who sign, or one', () => {
  const [alone, beside] = [body(), body({ version: 2, signing: 'countersigned' })]
  const change = { member: 'signing', before: 'null', after: '"countersigned"' }
  assert.deepEqual(diffBodies(alone, beside).members, [change])
  assert.deepEqual(diffBodies(beside, alone).members, [
    { member: 'signing', before: '"countersigned"', after: 'null' },
  ])
})
