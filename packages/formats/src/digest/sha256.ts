/** SHA-256 of what comes piece by piece, where the platform's own wants all at once: browsers. */
import { createSHA256 } from 'hash-wasm'

export interface Sha256Stream {
  update(bytes: Uint8Array): void
  /** 64 hex digits. Ends it. */
  hex(): string
}

/** One hash, begun. Needs leave to compile WebAssembly, which workers have. */
export const openSha256 = async (): Promise<Sha256Stream> => {
  const state = await createSHA256()
  state.init()
  return {
    update: (bytes) => void state.update(bytes),
    hex: () => state.digest('hex'),
  }
}
