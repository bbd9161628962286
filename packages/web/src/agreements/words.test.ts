/** What a side is told about an agreement: its next step, its stations. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashGroups, nextStep, stepsOf, strengthsOf, strengthWords } from './words.ts'

const parties = [
  { org: 'l', name: 'lab', role: 'provider' as const },
  { org: 'c', name: 'clinic', role: 'consumer' as const },
]
const candidate = {
  version: 1,
  sha256: 'a'.repeat(64),
  author: 'l',
  agreedBy: ['l'],
  signedBy: [],
  firstSignedBy: [],
}
const told = { state: 'proposed', talk: 'proposed', may: [], parties, candidate, to: null }

void test('who is waited for, and for what', () => {
  assert.equal(nextStep(told, 'lab'), 'Wait for clinic to answer the offer.')
  const asked = { ...told, may: ['countered' as const, 'agreed' as const, 'rejected' as const] }
  assert.equal(nextStep(asked, 'clinic'), 'Answer the offer of lab.')
  const signing = { ...told, state: 'signing', talk: 'signing', may: ['signed' as const] }
  assert.equal(nextStep(signing, 'lab'), 'Sign it.')
  const bare = { ...told, state: 'draft', talk: 'none', candidate: null, may: ['drafted' as const] }
  assert.equal(nextStep(bare, 'lab'), 'Write the text.')
})

void test('the stations before and after a counter-offer', () => {
  const one = {
    state: 'countered',
    talk: 'countered',
    candidate,
    parties,
    from: null,
    inForce: null,
  }
  const at = '2026-01-01T00:00:00.000Z'
  const said = [
    { kind: 'drafted' as const, at },
    { kind: 'proposed' as const, at },
    { kind: 'countered' as const, at },
  ]
  assert.deepEqual(
    stepsOf(one, said).map(({ label, state }) => `${label}: ${state}`),
    [
      'Draft: done',
      'Proposed: done',
      'Countered: now',
      'Agreed: next',
      'Signed 0 of 2: next',
      'Active: next',
    ],
  )
  const inForce = { version: 1, sha256: candidate.sha256 }
  const active = { ...one, state: 'active', talk: 'none', candidate: null, inForce }
  assert.deepEqual(
    stepsOf(active, said.slice(0, 2)).map(({ label, state }) => `${label}: ${state}`),
    ['Draft: done', 'Proposed: done', 'Agreed: done', 'Signed: done', 'Active: done'],
  )
})

void test('strengths are counted, and a hash is read in groups', () => {
  const clauses = [{ strength: 'E' }, { strength: 'E' }, { strength: 'N' }] as const
  assert.equal(strengthWords(strengthsOf(clauses)), '2 enforced by the hub, 1 text only')
  assert.deepEqual(hashGroups('7d1e40b9c2'), ['7d1e', '40b9', 'c2'])
})
