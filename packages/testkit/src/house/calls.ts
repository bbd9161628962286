/** The calls of the upload plane, one function each, for tests that look at every answer. */
import { createHash } from 'node:crypto'
import type { Answer, Ask, DevHouse } from '../dev-house.ts'

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex')

export const lfsJson = 'application/vnd.git-lfs+json'

export interface Line {
  readonly key: string
  readonly value: object
}

export const header = (more: object = {}): Line => ({
  key: 'header',
  value: { summary: 'test', ...more },
})

export const file = (path: string, content: string | Uint8Array): Line => ({
  key: 'file',
  value: { path, content: Buffer.from(content).toString('base64'), encoding: 'base64' },
})

export const lfsFile = (path: string, bytes: Uint8Array): Line => ({
  key: 'lfsFile',
  value: { path, algo: 'sha256', oid: sha256(bytes), size: bytes.length },
})

/** A commit of raw text or of lines. */
export const commit = (
  dev: DevHouse,
  repo: string,
  lines: string | readonly Line[],
  options: Ask & { revision?: string; query?: string } = {},
): Promise<Answer> => {
  const { revision = 'main', query = '', ...ask } = options
  const body =
    typeof lines === 'string' ? lines : lines.map((line) => JSON.stringify(line)).join('\n')
  return dev.ask('POST', `/api/models/${repo}/commit/${revision}${query}`, {
    ...ask,
    headers: { 'content-type': 'application/x-ndjson', ...ask.headers },
    body,
  })
}

export interface UploadAction {
  readonly href: string
  readonly header?: Readonly<Record<string, string>>
}

export interface BatchObject {
  readonly oid: string
  readonly actions?: {
    readonly upload?: UploadAction
    readonly verify?: UploadAction
    readonly download?: UploadAction
  }
  readonly error?: { readonly code: number; readonly message: string }
}

export const batch = (
  dev: DevHouse,
  repo: string,
  objects: readonly { oid: string; size: number }[],
  options: Ask & { operation?: string; transfers?: readonly string[] } = {},
): Promise<Answer> => {
  const { operation = 'upload', transfers = ['basic'], ...ask } = options
  return dev.ask('POST', `/${repo}.git/info/lfs/objects/batch`, {
    ...ask,
    headers: { 'content-type': lfsJson },
    body: JSON.stringify({ operation, transfers, objects }),
  })
}

/** The one object of a batch of one. Throws when the batch itself was refused. */
export const offered = (answer: Answer): BatchObject => {
  // A cast because the answer's form is the protocol's.
  const { objects = [] } = answer.json() as { objects?: BatchObject[] }
  const [first] = objects
  if (first === undefined) throw new Error(`expected an object, found ${answer.text}`)
  return first
}

/** Path and query of a link the hub gave out. */
export const local = (href: string | undefined): string => {
  if (href === undefined) throw new Error('expected a link')
  const url = new URL(href)
  return url.pathname + url.search
}

/** Asks where to send these bytes; undefined when the repo has them. */
export const uploadLink = async (
  dev: DevHouse,
  repo: string,
  bytes: Uint8Array,
  token: string,
): Promise<string | undefined> => {
  const object = { oid: sha256(bytes), size: bytes.length }
  const href = offered(await batch(dev, repo, [object], { token })).actions?.upload?.href
  return href === undefined ? undefined : local(href)
}

/** Bytes into a repo, the whole way. */
export const upload = async (
  dev: DevHouse,
  repo: string,
  bytes: Buffer,
  token: string,
): Promise<void> => {
  const link = await uploadLink(dev, repo, bytes, token)
  if (link === undefined) return
  const answer = await dev.ask('PUT', link, { body: bytes })
  if (answer.status !== 200) throw new Error(`upload answered ${answer.status}: ${answer.text}`)
}
