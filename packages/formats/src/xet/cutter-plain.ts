/**
 * The inner loop of the cutter in JavaScript: two 32-bit lanes. Several times slower than WebAssembly; for where that is missing, and to
 * test it.
 */
import { gearTable } from './gear-table.ts'

// Signed, because the engine computes with these in registers, and with larger ones in floats.
const low = Int32Array.from(gearTable, (word) => Number(BigInt.asIntN(32, word)))
const high = Int32Array.from(gearTable, (word) => Number(BigInt.asIntN(32, word >> 32n)))

/**
 * Takes `bytes` from `from` to `end` into `state` (low, high) until one makes its upper 16 bits zero: answers the offset after it, or 0.
 */
export const scanPlain = (
  bytes: Uint8Array,
  from: number,
  end: number,
  state: Uint32Array,
): number => {
  let lo = (state[0] ?? 0) | 0
  let hi = (state[1] ?? 0) | 0
  let found = 0
  for (let i = from; i < end; i += 1) {
    const byte = bytes[i] ?? 0
    const shifted = lo << 1
    const added = low[byte] ?? 0
    const sum = (shifted + added) | 0
    // The carry of a sum: both top bits were set, or one was and the sum's is not.
    const carry = ((shifted & added) | ((shifted | added) & ~sum)) >>> 31
    hi = (((hi << 1) | (lo >>> 31)) + (high[byte] ?? 0) + carry) | 0
    lo = sum
    if (hi >>> 16 === 0) {
      found = i + 1
      break
    }
  }
  state[0] = lo
  state[1] = hi
  return found
}
