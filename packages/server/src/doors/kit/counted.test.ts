import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted } from './counted.ts'

const spy = () => {
  const said: string[] = []
  const reserve =
    (commit: () => void = () => undefined) =>
    () =>
      Promise.resolve({
        commit: async () => {
          said.push('commit')
          await Promise.resolve()
          commit()
        },
        release: async () => void said.push(await Promise.resolve('release')),
      })
  const undo = async () => void said.push(await Promise.resolve('undo'))
  return { said, reserve, undo }
}

const fail = (): never => {
  throw new Error('no')
}

void test('what was given counts, once', async () => {
  const { said, reserve, undo } = spy()
  assert.equal(await counted(reserve(), () => Promise.resolve(7), undo), 7)
  assert.deepEqual(said, ['commit'])
})

void test('what failed is given back', async () => {
  const { said, reserve, undo } = spy()
  await assert.rejects(counted(reserve(), () => Promise.reject(new Error('no')), undo))
  assert.deepEqual(said, ['release'])
})

void test('what could not be counted is not given, and not left open', async () => {
  const { said, reserve, undo } = spy()
  await assert.rejects(counted(reserve(fail), () => Promise.resolve(7), undo))
  assert.deepEqual(said, ['commit', 'undo', 'release'])
})

void test('what nobody counts is given', async () => {
  assert.equal(
    await counted(
      () => Promise.resolve(undefined),
      () => Promise.resolve(7),
    ),
    7,
  )
})
