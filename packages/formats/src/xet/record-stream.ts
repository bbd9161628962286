/** Splits a stream of bytes into chunk records, however it is sliced. */
import { FormatError } from '../error.ts'
import {
  parseRecordHeader,
  type RecordHeader,
  recordHeaderBytes,
  xorbFooterBytesMax,
} from './record.ts'

export interface RecordStream {
  push(data: Uint8Array): void
  /** Errors: FormatError when a record is cut off. */
  finish(): { readonly bodyBytes: number; readonly footerBytes: number }
}

/** A footer, which old clients append, begins where a header would: `XETBLOB`. */
const footerMark = [0x58, 0x45, 0x54, 0x42, 0x4c, 0x4f, 0x42]

const isFooter = (bytes: Uint8Array, at: number): boolean =>
  footerMark.every((byte, i) => bytes[at + i] === byte)

/**
 * Calls `onRecord` for each record in turn. The payload is valid during the call only: it lies in the data pushed, or in memory that is used
 * again. `footer: 'ignore'` passes over one at the end. Errors: FormatError.
 */
export const makeRecordStream = (
  onRecord: (header: RecordHeader, payload: Uint8Array) => void,
  options: { readonly footer?: 'refuse' | 'ignore' } = {},
): RecordStream => {
  let bodyBytes = 0
  let footerBytes = 0
  let isInFooter = false
  /** The beginning of a record that goes on in the next push. */
  let held = new Uint8Array(0)
  let heldBytes = 0

  const hold = (data: Uint8Array, needed: number): void => {
    if (held.length < needed) {
      const larger = new Uint8Array(needed)
      larger.set(held.subarray(0, heldBytes))
      held = larger
    }
    held.set(data, heldBytes)
    heldBytes += data.length
  }

  /** Bytes of the record at `at`, when its header is there; undefined within a footer. */
  const headerAt = (bytes: Uint8Array, at: number): RecordHeader | undefined => {
    if (options.footer === 'ignore' && isFooter(bytes, at)) {
      isInFooter = true
      return undefined
    }
    return parseRecordHeader(bytes, at)
  }

  const emit = (header: RecordHeader, payload: Uint8Array): void => {
    bodyBytes += recordHeaderBytes + header.packedBytes
    onRecord(header, payload)
  }

  const addFooter = (length: number): void => {
    footerBytes += length
    if (footerBytes <= xorbFooterBytesMax) return
    throw new FormatError(`A xorb's footer may have ${xorbFooterBytesMax} bytes, found more.`)
  }

  /** Completes the record that was held; answers how much of `data` it took. */
  const complete = (data: Uint8Array): number => {
    let taken = 0
    const fillTo = (needed: number): boolean => {
      const more = Math.min(needed - heldBytes, data.length - taken)
      hold(data.subarray(taken, taken + more), needed)
      taken += more
      return heldBytes === needed
    }
    if (heldBytes < recordHeaderBytes && !fillTo(recordHeaderBytes)) return taken
    const header = headerAt(held, 0)
    if (header === undefined) {
      addFooter(heldBytes)
      heldBytes = 0
      return taken
    }
    const needed = recordHeaderBytes + header.packedBytes
    if (!fillTo(needed)) return taken
    heldBytes = 0
    emit(header, held.subarray(recordHeaderBytes, needed))
    return taken
  }

  return {
    push(data) {
      let at = heldBytes > 0 ? complete(data) : 0
      while (at < data.length && heldBytes === 0) {
        if (isInFooter) {
          addFooter(data.length - at)
          return
        }
        if (data.length - at < recordHeaderBytes) {
          hold(data.subarray(at), recordHeaderBytes)
          return
        }
        const header = headerAt(data, at)
        if (header === undefined) continue
        const end = at + recordHeaderBytes + header.packedBytes
        if (end > data.length) {
          hold(data.subarray(at), end - at)
          return
        }
        emit(header, data.subarray(at + recordHeaderBytes, end))
        at = end
      }
    },
    finish() {
      if (heldBytes === 0) return { bodyBytes, footerBytes }
      throw new FormatError(`The last chunk is cut off: ${heldBytes} bytes of it are there.`)
    },
  }
}
