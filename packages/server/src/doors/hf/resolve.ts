/** The download plane: files by name, with all the headers that clients build their caches on. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type GitOid, isGitOid, type XetHash } from '@weighhouse/formats/digest/digest.ts'
import type { FileEntry, RepoType } from '#core/hub.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { baseUrl, callerOf, type Door } from '../kit/context.ts'
import { flagOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { sendFile, type SentFile } from '../kit/send-file.ts'
import { casUrl } from '../kit/xet-grant.ts'
import { mediaTypeOf } from './media-types.ts'
import { tailOf } from './revision.ts'
import { pagePrefix, plurals, type Reached, reach, repoTypes } from './target.ts'

type Form = 'resolve' | 'raw'

const quoted = (name: string): string => name.replace(/[^\x20-\x7e]|["\\]/g, '_')

const setHeaders = (
  request: FastifyRequest,
  reply: FastifyReply,
  commit: GitOid,
  file: FileEntry,
  form: Form,
): void => {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1)
  const queryText = queryTextOf(request.url)
  const query = queryText === '' ? undefined : parseQuery(queryText)
  reply.header('x-repo-commit', commit)
  if (file.lfs !== undefined && form === 'resolve') {
    reply.header('x-linked-etag', `"${file.lfs.sha256}"`)
    reply.header('x-linked-size', file.sizeBytes)
  }
  if (query === undefined || !flagOf(query, 'noContentDisposition')) {
    const kind = query !== undefined && flagOf(query, 'download') ? 'attachment' : 'inline'
    const encoded = encodeURIComponent(name).replace(
      /['()*]/g,
      (c) => `%${c.codePointAt(0)?.toString(16)}`,
    )
    reply.header(
      'content-disposition',
      `${kind}; filename*=UTF-8''${encoded}; filename="${quoted(name)}";`,
    )
  }
  // Others wrote these bytes: opened in a browser they may do nothing on our origin.
  reply.header('content-security-policy', "sandbox; default-src 'none'")
}

const xetInfoType = 'application/vnd.xet-fileinfo+json'

interface XetLinks {
  readonly hash: XetHash
  readonly refreshUrl: string
  readonly reconstructionUrl: string
}

/** Where a client goes on by the Xet protocol, when the file is there as chunks. */
const xetLinks = async (
  door: Door,
  request: FastifyRequest,
  { ctx, permit, repo }: Reached<'repo.read'>,
  commit: GitOid,
  file: FileEntry,
): Promise<XetLinks | undefined> => {
  // Whoever may read some files alone gets no token for all of them.
  if (file.lfs === undefined || !repo.reading.allowed) return undefined
  const { sha256 } = file.lfs
  const { agreements, content } = door.hub
  const hash = (await content.xetHashes(repo.id, [sha256])).get(sha256)
  if (hash === undefined) return undefined
  // Xet clients keep the sentence of a refusal to themselves, so what is used up is asked for and refused here.
  const { sizeBytes } = file
  if (!(await agreements.hasRoom(ctx, permit, { content: sha256, sizeBytes }))) return undefined
  const api = `${baseUrl(door, request)}/api/${plurals[repo.type]}/${repo.path}`
  return {
    hash,
    refreshUrl: `${api}/xet-read-token/${commit}`,
    reconstructionUrl: `${await casUrl(door, request, permit.actor)}/v1/reconstructions/${hash}`,
  }
}

const setXetHeaders = (reply: FastifyReply, links: XetLinks): void => {
  reply.header('x-xet-hash', links.hash)
  reply.header(
    'link',
    `<${links.refreshUrl}>; rel="xet-auth", <${links.reconstructionUrl}>; rel="xet-reconstruction-info"`,
  )
}

/** JavaScript asks for the facts alone, and would take a redirect or a range for a file. */
const wantsXetInfo = (request: FastifyRequest): boolean =>
  request.method === 'GET' && (request.headers.accept?.includes(xetInfoType) ?? false)

/** Files whose download stands for a use of the whole repo, as on the Hub. */
const countedNames =
  /(^|\/)(config|adapter_config|model_index|dataset_infos)\.json$|\.gguf$|^README\.md$/

const note = (
  { hub }: Door,
  request: FastifyRequest,
  { repo }: Reached<'repo.read'>,
  path: string,
) => {
  const isFirst =
    request.headers.range === undefined || request.headers.range.startsWith('bytes=0-')
  const isCard = path === 'README.md'
  if (request.method !== 'GET' || !isFirst || !countedNames.test(path)) return
  if (isCard !== (repo.type !== 'model')) return
  hub.downloads.note(repo.id)
}

/** Throws when the credential has ended. Where it cannot be asked, since others at the address guess, it has not. */
const stillHolds = async (door: Door, request: FastifyRequest): Promise<void> => {
  const hadOne = request.headers.authorization !== undefined || request.headers.cookie !== undefined
  if (!hadOne) return
  try {
    await callerOf(door, request)
  } catch (error) {
    if (!isHubError(error, 'rate_limited')) throw error
  }
}

const serve = async (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  { permit: browsing, ...rest }: Reached<'repo.browse'>,
  at: { commit: GitOid; path: string; form: Form },
): Promise<FastifyReply> => {
  const { commit, path, form } = at
  const { policy, refs } = door.hub
  const permit = policy.open(browsing, path)
  const reached = { ...rest, permit }
  const entry = await refs.entry(permit, commit, path)
  if (entry.kind === 'directory')
    throw new HubError('entry_not_found', 'Entry not found', { commit })
  setHeaders(request, reply, commit, entry, form)
  note(door, request, reached, path)
  const isSmudged = form === 'resolve' && entry.lfs !== undefined
  const links = isSmudged ? await xetLinks(door, request, reached, commit, entry) : undefined
  if (links !== undefined) setXetHeaders(reply, links)
  if (links !== undefined && entry.lfs !== undefined && wantsXetInfo(request)) {
    const etag = `"${entry.lfs.sha256}"`
    const fileName = path.slice(path.lastIndexOf('/') + 1)
    reply.header('etag', etag).type(xetInfoType)
    return reply.send(JSON.stringify({ ...links, etag, size: entry.sizeBytes, fileName }))
  }
  const sent: SentFile = {
    etag: isSmudged ? (entry.lfs?.sha256 ?? entry.oid) : entry.oid,
    sizeBytes: form === 'raw' ? (entry.lfs?.pointerBytes ?? entry.sizeBytes) : entry.sizeBytes,
    type: mediaTypeOf(path),
    open: (range) =>
      form === 'resolve' ? refs.open(permit, entry, range) : refs.openBlob(permit, entry, range),
    reserve: () =>
      door.hub.agreements.reserveDownload(rest.ctx, permit, {
        content: entry.lfs?.sha256 ?? entry.oid,
        sizeBytes: entry.sizeBytes,
      }),
    async recheck() {
      policy.open(await policy.require(rest.ctx, 'repo.browse', rest.repo.id), path)
      await stillHolds(door, request)
    },
  }
  return sendFile(request, reply, { file: sent, clock: door.hub.clock })
}

const register = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const prefix = pagePrefix(type)
  // Segments before the tail: prefix, owner, name, verb.
  const skip = (prefix === '' ? 0 : 1) + 3

  for (const form of ['resolve', 'raw'] as const) {
    app.route({
      method: ['GET', 'HEAD'],
      url: `/${prefix}:ns/:name/${form}/*`,
      handler: async (request, reply) => {
        const reached = await reach(door, request, reply, type, 'repo.browse')
        const { revision, path } = await tailOf(door.hub, reached.permit, request, skip)
        const isFixed = revision.ref === undefined
        reply.header('cache-control', isFixed ? 'private, max-age=3600' : 'no-cache')
        return serve(door, request, reply, reached, { commit: revision.commit, path, form })
      },
    })
  }

  app.route({
    method: ['GET', 'HEAD'],
    url: `/api/resolve-cache/${plurals[type]}/:ns/:name/:sha/*`,
    handler: async (request, reply) => {
      const { sha } = request.params as { sha: string }
      if (!isGitOid(sha)) {
        throw new HubError(
          'invalid',
          `A full commit id of 40 hex digits is expected here, found "${sha}".`,
        )
      }
      const reached = await reach(door, request, reply, type, 'repo.browse')
      const { revision, path } = await tailOf(door.hub, reached.permit, request, 5)
      reply.header('cache-control', 'private, max-age=31536000, immutable')
      const at = { commit: revision.commit, path, form: 'resolve' } as const
      return serve(door, request, reply, reached, at)
    },
  })
}

export const registerResolve = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) register(app, door, type)
}
