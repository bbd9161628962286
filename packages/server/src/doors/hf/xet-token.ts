/** Tokens of the Xet protocol: given out here, spent at the Xet door. */
import type { FastifyInstance } from 'fastify'
import type { RepoType } from '#core/hub.ts'
import type { Door } from '../kit/context.ts'
import { xetGrant, xetGrantHeaders } from '../kit/xet-grant.ts'
import { refusePullRequest, tailText } from './revision.ts'
import { plurals, reach, repoTypes } from './target.ts'

/** What Python says when it does not know the revision yet. */
const noRevision = new Set(['', 'None'])

const register = (
  app: FastifyInstance,
  door: Door,
  type: RepoType,
  scope: 'read' | 'write',
): void => {
  const url = `/api/${plurals[type]}/:ns/:name/xet-${scope}-token`
  for (const path of [url, `${url}/*`]) {
    app.get(path, async (request, reply) => {
      refusePullRequest(request)
      const action = scope === 'read' ? 'repo.read' : 'repo.write'
      const { permit } = await reach(door, request, reply, type, action)
      const rev = tailText(request, 5)
      if (!noRevision.has(rev)) await door.hub.refs.resolve(permit, rev)
      const grant = await xetGrant(door, request, permit, `xet-${scope}`)
      reply.headers(xetGrantHeaders(grant)).header('cache-control', 'private, no-store')
      return grant
    })
  }
}

export const registerXetTokens = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) {
    register(app, door, type, 'read')
    register(app, door, type, 'write')
  }
}
