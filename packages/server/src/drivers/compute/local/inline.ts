/** The work on the calling thread: what the threads do, without them. A push computes before it returns; its answer comes a tick later. */
import { type Compute, ComputeError } from '#core/ports/compute.ts'
import { makeBatches } from './batches.ts'
import { makeFace } from './face.ts'
import { openHasher } from './hasher.ts'
import { makeLine } from './line.ts'
import { makeResponder } from './responder.ts'

export const openInlineCompute = async (): Promise<Compute> => {
  const respond = makeResponder(await openHasher())
  const batches = makeBatches()
  const line = makeLine((ask, transfer) => {
    // Batches change hands as they do between threads, so that a caller who looks at one again is found out here too.
    const reply = respond(structuredClone(ask, { transfer }))
    if (reply === undefined) return
    const answer = structuredClone(reply.answer, { transfer: reply.memory })
    queueMicrotask(() => line.take(answer))
  }, batches.giveBack)
  return makeFace(
    (plan) => line.open(plan),
    batches,
    () => {
      line.cut(new ComputeError('broken', 'The hub is stopping.'))
      return Promise.resolve()
    },
  )
}
