/** The calling side of the conversations with one who computes: who waits for which answer, and what is left when it dies. */
import { assert } from '#core/kernel/errors.ts'
import { batchBytesMax, ComputeError, type Work, worksInFlight } from '#core/ports/compute.ts'
import type { Answer, Ask, Plan } from './messages.ts'

export interface Line {
  /** The types are those of the plan's task. */
  open<Yield, Result>(plan: Plan): Work<Yield, Result>
  take(answer: Answer): void
  /** Ends every conversation, and every later one, with this error. */
  cut(error: ComputeError): void
  openCount(): number
}

interface Conversation {
  readonly waiting: PromiseWithResolvers<unknown>[]
  isFinished: boolean
  ended: ComputeError | undefined
}

/** A rejection that counts as seen: its caller may have left with an earlier one. */
const seen = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined)
  return promise
}

/**
 * `post` sends a message with its memory, and throws when that cannot be taken. `onBusy` is told when the first answer is awaited and when
 * the last has come, `onSpent` is given memory of batches that were read.
 */
export const makeLine = (
  post: (ask: Ask, memory: ArrayBuffer[]) => void,
  onSpent: (memory: ArrayBuffer) => void = () => undefined,
  onBusy: (isBusy: boolean) => void = () => undefined,
): Line => {
  const conversations = new Map<number, Conversation>()
  let workIds = 0
  let awaited = 0
  let broken: ComputeError | undefined

  const count = (change: number): void => {
    const before = awaited
    awaited += change
    if (before === 0 && awaited > 0) onBusy(true)
    if (before > 0 && awaited === 0) onBusy(false)
  }

  const end = (workId: number, error: ComputeError): void => {
    const found = conversations.get(workId)
    if (found === undefined) return
    conversations.delete(workId)
    found.ended = error
    const { waiting } = found
    count(-waiting.length)
    for (const { reject } of waiting.splice(0)) reject(error)
  }

  return {
    open<Yield, Result>(plan: Plan): Work<Yield, Result> {
      const workId = (workIds += 1)
      const own: Conversation = { waiting: [], isFinished: false, ended: broken }
      if (broken === undefined) {
        conversations.set(workId, own)
        post({ kind: 'open', workId, plan }, [])
      }

      const ask = <T>(message: Ask, memory: ArrayBuffer[]): Promise<T> => {
        if (own.ended !== undefined) return seen(Promise.reject(own.ended))
        post(message, memory)
        const answer = Promise.withResolvers<unknown>()
        own.waiting.push(answer)
        count(1)
        // A cast because answers come in the order of the questions, from the task of this plan.
        return seen(answer.promise as Promise<T>)
      }

      return {
        push(batch) {
          assert(!own.isFinished, 'nothing is pushed after finish')
          assert(batch.byteLength <= batchBytesMax, `a batch of ${batch.byteLength} bytes`)
          assert(own.waiting.length < worksInFlight, `${worksInFlight} pushes wait already`)
          return ask<Yield>({ kind: 'push', workId, batch }, [batch.buffer])
        },
        finish() {
          assert(!own.isFinished, 'a work finishes once')
          own.isFinished = true
          return ask<Result>({ kind: 'finish', workId }, [])
        },
        [Symbol.dispose]() {
          // What is finished is forgotten with its answer, which may still be awaited.
          if (own.isFinished || !conversations.has(workId)) return
          post({ kind: 'forget', workId }, [])
          end(workId, new ComputeError('broken', 'The work was given up before its end.'))
        },
      }
    },

    take(answer) {
      if (!answer.isFailed && answer.spent !== undefined) onSpent(answer.spent)
      const found = conversations.get(answer.workId)
      // Answers to what was given up meanwhile.
      if (found === undefined) return
      if (answer.isFailed) {
        end(answer.workId, new ComputeError(answer.kind, answer.message))
        return
      }
      found.waiting.shift()?.resolve(answer.value)
      if (found.isFinished && found.waiting.length === 0) conversations.delete(answer.workId)
      count(-1)
    },

    cut(error) {
      broken ??= error
      for (const workId of conversations.keys()) end(workId, error)
    },

    openCount: () => conversations.size,
  }
}
