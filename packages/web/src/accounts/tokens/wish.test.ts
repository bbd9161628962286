import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyForm, wishOf } from './wish.ts'

const nowMs = Date.parse('2026-01-01T00:00:00Z')

void test('a plain token has a label, a role and an end, and no scope', () => {
  const wish = wishOf({ ...emptyForm, label: ' laptop ', days: '30' }, nowMs)
  assert.deepEqual(wish, { label: 'laptop', role: 'read', expiresAt: '2026-01-31T00:00:00.000Z' })
  assert.equal(wishOf({ ...emptyForm, days: '' }, nowMs).expiresAt, undefined)
})

void test('a fine-grained one says where and what', () => {
  const form = { ...emptyForm, role: 'fineGrained', reach: 'repo' } as const
  const model = wishOf({ ...form, where: '/lab/m/' }, nowMs).scope?.entries[0]
  assert.deepEqual(model, {
    target: { kind: 'repo', type: 'model', path: 'lab/m' },
    permissions: ['repo.content.read'],
  })
  const dataset = wishOf({ ...form, where: 'datasets/lab/d' }, nowMs).scope?.entries[0]?.target
  assert.deepEqual(dataset, { kind: 'repo', type: 'dataset', path: 'lab/d' })
  const owner = wishOf({ ...form, reach: 'account', where: 'lab' }, nowMs).scope?.entries[0]?.target
  assert.deepEqual(owner, { kind: 'account', name: 'lab' })
})

void test('addresses come in lines or apart by commas', () => {
  const wish = wishOf({ ...emptyForm, addresses: '10.0.0.0/8, 192.0.2.1\n ::1' }, nowMs)
  assert.deepEqual(wish.ipRanges, ['10.0.0.0/8', '192.0.2.1', '::1'])
})
