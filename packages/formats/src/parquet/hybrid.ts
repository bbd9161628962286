/** Runs and packed bits in turn (Encodings.md, RLE): levels, and numbers of entries in a dictionary. */
import { FormatError } from '../error.ts'

const widthMax = 32

/**
 * Reads `wanted` numbers of `width` bits. What runs say beyond that is not looked at, so no run makes more than was asked for. Answers how many
 * bytes were read, too.
 */
export const readHybrid = (
  bytes: Uint8Array,
  width: number,
  wanted: number,
): { values: Uint32Array; bytesRead: number } => {
  if (width > widthMax)
    throw new FormatError(`Numbers of ${width} bits: at most ${widthMax} can be.`)
  const values = new Uint32Array(wanted)
  if (width === 0) return { values, bytesRead: 0 }
  let at = 0
  let filled = 0
  const byte = (): number => {
    const found = bytes[at]
    if (found === undefined) throw new FormatError('A page ends inside of its levels or indexes.')
    at += 1
    return found
  }
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const found = byte()
      value += (found & 0x7f) * 2 ** shift
      if (found < 0x80) return value
    }
    throw new FormatError('The length of a run has more than five bytes.')
  }
  while (filled < wanted) {
    const head = varint()
    if (head % 2 === 0) {
      let value = 0
      for (let shift = 0; shift < width; shift += 8) value += byte() * 2 ** shift
      const end = Math.min(wanted, filled + head / 2)
      values.fill(value, filled, end)
      filled = end
      // An empty run would let a page of nothing take for ever.
      if (head === 0) throw new FormatError('A run is empty.')
      continue
    }
    const packed = ((head - 1) / 2) * 8
    if (packed === 0) throw new FormatError('A run is empty.')
    const start = at
    const end = Math.min(wanted, filled + packed)
    unpack(bytes, { at, width }, values.subarray(filled, end))
    filled = end
    at = Math.min(bytes.length, start + (packed / 8) * width)
  }
  return { values, bytesRead: at }
}

/** Fills `out` with numbers of `width` bits each, least significant bit first. */
export const unpack = (
  bytes: Uint8Array,
  { at, width }: { at: number; width: number },
  out: Uint32Array,
): void => {
  if (at + Math.ceil((out.length * width) / 8) > bytes.length) {
    throw new FormatError('A page ends inside of its packed numbers.')
  }
  let bit = at * 8
  for (let index = 0; index < out.length; index += 1) {
    let value = 0
    for (let got = 0; got < width;) {
      const offset = bit % 8
      const take = Math.min(8 - offset, width - got)
      const part = ((bytes[Math.floor(bit / 8)] ?? 0) >> offset) & ((1 << take) - 1)
      value += part * 2 ** got
      got += take
      bit += take
    }
    out[index] = value
  }
}
