/**
 * A reverse proxy between a client and its hub. It writes down what passes, and breaks what a test asks it to break.
 *
 * Host goes through unchanged: the hub answers under the name the client used, so the addresses it hands out lead back here. Each
 * connection of the client has one of its own to the hub, so that both see the other's habits with connections.
 *
 * Tests speak to it on a second port: `GET /seen?since=N` gives what came from request N on, `PUT /faults` replaces what shall break.
 */
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'

/** What a request is for; the first pattern that fits names it. */
const ROUTES: readonly (readonly [name: string, path: RegExp])[] = [
  ['xorb', /\/xorbs?\/[^/]+\/[0-9a-f]{64}$/u],
  ['shard', /\/shards?(?:\/|$)/u],
  ['chunk', /\/chunks?\/[^/]+\/[0-9a-f]{64}$/u],
  ['reconstruction', /\/reconstructions?\//u],
  ['data', /^\/xet\/data\//u],
  ['xet', /^\/xet\//u],
  ['read-token', /\/xet-read-token(?:\/|$)/u],
  ['write-token', /\/xet-write-token(?:\/|$)/u],
  ['batch', /\/info\/lfs\/objects\/batch$/u],
  ['preupload', /\/preupload\//u],
  ['commit', /\/commit\//u],
  ['resolve', /\/resolve\//u],
]

interface Seen {
  readonly id: number
  readonly method: string
  readonly route: string
  /** Without its query, which may hold a secret. */
  readonly path: string
  readonly range: string | undefined
  status: number
  sentBytes: number
  answerBytes: number
  answerType: string | undefined
  /** Answered here; the hub never saw it. */
  faked: boolean
  /** The whole answer has gone out. */
  done: boolean
}

/** Of the requests of one route and method: lets `skip` through, then breaks `times`. */
interface Fault {
  readonly route: string
  readonly method: string
  skip: number
  times: number
  /** A status to answer with instead of the hub; or holds the request until the faults are replaced, then cuts it. */
  readonly answer: number | 'hold'
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly seen: Seen
}

export interface Recorder {
  readonly url: string
  /** Where tests ask what was seen. */
  readonly control: string
}

/** A recorder before the hub at `target`, for as long as `use` runs. */
export async function withRecorder<T>(
  target: string,
  use: (recorder: Recorder) => Promise<T>,
): Promise<T> {
  const log: Seen[] = []
  let faults: readonly Fault[] = []
  let held: Socket[] = []
  const proxy = makeProxy(target, ({ request, response, seen }) => {
    log.push(seen)
    const fault = faults.find((one) => one.route === seen.route && one.method === seen.method)
    if (fault === undefined || fault.skip-- > 0 || fault.times-- <= 0) return true
    seen.faked = true
    if (fault.answer === 'hold') held.push(request.socket)
    else void refuse({ request, response, seen }, fault.answer).catch(() => undefined)
    return false
  })
  const control = makeControl(log, (next) => {
    faults = next
    for (const socket of held) socket.destroy()
    held = []
  })
  try {
    return await use({ url: await listen(proxy), control: await listen(control) })
  } finally {
    for (const server of [proxy, control]) {
      server.close()
      server.closeAllConnections()
    }
  }
}

function makeProxy(target: string, mayPass: (exchange: Exchange) => boolean): http.Server {
  const agents = new WeakMap<Socket, http.Agent>()
  let count = 0
  const server = http.createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 })
  server.on('connection', (socket) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    agents.set(socket, agent)
    socket.once('close', () => agent.destroy())
  })
  server.on('request', (request, response) => {
    const seen = note(request, count++)
    response.once('finish', () => (seen.done = true))
    if (!mayPass({ request, response, seen })) return
    const agent = agents.get(request.socket)
    pass(target, { request, response, seen }, agent).catch(() => response.destroy())
  })
  return server
}

function note(request: IncomingMessage, id: number): Seen {
  const path = (request.url ?? '').split('?')[0] ?? ''
  return {
    id,
    method: request.method ?? '',
    route: ROUTES.find(([, pattern]) => pattern.test(path))?.[0] ?? 'other',
    path,
    range: request.headers.range,
    status: 0,
    sentBytes: 0,
    answerBytes: 0,
    answerType: undefined,
    faked: false,
    done: false,
  }
}

async function pass(target: string, exchange: Exchange, agent?: http.Agent): Promise<void> {
  const { request, response, seen } = exchange
  const { method, url, rawHeaders } = request
  const onward = http.request(target, { method, path: url, headers: rawHeaders, agent })
  // The hub may answer before it has read everything, so the two directions do not wait for each other.
  request.on('data', (chunk: Buffer) => (seen.sentBytes += chunk.length))
  pipeline(request, onward).catch(() => undefined)
  const [answer] = (await once(onward, 'response')) as [IncomingMessage]
  seen.status = answer.statusCode ?? 0
  seen.answerType = answer.headers['content-type']
  answer.on('data', (chunk: Buffer) => (seen.answerBytes += chunk.length))
  response.writeHead(seen.status, answer.statusMessage, answer.rawHeaders)
  response.flushHeaders()
  await pipeline(answer, response)
}

async function refuse({ request, response, seen }: Exchange, status: number): Promise<void> {
  for await (const chunk of request) seen.sentBytes += (chunk as Buffer).length
  seen.status = status
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end('{"error":"a fault that a test asked for"}')
}

function makeControl(log: readonly Seen[], replace: (faults: Fault[]) => void): http.Server {
  const answer = async (request: IncomingMessage): Promise<readonly Seen[]> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://recorder')
    if (pathname === '/faults') replace((await json(request)) as Fault[])
    return pathname === '/seen' ? log.slice(Number(searchParams.get('since'))) : []
  }
  return http.createServer((request, response) => {
    answer(request).then(
      (said) => response.end(JSON.stringify(said)),
      () => response.destroy(),
    )
  })
}

async function listen(server: http.Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
