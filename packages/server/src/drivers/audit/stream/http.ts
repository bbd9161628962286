/** Posts the trail as JSON lines. With a secret, the body is signed, so that the receiver knows whose it is. */
import { createHmac } from 'node:crypto'
import { HubError } from '#core/kernel/errors.ts'
import type { OpenSink } from '#core/ports/audit-sink.ts'

const answerMs = 30_000

const parseUrl = (text: string): URL => {
  const url = URL.parse(text)
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url
  throw new HubError('invalid', `An http or https URL is expected, found "${text}".`)
}

export const openHttpSink: OpenSink = ({ target, secret }) => {
  const url = parseUrl(target)
  return {
    async deliver(lines, signal) {
      const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      const signature =
        secret === undefined
          ? {}
          : {
              'x-weighhouse-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
            }
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', ...signature },
        body,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
      })
      await answer.body?.cancel()
      if (!answer.ok) throw new Error(`the endpoint answered ${answer.status}`)
    },
  }
}
