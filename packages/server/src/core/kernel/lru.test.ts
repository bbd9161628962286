import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeLru } from './lru.ts'

void test('what was not asked for longest is forgotten first', () => {
  const lru = makeLru<number, string>(8)
  for (let key = 0; key < 8; key += 1) lru.set(key, `v${key}`, 1)
  assert.equal(lru.get(0), 'v0')
  lru.set(8, 'v8', 1)
  assert.equal(lru.get(0), 'v0')
  assert.equal(lru.get(1), undefined)
})

void test('what is asked for all the time outlives any number of others', () => {
  const lru = makeLru<string, number>(100)
  lru.set('hot', 1, 1)
  for (let i = 0; i < 10_000; i += 1) {
    lru.set(`cold ${i}`, i, 1)
    assert.equal(lru.get('hot'), 1, `after ${i} others`)
  }
})

void test('weights are bounded, and what is too heavy is not kept', () => {
  const lru = makeLru<string, string>(10)
  lru.set('a', 'a', 6)
  lru.set('b', 'b', 6)
  assert.deepEqual([lru.get('a'), lru.get('b')], [undefined, 'b'])
  lru.set('b', 'too heavy', 11)
  assert.equal(lru.get('b'), undefined)
})
