/** Where the trail is sent as it grows: a log server or an HTTP endpoint. Driver: `audit/stream`. */

/** One entry, as exports and streams write it: a flat object of plain values. */
export type TrailLine = Readonly<Record<string, string | number | object | null>>

export interface AuditSink {
  /**
   * Resolves when every line has been taken; rejects when one may not have been, and then all are sent again: delivery is at least
   * once, in order of `seq`.
   */
  deliver(lines: readonly TrailLine[], signal: AbortSignal): Promise<void>
}

export interface SinkTarget {
  readonly kind: 'syslog' | 'http'
  /** `tcp://host:port` or `udp://host:port`; an https URL, or an http one of this machine. */
  readonly target: string
  /** Signs what is posted. */
  readonly secret: string | undefined
}

/** Errors: `invalid` for a target that the kind does not take. */
export type OpenSink = (target: SinkTarget) => AuditSink
