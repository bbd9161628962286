/**
 * Files into a repo from a browser or a script: which way each goes, its bytes in parts that go on where they were cut off, and one commit
 * over all. What streams is here; single calls are in the client.
 */
import { ApiError, type Client } from './client.ts'

export interface SentFile {
  /** In the repo. */
  readonly path: string
  readonly blob: Blob
}

export interface UploadParts {
  readonly hub: Client
  /** The hub's own URL. */
  readonly url: string
  /** Sends one body and tells how it goes; throws what `refusalFrom` makes of an answer that is none of 2xx. */
  readonly put: (url: string, body: Blob, how: SendHow) => Promise<void>
  /** SHA-256 of a file, in hex. */
  readonly hash: (blob: Blob, how: SendHow) => Promise<string>
}

export interface SendHow {
  readonly signal: AbortSignal
  /** Bytes of this body so far. */
  readonly onBytes: (bytes: number) => void
}

export interface UploadTarget {
  readonly type: 'model' | 'dataset' | 'space' | 'kernel'
  readonly ns: string
  readonly name: string
  readonly branch: string
}

export type FileState = 'waits' | 'hashing' | 'sending' | 'done'

export interface UploadWatch {
  readonly signal: AbortSignal
  /** `bytes` of the file are done, of the step it is in. */
  readonly onFile: (path: string, state: FileState, bytes: number) => void
}

const triesMax = 4
const sampleBytes = 512
const filesPerPlan = 500

interface Planned {
  readonly file: SentFile
  readonly isLarge: boolean
  readonly isIgnored: boolean
}

/** What the hub says of an answer that is no success. */
export const refusalFrom = (status: number, text: string): ApiError => {
  try {
    // A cast because only the hub answers here; both of its forms of a refusal are read.
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: string }
    const said =
      typeof error === 'object' && error !== null
        ? (error as { code?: string; message?: string })
        : {}
    const words = said.message ?? message ?? (typeof error === 'string' ? error : text)
    return new ApiError(status, { code: said.code ?? 'refused', message: words })
  } catch {
    return new ApiError(status, { code: 'fault', message: `The hub answered ${status}.` })
  }
}

const base64Of = async (blob: Blob): Promise<string> => {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

const apiOf = (url: string, { type, ns, name }: UploadTarget): string =>
  `${url.replace(/\/+$/, '')}/api/${type}s/${encodeURIComponent(ns)}/${encodeURIComponent(name)}`

const post = async (
  url: string,
  type: string,
  body: BodyInit,
  signal: AbortSignal,
): Promise<unknown> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
    signal,
  })
  if (!answer.ok) throw refusalFrom(answer.status, await answer.text())
  return answer.json()
}

/** Asks the hub which files it wants as they are, which as uploads, and which not at all. */
const planFiles = async (
  url: string,
  target: UploadTarget,
  files: readonly SentFile[],
  signal: AbortSignal,
): Promise<Planned[]> => {
  const planned: Planned[] = []
  for (let at = 0; at < files.length; at += filesPerPlan) {
    const some = files.slice(at, at + filesPerPlan)
    const asked = await Promise.all(
      some.map(async ({ path, blob }) => ({
        path,
        size: blob.size,
        sample: await base64Of(blob.slice(0, sampleBytes)),
      })),
    )
    const body = JSON.stringify({ files: asked })
    // A cast because this call of the hub is not in the contract.
    const answer = (await post(
      `${apiOf(url, target)}/preupload/${encodeURIComponent(target.branch)}`,
      'application/json',
      body,
      signal,
    )) as {
      files: { path: string; uploadMode: string; shouldIgnore: boolean }[]
    }
    const byPath = new Map(answer.files.map((one) => [one.path, one]))
    for (const file of some) {
      const plan = byPath.get(file.path)
      planned.push({
        file,
        isLarge: plan?.uploadMode === 'lfs',
        isIgnored: plan?.shouldIgnore === true,
      })
    }
  }
  return planned
}

const mayPass = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status >= 500 || error.status === 429

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What fails by the way is tried again, later each time; a refusal and a cancellation are not. */
const again = async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || tries >= triesMax || !mayPass(error)) throw error
      await pause(500 * 2 ** tries)
    }
  }
}

const sendParts = async (
  { hub, url, put }: UploadParts,
  target: UploadTarget,
  { file, sha256 }: { file: SentFile; sha256: string },
  watch: UploadWatch,
): Promise<void> => {
  const { path, blob } = file
  const { signal, onFile } = watch
  const begun = await again(
    () => hub.beginUpload({ ...target, sha256, sizeBytes: blob.size }),
    signal,
  )
  if (begun.state === 'present') return
  const base = url.replace(/\/+$/, '')
  const rangeOf = (number: number) =>
    blob.slice((number - 1) * begun.partBytes, Math.min(blob.size, number * begun.partBytes))
  let done = blob.size - begun.parts.reduce((sum, { number }) => sum + rangeOf(number).size, 0)
  for (const part of begun.parts) {
    const body = rangeOf(part.number)
    const before = done
    await again(
      () =>
        put(base + part.path, body, {
          signal,
          onBytes: (bytes) => onFile(path, 'sending', before + bytes),
        }),
      signal,
    )
    done += body.size
    onFile(path, 'sending', done)
  }
  const { complete } = begun
  if (complete !== null) {
    const body = JSON.stringify({ oid: sha256, parts: [] })
    await again(() => post(base + complete, 'application/vnd.git-lfs+json', body, signal), signal)
  }
}

const line = (key: string, value: object): string => `${JSON.stringify({ key, value })}\n`

/** Hashes and sends what is large, and answers the line of the commit for each file. */
const sendOne = async (
  parts: UploadParts,
  target: UploadTarget,
  { file, isLarge }: Planned,
  watch: UploadWatch,
): Promise<string> => {
  const { path, blob } = file
  const { signal, onFile } = watch
  if (!isLarge) {
    onFile(path, 'sending', 0)
    const content = await base64Of(blob)
    onFile(path, 'done', blob.size)
    return line('file', { path, content, encoding: 'base64' })
  }
  onFile(path, 'hashing', 0)
  const sha256 = await parts.hash(blob, {
    signal,
    onBytes: (bytes) => onFile(path, 'hashing', bytes),
  })
  onFile(path, 'sending', 0)
  await sendParts(parts, target, { file, sha256 }, watch)
  onFile(path, 'done', blob.size)
  return line('lfsFile', { path, algo: 'sha256', oid: sha256, size: blob.size })
}

/**
 * Sends files and commits them as one. Answers the commit, and how many files the repo's own rules left out. A second call with the same files goes
 * on where the first ended. Throws `ApiError`, or what the signal was aborted with.
 */
export const uploadFiles = async (
  parts: UploadParts,
  target: UploadTarget,
  { files, title }: { files: readonly SentFile[]; title: string },
  watch: UploadWatch,
): Promise<{ commit: string; ignored: number }> => {
  const planned = await planFiles(parts.url, target, files, watch.signal)
  const wanted = planned.filter(({ isIgnored }) => !isIgnored)
  const lines: Blob[] = [new Blob([line('header', { summary: title, description: '' })])]
  for (const one of wanted) {
    watch.signal.throwIfAborted()
    lines.push(new Blob([await sendOne(parts, target, one, watch)]))
  }
  const url = `${apiOf(parts.url, target)}/commit/${encodeURIComponent(target.branch)}`
  // A cast because this call of the hub is not in the contract.
  const answer = (await post(url, 'application/x-ndjson', new Blob(lines), watch.signal)) as {
    commitOid: string
  }
  return { commit: answer.commitOid, ignored: planned.length - wanted.length }
}
