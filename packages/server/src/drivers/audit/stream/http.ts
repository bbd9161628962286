/** Posts the trail as JSON lines. With a secret, the body is signed, so that the receiver knows whose it is. */
import { createHmac } from 'node:crypto'
import { HubError } from '#core/kernel/errors.ts'
import { isLoopbackHost } from '#core/kernel/ip-ranges.ts'
import type { AuditSink, SinkTarget } from '#core/ports/audit-sink.ts'
import type { Outbound } from '#core/ports/outbound.ts'

/** What an endpoint says back is of no use; more than this is a mistake. */
const answerBytesMax = 64 * 1024

const parseUrl = (text: string): URL => {
  const url = URL.parse(text)
  const isPlain = url?.protocol === 'http:' && isLoopbackHost(url.hostname)
  if (url?.protocol === 'https:' || (isPlain && url !== null)) return url
  throw new HubError(
    'invalid',
    `An https URL is expected, or an http one of this machine; found "${text}".`,
  )
}

export const openHttpSink = (outbound: Outbound, { target, secret }: SinkTarget): AuditSink => {
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
      const { status } = await outbound.send({
        url,
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', ...signature },
        body,
        bytesMax: answerBytesMax,
        // An administrator of the hub named it.
        mayBePrivate: true,
        signal,
      })
      if (status < 200 || status > 299) throw new Error(`the endpoint answered ${status}`)
    },
  }
}
