/** Sinks of the trail by kind. */
import type { OpenSink } from '#core/ports/audit-sink.ts'
import { openHttpSink } from './http.ts'
import { openSyslogSink } from './syslog.ts'

export const openSink: OpenSink = (target) =>
  target.kind === 'http' ? openHttpSink(target) : openSyslogSink(target)
