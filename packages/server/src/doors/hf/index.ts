/** The Hugging Face Hub protocol: what its clients call, translated into the core's verbs. */
import type { FastifyInstance } from 'fastify'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { parseSmallBodies } from '../kit/bodies.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { registerAccounts } from './account.ts'
import { registerAvatars } from './avatars.ts'
import { registerBranches } from './branches.ts'
import { registerCollections } from './collections.ts'
import { registerCommits } from './commit.ts'
import { registerCompare } from './compare.ts'
import { makeErrorHandler } from './errors.ts'
import { registerGates } from './gates.ts'
import { registerInfo } from './info.ts'
import { registerLfsFiles } from './lfs-files.ts'
import { registerPeople } from './people.ts'
import { registerRepos, takenUrl } from './repos.ts'
import { registerResolve } from './resolve.ts'
import { Moved } from './target.ts'
import { registerTrees } from './tree.ts'
import { registerXetTokens } from './xet-token.ts'

/** One encapsulated plugin. */
export const hfDoor =
  (door: Door) =>
  (app: FastifyInstance): Promise<void> => {
    parseSmallBodies(app, limits.jsonBodyBytesMax)
    const renderError = makeErrorHandler(
      (request, error) => takenUrl(door, request, error),
      (request) => baseUrl(door, request),
    )
    app.setErrorHandler((thrown, request, reply) => {
      // 307 keeps method and body; the location is relative, which every client follows.
      if (thrown instanceof Moved) return reply.code(307).header('location', thrown.location).send()
      return renderError(thrown, request, reply)
    })
    app.setNotFoundHandler((request, reply) => {
      const message = `There is no page ${request.method} ${request.url.slice(0, 200)} here.`
      return renderError(new HubError('account_not_found', message), request, reply)
    })
    registerAccounts(app, door)
    registerRepos(app, door)
    registerInfo(app, door)
    registerTrees(app, door)
    registerCompare(app, door)
    registerResolve(app, door)
    registerCommits(app, door)
    registerBranches(app, door)
    registerLfsFiles(app, door)
    registerXetTokens(app, door)
    registerGates(app, door)
    registerPeople(app, door)
    registerCollections(app, door)
    registerAvatars(app)
    return Promise.resolve()
  }
