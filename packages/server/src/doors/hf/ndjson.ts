/** The body of a commit: one JSON object a line, read as it comes, bounded by line and in all. */
import type { Readable } from 'node:stream'
import { parseSha256 } from '@weighhouse/formats/digest/digest.ts'
import type { Operation } from '#core/hub.ts'
import { HubError } from '#core/kernel/errors.ts'
import { limits } from '#core/kernel/limits.ts'

export interface CommitHeader {
  readonly summary: string
  readonly description: string
  readonly parentCommit: string | undefined
}

type Member = Record<string, unknown>

const isMember = (value: unknown): value is Member =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const newline = 0x0a

/**
 * Lines of a stream, without their ends. Leaving early does not destroy the stream, so that the client can still be answered. Errors: `too_large`.
 */
const readLines = async function* (source: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let lineBytes = 0
  let bodyBytes = 0
  for await (const chunk of source.iterator({ destroyOnReturn: false })) {
    // A cast because a request body without encoding yields buffers only.
    let rest = chunk as Buffer
    bodyBytes += rest.length
    if (bodyBytes > limits.commitBodyBytesMax) {
      throw new HubError(
        'too_large',
        `One commit may have ${limits.commitBodyBytesMax} bytes of body. Split it into several.`,
      )
    }
    for (let at = rest.indexOf(newline); at !== -1; at = rest.indexOf(newline)) {
      parts.push(rest.subarray(0, at))
      yield Buffer.concat(parts) // bounded: commitLineBytesMax
      parts = []
      lineBytes = 0
      rest = rest.subarray(at + 1)
    }
    lineBytes += rest.length
    if (lineBytes > limits.commitLineBytesMax) {
      throw new HubError(
        'too_large',
        `One line of a commit may have ${limits.commitLineBytesMax} bytes. Send large files as LFS uploads.`,
      )
    }
    parts.push(rest)
  }
  if (lineBytes > 0) yield Buffer.concat(parts) // bounded: commitLineBytesMax
}

const textIn = (value: Member, name: string, line: number): string => {
  const found = value[name]
  if (typeof found === 'string') return found
  throw new HubError('invalid', `Line ${line}: "${name}" must be a text.`)
}

const base64Form = /^[A-Za-z0-9+/_\-\s]*={0,2}\s*$/

const bytesIn = (value: Member, line: number): Uint8Array => {
  const content = textIn(value, 'content', line)
  if (value['encoding'] === undefined || value['encoding'] === 'utf-8') return Buffer.from(content)
  if (value['encoding'] !== 'base64') {
    throw new HubError('invalid', `Line ${line}: "encoding" must be "base64" or "utf-8".`)
  }
  if (!base64Form.test(content)) {
    throw new HubError('invalid', `Line ${line}: "content" is not base64.`)
  }
  return Buffer.from(content, 'base64')
}

const uploadIn = (value: Member, line: number): Operation => {
  const sha256 = parseSha256(textIn(value, 'oid', line))
  if (sha256 === undefined || (value['algo'] ?? 'sha256') !== 'sha256') {
    throw new HubError(
      'invalid',
      `Line ${line}: "oid" must be a SHA-256 of 64 hex digits, and "algo" sha256.`,
    )
  }
  const size = value['size']
  const sizeBytes = typeof size === 'number' && Number.isSafeInteger(size) ? size : undefined
  return { kind: 'upload', path: textIn(value, 'path', line), sha256, sizeBytes }
}

const copyIn = (value: Member, line: number): Operation => {
  const revision = value['srcRevision']
  return {
    kind: 'copy',
    path: textIn(value, 'path', line),
    fromPath: textIn(value, 'srcPath', line),
    fromRevision: typeof revision === 'string' ? revision : undefined,
  }
}

const trimSlash = (path: string): string => path.replace(/\/$/, '')

/** One operation. Errors: `invalid` with the line's number. */
const parseOperation = (key: unknown, value: Member, line: number): Operation => {
  switch (key) {
    case 'file':
      return { kind: 'file', path: textIn(value, 'path', line), bytes: bytesIn(value, line) }
    case 'lfsFile':
      return uploadIn(value, line)
    case 'copyFile':
      return copyIn(value, line)
    case 'deletedFile':
    case 'deletedEntry':
      return { kind: 'delete', path: trimSlash(textIn(value, 'path', line)) }
    case 'deletedFolder':
      return { kind: 'deleteFolder', path: trimSlash(textIn(value, 'path', line)) }
    default:
      throw new HubError('invalid', `Line ${line}: unknown key ${JSON.stringify(key)}.`)
  }
}

const parseLine = (text: Buffer, line: number): { key: unknown; value: Member } => {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.toString())
  } catch (error) {
    throw new HubError('invalid', `Line ${line} of the commit is not JSON.`, {}, error)
  }
  if (!isMember(parsed) || !isMember(parsed['value'])) {
    throw new HubError('invalid', `Line ${line} must be an object with "key" and "value".`)
  }
  return { key: parsed['key'], value: parsed['value'] }
}

const parseHeader = (value: Member, line: number): CommitHeader => ({
  summary: textIn(value, 'summary', line),
  description: typeof value['description'] === 'string' ? value['description'] : '',
  parentCommit: typeof value['parentCommit'] === 'string' ? value['parentCommit'] : undefined,
})

/** Header and operations of an NDJSON commit. The operations are read once, to their end. */
export const parseCommitLines = async (
  source: Readable,
): Promise<{ header: CommitHeader; operations: AsyncGenerator<Operation> }> => {
  const lines = readLines(source)
  let count = 0
  const next = async (): Promise<{ key: unknown; value: Member } | undefined> => {
    for (;;) {
      const { value: text, done } = await lines.next()
      if (done === true) return undefined
      count += 1
      if (text.toString('latin1').trim() !== '') return parseLine(text, count)
    }
  }
  const first = await next()
  if (first?.key !== 'header') {
    throw new HubError('invalid', 'The first line of a commit must have the key "header".')
  }
  const header = parseHeader(first.value, count)
  const operations = (async function* () {
    for (let one = await next(); one !== undefined; one = await next()) {
      // A second header, as some clients repeat it, says nothing new.
      if (one.key !== 'header') yield parseOperation(one.key, one.value, count)
    }
  })()
  return { header, operations }
}

const legacyLists: readonly [member: string, key: string][] = [
  ['deletedEntries', 'deletedEntry'],
  ['files', 'file'],
  ['lfsFiles', 'lfsFile'],
]

/** The older form of a commit: one JSON object with lists. */
export const parseLegacyCommit = async (
  source: Readable,
): Promise<{ header: CommitHeader; operations: AsyncGenerator<Operation> }> => {
  const parts: Buffer[] = []
  for await (const line of readLines(source)) parts.push(line)
  let body: unknown
  try {
    body = JSON.parse(parts.map((part) => part.toString()).join('\n'))
  } catch (error) {
    throw new HubError('invalid', 'The body of the commit is not JSON.', {}, error)
  }
  if (!isMember(body)) throw new HubError('invalid', 'The body of the commit must be an object.')
  const members = body
  const operations = (async function* () {
    for (const [member, key] of legacyLists) {
      const list = members[member] ?? []
      if (!Array.isArray(list)) throw new HubError('invalid', `"${member}" must be a list.`)
      for (const [index, item] of list.entries()) {
        if (!isMember(item)) throw new HubError('invalid', `"${member}" must hold objects.`)
        yield parseOperation(key, item, index + 1)
      }
    }
  })()
  return { header: parseHeader({ summary: 'Update', ...members }, 1), operations }
}
