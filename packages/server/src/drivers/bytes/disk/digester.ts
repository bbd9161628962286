/** What a store takes of bytes on their way in: their SHA-256, or nothing where whoever names them computes another hash. */
import { createHash } from 'node:crypto'
import type { Sha256 } from '@weighhouse/formats/digest/digest.ts'

export interface Digester<Digest> {
  update(bytes: Uint8Array): void
  finish(): Digest
}

export const sha256Digester = (): Digester<Sha256> => {
  const hash = createHash('sha256')
  return {
    update: (bytes) => void hash.update(bytes),
    // A cast because SHA-256 in hex is just that.
    finish: () => hash.digest('hex') as Sha256,
  }
}

export const noDigester = (): Digester<undefined> => ({
  update: () => undefined,
  finish: () => undefined,
})
