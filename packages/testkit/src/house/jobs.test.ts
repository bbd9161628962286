/** The queue as the rest of the house relies on it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDevHouse } from '../dev-house.ts'

void test('nothing is settled while a job runs that the queue has begun by itself', async () => {
  await using dev = await openDevHouse()
  const { jobs } = dev.hub
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const done: string[] = []
  jobs.handle('slow', async () => {
    begun.resolve()
    await finish.promise
    done.push('slow')
    const next = { kind: 'next', workKey: 'next', payload: {} }
    await dev.house.db.tx((q, after) => jobs.enqueue({ q, after }, next))
  })
  jobs.handle('next', () => Promise.resolve(void done.push('next')))
  const slow = { kind: 'slow', workKey: 'slow', payload: {} }
  await dev.house.db.tx((q, after) => jobs.enqueue({ q, after }, slow))
  jobs.start(1_000)
  await begun.promise
  const settled = jobs.settle().then(() => [...done])
  finish.resolve()
  assert.deepEqual(await settled, ['slow', 'next'])
})
