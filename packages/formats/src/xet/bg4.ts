/**
 * Byte grouping: all bytes at index 0 mod 4, then 1, 2, 3. Floats side by side have alike bytes in alike places, which LZ4 then finds.
 * Source: the Xet protocol, scheme 2.
 */

/** Where the four groups begin, for `length` bytes: groups have ceil((length - k) / 4) bytes. */
const groupStarts = (length: number): [number, number, number, number] => {
  const first = (length + 3) >> 2
  const second = first + ((length + 2) >> 2)
  return [0, first, second, second + ((length + 1) >> 2)]
}

/**
 * Sixteen bytes at once: four words from `from`, at these offsets, become four words in `to`, of which the first has the first byte of each,
 * and so on. Twice is once not at all, so that the same loop groups and puts back.
 */
const transpose = (
  from: DataView,
  [a, b, c, d]: readonly [number, number, number, number],
  fromStep: number,
  to: DataView,
  [w, x, y, z]: readonly [number, number, number, number],
  toStep: number,
  times: number,
): void => {
  for (let i = 0, s = 0, t = 0; i < times; i += 1, s += fromStep, t += toStep) {
    const one = from.getInt32(a + s, true)
    const two = from.getInt32(b + s, true)
    const three = from.getInt32(c + s, true)
    const four = from.getInt32(d + s, true)
    // Bytes 0 and 2 of the first two words, one after the other, then 1 and 3; so with the last two.
    const even = (one & 0x00ff00ff) | ((two & 0x00ff00ff) << 8)
    const odd = ((one >>> 8) & 0x00ff00ff) | (two & 0xff00ff00)
    const evenLast = (three & 0x00ff00ff) | ((four & 0x00ff00ff) << 8)
    const oddLast = ((three >>> 8) & 0x00ff00ff) | (four & 0xff00ff00)
    to.setInt32(w + t, (even & 0xffff) | (evenLast << 16), true)
    to.setInt32(x + t, (odd & 0xffff) | (oddLast << 16), true)
    to.setInt32(y + t, (even >>> 16) | (evenLast & 0xffff0000), true)
    to.setInt32(z + t, (odd >>> 16) | (oddLast & 0xffff0000), true)
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const inOrder = [0, 4, 8, 12] as const

/** Groups the bytes; as many come out. */
export const groupBytes = (raw: Uint8Array): Uint8Array => {
  const grouped = new Uint8Array(raw.length)
  const starts = groupStarts(raw.length)
  const times = raw.length >> 4
  transpose(viewOf(raw), inOrder, 16, viewOf(grouped), starts, 4, times)
  for (let i = times * 16; i < raw.length; i += 1) {
    grouped[(starts[i & 3] ?? 0) + (i >> 2)] = raw[i] ?? 0
  }
  return grouped
}

/** Puts grouped bytes back in their order. */
export const ungroupBytes = (grouped: Uint8Array): Uint8Array => {
  const raw = new Uint8Array(grouped.length)
  const starts = groupStarts(grouped.length)
  const times = grouped.length >> 4
  transpose(viewOf(grouped), starts, 4, viewOf(raw), inOrder, 16, times)
  for (let i = times * 16; i < raw.length; i += 1) {
    raw[i] = grouped[(starts[i & 3] ?? 0) + (i >> 2)] ?? 0
  }
  return raw
}
