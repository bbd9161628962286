/** The computing side of the conversations: keeps their tasks, runs one step at a time, answers in order. */
import { FormatError } from '@weighhouse/formats/error.ts'
import type { XetHasher } from '@weighhouse/formats/xet/blake3.ts'
import { unreachable } from '#core/kernel/errors.ts'
import { batchBytesMax } from '#core/ports/compute.ts'
import type { Answer, Ask } from './messages.ts'
import { type Given, makeTask, type Task } from './tasks.ts'

export interface Reply {
  readonly answer: Answer
  /** Memory of the answer that goes with it instead of being copied. */
  readonly memory: ArrayBuffer[]
}

const failed = (workId: number, error: unknown): Reply => {
  const message = error instanceof Error ? error.message : String(error)
  const kind = error instanceof FormatError ? 'format' : 'broken'
  return { answer: { workId, isFailed: true, kind, message }, memory: [] }
}

/**
 * Memory of a batch that is not part of its answer: it goes back for the next one, or is freed at once. The collector does not see how much
 * hangs on a batch, and fresh pages cost more than the hashing.
 */
const spentOf = ({ buffer }: Uint8Array<ArrayBuffer>, reply: Reply): ArrayBuffer | undefined => {
  if (reply.memory.includes(buffer)) return undefined
  if (!reply.answer.isFailed && buffer.byteLength === batchBytesMax) return buffer
  buffer.transfer(0)
  return undefined
}

/** Answers one message after another; undefined when it needs no answer. */
export const makeResponder = (hasher: XetHasher): ((ask: Ask) => Reply | undefined) => {
  const tasks = new Map<number, Task>()

  const step = (workId: number, work: (task: Task) => Given<unknown>): Reply | undefined => {
    const task = tasks.get(workId)
    if (task === undefined) return undefined
    try {
      const { value, memory } = work(task)
      return {
        answer: { workId, isFailed: false, value, spent: undefined },
        memory: [...memory],
      }
    } catch (error) {
      tasks.delete(workId)
      return failed(workId, error)
    }
  }

  return (ask) => {
    switch (ask.kind) {
      case 'open':
        tasks.set(ask.workId, makeTask(ask.plan, hasher))
        return undefined
      case 'push': {
        const reply = step(ask.workId, (task) => task.push(ask.batch))
        if (reply === undefined) return void ask.batch.buffer.transfer(0)
        const spent = spentOf(ask.batch, reply)
        if (spent === undefined || reply.answer.isFailed) return reply
        return { answer: { ...reply.answer, spent }, memory: [...reply.memory, spent] }
      }
      case 'finish': {
        const reply = step(ask.workId, (task) => task.finish())
        tasks.delete(ask.workId)
        return reply
      }
      case 'forget':
        tasks.delete(ask.workId)
        return undefined
      default:
        return unreachable(ask)
    }
  }
}
