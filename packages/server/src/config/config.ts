/** Everything that can be set, typed, complete and frozen. Flags win over the environment, the environment over defaults. */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { limits } from '#core/kernel/limits.ts'
import type { Env } from './env.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface Config {
  readonly dataFolder: string
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Without a trailing slash; undefined to answer under the name each client used. */
  readonly publicUrl: string | undefined
  readonly trustProxy: boolean
  readonly logLevel: LogLevel
  readonly multipart: { readonly thresholdBytes: number; readonly partBytes: number }
  /** Are files that come in whole stored as chunks afterwards? */
  readonly isChunkingUploads: boolean
  readonly storageQuotaBytes: number | undefined
  /** 0 for no limit. */
  readonly requestsPerMinute: number
  readonly signInFailuresPerMinute: number
  /** Entries of the audit trail older than this are deleted. */
  readonly auditKeptMs: number
  /** May what others than administrators of the hub name be in a private network? */
  readonly isOutboundPrivate: boolean
  /** Where proofs of domains are looked for; the system's when empty. */
  readonly dnsServers: readonly string[]
  /** Undefined where nothing is sent. Its URL holds a password, so it is kept out of what is printed. */
  readonly mail: { readonly url: string; readonly from: string } | undefined
  readonly shutdownMs: number
}

/** What the command line may say; it wins over the environment. */
export interface Flags {
  readonly data?: string
  readonly host?: string
  readonly port?: string
  readonly publicUrl?: string
}

const dayMs = 24 * 3600_000

const wholeNumber = (name: string, text: string | undefined, fallback: number): number => {
  if (text === undefined) return fallback
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= 0) return value
  throw new Error(`${name} must be a whole number of 0 or more, found "${text}"`)
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

const logLevel = (text: string | undefined): LogLevel => {
  if (text === undefined) return 'info'
  const found = levels.find((level) => level === text)
  if (found !== undefined) return found
  throw new Error(`WEIGHHOUSE_LOG_LEVEL must be one of ${levels.join(', ')}, found "${text}"`)
}

const publicUrl = (text: string | undefined): string | undefined => {
  if (text === undefined || text === '') return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(`the public URL must begin with http:// or https://, found "${text}"`)
  }
  return text.replace(/\/+$/, '')
}

const flag = (name: string, text: string | undefined, fallback = false): boolean => {
  if (text === undefined) return fallback
  if (text === 'false' || text === '0') return false
  if (text === 'true' || text === '1') return true
  throw new Error(`${name} must be true or false, found "${text}"`)
}

const serversOf = (text = ''): readonly string[] => {
  const servers = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  const wrong = servers.find(
    (one) => isIP(one.replace(/^\[(.*)\]:\d+$|:\d+$/, '$1')) === 0 && isIP(one) === 0,
  )
  if (wrong === undefined) return servers
  throw new Error(
    `WEIGHHOUSE_DNS_SERVERS expects addresses such as 192.0.2.53 or 192.0.2.53:5353, found "${wrong}"`,
  )
}

const mailOf = (env: Env, url: string | undefined): Config['mail'] => {
  const { WEIGHHOUSE_SMTP_URL: server, WEIGHHOUSE_MAIL_FROM: from } = env
  if (server === undefined || server === '') return undefined
  if (!URL.canParse(server) || !['smtp:', 'smtps:'].includes(new URL(server).protocol)) {
    throw new Error('WEIGHHOUSE_SMTP_URL must begin with smtp:// or smtps://')
  }
  if (from === undefined || !from.includes('@')) {
    throw new Error('WEIGHHOUSE_MAIL_FROM must be the address that mail comes from')
  }
  if (url === undefined) {
    throw new Error('WEIGHHOUSE_PUBLIC_URL must be set where mail is: letters hold links to it')
  }
  return Object.defineProperty({ url: server, from }, 'url', { enumerable: false })
}

/** Throws a one-sentence Error that names the setting, what was expected and what was found. */
export const makeConfig = (flags: Flags, env: Env): Config => {
  const port = wholeNumber('the port', flags.port ?? env.WEIGHHOUSE_PORT, 8420)
  if (port > 65_535) throw new Error(`the port must be at most 65535, found ${port}`)
  const partBytes = wholeNumber(
    'WEIGHHOUSE_LFS_PART_BYTES',
    env.WEIGHHOUSE_LFS_PART_BYTES,
    limits.multipartPartBytes,
  )
  const thresholdBytes = wholeNumber(
    'WEIGHHOUSE_LFS_MULTIPART_BYTES',
    env.WEIGHHOUSE_LFS_MULTIPART_BYTES,
    limits.multipartThresholdBytes,
  )
  const quota = env.WEIGHHOUSE_STORAGE_QUOTA_BYTES
  const url = publicUrl(flags.publicUrl ?? env.WEIGHHOUSE_PUBLIC_URL)
  return Object.freeze({
    dataFolder: resolve(flags.data ?? env.WEIGHHOUSE_DATA ?? './weighhouse-data'),
    host: flags.host ?? env.WEIGHHOUSE_HOST ?? '127.0.0.1',
    port,
    publicUrl: url,
    mail: mailOf(env, url),
    trustProxy: flag('WEIGHHOUSE_TRUST_PROXY', env.WEIGHHOUSE_TRUST_PROXY),
    logLevel: logLevel(env.WEIGHHOUSE_LOG_LEVEL),
    multipart: {
      thresholdBytes,
      // A part larger than the threshold would leave uploads "in parts" with a single one.
      partBytes: Math.max(1, Math.min(partBytes, Math.max(1, thresholdBytes))),
    },
    isChunkingUploads: flag('WEIGHHOUSE_CHUNK_UPLOADS', env.WEIGHHOUSE_CHUNK_UPLOADS, true),
    storageQuotaBytes:
      quota === undefined ? undefined : wholeNumber('WEIGHHOUSE_STORAGE_QUOTA_BYTES', quota, 0),
    requestsPerMinute: wholeNumber(
      'WEIGHHOUSE_RATE_LIMIT_PER_MINUTE',
      env.WEIGHHOUSE_RATE_LIMIT_PER_MINUTE,
      0,
    ),
    signInFailuresPerMinute: wholeNumber(
      'WEIGHHOUSE_SIGN_IN_FAILURES_PER_MINUTE',
      env.WEIGHHOUSE_SIGN_IN_FAILURES_PER_MINUTE,
      100,
    ),
    auditKeptMs: wholeNumber('WEIGHHOUSE_AUDIT_DAYS', env.WEIGHHOUSE_AUDIT_DAYS, 730) * dayMs,
    isOutboundPrivate: flag('WEIGHHOUSE_OUTBOUND_PRIVATE', env.WEIGHHOUSE_OUTBOUND_PRIVATE),
    dnsServers: serversOf(env.WEIGHHOUSE_DNS_SERVERS),
    shutdownMs: wholeNumber('WEIGHHOUSE_SHUTDOWN_MS', env.WEIGHHOUSE_SHUTDOWN_MS, 10_000),
  })
}

const urlHost = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Under which the hub is opened from where it runs, without a trailing slash. */
export const localUrl = (host: string, port: number): string => `http://${urlHost(host)}:${port}`
