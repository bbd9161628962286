/**
 * Grammars on a thread of their own, one question after another. One that takes too long ends the thread, and the next one starts another;
 * a thread that nobody has asked for a while ends too, since grammars keep memory.
 */
import { Worker } from 'node:worker_threads'
import { limits } from '#core/kernel/limits.ts'
import type { Highlighter } from '#core/ports/highlighter.ts'
import type { Answer, Question } from './worker.ts'

const heapMib = 192
const idleMs = 60_000
/** Who comes when so many wait gets the text as it is. */
const waitingMax = 16

interface Waiting {
  readonly question: Question
  readonly resolve: (found: Answer['found']) => void
}

interface Options {
  /** For one question, the start of the thread and of its grammar included. */
  readonly deadlineMs?: number
}

export const openShiki = ({ deadlineMs = limits.highlightMs }: Options = {}): Highlighter => {
  const queue: Waiting[] = []
  let worker: Worker | undefined
  let current: Waiting | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const end = async (): Promise<void> => {
    const ending = worker
    worker = undefined
    ending?.removeAllListeners()
    // What it still says goes nowhere.
    ending?.on('error', () => undefined)
    await ending?.terminate()
  }

  const settle = (found: Answer['found']): void => {
    clearTimeout(timer)
    current?.resolve(found)
    current = undefined
    next()
  }

  const fail = (): void => {
    void end()
    settle(undefined)
  }

  const start = (): Worker => {
    const started = new Worker(new URL('worker.ts', import.meta.url), {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMib },
    })
    started.on('message', ({ found }: Answer) => settle(found))
    started.on('error', fail)
    started.on('exit', fail)
    return started
  }

  const next = (): void => {
    if (current !== undefined) return
    current = queue.shift()
    if (current === undefined) {
      worker?.unref()
      timer = setTimeout(() => void end(), idleMs).unref()
      return
    }
    worker ??= start()
    worker.ref()
    timer = setTimeout(fail, deadlineMs)
    worker.postMessage(current.question, [])
  }

  return {
    colour(language, texts) {
      const chars = texts.reduce((sum, one) => sum + one.length, 0)
      if (isClosed || chars > limits.codeCharsMax || queue.length >= waitingMax) {
        return Promise.resolve(undefined)
      }
      const { promise, resolve } = Promise.withResolvers<Answer['found']>()
      queue.push({ question: { language, texts }, resolve })
      if (current === undefined) clearTimeout(timer)
      next()
      return promise
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      clearTimeout(timer)
      const open = [...queue.splice(0), ...(current === undefined ? [] : [current])]
      current = undefined
      for (const { resolve } of open) resolve(undefined)
      await end()
    },
  }
}
