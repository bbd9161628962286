/** Names of refs. Source: git `check-ref-format`, `refs.c`. */
import { isGitOid } from '../digest/digest.ts'

const refNameCharsMax = 244

/** Why git refuses the full name (`refs/heads/x`), as half a sentence, or undefined. */
export const refNameProblem = (name: string): string | undefined => {
  if (name.length > refNameCharsMax) return `is longer than ${refNameCharsMax} characters`
  if (!name.includes('/')) return 'has no folder such as refs/heads/'
  // oxlint-disable-next-line no-control-regex -- git forbids control characters
  if (/[\u0000-\u0020\u007f~^:?*[\\]/.test(name)) {
    return 'holds a space, a control character or one of ~ ^ : ? * [ \\'
  }
  if (name.includes('..')) return 'holds two dots in a row'
  if (name.includes('@{')) return 'holds "@{"'
  if (name.endsWith('.')) return 'ends in a dot'
  if (!name.isWellFormed()) return 'is not valid Unicode'
  for (const part of name.split('/')) {
    if (part === '') return 'has an empty part: a slash at its start or end, or two in a row'
    if (part.startsWith('.')) return 'has a part that starts with a dot'
    if (part.endsWith('.lock')) return 'has a part that ends in ".lock"'
  }
  return undefined
}

/** Why a branch or tag may not be called so although git would store it: it could be taken for something else. */
export const shortNameProblem = (name: string): string | undefined => {
  if (name === '') return 'is empty'
  if (name === 'HEAD' || name === '@') return 'is reserved'
  if (name.startsWith('-')) return 'starts with a dash, which programs take for an option'
  if (name.startsWith('refs/')) return 'starts with "refs/"'
  if (isGitOid(name.toLowerCase())) return 'looks like a commit id'
  return undefined
}
