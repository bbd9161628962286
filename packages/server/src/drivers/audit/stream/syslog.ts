/** Sends the trail to a log server: RFC 5424 messages over TCP with octet counting (RFC 6587 §3.4.1), or over UDP (RFC 5426). */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { hostname } from 'node:os'
import { HubError } from '#core/kernel/errors.ts'
import type { OpenSink, TrailLine } from '#core/ports/audit-sink.ts'

/** Facility 13, log audit; severity 6 for what was done, 4 for what was denied. */
const priority = (line: TrailLine): number => 13 * 8 + (line['outcome'] === 'denied' ? 4 : 6)

const plain = (text: string): string => text.replace(/[^\x21-\x7e]/g, '-').slice(0, 255) || '-'

/** One message. The body is JSON, whose text is UTF-8 and therefore marked by a BOM, as the RFC asks. */
const formatSyslog = (line: TrailLine, host: string): Buffer => {
  const head = `<${priority(line)}>1 ${JSON.stringify(line['at']).replaceAll('"', '')} ${plain(host)} weighhouse - ${plain(JSON.stringify(line['act']).replaceAll('"', ''))} -`
  return Buffer.from(`${head} \ufeff${JSON.stringify(line)}`)
}

const deliveryMs = 10_000
const datagramBytesMax = 65_000

const parseTarget = (text: string): { protocol: 'tcp' | 'udp'; host: string; port: number } => {
  const url = URL.parse(text)
  const port = Number(url?.port || 514)
  const protocol = url?.protocol === 'tcp:' ? 'tcp' : url?.protocol === 'udp:' ? 'udp' : undefined
  if (url === null || protocol === undefined || url.hostname === '') {
    throw new HubError(
      'invalid',
      `A log server is named tcp://host:port or udp://host:port, found "${text}".`,
    )
  }
  return { protocol, host: url.hostname.replace(/^\[|\]$/g, ''), port }
}

const sendTcp = async (
  { host, port }: { host: string; port: number },
  messages: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> => {
  const socket = connect({ host, port })
  const stop = AbortSignal.any([signal, AbortSignal.timeout(deliveryMs)])
  stop.addEventListener('abort', () => socket.destroy(new Error('the log server did not take it')))
  try {
    await once(socket, 'connect')
    const frames = messages.flatMap((message) => [Buffer.from(`${message.length} `), message])
    // The callback comes when the system has taken all; that the server closes cleanly says that it has read them.
    socket.end(Buffer.concat(frames)) // bounded: a batch
    socket.resume()
    await once(socket, 'close')
    if (socket.errored !== null) throw socket.errored
  } finally {
    socket.destroy()
  }
}

const sendUdp = async (
  { host, port }: { host: string; port: number },
  messages: readonly Buffer[],
): Promise<void> => {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    for (const message of messages) {
      const whole = message.subarray(0, datagramBytesMax)
      await new Promise<void>((resolve, reject) => {
        socket.send(whole, port, host, (error) => (error === null ? resolve() : reject(error)))
      })
    }
  } finally {
    socket.close()
  }
}

export const openSyslogSink: OpenSink = ({ target }) => {
  const address = parseTarget(target)
  const host = hostname()
  return {
    async deliver(lines, signal) {
      const messages = lines.map((line) => formatSyslog(line, host))
      await (address.protocol === 'tcp'
        ? sendTcp(address, messages, signal)
        : sendUdp(address, messages))
    },
  }
}
