/** The upload plane: how files should come, the card's check, the commit itself. */
import type { FastifyInstance } from 'fastify'
import type { Readable } from 'node:stream'
import { checkCard } from '@weighhouse/formats/card/front-matter.ts'
import type { RepoType } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { passRawBodies } from '../kit/bodies.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { parseCommitLines, parseLegacyCommit } from './ndjson.ts'
import { refusePullRequest, tailText } from './revision.ts'
import { pagePrefix, parseRepoType, plurals, reach, repoTypes } from './target.ts'
import * as wire from './wire.ts'

const sampleBytesMax = 512

/** `main`, `refs/heads/main` or any other full ref name. */
const refOf = (rev: string): string => (rev.startsWith('refs/') ? rev : `refs/heads/${rev}`)

const registerPreupload = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { hub } = door
  app.post<{ Body: wire.PreuploadBody }>(
    `/api/${plurals[type]}/:ns/:name/preupload/*`,
    { schema: { body: wire.preuploadBody } },
    async (request, reply) => {
      refusePullRequest(request)
      const { permit } = await reach(door, request, reply, type, 'repo.write')
      const { body } = request
      if (body.files.length > limits.preuploadFilesMax) {
        throw new HubError(
          'too_many',
          `At most ${limits.preuploadFilesMax} files a call, found ${body.files.length}.`,
        )
      }
      const { commit } = await hub.refs.resolve(permit, tailText(request, 5))
      const plans = await hub.commits.plan(permit, commit, {
        files: body.files.map(({ path, sample, size }) => ({
          path,
          sizeBytes: size,
          sample: Buffer.from(sample ?? '', 'base64').subarray(0, sampleBytesMax),
        })),
        ...(body.gitAttributes == null ? {} : { gitAttributes: body.gitAttributes }),
        ...(body.gitIgnore == null ? {} : { gitIgnore: body.gitIgnore }),
      })
      const files = plans.map((plan) => ({
        path: plan.path,
        uploadMode: plan.mode === 'upload' ? 'lfs' : 'regular',
        shouldIgnore: plan.isIgnored,
        ...(plan.current === undefined ? {} : { oid: plan.current }),
      }))
      return { files, commitOid: commit }
    },
  )
}

const registerCommit = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { hub } = door
  app.post(`/api/${plurals[type]}/:ns/:name/commit/*`, async (request, reply) => {
    refusePullRequest(request)
    const { ctx, permit, repo } = await reach(door, request, reply, type, 'repo.write')
    // A cast because this route's parser hands the body over as it comes; without one there is none.
    const body = request.body as Readable | undefined
    if (body === undefined) throw new HubError('invalid', 'A commit needs a body of NDJSON lines.')
    const isLegacy = request.headers['content-type']?.startsWith('application/json') === true
    const { header, operations } = await (isLegacy
      ? parseLegacyCommit(body)
      : parseCommitLines(body))
    const message =
      header.description === '' ? header.summary : `${header.summary}\n\n${header.description}`
    if (Buffer.byteLength(message) > limits.commitMessageBytesMax) {
      throw new HubError(
        'too_large',
        `A commit message may have ${limits.commitMessageBytesMax} bytes.`,
      )
    }
    const oid = await hub.commits.commit(ctx, permit, {
      ref: refOf(tailText(request, 5)),
      parent: header.parentCommit,
      message,
      operations,
    })
    const url = `${baseUrl(door, request)}/${pagePrefix(type)}${repo.path}/commit/${oid}`
    return { success: true, commitOid: oid, commitUrl: url, hookOutput: '' }
  })
}

const registerCardCheck = (app: FastifyInstance): void => {
  app.post<{ Body: wire.CardBody }>(
    '/api/validate-yaml',
    { schema: { body: wire.cardBody } },
    (request, reply) => {
      const { content, repoType } = request.body
      const { errors, warnings } = checkCard(content, parseRepoType(repoType))
      if (errors.length > 0) reply.code(400)
      const say = (texts: readonly string[]) => texts.map((message) => ({ message }))
      return reply.send({ errors: say(errors), warnings: say(warnings) })
    },
  )
}

export const registerCommits = (app: FastifyInstance, door: Door): void => {
  registerCardCheck(app)
  for (const type of repoTypes) registerPreupload(app, door, type)
  // Commits are read line by line, so their routes have parsers of their own.
  void app.register(async (raw) => {
    passRawBodies(raw)
    for (const type of repoTypes) registerCommit(raw, door, type)
  })
}
