/**
 * Slow hashes on threads of their own. A thread starts with the first work, holds no command open that waits for nothing, and takes its
 * questions with it when it dies; the next question starts another.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Derive } from '#core/ports/derive.ts'
import type { Answer, Question } from './worker.ts'

interface Thread {
  readonly worker: Worker
  readonly open: Map<number, PromiseWithResolvers<Uint8Array>>
}

const threadsMax = 4

/** Half of the processors: the other half is for those who are signed in. */
const threadsOf = (processors: number): number =>
  Math.max(1, Math.min(threadsMax, Math.floor(processors / 2)))

const startThread = (onEnd: (thread: Thread) => void): Thread => {
  const worker = new Worker(new URL('worker.ts', import.meta.url))
  const thread: Thread = { worker, open: new Map() }
  const fail = (problem: string): void => {
    onEnd(thread)
    for (const { reject } of thread.open.values()) reject(new Error(problem))
    thread.open.clear()
  }
  worker.on('message', ({ id, key, problem }: Answer) => {
    const waiting = thread.open.get(id)
    thread.open.delete(id)
    if (thread.open.size === 0) worker.unref()
    if (key === undefined) waiting?.reject(new Error(problem))
    else waiting?.resolve(key)
  })
  worker.on('error', (error) => fail(`the thread of password hashes failed: ${String(error)}`))
  worker.on('exit', () => fail('the thread of password hashes has ended'))
  worker.unref()
  return thread
}

export const openThreadDerive = (atOnce = threadsOf(availableParallelism())): Derive => {
  const threads: Thread[] = []
  let lastId = 0

  const drop = (thread: Thread): void => {
    const place = threads.indexOf(thread)
    if (place >= 0) threads.splice(place, 1)
  }

  const leastBusy = (): Thread => {
    const idle = threads.find((thread) => thread.open.size === 0)
    if (idle !== undefined) return idle
    if (threads.length < atOnce) {
      const started = startThread(drop)
      threads.push(started)
      return started
    }
    return threads.reduce((best, one) => (one.open.size < best.open.size ? one : best))
  }

  return {
    atOnce,
    scrypt(password, salt, cost) {
      const thread = leastBusy()
      const waiting = Promise.withResolvers<Uint8Array>()
      lastId += 1
      thread.open.set(lastId, waiting)
      thread.worker.ref()
      const question: Question = { id: lastId, password, salt, cost }
      thread.worker.postMessage(question, [])
      return waiting.promise
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}
