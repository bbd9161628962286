/**
 * Byte grouping: all bytes at index 0 mod 4, then 1, 2, 3. Floats side by side have alike bytes in alike places, which LZ4 then finds.
 * Source: the Xet protocol, scheme 2.
 */

/** Where each group begins, for `length` bytes: groups have ceil((length - k) / 4) bytes. */
const groupStarts = (length: number): [number, number, number] => {
  const first = (length + 3) >> 2
  const second = first + ((length + 2) >> 2)
  return [first, second, second + ((length + 1) >> 2)]
}

/** Groups the bytes; as many come out. */
export const groupBytes = (raw: Uint8Array): Uint8Array => {
  const grouped = new Uint8Array(raw.length)
  const [one, two, three] = groupStarts(raw.length)
  const quads = raw.length >> 2
  for (let i = 0, at = 0; i < quads; i += 1, at += 4) {
    grouped[i] = raw[at] ?? 0
    grouped[one + i] = raw[at + 1] ?? 0
    grouped[two + i] = raw[at + 2] ?? 0
    grouped[three + i] = raw[at + 3] ?? 0
  }
  const starts = [0, one, two]
  for (let k = 0; k < (raw.length & 3); k += 1) {
    grouped[(starts[k] ?? 0) + quads] = raw[quads * 4 + k] ?? 0
  }
  return grouped
}

/** Puts grouped bytes back in their order. */
export const ungroupBytes = (grouped: Uint8Array): Uint8Array => {
  const raw = new Uint8Array(grouped.length)
  const [one, two, three] = groupStarts(grouped.length)
  const quads = grouped.length >> 2
  for (let i = 0, at = 0; i < quads; i += 1, at += 4) {
    raw[at] = grouped[i] ?? 0
    raw[at + 1] = grouped[one + i] ?? 0
    raw[at + 2] = grouped[two + i] ?? 0
    raw[at + 3] = grouped[three + i] ?? 0
  }
  const starts = [0, one, two]
  for (let k = 0; k < (grouped.length & 3); k += 1) {
    raw[quads * 4 + k] = grouped[(starts[k] ?? 0) + quads] ?? 0
  }
  return raw
}
