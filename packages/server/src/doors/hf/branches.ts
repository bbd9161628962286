/** Branches, tags and squashing. */
import type { FastifyInstance } from 'fastify'
import type { RepoType } from '#core/hub.ts'
import type { Door } from '../kit/context.ts'
import { tailText } from './revision.ts'
import { plurals, reach, repoTypes } from './target.ts'
import * as wire from './wire.ts'

const register = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { refs, commits } = door.hub
  const base = `/api/${plurals[type]}/:ns/:name`

  app.post<{ Body: wire.BranchBody }>(
    `${base}/branch/*`,
    { schema: { body: wire.branchBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.write')
      const name = tailText(request, 5)
      const { body } = request
      const overwrite = body.overwrite === true
      if (body.emptyBranch === true) {
        await commits.createEmptyBranch(ctx, permit, { name, overwrite })
        return {}
      }
      const { commit } = await refs.resolve(permit, body.startingPoint ?? 'HEAD')
      await commits.createBranch(ctx, permit, { name, at: commit, overwrite })
      return {}
    },
  )

  app.delete(`${base}/branch/*`, async (request, reply) => {
    const { ctx, permit } = await reach(door, request, reply, type, 'repo.write')
    await refs.deleteBranch(ctx, permit, tailText(request, 5))
    return {}
  })

  app.post<{ Body: wire.TagBody }>(
    `${base}/tag/*`,
    { schema: { body: wire.tagBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.write')
      const { commit } = await refs.resolve(permit, tailText(request, 5))
      const { tag, message } = request.body
      await refs.createTag(ctx, permit, { name: tag, at: commit, message: message ?? undefined })
      return {}
    },
  )

  app.delete(`${base}/tag/*`, async (request, reply) => {
    const { ctx, permit } = await reach(door, request, reply, type, 'repo.write')
    await refs.deleteTag(ctx, permit, tailText(request, 5))
    return {}
  })

  app.post<{ Body: wire.SquashBody }>(
    `${base}/super-squash/*`,
    { schema: { body: wire.squashBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.write')
      const rev = tailText(request, 5)
      const ref = rev.startsWith('refs/') ? rev : `refs/heads/${rev}`
      const message = request.body.message ?? `Super-squash branch '${rev}'`
      return { commitId: await commits.squash(ctx, permit, ref, message) }
    },
  )
}

export const registerBranches = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) register(app, door, type)
}
