/** Gates: terms, asking, and what managers of a repo do with requests. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AccessRequest, RepoType } from '#core/hub.ts'
import { agreementPath } from '#core/kernel/agreement-path.ts'
import { HubError, isHubError } from '#core/kernel/errors.ts'
import { type AccessRequestId, type AccountId, isId } from '#core/kernel/ids.ts'
import { limits } from '#core/kernel/limits.ts'
import { isoDate } from '#core/kernel/time.ts'
import { isForm } from '../kit/bodies.ts'
import { baseUrl, type Door } from '../kit/context.ts'
import { countOf, oneOf, parseQuery } from '../kit/query.ts'
import { queryTextOf } from '../kit/segments.ts'
import { nextLink } from './info.ts'
import { personJson } from './person.ts'
import { pagePrefix, plurals, reach, repoTypes } from './target.ts'
import * as wire from './wire-people.ts'

const states = ['pending', 'accepted', 'rejected'] as const

const requestJson = (request: AccessRequest): object => {
  const { subject, fields, reviewedAtMs, reviewedBy, expiresAtMs } = request
  const email = subject.email === undefined ? {} : { email: subject.email }
  return {
    requestId: request.id,
    user: { ...personJson(subject), ...email },
    status: request.state,
    timestamp: isoDate(request.createdAtMs),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    ...(reviewedAtMs === undefined ? {} : { reviewedAt: isoDate(reviewedAtMs) }),
    ...(request.isGrant && reviewedBy !== undefined
      ? { grantedBy: personJson({ ...reviewedBy, kind: 'user' }) }
      : {}),
    ...(request.reason === undefined ? {} : { rejectionReason: request.reason }),
    ...(expiresAtMs === undefined ? {} : { expiresAt: isoDate(expiresAtMs) }),
    ...(request.isEnded ? { expired: true } : {}),
    ...(request.termsSha256 === undefined ? {} : { termsSha256: request.termsSha256 }),
    ...(request.agreeing === undefined ? {} : { agreement: request.agreeing }),
  }
}

/** A form's or a JSON object's members, each the last of its name. */
const answersIn = (body: unknown): Record<string, unknown> => {
  if (isForm(body)) {
    return Object.fromEntries([...body].map(([name, values]) => [name, values.at(-1)]))
  }
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body }
  if (body === undefined || body === null) return {}
  throw new HubError('invalid', 'The answers to the access form are an object or a form.')
}

const registerAsking = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { access, policy } = door.hub
  const base = `/api/${plurals[type]}/:ns/:name`

  app.get(`${base}/access-terms`, async (request, reply) => {
    const { ctx, permit, repo } = await reach(door, request, reply, type, 'repo.browse')
    const terms = await access.terms(permit)
    const isKnown = ctx.actor.kind === 'user' && ctx.actor.tokenRole === 'write'
    const own = isKnown ? await access.own(permit, policy.requireOwnAccount(ctx)) : undefined
    return {
      gated: repo.gate ?? false,
      ...(repo.gateTemplate === undefined ? {} : { agreementTemplate: repo.gateTemplate }),
      heading: terms.heading,
      prompt: terms.prompt,
      description: terms.description,
      buttonContent: terms.button,
      fields: terms.fields.map(({ name, type: kind, isRequired, options }) => ({
        name,
        type: kind,
        required: isRequired,
        ...(kind === 'select' ? { options } : {}),
      })),
      text: terms.text,
      sha256: terms.sha256,
      ...(own === undefined ? {} : { request: requestJson(own) }),
    }
  })

  app.post(`/${pagePrefix(type)}:ns/:name/ask-access`, async (request, reply) => {
    const { ctx, permit, repo } = await reach(door, request, reply, type, 'repo.browse')
    const answers = answersIn(request.body)
    const { terms_sha256: sha256, for_organization: organization, ...fields } = answers
    const terms = typeof sha256 === 'string' ? { termsSha256: sha256 } : {}
    const wish = { fields, ...terms, ...(typeof organization === 'string' ? { organization } : {}) }
    const asked = await access.ask(ctx, permit, policy.requireOwnAccount(ctx), wish)
    const isBrowser = request.headers.accept?.includes('text/html') ?? false
    const { agreeing } = asked
    const next = agreeing && agreementPath(repo, agreeing.agreement)
    if (isBrowser) return reply.redirect(next ?? `/${pagePrefix(type)}${repo.path}`, 303)
    const leadsTo = next === undefined ? {} : { agreement: `${baseUrl(door, request)}${next}` }
    return { ok: true, status: asked.state, requestId: asked.id, ...leadsTo }
  })

  app.post(`${base}/user-access-request/cancel`, async (request, reply) => {
    const { ctx, permit } = await reach(door, request, reply, type, 'repo.browse')
    await access.cancel(ctx, permit, policy.requireOwnAccount(ctx))
    return { ok: true }
  })
}

type Named = Pick<wire.HandleBody, 'user' | 'userId' | 'requestId'>

const subjectIn = async (door: Door, { user, userId }: Named): Promise<AccountId> => {
  const { identity } = door.hub
  // A cast because it is only looked for.
  const found =
    userId == null
      ? user != null && (await identity.find(user))
      : await identity.get(userId as AccountId)
  if (found) return found.id
  throw new HubError('account_not_found', `There is no user "${user ?? userId ?? ''}" here.`)
}

/** By name, by id, or by the request's own id. */
const whichIn = async (door: Door, named: Named) => {
  const { requestId } = named
  if (requestId == null) return { subjectId: await subjectIn(door, named) }
  // A cast because the form is all there is to an id.
  if (isId(requestId)) return { requestId: requestId as AccessRequestId }
  throw new HubError('entry_not_found', 'No access request found matching your criteria')
}

const registerDeciding = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { access } = door.hub
  const base = `/api/${plurals[type]}/:ns/:name/user-access-request`

  app.post<{ Body: wire.HandleBody }>(
    `${base}/handle`,
    { schema: { body: wire.handleBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.write')
      const { status, rejectionReason } = request.body
      const which = await whichIn(door, request.body)
      const reason = rejectionReason == null ? {} : { reason: rejectionReason }
      return requestJson(await access.decide(ctx, permit, which, { state: status, ...reason }))
    },
  )

  app.post<{ Body: wire.BatchBody }>(
    `${base}/batch`,
    { schema: { body: wire.accessBatchBody } },
    async (request, reply) => {
      const { ctx, permit } = await reach(door, request, reply, type, 'repo.write')
      const { status, requests } = request.body
      const handled: object[] = []
      let ok = true
      for (const { rejectionReason, ...named } of requests) {
        const reason = rejectionReason == null ? {} : { reason: rejectionReason }
        try {
          const which = await whichIn(door, named)
          const verdict = { state: status, ...reason }
          handled.push(requestJson(await access.decide(ctx, permit, which, verdict)))
        } catch (error) {
          // One that is not there does not stand in the way of the others.
          if (!isHubError(error)) throw error
          ok = false
          handled.push({ ...named, error: error.message })
        }
      }
      return { ok, requests: handled }
    },
  )

  app.post<{ Body: wire.GrantBody }>(
    `${base}/grant`,
    { schema: { body: wire.grantBody } },
    async (request, reply) => {
      const { ctx, permit, repo } = await reach(door, request, reply, type, 'repo.write')
      // Stays on a refusal, whose code it is.
      if (repo.gate === undefined) reply.header('x-error-code', 'RepoNotGated')
      const subjectId = await subjectIn(door, request.body)
      return requestJson(await access.grant(ctx, permit, subjectId))
    },
  )
}

const listWish = (request: FastifyRequest) => {
  const query = parseQuery(queryTextOf(request.url))
  const word = oneOf(query, 'q')
  const after = oneOf(query, 'after')
  const before = oneOf(query, 'before')
  const { accessPageMin, accessPageMax } = limits
  return {
    limit: Math.max(accessPageMin, countOf(query, 'limit', accessPageMax, accessPageMax)),
    ...(word === undefined || word === '' ? {} : { word }),
    ...(after === undefined ? {} : { after }),
    // The link to a next page names both.
    ...(before === undefined || after !== undefined ? {} : { before }),
  }
}

/** One JSON array, a request at a time. */
const reportText = async function* (
  requests: AsyncIterable<AccessRequest>,
): AsyncGenerator<string> {
  let separator = '['
  for await (const request of requests) {
    yield `${separator}\n${JSON.stringify(requestJson(request))}`
    separator = ','
  }
  yield separator === '[' ? '[]\n' : '\n]\n'
}

const registerLists = (app: FastifyInstance, door: Door, type: RepoType): void => {
  const { access } = door.hub

  for (const state of states) {
    const url = `/api/${plurals[type]}/:ns/:name/user-access-request/${state}`
    app.get(url, async (request, reply) => {
      const { permit } = await reach(door, request, reply, type, 'repo.write')
      const { requests, next } = await access.list(permit, { state, ...listWish(request) })
      if (next !== undefined) {
        reply.header('link', nextLink(door, request, { after: next }))
      }
      return requests.map(requestJson)
    })
  }

  app.get(`/${pagePrefix(type)}:ns/:name/user-access-report`, async (request, reply) => {
    const { permit, repo } = await reach(door, request, reply, type, 'repo.write')
    const name = `user-access-report-${repo.path.replace('/', '-')}.json`
    reply.header('content-disposition', `attachment; filename="${name}"`)
    reply.header('cache-control', 'no-store')
    reply.type('application/json; charset=utf-8')
    return reply.send(Readable.from(reportText(access.each(permit))))
  })
}

export const registerGates = (app: FastifyInstance, door: Door): void => {
  for (const type of repoTypes) {
    registerAsking(app, door, type)
    registerDeciding(app, door, type)
    registerLists(app, door, type)
  }
}
