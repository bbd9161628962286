/** The keyed BLAKE3 hashes of the Xet protocol. Source: the Xet protocol, hashes; keys are the protocol's. */
import { createBLAKE3 } from 'hash-wasm'

/** 32 bytes out; the result is the caller's own. */
export type KeyedHash = (data: Uint8Array) => Uint8Array

/** Makes a keyed hash from a key of 32 bytes, which nobody changes afterwards. */
export type Blake3 = (key: Uint8Array) => KeyedHash

/** What it takes and gives is not remembered: one hasher serves all files of a thread. */
export interface XetHasher {
  /** Of a chunk's raw bytes. */
  readonly chunk: KeyedHash
  /** Of the text that lists an inner node's children. */
  readonly node: KeyedHash
  /** Of a term's chunk hashes, one after another. */
  readonly range: KeyedHash
  /** Name of a file from the root over its chunks; the empty file has 32 zero bytes for both. */
  file(root: Uint8Array): Uint8Array
  /** Of a chunk hash, under the key of a deduplication answer, 32 bytes. */
  keyed(key: Uint8Array): KeyedHash
}

const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

const chunkKey = fromHex('6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229')
const nodeKey = fromHex('017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f')
const rangeKey = fromHex('7f1857d6ce56ed66127ff913e7a5c3f3a4cd26d5b5db49e64124987f28fb94c3')

/** From here on a native implementation is worth the call into it. */
const bulkBytesMin = 4096

const keyedBy = async (key: Uint8Array): Promise<KeyedHash> => {
  const state = await createBLAKE3(256, key)
  // The digest is a copy already.
  return (data) => state.init().update(data).digest('binary')
}

/** `bulk` is a native implementation for long inputs; the built-in one, WebAssembly, does all else, and all where there is none. */
export const openXetHasher = async (bulk?: Blake3): Promise<XetHasher> => {
  const bulkBy = async (key: Uint8Array): Promise<KeyedHash> => {
    // A copy, because the built-in one reads the key again for every hash.
    const own = new Uint8Array(key)
    const small = await keyedBy(own)
    if (bulk === undefined) return small
    const large = bulk(own)
    return (data) => (data.length >= bulkBytesMin ? large(data) : small(data))
  }
  const file = await keyedBy(new Uint8Array(32))
  // One instance for all keys: it reads its key again for every hash, and an instance for each would have to be awaited.
  const anyKey = new Uint8Array(32)
  const byAnyKey = await keyedBy(anyKey)
  return {
    chunk: await bulkBy(chunkKey),
    node: await keyedBy(nodeKey),
    range: await bulkBy(rangeKey),
    file: (root) => (root.every((byte) => byte === 0) ? new Uint8Array(32) : file(root)),
    keyed(key) {
      const own = new Uint8Array(key)
      return (data) => {
        anyKey.set(own)
        return byAnyKey(data)
      }
    },
  }
}
