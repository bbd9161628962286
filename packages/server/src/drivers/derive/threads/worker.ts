/** One thread that computes slow hashes, one after another, at the lowest priority the system gives. */
import { scryptSync } from 'node:crypto'
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { assert } from '#core/kernel/errors.ts'
import type { DeriveCost } from '#core/ports/derive.ts'

export interface Question {
  readonly id: number
  readonly password: string
  readonly salt: Uint8Array
  readonly cost: DeriveCost
}

export interface Answer {
  readonly id: number
  readonly key?: Uint8Array
  readonly problem?: string
}

const keyBytes = 32

/** Where threads have priorities of their own, as on Linux; elsewhere this one is like the others. */
const stepBack = (): void => {
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1))
    setPriority(threadId, constants.priority.PRIORITY_LOW)
  } catch {
    // No such folder, or no leave: the work is the same.
  }
}

const answer = ({ id, password, salt, cost: { N, r, p } }: Question): Answer => {
  try {
    return { id, key: scryptSync(password, salt, keyBytes, { N, r, p, maxmem: 256 * N * r }) }
  } catch (error) {
    return { id, problem: String(error) }
  }
}

const port = parentPort
assert(port !== null, 'worker.ts runs on a thread of its own')
stepBack()
port.on('message', (question: Question) => port.postMessage(answer(question), []))
