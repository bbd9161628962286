/** `.gitignore` rules. Source: `gitignore(5)`. */
import { matchesWildcard, parseWildcard, type Wildcard } from './wildmatch.ts'

interface Rule {
  readonly wildcard: Wildcard
  readonly isBaseName: boolean
  readonly isFolderOnly: boolean
  readonly ignores: boolean
}

export type IgnoreRules = readonly Rule[]

const linesMax = 20_000
const lineCharsMax = 4096

/** Trailing spaces go, except one that a backslash escapes. */
const trimSpaces = (line: string): string => {
  let end = line.length
  while (line[end - 1] === ' ') end -= 1
  let slashes = 0
  while (line[end - 1 - slashes] === '\\') slashes += 1
  return line.slice(0, end + (slashes % 2))
}

const parseLine = (raw: string): Rule | undefined => {
  let line = trimSpaces(raw.replace(/\r$/, ''))
  if (line === '' || line.startsWith('#') || line.length > lineCharsMax) return undefined
  const ignores = !line.startsWith('!')
  if (!ignores) line = line.slice(1)
  const isFolderOnly = line.endsWith('/')
  if (isFolderOnly) line = line.slice(0, -1)
  const isBaseName = !line.includes('/')
  const pattern = line.replace(/^\//, '')
  const wildcard = pattern === '' ? undefined : parseWildcard(pattern)
  return wildcard === undefined ? undefined : { wildcard, isBaseName, isFolderOnly, ignores }
}

/** Lines in order; the last that matches a path decides. Source: gitignore(5). */
export const parseIgnore = (text: string): IgnoreRules =>
  text
    .replace(/^\ufeff/, '')
    .split('\n', linesMax)
    .map(parseLine)
    .filter((rule) => rule !== undefined)

const verdict = (rules: IgnoreRules, path: string, isFolder: boolean): boolean => {
  const baseName = path.slice(path.lastIndexOf('/') + 1)
  const rule = rules.findLast(
    ({ wildcard, isBaseName, isFolderOnly }) =>
      (isFolder || !isFolderOnly) && matchesWildcard(wildcard, isBaseName ? baseName : path),
  )
  return rule?.ignores ?? false
}

/** Whether a file is ignored: by itself, or because a folder above it is, which no later rule can undo. */
export const isIgnored = (rules: IgnoreRules, path: string): boolean => {
  if (rules.length === 0) return false
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    if (verdict(rules, path.slice(0, slash), true)) return true
  }
  return verdict(rules, path, false)
}
