/** The real house in a folder of its own, with a clock that stands still until it is turned. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { makeConfig } from '@weighhouse/server/config/config.ts'
import type { Env } from '@weighhouse/server/config/env.ts'
import type { Hub, RepoType, Visibility } from '@weighhouse/server/core/hub.ts'
import type { Ctx } from '@weighhouse/server/core/kernel/ctx.ts'
import { type IdMaker, makeIds } from '@weighhouse/server/core/kernel/ids.ts'
import type { Clock } from '@weighhouse/server/core/kernel/time.ts'
import type { ByteStore } from '@weighhouse/server/core/ports/byte-store.ts'
import type { Mailer } from '@weighhouse/server/core/ports/mailer.ts'
import type { Outbound } from '@weighhouse/server/core/ports/outbound.ts'
import { type HubServer, makeServer } from '@weighhouse/server/doors/server.ts'
import { type House, openHouse } from '@weighhouse/server/house.ts'
import { type EngineName, engines } from './engines.ts'
import { quickDerive } from './quick-derive.ts'

/** Time as the test turns it. Sleepers wake when it passes them. */
export interface TestClock extends Clock {
  advance(ms: number): void
}

const makeTestClock = (startMs = Date.UTC(2026, 0, 1)): TestClock => {
  let nowMs = startMs
  const sleepers = new Set<{ atMs: number; wake: () => void }>()
  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { atMs: nowMs + ms, wake: resolve }
        sleepers.add(sleeper)
        const stop = (): void => {
          sleepers.delete(sleeper)
          reject(signal?.reason instanceof Error ? signal.reason : new Error('stopped'))
        }
        if (signal?.aborted === true) stop()
        else signal?.addEventListener('abort', stop, { once: true })
      }),
    advance(ms) {
      nowMs += ms
      for (const sleeper of sleepers) {
        if (sleeper.atMs > nowMs) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    },
  }
}

export interface DevHouseOptions {
  readonly engine?: EngineName
  readonly env?: Env
  readonly bytes?: ByteStore
  readonly outbound?: Outbound
  readonly mailer?: Mailer
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly text: string
  readonly bytes: Buffer
  json(): unknown
}

export interface Ask {
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Objects are sent as JSON, everything else as it is. */
  readonly body?: unknown
}

export interface DevHouse extends AsyncDisposable {
  readonly house: House
  readonly hub: Hub
  readonly server: HubServer
  readonly clock: TestClock
  readonly system: Ctx
  /** Ids as the hub makes them. */
  readonly id: IdMaker
  /** One request through every hook and parser, without a socket. */
  ask(method: string, url: string, options?: Ask): Promise<Answer>
  /** Creates a user and answers a token of hers. */
  user(name: string, options?: { admin?: boolean; role?: 'read' | 'write' }): Promise<string>
  /** Another token. */
  token(name: string, role: 'read' | 'write'): Promise<string>
  org(name: string, owner: string): Promise<void>
  /** Creates `owner/name` as the system. */
  repo(path: string, options?: { type?: RepoType; visibility?: Visibility }): Promise<void>
}

const silent = pino({ level: 'silent' })

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS'

const encode = (body: unknown): { payload?: string | Buffer; type?: string } => {
  if (body === undefined) return {}
  if (typeof body === 'string') return { payload: body }
  // A copy, as a socket would make one: the hub uses the memory of what it has read again.
  if (Buffer.isBuffer(body)) return { payload: Buffer.from(body) }
  return { payload: JSON.stringify(body), type: 'application/json' }
}

export const openDevHouse = async (options: DevHouseOptions = {}): Promise<DevHouse> => {
  const folder = await mkdtemp(join(tmpdir(), 'weighhouse-house-'))
  const config = makeConfig({ data: folder, port: '0' }, options.env ?? {})
  const clock = makeTestClock()
  const db = await engines[options.engine ?? 'sqlite']()
  const bytes = options.bytes === undefined ? {} : { bytes: options.bytes }
  const outbound = options.outbound === undefined ? {} : { outbound: options.outbound }
  const mailer = options.mailer === undefined ? {} : { mailer: options.mailer }
  const house = await openHouse(config, silent, {
    clock,
    db,
    derive: quickDerive,
    ...bytes,
    ...outbound,
    ...mailer,
  })
  const server = await makeServer(config, house.hub, silent)
  house.listen()
  const { hub } = house
  const system = house.systemCtx('test')
  const manage = () => hub.policy.requireHub(system)

  const token = async (userName: string, role: 'read' | 'write'): Promise<string> => {
    const wish = { userName, label: randomBytes(4).toString('hex'), role }
    return (await hub.identity.createToken(system, manage(), wish)).secret
  }

  return {
    house,
    hub,
    server,
    clock,
    system,
    id: makeIds(clock, { bytes: (count) => randomBytes(count) }),
    token,
    async ask(method, url, { token: secret, headers = {}, body } = {}) {
      const { payload, type } = encode(body)
      const answer = await server.app.inject({
        // A cast because the table of methods a test may try is open.
        method: method as Method,
        url,
        headers: {
          ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
          ...(type === undefined ? {} : { 'content-type': type }),
          ...headers,
        },
        ...(payload === undefined ? {} : { payload }),
      })
      const found: Record<string, string | undefined> = {}
      for (const [name, value] of Object.entries(answer.headers)) found[name] = String(value)
      return {
        status: answer.statusCode,
        headers: found,
        text: answer.body,
        bytes: answer.rawPayload,
        json: (): unknown => JSON.parse(answer.body),
      }
    },
    async user(name, { admin = false, role = 'write' } = {}) {
      await hub.identity.createUser(system, manage(), { name, isAdmin: admin })
      return token(name, role)
    },
    async org(name, owner) {
      await hub.identity.createOrg(system, manage(), name, owner)
    },
    async repo(path, { type = 'model', visibility = 'public' } = {}) {
      const [owner = '', name = ''] = path.split('/')
      const permit = await hub.policy.requireNamespace(system, 'namespace.create', owner)
      await hub.commits.createRepo(system, permit, { type, name, visibility }, [])
    },
    async [Symbol.asyncDispose]() {
      await server.close(0)
      await house[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
