/** The port's kinds of work over whatever opens conversations. */
import { assert } from '#core/kernel/errors.ts'
import type { Compute, DecodePlan, Work } from '#core/ports/compute.ts'
import type { Batches } from './batches.ts'
import type { Plan } from './messages.ts'

const hashBytes = 32

const checked = (plan: DecodePlan): DecodePlan => {
  const { skipBytes, takeBytes, hashes } = plan
  assert(skipBytes >= 0 && takeBytes >= 0, `a range of ${skipBytes} and ${takeBytes} bytes`)
  if (hashes === undefined) return plan
  assert(hashes.length % hashBytes === 0, `hashes of ${hashes.length} bytes`)
  // A view crosses threads with all the memory behind it.
  return { ...plan, hashes: hashes.slice() }
}

export const makeFace = (
  open: <Yield, Result>(plan: Plan) => Work<Yield, Result>,
  batches: Batches,
  close: () => Promise<void>,
): Compute => ({
  verifyXorb: () => open({ kind: 'verifyXorb' }),
  decode: (plan) => open({ kind: 'decode', plan: checked(plan) }),
  cut: () => open({ kind: 'cut' }),
  hashFile: () => open({ kind: 'hashFile' }),
  scanShard: (shardBytes) => open({ kind: 'scanShard', shardBytes }),
  tellChunks: (key) => open({ kind: 'tellChunks', key: key.slice() }),
  batch: batches.take,
  [Symbol.asyncDispose]: close,
})
