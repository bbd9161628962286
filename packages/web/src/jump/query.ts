/** What somebody means who types into the palette. */

export type Mode = 'all' | 'acts' | 'people' | 'revisions' | 'files' | 'address' | 'content'

export interface JumpQuery {
  readonly mode: Mode
  /** What is looked for, without the sign that says where. */
  readonly words: string
  /** It may be the id of a commit too, or the beginning of one. */
  readonly isCommit: boolean
}

const signs: Readonly<Record<string, Mode>> = {
  '>': 'acts',
  '@': 'people',
  ':': 'revisions',
  '/': 'files',
}

/** Revisions and files are those of a repo: elsewhere their signs mean nothing. */
const needsRepo: ReadonlySet<Mode> = new Set(['revisions', 'files'])

export const readJump = (text: string, isInRepo: boolean): JumpQuery => {
  const q = text.trim()
  if (/^https?:\/\//.test(q)) return { mode: 'address', words: q, isCommit: false }
  if (/^[0-9a-f]{64}$/i.test(q)) {
    return { mode: 'content', words: q.toLowerCase(), isCommit: false }
  }
  const mode = signs[q.charAt(0)]
  if (mode !== undefined && (isInRepo || !needsRepo.has(mode))) {
    return { mode, words: q.slice(1).trim(), isCommit: false }
  }
  return { mode: 'all', words: q, isCommit: isInRepo && /^[0-9a-f]{7,40}$/.test(q) }
}

/** The path of a pasted address in this hub: of its own pages, or of another hub's, which have the same. */
export const pathOfAddress = (address: string, hubUrl: string): string | undefined => {
  const rest = address.startsWith(`${hubUrl}/`)
    ? address.slice(hubUrl.length)
    : /^https?:\/\/[^/]+(\/.+)$/.exec(address)?.[1]
  if (rest === undefined) return undefined
  // Two slashes at its beginning would name another host; bytes have a page too.
  return rest
    .replace(/^\/+/, '/')
    .replace(/^((?:\/(?:datasets|spaces|kernels))?\/[^/]+\/[^/]+)\/(?:resolve|raw)\//, '$1/blob/')
}

/** Every word is somewhere in it. */
export const hasWords = (text: string, words: string): boolean => {
  const low = text.toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => low.includes(word))
}
