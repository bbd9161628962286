/** Canonical JSON (RFC 8785): one text for one value, so that two sides hash and sign the same bytes. */
import { FormatError } from '../error.ts'

const depthMax = 64

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

const textOf = (value: string): string => {
  if (loneSurrogate.test(value)) {
    throw new FormatError('canonical JSON: expected Unicode text, found half a surrogate pair')
  }
  // The same escapes as the RFC's (section 3.2.2.2).
  return JSON.stringify(value)
}

const write = (value: unknown, depth: number): string => {
  if (depth > depthMax) {
    throw new FormatError(`canonical JSON: expected at most ${depthMax} levels, found more`)
  }
  if (typeof value === 'string') return textOf(value)
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return JSON.stringify(value)
    throw new FormatError(`canonical JSON: expected a finite number, found ${value}`)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map((one) => write(one, depth + 1)).join(',')}]`
  if (typeof value === 'object') {
    // Sorted by UTF-16 code units (section 3.2.3), as this sort does; members that are undefined are none.
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${textOf(name)}:${write(member, depth + 1)}`)
    return `{${members.join(',')}}`
  }
  throw new FormatError(`canonical JSON: expected a JSON value, found ${typeof value}`)
}

/** Throws FormatError for what is no JSON value, half a surrogate pair, or more than 64 levels. */
export const canonicalJson = (value: unknown): string => write(value, 0)

/** The canonical text as UTF-8. */
export const canonicalBytes = (value: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(canonicalJson(value))
