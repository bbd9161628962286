/**
 * The way out: every request that this hub sends to another server. Driver: `outbound/http`.
 *
 * Invariants: a redirect is an answer and is never followed; a name is resolved once, and the address that was looked at is the one that is
 * connected to; plain http reaches this machine only.
 */

export interface OutboundRequest {
  /** https, or http to this machine. */
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The longest body that is read. */
  readonly bytesMax: number
  /**
   * May it lead into networks that are not the internet's: this machine, private and link-local ranges? Only where an administrator of the
   * hub named the address, or allowed it for all.
   */
  readonly mayBePrivate: boolean
  readonly signal?: AbortSignal
}

export interface OutboundAnswer {
  /** Never a redirect. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Whole: at most `bytesMax`. */
  readonly body: Buffer<ArrayBuffer>
}

export type OutboundProblem =
  | 'forbidden_url'
  | 'forbidden_address'
  | 'redirected'
  | 'too_large'
  | 'stalled'
  | 'unreachable'

/** Why there is no answer. The message names the host and may be shown to an administrator. */
export class OutboundError extends Error {
  readonly problem: OutboundProblem

  constructor(problem: OutboundProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'OutboundError'
    this.problem = problem
  }
}

export interface Outbound {
  /** Errors: `OutboundError`; the signal's reason when it was aborted. */
  send(request: OutboundRequest): Promise<OutboundAnswer>
}
