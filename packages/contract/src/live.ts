/**
 * News for the pages of somebody who is signed in: that something changed, never what. A stream of events (`text/event-stream`), which is
 * listened to and not called.
 */
import { ApiError } from './client.ts'
import { refusalFrom } from './upload.ts'

/** Below `/weighhouse/v1`. */
export const livePath = '/live'

export interface LiveChange {
  readonly topic: 'repo' | 'requests' | 'agreement' | 'approvals' | 'jobs'
  /** `model/lab/retina`, an agreement's id, an organisation's name; null for all of the topic. */
  readonly id: string | null
}

/** `beat` says that the stream lives, `reload` that anything may have changed: too much was missed. */
export interface LiveNews {
  readonly kind: 'beat' | 'changes' | 'reload'
  /** Given back after a cut, to hear what was missed. */
  readonly place: string
  readonly changes: readonly LiveChange[]
}

/** As lines of the stream. */
export const formatNews = ({ kind, place, changes }: LiveNews): string =>
  `id: ${place}\nevent: ${kind}\ndata: ${JSON.stringify({ changes })}\n\n`

const eventCharsMax = 1024 * 1024

/** One event of the stream: its lines, without the empty one. Undefined for what is none of ours, such as a comment. */
const parseNews = (lines: string): LiveNews | undefined => {
  const fields = new Map(
    lines.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()] as const
    }),
  )
  const kind = fields.get('event')
  const place = fields.get('id')
  if (place === undefined) return undefined
  if (kind !== 'beat' && kind !== 'changes' && kind !== 'reload') return undefined
  // A cast because only the hub answers.
  const { changes } = JSON.parse(fields.get('data') ?? '{"changes":[]}') as Pick<
    LiveNews,
    'changes'
  >
  return { kind, place, changes }
}

/** Events of a body as they come. Throws where one is endless. */
export async function* readNews(body: ReadableStream<Uint8Array>): AsyncGenerator<LiveNews> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const events = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/)
      rest = events.pop() ?? ''
      if (rest.length > eventCharsMax) throw new Error('An event of the stream has no end.')
      for (const lines of events) {
        const news = parseNews(lines)
        if (news !== undefined) yield news
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

export interface ListenOptions {
  /** The hub's own URL. */
  readonly url: string
  readonly signal: AbortSignal
  readonly after?: string
  readonly fetch?: typeof fetch
}

/** News until the stream ends: begin again then, with the last `place`. Throws `ApiError` where nobody is signed in. */
export async function* listenTo({
  url,
  signal,
  after,
  fetch: send = fetch,
}: ListenOptions): AsyncGenerator<LiveNews> {
  const response = await send(`${url.replace(/\/+$/, '')}/weighhouse/v1${livePath}`, {
    signal,
    headers: {
      accept: 'text/event-stream',
      ...(after === undefined ? {} : { 'last-event-id': after }),
    },
  })
  if (!response.ok) throw refusalFrom(response.status, await response.text())
  if (response.body === null) throw new ApiError(502, { code: 'fault', message: 'No stream came.' })
  yield* readNews(response.body)
}
