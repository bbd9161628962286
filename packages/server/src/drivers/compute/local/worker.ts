/** What runs on a computing thread. `threads.ts` starts it. */
import { parentPort } from 'node:worker_threads'
import { assert } from '#core/kernel/errors.ts'
import { openHasher } from './hasher.ts'
import type { Answer, Ask } from './messages.ts'
import { makeResponder } from './responder.ts'

/** What `threads.ts` hears. */
export type Heard = Answer

const port = parentPort
assert(port !== null, 'worker.ts runs on a thread of its own')
const respond = makeResponder(await openHasher())
port.on('message', (ask: Ask) => {
  const reply = respond(ask)
  if (reply !== undefined) port.postMessage(reply.answer, reply.memory)
})
