/** Opens the Xet hashes with the fastest BLAKE3 this machine has. */
import { openXetHasher, type XetHasher } from '@weighhouse/formats/xet/blake3.ts'

type Hash = (data: Uint8Array) => Uint8Array

/** BLAKE3 in native code: an optional dependency, missing on some machines and where optional ones are omitted. */
const openNative = async (): Promise<((key: Uint8Array) => Hash) | undefined> => {
  try {
    const { Blake3Hasher } = await import('@napi-rs/blake-hash')
    return (key) => {
      const own = Buffer.from(key)
      return (data) => {
        const view = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
        return Blake3Hasher.newKeyed(own).update(view).digestBuffer()
      }
    }
  } catch {
    return undefined
  }
}

/** Native for chunks where there is such, WASM for the rest. */
export const openHasher = async (): Promise<XetHasher> => openXetHasher(await openNative())
