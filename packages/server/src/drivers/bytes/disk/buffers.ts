/**
 * Memory for reading, used again and again: a fresh buffer for each chunk costs more in page faults than the copy it holds.
 * Large buffers are few and shared; a reader that is slow gets small ones, so that a thousand of them hold little.
 */

const largeBytes = 512 * 1024
const largeMax = 128
export const smallBytes = 64 * 1024

const free: Buffer[] = []
let made = 0

/** A large buffer, or undefined when all are in use. Give it back. */
export const takeLarge = (): Buffer | undefined => {
  const found = free.pop()
  if (found !== undefined || made === largeMax) return found
  made += 1
  return Buffer.allocUnsafeSlow(largeBytes)
}

export const giveBack = (buffer: Buffer): void => {
  if (buffer.length === largeBytes) free.push(buffer)
}
