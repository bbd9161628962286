import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeTurns } from './turns.ts'

void test('work on one key comes one after another, on others at once', async () => {
  const turns = makeTurns<string>()
  const said: string[] = []
  const first = Promise.withResolvers<void>()
  const a = turns.take('a', async () => {
    said.push('a begins')
    await first.promise
    said.push('a ends')
  })
  const again = turns.take('a', () => Promise.resolve(void said.push('a again')))
  await turns.take('b', () => Promise.resolve(void said.push('b')))
  first.resolve()
  await Promise.all([a, again])
  assert.deepEqual(said, ['a begins', 'b', 'a ends', 'a again'])
})

void test('what fails is told to its own caller and holds nobody up', async () => {
  const turns = makeTurns<string>()
  const failing = turns.take('a', () => Promise.reject(new Error('no')))
  const next = turns.take('a', () => Promise.resolve(1))
  await assert.rejects(failing, /no/)
  assert.equal(await next, 1)
})
