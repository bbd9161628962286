/** Sinks of the trail by kind. */
import type { OpenSink } from '#core/ports/audit-sink.ts'
import type { Outbound } from '#core/ports/outbound.ts'
import { openHttpSink } from './http.ts'
import { openSyslogSink } from './syslog.ts'

export const makeOpenSink =
  (outbound: Outbound): OpenSink =>
  (target) =>
    target.kind === 'http' ? openHttpSink(outbound, target) : openSyslogSink(target)
