/** What is printed is what is signed, and nothing in it is markup. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgreementBody } from './body.ts'
import { printedHtml } from './print.ts'

const hostile = `<script>alert("1")</script>'&`

const body: AgreementBody = {
  format: 'weighhouse.agreement.v1',
  agreement: 'a1',
  version: 2,
  supersedes: null,
  title: hostile,
  template: { id: hostile, version: 1 },
  language: '" onload="x',
  parties: [
    { org: 'o1', name: hostile, role: 'provider', legalName: hostile, seat: 'DE', keys: [hostile] },
    {
      org: 'o2',
      name: 'clinic',
      role: 'consumer',
      legalName: 'Clinic',
      seat: 'AT',
      domains: [hostile],
      keys: ['k'],
    },
  ],
  scope: { repos: [{ id: 'r1', type: 'model', path: hostile }] },
  clauses: [
    { id: 'use', title: hostile, text: hostile, strength: 'E' },
    { id: 'law', title: 'Law', text: 'Germany.', strength: 'N' },
  ],
  terms: {
    permissions: [
      { id: 'get', clause: 'use', action: 'download', constraints: [], preconditions: [] },
    ],
    prohibitions: [],
    obligations: [
      {
        id: 'credit',
        clause: 'use',
        name: 'attribute',
        debtor: 'consumer',
        trigger: 'publication',
        detail: hostile,
      },
    ],
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
  contacts: { legal: 'l', technical: 't', incident: 'i' },
}

void test('every text is text: none of it becomes markup', () => {
  const shown = printedHtml({
    body,
    sha256: hostile,
    state: hostile,
    signatures: [
      { legalName: hostile, person: hostile, title: hostile, at: hostile, keyid: hostile },
    ],
    at: hostile,
  })
  assert.doesNotMatch(shown, /<script|onload="/)
  assert.equal(shown.split('&lt;script&gt;').length - 1, 19)
  assert.match(shown, /Enforced<\/span>.*may download it/)
  assert.match(shown, /Words alone<\/span>/)
})

void test('a version that nobody signed says so', () => {
  const printed = { body, sha256: 'aa', state: 'draft', signatures: [], at: '2026-01-01' }
  assert.match(printedHtml(printed), /Nobody has signed this version/)
})
