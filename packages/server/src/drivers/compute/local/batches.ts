/** Memory of batches, used again: fresh pages cost more than the hashing, and each weighs on the collector. */
import { batchBytesMax } from '#core/ports/compute.ts'

export interface Batches {
  take(): Uint8Array<ArrayBuffer>
  giveBack(memory: ArrayBuffer): void
}

const keptMax = 8

export const makeBatches = (): Batches => {
  const kept: ArrayBuffer[] = []
  return {
    take() {
      const memory = kept.pop()
      return memory === undefined ? Buffer.allocUnsafeSlow(batchBytesMax) : new Uint8Array(memory)
    },
    giveBack(memory) {
      if (kept.length < keptMax) kept.push(memory)
      else memory.transfer(0)
    },
  }
}
