/** What every route of the door does first and last: leave to manage the organisation, and answers in SCIM's type with their version. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { NamespacePermit } from '#core/hub.ts'
import { anonymous } from '#core/kernel/actor.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import { authenticate, baseUrl, type Door, makeCtx } from '../kit/context.ts'
import { allOf, parseQuery, type Query } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import type { Json } from './attributes.ts'
import { scimType } from './errors.ts'
import { formatList, type ListWish } from './listing.ts'
import { parseWanted, project, type Wanted } from './project.ts'

export interface Asked {
  readonly ctx: Ctx
  readonly permit: NamespacePermit<'namespace.manage'>
  /** The URL of this organisation's SCIM, as the client came in. */
  readonly base: string
  readonly query: Query
}

/** One kind of resource, listed: those that are answered, and how many there are. */
export type List = (
  one: Asked,
  wish: ListWish,
) => Promise<{ readonly resources: readonly Json[]; readonly total: number }>

export interface Params {
  readonly org: string
  readonly id: string
}

/** Ours, and the path that the public hub has. */
export const scimPrefixes = ['/scim/v2/:org', '/api/organizations/:org/scim/v2'] as const

/** Where the organisation's SCIM is, by the path that the client took. */
export const baseOf = (door: Door, request: FastifyRequest): string => {
  const { url = '' } = request.routeOptions
  const prefix = scimPrefixes.find((one) => url.startsWith(one)) ?? scimPrefixes[0]
  // A cast because each prefix declares it.
  const { org } = request.params as Params
  return baseUrl(door, request) + prefix.replace(':org', encodeURIComponent(org))
}

/** Errors: `unauthenticated`, `permission_denied`, `account_not_found`. A browser's session opens nothing here. */
export const asked = async (
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Asked> => {
  const found = await authenticate(door, request)
  const ctx = makeCtx(door, found?.actor ?? anonymous, request, reply)
  // A cast because the prefix of the door declares it.
  const { org } = request.params as Params
  const permit = await door.hub.policy.requireNamespace(ctx, 'namespace.manage', org)
  return {
    ctx,
    permit,
    base: baseOf(door, request),
    query: parseQuery(queryTextOf(request.url)),
  }
}

// A cast because the routes with an id declare it.
export const idOf = (request: FastifyRequest): string => (request.params as Params).id

export const wantedIn = (query: Query): Wanted =>
  parseWanted(allOf(query, 'attributes'), allOf(query, 'excludedAttributes'))

const tags = (header: string): string[] =>
  header.split(',').map((one) => one.trim().replace(/^W\//, '').replaceAll('"', ''))

/** The version that the caller has seen and nothing else may be changed, or undefined. Errors: `conflict` for another. */
export const seenVersion = (request: FastifyRequest, current: string): string | undefined => {
  const header = request.headers['if-match']
  if (header === undefined || header.trim() === '*') return undefined
  if (tags(header).includes(current)) return current
  throw new HubError('conflict', 'It has changed since you read it. Read it again.', {
    reason: 'version_moved',
  })
}

export const sendScim = (reply: FastifyReply, body: Json): FastifyReply =>
  reply.type(scimType).header('cache-control', 'no-store').send(JSON.stringify(body))

export const sendList = async (
  reply: FastifyReply,
  list: List,
  one: Asked,
  wish: ListWish,
): Promise<FastifyReply> => {
  const { resources, total } = await list(one, wish)
  return sendScim(reply, formatList(resources, total, wish.startIndex))
}

/** One resource, with where it is and which version it has. */
export const sendResource = (
  request: FastifyRequest,
  reply: FastifyReply,
  { resource, version, wanted }: { resource: Json; version: string; wanted: Wanted },
): FastifyReply => {
  reply.header('etag', `W/"${version}"`)
  const known = request.headers['if-none-match']
  if (request.method === 'GET' && known !== undefined && tags(known).includes(version)) {
    return reply.code(304).send()
  }
  return sendScim(reply, project(resource, wanted))
}
