/** What a file inside a commit must not be. */
import { checkCard } from '@weighhouse/formats/card/front-matter.ts'
import type { GitOid } from '@weighhouse/formats/digest/digest.ts'
import { pathProblem } from '@weighhouse/formats/git/path.ts'
import { HubError } from '../kernel/errors.ts'
import { limits } from '../kernel/limits.ts'
import type { Repo } from '../repos/index.ts'

export const refusePath = (path: string): void => {
  const problem = pathProblem(path)
  if (problem !== undefined) {
    throw new HubError(
      'invalid_path',
      `The path ${JSON.stringify(path)} cannot be stored: ${problem}.`,
      { path },
    )
  }
}

export const refuseCard = (bytes: Uint8Array, type: Repo['type']): void => {
  const { errors } = checkCard(new TextDecoder().decode(bytes), type)
  if (errors.length === 0) return
  throw new HubError('invalid_card', `Invalid metadata in README.md: ${errors.join('; ')}`)
}

/** The caller's parent, if it named one, is where the branch stands. */
export const refuseParent = (head: GitOid, parent: string | undefined): void => {
  if (parent === undefined) return
  const given = parent.toLowerCase()
  if (given.length >= 7 && head.startsWith(given)) return
  throw new HubError(
    'ref_moved',
    `A commit has happened since ${parent}: the branch is at ${head}. The branch was updated since you opened this page. Please refresh and try again.`,
    { head },
  )
}

export const refuseSize = (path: string, sizeBytes: number): void => {
  if (sizeBytes <= limits.regularFileBytesMax) return
  throw new HubError(
    'too_large',
    `"${path}" has ${sizeBytes} bytes; a file inside a commit may have ${limits.regularFileBytesMax}. Send it as an LFS upload, as the clients do by themselves.`,
    { path },
  )
}
