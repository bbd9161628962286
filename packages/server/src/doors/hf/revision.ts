/** Revision and path in the tail of a URL. */
import type { FastifyRequest } from 'fastify'
import type { Hub, BrowsePermit, Revision } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { flagOf, parseQuery } from '../kit/query.ts'
import { decodeSegment, queryTextOf, segmentsAfter } from '../kit/segments.ts'

/** All of the tail as one text: for routes whose tail is a revision or a ref name. */
export const tailText = (request: FastifyRequest, skip: number): string =>
  segmentsAfter(request.url, skip).map(decodeSegment).join('/')

/**
 * Revision first, path after. A first segment with an escaped slash is a whole revision; otherwise slashes may be part of it, and the refs
 * decide.
 */
export const tailOf = async (
  hub: Hub,
  permit: BrowsePermit,
  request: FastifyRequest,
  skip: number,
): Promise<{ revision: Revision; path: string }> => {
  const segments = segmentsAfter(request.url, skip)
  const decoded = segments.map(decodeSegment)
  const [first = ''] = decoded
  if (first.includes('/')) {
    const path = decoded.slice(1).join('/')
    return { revision: await hub.refs.resolve(permit, first), path }
  }
  // A path segment may itself hold escaped slashes: join first, split after.
  return hub.refs.resolveTail(permit, decoded.join('/').split('/'))
}

/** `?create_pr=1`. Errors: `not_supported`. */
export const refusePullRequest = (request: FastifyRequest): void => {
  if (!flagOf(parseQuery(queryTextOf(request.url)), 'create_pr')) return
  throw new HubError(
    'not_supported',
    'Pull requests are not offered by this hub yet. Commit to a branch of your own instead (revision="my-branch").',
  )
}
