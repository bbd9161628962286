/** Paths of files in a commit. */

const pathBytesMax = 4096
const pathPartBytesMax = 255
const pathPartsMax = 100

const encoder = new TextEncoder()

/** What Windows and macOS would take for `.git`: other case, trailing dots and spaces, an alternate data stream, its short name, or with ignored code points. */
const isDotGit = (part: string): boolean => {
  const plain = part
    .replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '')
    .toLowerCase()
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '')
  return plain === '.git' || plain === 'git~1'
}

const partProblem = (part: string): string | undefined => {
  if (part === '') return 'has an empty part: a slash at its start or end, or two in a row'
  if (part === '.' || part === '..') return `has the part "${part}"`
  if (isDotGit(part)) return 'has a part that git reserves (.git)'
  if (encoder.encode(part).length > pathPartBytesMax) {
    return `has a part of more than ${pathPartBytesMax} bytes`
  }
  return undefined
}

/** Why no file may have this path, as half a sentence, or undefined. */
export const pathProblem = (path: string): string | undefined => {
  if (path === '') return 'is empty'
  if (!path.isWellFormed() || path.includes('\ufffd')) return 'is not valid Unicode'
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'holds a control character'
  if (path.includes('\\')) return 'holds a backslash, which Windows takes for a folder'
  if (encoder.encode(path).length > pathBytesMax) return `is longer than ${pathBytesMax} bytes`
  const parts = path.split('/')
  if (parts.length > pathPartsMax) return `is deeper than ${pathPartsMax} folders`
  for (const part of parts) {
    const problem = partProblem(part)
    if (problem !== undefined) return problem
  }
  return undefined
}
