import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layout } from './layers.ts'

void test('ancestors stand above, descendants below, each layer in the middle', () => {
  const ancestors = [
    { name: 'a/base', depth: 1 },
    { name: 'a/grand', depth: 2 },
  ]
  const descendants = [
    { name: 'c/one', depth: 1 },
    { name: 'c/two', depth: 1 },
  ]
  const { boxes, lines, width } = layout('b/self', ancestors, descendants)
  assert.deepEqual(
    boxes.map(({ name }) => name),
    ['a/grand', 'a/base', 'b/self', 'c/one', 'c/two'],
  )
  const rises = boxes.map(({ y }) => y)
  assert.deepEqual(
    rises,
    [...rises].toSorted((a, b) => a - b),
  )
  assert.equal(lines.length, 4)
  const self = boxes.find(({ isSelf }) => isSelf)
  assert.equal(self?.name, 'b/self')
  assert.equal(self.x + 100, width / 2)
})

void test('alone, it is one box; wide layers are cut', () => {
  assert.equal(layout('a/b', [], []).boxes.length, 1)
  const many = Array.from({ length: 50 }, (_, i) => ({ name: `x/${i}`, depth: 1 }))
  assert.equal(layout('a/b', [], many).boxes.length, 7)
})
