/** Words of the command line that several commands read: roles, days, names of repos. */
import { InvalidArgumentError } from 'commander'
import type { RepoType, RoleName } from '@weighhouse/server/db/schema.ts'

export const roles: readonly RoleName[] = [
  'admin',
  'maintainer',
  'write',
  'contributor',
  'read',
  'auditor',
]

export const repoTypes: readonly RepoType[] = ['model', 'dataset', 'space', 'kernel']

/** One of these words; anything else is told with the list of them. */
export const oneOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): T => {
    const found = known.find((one) => one === text)
    if (found === undefined) throw new InvalidArgumentError(`Expected one of ${known.join(', ')}.`)
    return found
  }

const dayMs = 24 * 3600_000

/** Days as milliseconds. */
export const parseDays = (text: string): number => {
  const days = Number(text)
  if (Number.isFinite(days) && days > 0) return Math.round(days * dayMs)
  throw new InvalidArgumentError('Expected a number of days above 0.')
}

/** How many to show. */
export const parseCount = (text: string): number => {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new InvalidArgumentError('Expected a whole number above 0.')
}

/** Gathers an option that may be given several times. */
export const gather = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

export const date = (atMs: number | undefined): string =>
  atMs === undefined ? '-' : new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')

/** `model:owner/name` or `owner/name`, which is a model. */
export const parseRepo = (text: string): { type: RepoType; path: string } => {
  const colon = text.indexOf(':')
  if (colon === -1) return { type: 'model', path: text }
  return { type: oneOf(repoTypes)(text.slice(0, colon)), path: text.slice(colon + 1) }
}

/** All that a list shows at once. */
export const wholeList = { after: '', limit: 1_000 } as const
