import assert from 'node:assert/strict'
import { test } from 'node:test'
import { staleAfter } from './stale.ts'

void test('each key once, of a repo as its pages have it', () => {
  const change = { topic: 'repo', id: 'model/Lab/Retina' } as const
  assert.deepEqual(staleAfter([change, change]), [
    ['repo', 'model', 'lab/retina'],
    ['repos'],
    ['repo-counts'],
  ])
})

void test('what changed for some repo is read again for every one that is shown', () => {
  assert.deepEqual(staleAfter([{ topic: 'repo', id: null }]), [
    ['repo'],
    ['repos'],
    ['repo-counts'],
  ])
})

void test('an agreement changes what lists say of repos too', () => {
  const keys = staleAfter([{ topic: 'agreement', id: 'any' }])
  assert.deepEqual(keys, [['agreements'], ['repo'], ['repos'], ['repo-counts'], ['inbox']])
})

void test('a request without a repo is read again in the inbox alone', () => {
  assert.deepEqual(staleAfter([{ topic: 'requests', id: null }]), [['inbox']])
})

void test('what a newer hub says is passed over', () => {
  // A cast because this page does not know the topic.
  assert.deepEqual(staleAfter([{ topic: 'weather' as 'repo', id: null }]), [])
})
