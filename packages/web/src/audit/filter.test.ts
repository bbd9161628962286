import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actWords, filterOf, trailQuery } from './filter.ts'

void test('the address and the filter say the same', () => {
  const filter = filterOf({ actor: ' ann ', act: '', outcome: 'denied', other: 'x' })
  assert.deepEqual(filter, { actor: 'ann', outcome: 'denied' })
  assert.equal(trailQuery(filter).toString(), 'actor=ann&outcome=denied')
  assert.deepEqual(filterOf({ outcome: 'maybe' }), {})
})

void test('acts are read as words', () => {
  assert.equal(actWords('repo_hold_changed'), 'Repo hold changed')
  assert.equal(actWords('repo.read'), 'Repo read')
})
