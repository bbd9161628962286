/** The checksum of LZ4 frames. Source: the xxHash specification, XXH32, seed 0. */
const prime1 = 0x9e3779b1
const prime2 = 0x85ebca77
const prime3 = 0xc2b2ae3d
const prime4 = 0x27d4eb2f
const prime5 = 0x165667b1

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits))

const round = (lane: number, word: number): number =>
  Math.imul(rotate((lane + Math.imul(word, prime2)) | 0, 13), prime1)

/** Of bytes `from` to `end` (exclusive); a u32. */
export const xxh32 = (bytes: Uint8Array, from: number, end: number): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = from
  let sum = prime5
  if (end - from >= 16) {
    let [a, b, c, d] = [(prime1 + prime2) | 0, prime2 | 0, 0, -prime1 | 0]
    for (; at + 16 <= end; at += 16) {
      a = round(a, view.getInt32(at, true))
      b = round(b, view.getInt32(at + 4, true))
      c = round(c, view.getInt32(at + 8, true))
      d = round(d, view.getInt32(at + 12, true))
    }
    sum = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)
  }
  sum = (sum + end - from) | 0
  for (; at + 4 <= end; at += 4) {
    sum = Math.imul(rotate((sum + Math.imul(view.getInt32(at, true), prime3)) | 0, 17), prime4)
  }
  for (; at < end; at += 1) {
    sum = Math.imul(rotate((sum + Math.imul(bytes[at] ?? 0, prime5)) | 0, 11), prime1)
  }
  sum = Math.imul(sum ^ (sum >>> 15), prime2)
  sum = Math.imul(sum ^ (sum >>> 13), prime3)
  return (sum ^ (sum >>> 16)) >>> 0
}
