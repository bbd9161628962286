import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePlaces, type Places } from './places.ts'

const never = new AbortController().signal

/** Notes who is admitted, and lets go by name. */
const watch = (places: Places) => {
  const admitted: string[] = []
  const held = new Map<string, Disposable>()
  return {
    admitted,
    async come(name: string, holder = name, signal = never): Promise<void> {
      held.set(name, await places.take(holder, signal))
      admitted.push(name)
    },
    async go(name: string): Promise<void> {
      held.get(name)?.[Symbol.dispose]()
      // Whoever was admitted says so in a microtask.
      await Promise.resolve().then(() => undefined)
    },
  }
}

void test('as many as there are places, then one for each that goes, in order', async () => {
  const { admitted, come, go } = watch(makePlaces(2))
  await Promise.all([come('a'), come('b')])
  const later = [come('c'), come('d')]
  assert.deepEqual(admitted, ['a', 'b'])
  await go('a')
  await later[0]
  assert.deepEqual(admitted, ['a', 'b', 'c'])
  // What is let go of twice is one place.
  await go('a')
  assert.deepEqual(admitted, ['a', 'b', 'c'])
  await go('b')
  await later[1]
  assert.deepEqual(admitted, ['a', 'b', 'c', 'd'])
})

void test('who has a place waits for it, and others pass', async () => {
  const { admitted, come, go } = watch(makePlaces(2))
  await come('a1', 'a')
  const again = come('a2', 'a')
  await come('b')
  assert.deepEqual(admitted, ['a1', 'b'])
  await go('a1')
  await again
  assert.deepEqual(admitted, ['a1', 'b', 'a2'])
})

void test('who goes away while waiting is forgotten', async () => {
  const { admitted, come, go } = watch(makePlaces(1))
  await come('a')
  const leaving = new AbortController()
  const left = come('b', 'b', leaving.signal)
  const patient = come('c')
  leaving.abort()
  await assert.rejects(left, { code: 'busy' })
  await go('a')
  await patient
  assert.deepEqual(admitted, ['a', 'c'])
  await assert.rejects(come('d', 'd', leaving.signal), { code: 'busy' })
  // An end that comes after the place was given takes nothing from anybody.
  const late = new AbortController()
  const next = come('e', 'e', late.signal)
  await go('c')
  await next
  late.abort()
  assert.deepEqual(admitted, ['a', 'c', 'e'])
})
