/** Small byte helpers of the git codecs. */

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** UTF-8. */
export const toBytes = (text: string): Uint8Array => encoder.encode(text)

/** Git does not promise UTF-8 in names and messages: what is not becomes U+FFFD. */
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes)

/** One array of all parts. */
export const joinBytes = (parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Order of bytes, as `memcmp` followed by length. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
