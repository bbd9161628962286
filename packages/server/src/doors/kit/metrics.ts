/** Numbers for whoever runs the hub, in the Prometheus form. Few labels: a label for each repo would outgrow every store. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics extends Disposable {
  readonly registry: Registry
  observe(request: {
    method: string
    status: number
    seconds: number
    bytesIn: number
    bytesOut: number
  }): void
  start(): void
  stop(): void
}

export const makeMetrics = (): Metrics => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const duration = new Histogram({
    name: 'weighhouse_http_request_seconds',
    help: 'Time from a request to the end of its answer, in seconds',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
    registers,
  })
  const sent = new Counter({
    name: 'weighhouse_http_sent_bytes_total',
    help: 'Bytes of answers announced to clients',
    registers,
  })
  const received = new Counter({
    name: 'weighhouse_http_received_bytes_total',
    help: 'Bytes of request bodies announced by clients',
    registers,
  })
  const open = new Gauge({
    name: 'weighhouse_http_requests_open',
    help: 'Requests being answered now',
    registers,
  })
  return {
    registry,
    observe({ method, status, seconds, bytesIn, bytesOut }) {
      received.inc(bytesIn)
      duration.observe({ method, status: `${Math.floor(status / 100)}xx` }, seconds)
      sent.inc(bytesOut)
    },
    start: () => open.inc(),
    stop: () => open.dec(),
    [Symbol.dispose]: () => registry.clear(),
  }
}
