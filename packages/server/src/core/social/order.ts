/** Places in a list, and words for URLs. */

interface Placed<Id extends string> {
  readonly id: Id
  readonly position: number
}

/**
 * Puts one of the rows, which are in their order, at place `to` from 0; the others close up. Answers those whose position is another one
 * than before.
 */
export const move = <Id extends string>(
  rows: readonly Placed<Id>[],
  id: Id,
  to: number,
): Placed<Id>[] => {
  const one = rows.find((row) => row.id === id)
  if (one === undefined) return []
  const others = rows.filter((row) => row.id !== id)
  const place = Math.min(to, others.length)
  return [...others.slice(0, place), one, ...others.slice(place)].flatMap((row, position) =>
    row.position === position ? [] : [{ id: row.id, position }],
  )
}

const slugCharsMax = 60

/** A title as part of a URL: small letters, digits and hyphens. Never empty. */
export const slugWords = (title: string): string => {
  const words = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, slugCharsMax)
    .replace(/^-+|-+$/g, '')
  return words === '' ? 'collection' : words
}
