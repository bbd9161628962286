/** What every use case gets first: who asks, under which request, until when. Immutable and free of collaborators. */
import type { Actor } from './actor.ts'

/** Structured log sink. Values must be plain data; secrets never go in. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface Ctx {
  readonly actor: Actor
  readonly requestId: string
  /** By which door the request came; undefined for the hub's own work. */
  readonly door?: string
  /** Address of the client. */
  readonly ip?: string
  /** Aborted when the caller has gone or the hub stops. */
  readonly signal: AbortSignal
  readonly log: Log
}
