/** Names in URLs, both ways: which repo a route speaks of, and the URLs that clients are given. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Permit, RepoAction, RepoRef, RepoType } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { baseUrl, ctxOf, type Door } from '../kit/context.ts'
import { pathOf, queryTextOf } from '../kit/segments.ts'

/** Plural segment by type, as in `/api/models/…`. */
export const plurals: Readonly<Record<RepoType, string>> = {
  model: 'models',
  dataset: 'datasets',
  space: 'spaces',
  kernel: 'kernels',
}

export const repoTypes: readonly RepoType[] = ['model', 'dataset', 'space', 'kernel']

/** Prefix of page URLs: none for models. */
export const pagePrefix = (type: RepoType): string => (type === 'model' ? '' : `${plurals[type]}/`)

export const parseRepoType = (text: string | undefined): RepoType => {
  const found = repoTypes.find((type) => type === (text ?? 'model'))
  if (found !== undefined) return found
  throw new HubError('invalid', `"type" must be one of ${repoTypes.join(', ')}, found "${text}".`)
}

export const repoUrl = (
  door: Door,
  request: FastifyRequest,
  repo: { type: RepoType; path: string },
) => `${baseUrl(door, request)}/${pagePrefix(repo.type)}${repo.path}`

export interface RepoParams {
  ns: string
  name: string
}

/** A request about one repo, decided. */
export interface Reached<A extends RepoAction> {
  readonly ctx: Ctx
  readonly permit: Permit<A>
  readonly repo: RepoRef
}

/** Thrown to send a client that used a repo's old name to the new one. */
export class Moved extends Error {
  readonly location: string
  constructor(location: string) {
    super('moved')
    this.location = location
  }
}

const newLocation = (url: string, asked: string, repo: RepoRef): string => {
  const path = pathOf(url)
  const at = path.indexOf(asked)
  const query = queryTextOf(url)
  const moved = `${path.slice(0, at)}${repo.path}${path.slice(at + asked.length)}`
  return query === '' ? moved : `${moved}?${query}`
}

/** Identifies, decides, and leads old names to new ones. The name may end in `.git`. */
export const reach = async <A extends RepoAction>(
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
  type: RepoType,
  action: A,
): Promise<Reached<A>> => {
  // A cast because every route that calls this declares `:ns` and `:name`.
  const { ns, name } = request.params as RepoParams
  const ctx = await ctxOf(door, request, reply)
  const asked = `${ns}/${name}`
  const permit = await door.hub.policy.require(ctx, action, {
    type,
    path: asked.replace(/\.git$/, ''),
  })
  const { repo } = permit
  if (repo.path.toLowerCase() !== asked.replace(/\.git$/, '').toLowerCase()) {
    throw new Moved(newLocation(request.url, asked, repo))
  }
  return { ctx, permit, repo }
}

/** Splits `ns/name` of a body. Errors: `invalid`. */
export const splitRepoId = (id: string): { ns: string; name: string } => {
  const [ns, name, more] = id.split('/')
  if (ns === undefined || name === undefined || more !== undefined || ns === '' || name === '') {
    throw new HubError('invalid', `A repository is named "owner/name", found "${id}".`)
  }
  return { ns, name }
}
