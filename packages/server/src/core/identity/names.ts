/** Names of accounts and repos: what the Hugging Face clients accept, and what would collide with a door is refused. */
import { HubError } from '../kernel/errors.ts'

const accountForm = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/
const repoForm = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?$/

const commonProblem = (name: string): string | undefined => {
  if (name.includes('--') || name.includes('..')) return 'it may not hold "--" or ".."'
  if (/\.(git|ipynb)$/i.test(name)) return 'it may not end in ".git" or ".ipynb"'
  return undefined
}

/** Why this may not be the name of a user or organisation, or undefined. 2 to 42 characters. */
export const accountNameProblem = (
  name: string,
  reserved: ReadonlySet<string>,
): string | undefined => {
  if (name.length < 2 || name.length > 42) return 'it must have 2 to 42 characters'
  if (!accountForm.test(name)) {
    return 'only letters, digits, "-", "_" and "." are allowed, and it starts and ends with a letter, digit or "_"'
  }
  if (/^\d+$/.test(name)) return 'it may not be digits only'
  if (/^[0-9a-f]{24}$/i.test(name)) return 'it may not look like an id (24 hex digits)'
  if (reserved.has(name.toLowerCase())) return 'it is reserved for pages of the hub'
  return commonProblem(name)
}

/** Why this may not be the name of a repo, or undefined. 1 to 96 characters. */
export const repoNameProblem = (name: string): string | undefined => {
  if (name.length < 1 || name.length > 96) return 'it must have 1 to 96 characters'
  if (!repoForm.test(name)) {
    return 'only letters, digits, "-", "_" and "." are allowed, and it starts and ends with a letter, digit or "_"'
  }
  return commonProblem(name)
}

/** Letters and signs that a reader takes for one another, as one: `acme-1o`, `acme_lO` and `acme.I0` are the same. */
export const foldName = (name: string): string =>
  name.toLowerCase().replaceAll('0', 'o').replaceAll(/[1i]/g, 'l').replaceAll(/[_.]/g, '-')

/** Throws `invalid` with the sentence when there is a problem. */
export const refuseName = (kind: string, name: string, problem: string | undefined): void => {
  if (problem === undefined) return
  throw new HubError('invalid', `"${name}" cannot be the name of a ${kind}: ${problem}.`)
}
