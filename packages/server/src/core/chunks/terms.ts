/** A file's list of terms as it is stored: 44 bytes each, the xorb's hash, then first chunk, end chunk and raw bytes as u32 LE. */
import type { XetHash } from '@weighhouse/formats/digest/digest.ts'
import { formatXetHash, xetHashBytes } from '@weighhouse/formats/xet/hash.ts'

/** Chunks `start` to `end` (exclusive) of one xorb: `rawBytes` bytes of a file. */
export interface Term {
  readonly xorb: XetHash
  readonly start: number
  readonly end: number
  readonly rawBytes: number
}

const termBytes = 44

export const formatTerms = (terms: readonly Term[]): Uint8Array => {
  const bytes = new Uint8Array(terms.length * termBytes)
  const view = new DataView(bytes.buffer)
  terms.forEach((term, i) => {
    const at = i * termBytes
    bytes.set(xetHashBytes(term.xorb), at)
    view.setUint32(at + 32, term.start, true)
    view.setUint32(at + 36, term.end, true)
    view.setUint32(at + 40, term.rawBytes, true)
  })
  return bytes
}

export const parseTerms = (bytes: Uint8Array): Term[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const terms: Term[] = []
  for (let at = 0; at < bytes.length; at += termBytes) {
    terms.push({
      xorb: formatXetHash(bytes, at),
      start: view.getUint32(at + 32, true),
      end: view.getUint32(at + 36, true),
      rawBytes: view.getUint32(at + 40, true),
    })
  }
  return terms
}
