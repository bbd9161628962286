/** Stored contents of a repo: listing, forgetting, and handing on to another repo. */
import type { FastifyInstance } from 'fastify'
import { parseSha256, type Sha256 } from '@weighhouse/formats/digest/digest.ts'
import type { FileEntry, ReadPermit, RepoType } from '#core/hub.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { isoDate } from '#core/kernel/time.ts'
import type { Door } from '../kit/context.ts'
import { counted } from '../kit/counted.ts'
import { countOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { nextLink } from './info.ts'
import { parseRepoType, plurals, reach, repoTypes } from './target.ts'
import * as wire from './wire.ts'

const pageMax = 1_000

const needSha256 = (text: string): Sha256 => {
  const found = parseSha256(text)
  if (found !== undefined) return found
  throw new HubError(
    'invalid',
    `A SHA-256 of 64 hex digits is expected, found "${text.slice(0, 80)}".`,
  )
}

/** Last known path of each content on the default branch. */
const namesOf = async ({ hub }: Door, permit: ReadPermit): Promise<Map<Sha256, string>> => {
  const { commit } = await hub.refs.resolve(permit, 'HEAD')
  const entries = (await hub.refs.trees.listAll(permit.repo.id, commit, '')) ?? []
  const files = entries.filter((entry): entry is FileEntry => entry.kind === 'file')
  return new Map(files.flatMap(({ lfs, path }) => (lfs ? [[lfs.sha256, path] as const] : [])))
}

const register = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { hub } = door
  const base = `/api/${plurals[type]}/:ns/:name/lfs-files`

  /** A content that a branch still shows cannot be forgotten: the file would be a name without bytes. */
  const refuseInUse = async (permit: ReadPermit, wanted: readonly Sha256[]): Promise<void> => {
    for (const ref of await hub.refs.list(permit)) {
      const entries = (await hub.refs.trees.listAll(permit.repo.id, ref.commit, '')) ?? []
      for (const entry of entries) {
        if (entry.kind !== 'file' || entry.lfs === undefined) continue
        if (!wanted.includes(entry.lfs.sha256)) continue
        throw new HubError(
          'conflict',
          `"${entry.path}" on ${ref.name} is this content. Delete the file there first.`,
        )
      }
    }
  }

  app.get(base, async (request, reply) => {
    const query = parseQuery(queryTextOf(request.url))
    const { permit } = await reach(door, request, reply, type, 'repo.write')
    const limit = Math.max(1, countOf(query, 'limit', pageMax, pageMax))
    const after = oneOf(query, 'cursor') ?? ''
    const found = await hub.content.list(permit, { after, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = page.at(-1)
    if (found.length > limit && last !== undefined) {
      reply.header('link', nextLink(door, request, { cursor: last.sha256, limit: String(limit) }))
    }
    const names = await namesOf(door, permit)
    const hashes = page.map(({ sha256 }) => sha256)
    const xetHashes = await hub.content.xetHashes(permit.repo.id, hashes)
    return page.map(({ sha256, sizeBytes, linkedAtMs }) => ({
      xetHash: xetHashes.get(sha256),
      fileOid: sha256,
      oid: sha256,
      filename: names.get(sha256) ?? sha256,
      size: sizeBytes,
      pushedAt: isoDate(linkedAtMs),
    }))
  })

  app.post<{ Body: wire.LfsFilesDeletionBody }>(
    `${base}/batch`,
    { schema: { body: wire.lfsFilesDeletionBody } },
    async (request, reply) => {
      const { permit } = await reach(door, request, reply, type, 'repo.write')
      const wanted = (request.body.deletions['sha'] ?? []).map(needSha256)
      await refuseInUse(permit, wanted)
      for (const sha256 of wanted) await hub.content.unlink(permit, sha256)
      return {}
    },
  )

  app.delete<{ Params: { sha: string } }>(`${base}/:sha`, async (request, reply) => {
    const { permit } = await reach(door, request, reply, type, 'repo.write')
    const sha256 = needSha256(request.params.sha)
    await refuseInUse(permit, [sha256])
    await hub.content.unlink(permit, sha256)
    return {}
  })

  app.post<{ Body: wire.LfsFilesDuplicateBody }>(
    `${base}/duplicate`,
    { schema: { body: wire.lfsFilesDuplicateBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.read')
      const { target, files } = request.body
      const to = await hub.policy.require(ctx, 'repo.write', {
        type: parseRepoType(target.type),
        path: target.name,
      })
      const failed: { sha256: string; error: string }[] = []
      for (const { sha256 } of files) {
        try {
          const content = needSha256(sha256)
          const sizeBytes = (await hub.content.sizeIn(permit, content)) ?? 0
          await counted(
            () => hub.agreements.reserveDownload(ctx, permit, { content, sizeBytes }),
            () => hub.commits.share(permit, to, content),
          )
        } catch (error) {
          if (!isHubError(error)) throw error
          failed.push({ sha256, error: error.message })
        }
      }
      return { failed }
    },
  )
}

export const registerLfsFiles = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) register(app, door, type)
}
