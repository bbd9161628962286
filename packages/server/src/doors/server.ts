/** The HTTP server: every door mounted on one Fastify, with what all of them share. */
import cors from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify'
import type { AddressInfo } from 'node:net'
import type { IncomingMessage } from 'node:http'
import type { Config } from '#config/config.ts'
import type { Hub } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'
import { apiDoor, apiPrefix } from './api/index.ts'
import { hfDoor } from './hf/index.ts'
import type { Door } from './kit/context.ts'
import { keepTrail } from './kit/denials.ts'
import { makeFailureLimiter } from './kit/failure-limiter.ts'
import { lazySchemas } from './kit/lazy-schemas.ts'
import { linger } from './kit/linger.ts'
import { makeMetrics, type Metrics } from './kit/metrics.ts'
import { pathOf } from './kit/segments.ts'
import { lfsDoor } from './lfs/index.ts'
import { isPagePath } from './mounts.ts'
import { oauthDoor } from './oauth/index.ts'
import { opsDoor } from './ops/index.ts'
import { scimDoor, scimPrefixes } from './scim/index.ts'
import { webDoor } from './web/index.ts'
import { xetDoor } from './xet/index.ts'

export interface HubServer extends AsyncDisposable {
  readonly app: FastifyInstance
  /** Listens and answers the address it got. */
  listen(): Promise<AddressInfo>
  /** Stops accepting, lets open requests end until the deadline, then cuts them. */
  close(deadlineMs: number): Promise<void>
}

const exposedHeaders =
  'X-Repo-Commit, X-Request-Id, X-Error-Code, X-Error-Message, X-Total-Count, ETag, Link, Accept-Ranges, Content-Range, ' +
  'Content-Disposition, X-Linked-Size, X-Linked-ETag, X-Xet-Hash, X-Xet-Access-Token, X-Xet-Token-Expiration, ' +
  'X-Xet-Refresh-Route, X-Xet-Cas-Url'

const clientIdForm = /^[A-Za-z0-9=;._:-]{1,128}$/

/** The Hub's form, `Root=1-…;client's own id`, so that one id is found in the logs of both sides. */
const makeRequestId =
  (hub: Hub) =>
  (request: IncomingMessage): string => {
    const own = `Root=1-${hub.chance.bytes(12).toString('hex')}`
    const given = request.headers['x-amzn-trace-id'] ?? request.headers['x-request-id']
    return typeof given === 'string' && clientIdForm.test(given) ? `${own};${given}` : own
  }

const shareHeaders = (app: FastifyInstance): void => {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
    reply.header('x-frame-options', 'DENY')
    done()
  })
}

/** Links that prove something are told by their route: whoever reads the log could use them. */
const loggedPath = ({ url, routeOptions }: FastifyRequest): string =>
  routeOptions.url?.includes(':secret') === true ? routeOptions.url : pathOf(url)

/** One structured line a request, when it is over or its client has gone. */
const observe = (app: FastifyInstance, metrics: Metrics): void => {
  const started = new WeakSet<FastifyRequest>()
  const finish = (request: FastifyRequest): void => {
    if (!started.delete(request)) return
    metrics.stop()
  }
  app.addHook('onRequest', (request, _reply, done) => {
    started.add(request)
    metrics.start()
    done()
  })
  app.addHook('onRequestAbort', (request, done) => {
    request.log.info({ method: request.method, path: loggedPath(request) }, 'request cut by client')
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    finish(request)
    linger(request.raw)
    const bytesOut = Number(reply.getHeader('content-length') ?? 0)
    const { method } = request
    const status = reply.statusCode
    const announced = Number(request.headers['content-length'] ?? 0)
    const bytesIn = Number.isFinite(announced) ? Math.max(0, announced) : 0
    metrics.observe({ method, status, seconds: reply.elapsedTime / 1000, bytesIn, bytesOut })
    request.log.info(
      { method, path: loggedPath(request), status, ms: Math.round(reply.elapsedTime), bytesOut },
      'request',
    )
    done()
  })
}

const limitRates = async (app: FastifyInstance, perMinute: number): Promise<void> => {
  if (perMinute === 0) return
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => request.headers.authorization ?? request.ip,
    errorResponseBuilder: (_request, { ttl }) =>
      new HubError(
        'rate_limited',
        `More than ${perMinute} requests a minute. Wait ${Math.ceil(ttl / 1000)} s.`,
        { retryAfterSeconds: Math.ceil(ttl / 1000) },
      ),
  })
}

/** Told apart from what clients ask for: a browser that goes to a page says that it wants HTML, and the address is a page's. */
const pageConstraint = {
  name: 'page',
  mustMatchWhenDerived: false,
  storage: () => {
    const routes = new Map<string, unknown>()
    return {
      // A cast because the router keeps its own kind of value here.
      get: (value: string) => (routes.get(value) ?? null) as never,
      set: (value: string, route: unknown) => void routes.set(value, route),
    }
  },
  validate: () => undefined,
  deriveConstraint: ({ headers, url = '' }: IncomingMessage): string =>
    headers.accept?.includes('text/html') === true && isPagePath(pathOf(url)) ? 'yes' : 'no',
}

/** Behind a proxy that leaves the path as it is, our own URL's path stands before every route. */
const rewriteFor = (publicUrl: string | undefined) => {
  const prefix = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '')
  return ({ url = '/' }: IncomingMessage): string =>
    prefix !== '' && (url === prefix || url.startsWith(`${prefix}/`))
      ? url.slice(prefix.length) || '/'
      : url
}

/** Builds the server; nothing listens yet. */
export const makeServer = async (
  config: Config,
  hub: Hub,
  logger: FastifyBaseLogger,
): Promise<HubServer> => {
  const metrics = makeMetrics()
  const app = Fastify({
    loggerInstance: logger,
    // One line a request, written by `observe` when it is over.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: makeRequestId(hub),
    trustProxy: config.trustProxy,
    bodyLimit: limits.jsonBodyBytesMax,
    schemaController: { compilersFactory: lazySchemas },
    routerOptions: { maxParamLength: 4096, constraints: { page: pageConstraint } },
    rewriteUrl: rewriteFor(config.publicUrl),
    // Bodies may take hours; what is bounded is silence, below.
    requestTimeout: 0,
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
  })
  app.server.headersTimeout = 30_000
  app.server.setTimeout(limits.stallMs)
  const door: Omit<Door, 'name'> = {
    hub,
    publicUrl: config.publicUrl,
    failures: makeFailureLimiter(hub.clock, config.signInFailuresPerMinute),
    multipartThresholdBytes: config.multipart.thresholdBytes,
  }
  keepTrail(app, hub.audit)
  observe(app, metrics)
  shareHeaders(app)
  await app.register(cors, {
    origin: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders,
    maxAge: 86_400,
  })
  await limitRates(app, config.requestsPerMinute)
  await app.register(opsDoor({ ...door, name: 'ops' }, metrics.registry))
  await app.register(webDoor({ ...door, name: 'web' }))
  await app.register(lfsDoor({ ...door, name: 'lfs' }))
  await app.register(xetDoor({ ...door, name: 'xet' }))
  await app.register(oauthDoor({ ...door, name: 'oauth' }))
  await app.register(apiDoor({ ...door, name: 'api' }), { prefix: apiPrefix })
  for (const prefix of scimPrefixes) {
    await app.register(scimDoor({ ...door, name: 'scim' }), { prefix })
  }
  await app.register(hfDoor({ ...door, name: 'hf' }), { prefix: '' })

  let isClosing = false
  app.addHook('onResponse', (_request, _reply, done) => {
    // A connection that became idle after the stop began would otherwise be kept for its next request.
    if (isClosing) setImmediate(() => app.server.closeIdleConnections())
    done()
  })

  const close = async (deadlineMs: number): Promise<void> => {
    isClosing = true
    const deadline = new AbortController()
    const cut = hub.clock
      .sleep(deadlineMs, deadline.signal)
      .then(() => app.server.closeAllConnections())
      .catch(() => undefined)
    await app.close()
    deadline.abort()
    await cut
    metrics[Symbol.dispose]()
  }

  return {
    app,
    close,
    async listen() {
      await app.listen({ host: config.host, port: config.port })
      // A cast because a TCP listener's address is an object.
      return app.server.address() as AddressInfo
    },
    [Symbol.asyncDispose]: () => close(0),
  }
}
