/** The only reader of the environment. Names become optional texts; a name with our prefix that nobody knows is an error. */

const prefix = 'WEIGHHOUSE_'

/** Every variable the program reads, and what it is for. */
export const envNames = {
  WEIGHHOUSE_DATA: 'data folder',
  WEIGHHOUSE_HOST: 'address to listen on',
  WEIGHHOUSE_PORT: 'port to listen on; 0 takes a free one',
  WEIGHHOUSE_PUBLIC_URL: 'URL under which clients reach the hub',
  WEIGHHOUSE_TRUST_PROXY: 'true when a reverse proxy sets X-Forwarded-For and X-Forwarded-Proto',
  WEIGHHOUSE_LOG_LEVEL: 'debug, info, warn, error or silent',
  WEIGHHOUSE_LFS_MULTIPART_BYTES: 'uploads above this size come in parts where the client can',
  WEIGHHOUSE_LFS_PART_BYTES: 'size of a part',
  WEIGHHOUSE_CHUNK_UPLOADS:
    'false leaves files that come in whole as they are, instead of storing them as chunks afterwards',
  WEIGHHOUSE_STORAGE_QUOTA_BYTES: 'bytes an owner may store; none by default',
  WEIGHHOUSE_RATE_LIMIT_PER_MINUTE: 'requests one client may send a minute; 0 for no limit',
  WEIGHHOUSE_SIGN_IN_FAILURES_PER_MINUTE: 'wrong credentials one address may send a minute',
  WEIGHHOUSE_AUDIT_DAYS: 'days after which entries of the audit trail are deleted; 730 by default',
  WEIGHHOUSE_OUTBOUND_PRIVATE:
    'true lets providers and domains that organisations name be in private networks; those of the hub may always',
  WEIGHHOUSE_DNS_SERVERS:
    'name servers that proofs of domains are looked for at, address or address:port, with commas between; those of the system by default',
  WEIGHHOUSE_SMTP_URL: 'server that carries mail, smtp://user:password@host:port; none by default',
  WEIGHHOUSE_MAIL_FROM: 'sender of mail',
  WEIGHHOUSE_SHUTDOWN_MS: 'how long open requests may go on after a stop signal',
} as const

export type EnvName = keyof typeof envNames
export type Env = { readonly [Name in EnvName]?: string }

/** Throws with the nearest help when a variable with our prefix is unknown: a typo in a limit is an incident. */
export const readEnv = (source: NodeJS.ProcessEnv = process.env): Env => {
  const env: { -readonly [Name in EnvName]?: string } = {}
  for (const [name, value] of Object.entries(source)) {
    if (!name.startsWith(prefix) || name.startsWith(`${prefix}TEST_`) || value === undefined)
      continue
    if (!(name in envNames)) {
      const known = Object.keys(envNames).join(', ')
      throw new Error(`the environment variable ${name} is unknown; known are ${known}`)
    }
    // A cast because membership was checked on the line above.
    env[name as EnvName] = value
  }
  return env
}
