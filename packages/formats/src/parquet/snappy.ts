/** Snappy's raw format (format_description.txt): copies of what came before, and bytes as they are. */
import { FormatError } from '../error.ts'

/** Unpacks into exactly `sizeBytes`, which the caller has bounded. */
export const unpackSnappy = (packed: Uint8Array, sizeBytes: number): Uint8Array => {
  let at = 0
  const byte = (): number => {
    const found = packed[at]
    if (found === undefined) throw new FormatError('Packed bytes end too early.')
    at += 1
    return found
  }
  let said = 0
  for (let shift = 0; ; shift += 7) {
    const found = byte()
    said += (found & 0x7f) * 2 ** shift
    if (found < 0x80) break
    if (shift > 28) throw new FormatError('Packed bytes do not say how many they are.')
  }
  if (said !== sizeBytes)
    throw new FormatError(`Packed bytes say ${said}, their page ${sizeBytes}.`)
  const out = new Uint8Array(sizeBytes)
  let filled = 0
  const need = (length: number): void => {
    if (filled + length > sizeBytes) throw new FormatError('More bytes are packed than were said.')
  }
  const number = (bytes: number): number => {
    let value = 0
    for (let index = 0; index < bytes; index += 1) value += byte() * 2 ** (8 * index)
    return value
  }
  while (at < packed.length) {
    const tag = byte()
    if (tag % 4 === 0) {
      const short = tag >> 2
      const length = short < 60 ? short + 1 : number(short - 59) + 1
      need(length)
      if (at + length > packed.length) throw new FormatError('Packed bytes end too early.')
      out.set(packed.subarray(at, at + length), filled)
      at += length
      filled += length
      continue
    }
    const isShort = tag % 4 === 1
    const length = isShort ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const offset = isShort ? (tag >> 5) * 256 + byte() : number(tag % 4 === 2 ? 2 : 4)
    need(length)
    if (offset === 0 || offset > filled)
      throw new FormatError('A copy begins before its beginning.')
    // A copy may overlap what it writes: that is how runs are packed.
    for (let index = 0; index < length; index += 1) {
      out[filled] = out[filled - offset] ?? 0
      filled += 1
    }
  }
  if (filled !== sizeBytes)
    throw new FormatError(`${filled} bytes are packed, expected ${sizeBytes}.`)
  return out
}
