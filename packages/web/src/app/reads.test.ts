import assert from 'node:assert/strict'
import { test } from 'node:test'
import { QueryObserver } from '@tanstack/react-query'
import { Reads } from './reads.ts'

/** A hub whose answers come when they are let come, and tell what was when they were asked for. */
const slowHub = () => {
  const waiting: (() => void)[] = []
  const hub = {
    members: ['ann'],
    asked: 0,
    read: (): Promise<readonly string[]> => {
      hub.asked += 1
      const told = [...hub.members]
      return new Promise((resolve) => waiting.push(() => resolve(told)))
    },
    /** Lets everything come that is asked for now, and whatever is asked for because of it. */
    answer: async (): Promise<void> => {
      for (let turns = 0; turns < 50; turns += 1) {
        for (const come of waiting.splice(0)) come()
        await new Promise(setImmediate)
      }
    },
  }
  return hub
}

const queryKey = ['org', 'lab', 'members']

/** Somebody who looks at it. */
const look = (reads: Reads, hub: ReturnType<typeof slowHub>) => {
  const observer = new QueryObserver(reads, { queryKey, queryFn: hub.read })
  const leave = observer.subscribe(() => undefined)
  return {
    seen: () => observer.getCurrentResult().data,
    [Symbol.dispose]: () => {
      leave()
      reads.clear()
    },
  }
}

void test('what changes while it is read for the first time is read again', async () => {
  const hub = slowHub()
  const reads = new Reads()
  using looking = look(reads, hub)
  hub.members.push('ben')
  const again = reads.invalidateQueries({ queryKey: ['org'] })
  await hub.answer()
  await again
  assert.deepEqual(looking.seen(), ['ann', 'ben'])
  assert.equal(hub.asked, 2)
})

void test('what was read ahead for nobody yet is known to be old when it comes', async () => {
  const hub = slowHub()
  const reads = new Reads()
  const ahead = reads.prefetchQuery({ queryKey, queryFn: hub.read })
  const again = reads.invalidateQueries({ queryKey: ['org'] })
  await hub.answer()
  await Promise.all([ahead, again])
  assert.equal(reads.getQueryState(queryKey)?.isInvalidated, true)
  assert.equal(hub.asked, 1, 'nobody looks at it')
  reads.clear()
})

void test('what was read before is read once', async () => {
  const hub = slowHub()
  const reads = new Reads()
  using looking = look(reads, hub)
  await hub.answer()
  hub.members.push('ben')
  const again = reads.invalidateQueries({ queryKey: ['org'] })
  await hub.answer()
  await again
  assert.deepEqual(looking.seen(), ['ann', 'ben'])
  assert.equal(hub.asked, 2)
})
