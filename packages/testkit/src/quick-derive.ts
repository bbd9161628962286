/** Hashes of passwords in the form of the real ones, with little of the work: what that costs is a matter of the driver's own tests. */
import { scrypt, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import type { Derive } from '@weighhouse/server/core/ports/derive.ts'

const derive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt)

/** What costs no more than this is computed as it stands. */
const honestMax = 1024

export const quickDerive: Derive = {
  atOnce: 2,
  scrypt: (password, salt, { N, r, p }) =>
    derive(password, salt, 32, { N: N > honestMax ? 16 : N, r, p }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}
