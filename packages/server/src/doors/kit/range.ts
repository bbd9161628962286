/** Conditional and ranged requests, RFC 9110 §13 and §14. */
import type { ByteRange } from '#core/hub.ts'

export type RangeAnswer =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly range: ByteRange }
  | { readonly kind: 'unsatisfiable' }

/**
 * One byte range of a file of `sizeBytes`. Several ranges, other units and nonsense count as no range, as the standard allows.
 */
export const parseRange = (header: string | undefined, sizeBytes: number): RangeAnswer => {
  const match = /^bytes=\s*(\d{0,16})-(\d{0,16})\s*$/.exec(header ?? '')
  if (match === null) return { kind: 'whole' }
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return { kind: 'whole' }
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    if (length === 0) return { kind: 'unsatisfiable' }
    return { kind: 'part', range: { start: sizeBytes - length, end: sizeBytes } }
  }
  const start = Number(first)
  const end = last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  if (start >= sizeBytes) return { kind: 'unsatisfiable' }
  return { kind: 'part', range: { start, end } }
}

const strip = (etag: string): string => etag.trim().replace(/^W\//, '').replace(/^"|"$/g, '')

/** Does an `If-None-Match` or `If-Match` list name this etag? Compared weakly: our etags are content hashes. */
export const matchesEtag = (header: string | undefined, etag: string): boolean => {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((one) => strip(one) === etag)
}

/** May a range be served? Without `If-Range` yes; with it only for the same etag. Dates never match: we give none. */
export const rangeStillHolds = (ifRange: string | undefined, etag: string): boolean =>
  ifRange === undefined || (!ifRange.trim().startsWith('W/') && strip(ifRange) === etag)
