/** Git commit objects. */
import { type GitOid, isGitOid } from '../digest/digest.ts'
import { FormatError } from '../error.ts'
import { toBytes } from './bytes.ts'
import { formatHeaders, type Header, parseHeaders } from './headers.ts'
import { formatSignature, parseSignature, type Signature } from './signature.ts'

export { cleanSignaturePart, type Signature } from './signature.ts'

export interface GitCommit {
  readonly tree: GitOid
  /** First parent first; none for a root commit. */
  readonly parents: readonly GitOid[]
  readonly author: Signature
  readonly committer: Signature
  readonly message: string
  /** Headers we do not read (`gpgsig`, `encoding`, `mergetag` …), in order. */
  readonly extra: readonly Header[]
}

const oidOf = (value: string, field: string): GitOid => {
  if (isGitOid(value)) return value
  throw new FormatError(`A commit's "${field}" should be 40 hex digits.`)
}

/** Errors: FormatError when the tree, author or committer is missing or an id is none. */
export const parseCommit = (bytes: Uint8Array): GitCommit => {
  const { headers, message } = parseHeaders(bytes)
  let tree: GitOid | undefined
  let author: Signature | undefined
  let committer: Signature | undefined
  const parents: GitOid[] = []
  const extra: Header[] = []
  for (const header of headers) {
    if (header.name === 'tree' && tree === undefined) tree = oidOf(header.value, 'tree')
    else if (header.name === 'parent') parents.push(oidOf(header.value, 'parent'))
    else if (header.name === 'author' && author === undefined) author = parseSignature(header.value)
    else if (header.name === 'committer' && committer === undefined) {
      committer = parseSignature(header.value)
    } else extra.push(header)
  }
  if (tree === undefined || author === undefined || committer === undefined) {
    throw new FormatError('A commit lacks its tree, author or committer.')
  }
  return { tree, parents, author, committer, message, extra }
}

/** The body git would hash. */
export const formatCommit = (commit: GitCommit): Uint8Array =>
  toBytes(
    formatHeaders(
      [
        { name: 'tree', value: commit.tree },
        ...commit.parents.map((value) => ({ name: 'parent', value })),
        { name: 'author', value: formatSignature(commit.author) },
        { name: 'committer', value: formatSignature(commit.committer) },
        ...commit.extra,
      ],
      commit.message,
    ),
  )

/** The first paragraph on one line, as `git log --oneline` shows it. */
export const commitTitle = (message: string): string => {
  const paragraph = message.replace(/^\s+/, '').split(/\n\s*\n/, 1)[0] ?? ''
  // Not by one pattern such as /\s*\n\s*/, whose time grows with the square of a run of spaces.
  const lines = paragraph.split('\n').map((line) => line.trim())
  return lines.join(' ').trim()
}

/** What follows the first paragraph. */
export const commitBody = (message: string): string => {
  const text = message.replace(/^\s+/, '')
  const gap = /\n\s*\n/.exec(text)
  return gap === null ? '' : text.slice(gap.index + gap[0].length).trim()
}
