/** The inner loop of the cutter in JavaScript: two 32-bit lanes. Slower by four times; for where WebAssembly is missing, and to test it. */
import { gearTable } from './gear-table.ts'

const low = Uint32Array.from(gearTable, (word) => Number(word & 0xffffffffn))
const high = Uint32Array.from(gearTable, (word) => Number(word >> 32n))

/**
 * Takes `bytes` from `from` to `end` into `state` (low, high) until one makes its upper 16 bits zero: answers the offset after it, or 0.
 */
export const scanPlain = (
  bytes: Uint8Array,
  from: number,
  end: number,
  state: Uint32Array,
): number => {
  let lo = state[0] ?? 0
  let hi = state[1] ?? 0
  let found = 0
  for (let i = from; i < end; i += 1) {
    const byte = bytes[i] ?? 0
    const sum = ((lo << 1) >>> 0) + (low[byte] ?? 0)
    hi = (((hi << 1) | (lo >>> 31)) + (high[byte] ?? 0) + (sum > 0xffffffff ? 1 : 0)) >>> 0
    lo = sum >>> 0
    if (hi >>> 16 === 0) {
      found = i + 1
      break
    }
  }
  state[0] = lo
  state[1] = hi
  return found
}
