/**
 * Git's shell patterns with `**`. Source: git `wildmatch.c` and `gitignore(5)`.
 *
 * A pattern becomes tokens once; matching is a table over tokens × characters, so no pattern makes it slow.
 */

type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | {
      readonly kind: 'set'
      readonly negated: boolean
      readonly ranges: readonly (readonly [number, number])[]
    }
  /** `*`: anything but a slash. */
  | { readonly kind: 'star' }
  /** `**`: anything. */
  | { readonly kind: 'globstar' }
  /** `**` and a slash: nothing, or anything that ends in a slash. */
  | { readonly kind: 'folders' }

export type Wildcard = readonly Token[]

const classes: ReadonlyMap<string, readonly (readonly [number, number])[]> = new Map(
  Object.entries({
    alnum: [
      [48, 57],
      [65, 90],
      [97, 122],
    ],
    alpha: [
      [65, 90],
      [97, 122],
    ],
    blank: [
      [32, 32],
      [9, 9],
    ],
    cntrl: [
      [0, 31],
      [127, 127],
    ],
    digit: [[48, 57]],
    graph: [[33, 126]],
    lower: [[97, 122]],
    print: [[32, 126]],
    upper: [[65, 90]],
    punct: [
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ],
    space: [
      [32, 32],
      [9, 13],
    ],
    xdigit: [
      [48, 57],
      [65, 70],
      [97, 102],
    ],
  }),
)

/** A bracket expression that starts at `at`, or undefined when it never closes or names an unknown class. */
const parseSet = (pattern: string, at: number): { token: Token; end: number } | undefined => {
  let i = at + 1
  const negated = pattern[i] === '!' || pattern[i] === '^'
  if (negated) i += 1
  const ranges: (readonly [number, number])[] = []
  for (let first = true; i < pattern.length; first = false) {
    if (pattern[i] === ']' && !first) return { token: { kind: 'set', negated, ranges }, end: i + 1 }
    if (pattern.startsWith('[:', i)) {
      const close = pattern.indexOf(']', i + 2)
      // Without ":]" the bracket stands for itself.
      if (close > i + 2 && pattern[close - 1] === ':') {
        const named = classes.get(pattern.slice(i + 2, close - 1))
        if (named === undefined) return undefined
        ranges.push(...named)
        i = close + 1
        continue
      }
    }
    if (pattern[i] === '\\') i += 1
    const low = pattern.charCodeAt(i)
    if (pattern[i + 1] === '-' && pattern[i + 2] !== ']' && i + 2 < pattern.length) {
      const high = pattern[i + 2] === '\\' ? i + 3 : i + 2
      // The start counts by itself too: "[b-a]" matches "b" in git.
      ranges.push([low, low], [low, pattern.charCodeAt(high)])
      i = high + 1
    } else {
      ranges.push([low, low])
      i += 1
    }
  }
  return undefined
}

const starAt = (pattern: string, at: number): { token: Token; end: number } => {
  let end = at
  while (pattern[end] === '*') end += 1
  const startsPart = at === 0 || pattern[at - 1] === '/'
  if (end - at < 2 || !startsPart) return { token: { kind: 'star' }, end }
  if (pattern[end] === '/') return { token: { kind: 'folders' }, end: end + 1 }
  if (end === pattern.length) return { token: { kind: 'globstar' }, end }
  return { token: { kind: 'star' }, end }
}

/** Undefined when the pattern can match nothing: an open bracket, an unknown class, or a backslash at its end. */
export const parseWildcard = (pattern: string): Wildcard | undefined => {
  const tokens: Token[] = []
  let i = 0
  while (i < pattern.length) {
    const char = pattern[i] ?? ''
    if (char === '*') {
      const star = starAt(pattern, i)
      tokens.push(star.token)
      i = star.end
    } else if (char === '?') {
      tokens.push({ kind: 'any' })
      i += 1
    } else if (char === '[') {
      const set = parseSet(pattern, i)
      if (set === undefined) return undefined
      tokens.push(set.token)
      i = set.end
    } else {
      if (char === '\\') i += 1
      const literal = pattern[i]
      if (literal === undefined) return undefined
      tokens.push({ kind: 'char', char: literal })
      i += 1
    }
  }
  return tokens
}

const matchesOne = (token: Token, char: string): boolean => {
  switch (token.kind) {
    case 'char':
      return token.char === char
    case 'any':
      return char !== '/'
    case 'set': {
      const code = char.charCodeAt(0)
      const isIn = token.ranges.some(([low, high]) => code >= low && code <= high)
      return char !== '/' && isIn !== token.negated
    }
    default:
      return false
  }
}

/** States reachable without reading: past stars, which may match nothing. */
const close = (wildcard: Wildcard, states: Uint8Array): void => {
  for (let i = 0; i < wildcard.length; i += 1) {
    const kind = wildcard[i]?.kind
    if (states[i] === 1 && (kind === 'star' || kind === 'globstar' || kind === 'folders')) {
      states[i + 1] = 1
    }
  }
}

/** Whether the whole text matches. Time: tokens × characters. */
export const matchesWildcard = (wildcard: Wildcard, text: string): boolean => {
  let states = new Uint8Array(wildcard.length + 1)
  // `inside[i]`: token i is of kind "folders", has begun to read and must end at a slash.
  let inside = new Uint8Array(wildcard.length)
  states[0] = 1
  close(wildcard, states)
  for (const char of text.split('')) {
    const next = new Uint8Array(wildcard.length + 1)
    const nextInside = new Uint8Array(wildcard.length)
    wildcard.forEach((token, i) => {
      if (token.kind === 'folders') {
        if (states[i] !== 1 && inside[i] !== 1) return
        nextInside[i] = 1
        if (char === '/') next[i + 1] = 1
      } else if (states[i] === 1) {
        if (token.kind === 'globstar' || (token.kind === 'star' && char !== '/')) next[i] = 1
        else if (matchesOne(token, char)) next[i + 1] = 1
      }
    })
    close(wildcard, next)
    states = next
    inside = nextInside
  }
  return states[wildcard.length] === 1
}
