/** Repos as such: create, delete, move, settings, duplicate, and whether one may read or write. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { GateWish, RepoType, Visibility } from '#core/hub.ts'
import type { Ctx } from '#core/kernel/ctx.ts'
import { HubError } from '#core/kernel/errors.ts'
import type { Door } from '../kit/context.ts'
import { counted } from '../kit/counted.ts'
import { ctxOf } from '../kit/context.ts'
import { parseRepoType, plurals, reach, repoTypes, repoUrl, splitRepoId } from './target.ts'
import * as wire from './wire.ts'

/** Newer clients send `visibility`, older ones `private`. */
const visibilityOf = (body: wire.VisibilityBody): Visibility | undefined => {
  if (body.visibility === 'protected') {
    throw new HubError(
      'not_supported',
      'The visibility "protected" is not offered here. Use public, internal or private.',
    )
  }
  if (body.visibility != null) return body.visibility
  if (body.private == null) return undefined
  return body.private ? 'private' : 'public'
}

/** Left alone where nothing is said of it. */
const gateWish = ({ gated, orgMembersGated }: wire.SettingsBody): GateWish => ({
  ...(gated == null ? {} : { kind: gated === false ? null : gated }),
  ...(orgMembersGated == null ? {} : { coversMembers: orgMembersGated }),
})

const namespaceOf = (ctx: Ctx, organization: string | null | undefined): string => {
  if (organization != null && organization !== '') return organization
  if (ctx.actor.kind === 'user') return ctx.actor.name
  throw new HubError(
    'unauthenticated',
    'Signing in is required to create a repository. Send a token with your request.',
  )
}

/** The card a new repo begins with, when a licence or an SDK is named. */
const firstCard = (body: wire.CreateBody): string | undefined => {
  const pairs: [string, string | null | undefined][] = [
    ['license', body.license],
    ['license_name', body.license_name],
    ['license_link', body.license_link],
    ['sdk', body.sdk],
  ]
  const lines = pairs
    .filter(([, value]) => value != null && value !== '')
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return lines.length === 0 ? undefined : `---\n${lines.join('\n')}\n---\n`
}

const filesOf = (body: wire.CreateBody): { path: string; bytes: Uint8Array }[] => {
  const files = (body.files ?? []).map(({ path, content, encoding }) => ({
    path,
    bytes: Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'),
  }))
  const card = firstCard(body)
  if (card === undefined || files.some((file) => file.path === 'README.md')) return files
  return [...files, { path: 'README.md', bytes: Buffer.from(card) }]
}

const registerByBody = (app: FastifyInstance, door: Door): void => {
  const { hub } = door

  app.post<{ Body: wire.CreateBody }>(
    '/api/repos/create',
    { schema: { body: wire.createBody } },
    async (request, reply) => {
      const { body } = request
      const ctx = await ctxOf(door, request, reply)
      const type = parseRepoType(body.type)
      // Some clients put the namespace into the name.
      const [first, second] = body.name.split('/')
      const name = second ?? body.name
      const owner = second === undefined ? body.organization : first
      const namespace = await hub.policy.requireNamespace(
        ctx,
        'namespace.create',
        namespaceOf(ctx, owner),
      )
      const visibility = visibilityOf(body) ?? 'public'
      const wish = { type, name, visibility }
      const repo = await hub.commits.createRepo(ctx, namespace, wish, filesOf(body))
      const url = repoUrl(door, request, repo)
      return { url, name: repo.path, id: repo.id, private: visibility === 'private' }
    },
  )

  app.delete<{ Body: wire.DeleteBody }>(
    '/api/repos/delete',
    { schema: { body: wire.deleteBody } },
    async (request, reply) => {
      const { body } = request
      const ctx = await ctxOf(door, request, reply)
      const type = parseRepoType(body.type)
      const path = body.name.includes('/')
        ? body.name
        : `${namespaceOf(ctx, body.organization)}/${body.name}`
      const permit = await hub.policy.require(ctx, 'repo.admin', { type, path })
      await hub.organisations.deleteRepo(ctx, permit)
      return reply.type('text/plain').send('OK')
    },
  )

  app.post<{ Body: wire.MoveBody }>(
    '/api/repos/move',
    { schema: { body: wire.moveBody } },
    async (request, reply) => {
      const { body } = request
      const ctx = await ctxOf(door, request, reply)
      const type = parseRepoType(body.type)
      const { ns, name } = splitRepoId(body.toRepo)
      const permit = await hub.policy.require(ctx, 'repo.admin', { type, path: body.fromRepo })
      const namespace = await hub.policy.requireNamespace(ctx, 'namespace.create', ns)
      const path = await hub.repos.move(ctx, permit, { namespace, name })
      return { url: repoUrl(door, request, { type, path }), name: path }
    },
  )
}

const registerByType = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { hub } = door
  const base = `/api/${plurals[type]}/:ns/:name`

  app.put<{ Body: wire.SettingsBody }>(
    `${base}/settings`,
    { schema: { body: wire.settingsBody } },
    async (request, reply) => {
      const { ctx, permit, repo } = await reach(door, request, reply, type, 'repo.admin')
      const visibility = visibilityOf(request.body)
      if (visibility !== undefined) await hub.repos.setVisibility(ctx, permit, visibility)
      const gate = await hub.repos.setGate(ctx, permit, gateWish(request.body))
      const now = visibility ?? repo.visibility
      return {
        visibility: now,
        private: now === 'private',
        gated: gate.kind ?? false,
        orgMembersGated: gate.coversMembers,
        ...(gate.template === undefined ? {} : { agreementTemplate: gate.template }),
      }
    },
  )

  app.post<{ Body: wire.DuplicateBody }>(
    `${base}/duplicate`,
    { schema: { body: wire.duplicateBody } },
    async (request, reply) => {
      const { ctx, permit, repo } = await reach(door, request, reply, type, 'repo.read')
      const { ns, name } = splitRepoId(
        request.body.repository.includes('/')
          ? request.body.repository
          : `${namespaceOf(ctx, undefined)}/${request.body.repository}`,
      )
      const namespace = await hub.policy.requireNamespace(ctx, 'namespace.create', ns)
      const wished = visibilityOf(request.body)
      // A copy is never easier to see than what it was made from, unless its maker says so.
      const visibility = wished ?? repo.visibility
      // Nor easier to read.
      const gate = repo.gate === undefined ? {} : { gate: repo.gate }
      const wish = { name, visibility, ...gate }
      const whole = async () => {
        const all = await hub.commits.whole(permit)
        return { ...all, content: `copy ${all.name}` }
      }
      const copy = await counted(
        () => hub.agreements.reserveDownload(ctx, permit, whole),
        () => hub.commits.duplicate(ctx, permit, namespace, wish),
      )
      return { url: repoUrl(door, request, copy), name: copy.path, id: copy.id }
    },
  )

  app.get(`${base}/auth-check`, async (request, reply) => {
    await reach(door, request, reply, type, 'repo.read')
    return reply.type('text/plain').send('OK')
  })

  app.get<{ Params: { permission: string } }>(
    `${base}/auth-check/:permission`,
    async (request, reply) => {
      const isWrite = request.params.permission !== 'read'
      await reach(door, request, reply, type, isWrite ? 'repo.write' : 'repo.read')
      return reply.type('text/plain').send('OK')
    },
  )
}

export const registerRepos = (app: FastifyInstance, door: Door): void => {
  registerByBody(app, door)
  for (const type of repoTypes) registerByType(app, door, type)
}

/** The repo that stands in the way of a create, move or duplicate. */
export const takenUrl = (
  door: Door,
  request: FastifyRequest,
  error: HubError,
): string | undefined => {
  const { path, type } = error.details
  if (typeof path !== 'string' || typeof type !== 'string') return undefined
  return repoUrl(door, request, { type: parseRepoType(type), path })
}
