/** Sending the trail as it grows: each sink keeps the number of the last entry it has taken, and gets all above it, at least once. */
import type { Database } from '#db/connect.ts'
import type { Row } from '#db/schema.ts'
import type { Log } from '../kernel/ctx.ts'
import type { AuditSinkId, IdMaker } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Sealer } from '../kernel/seal.ts'
import type { Clock } from '../kernel/time.ts'
import type { OpenSink } from '../ports/audit-sink.ts'
import * as sql from './audit.sql.ts'
import { toEntry, toLine } from './entry.ts'

export interface SinkInfo {
  readonly id: AuditSinkId
  readonly kind: 'syslog' | 'http'
  readonly target: string
  readonly isSigned: boolean
  /** Entries up to this one have been taken. */
  readonly afterSeq: number
  readonly lastError: string | undefined
  readonly createdAtMs: number
}

export interface Sinks {
  add(sink: { kind: 'syslog' | 'http'; target: string; secret?: string }): Promise<SinkInfo>
  list(): Promise<SinkInfo[]>
  remove(id: AuditSinkId): Promise<boolean>
  deliver(signal: AbortSignal): Promise<void>
}

export interface SinksDeps {
  readonly db: Database
  readonly clock: Clock
  readonly ids: IdMaker
  readonly log: Log
  readonly openSink: OpenSink
  readonly sealer: Sealer
}

const toInfo = (row: Row<'audit_sink'>): SinkInfo => ({
  id: row.id,
  kind: row.kind,
  target: row.target,
  isSigned: row.secret_sealed !== null,
  afterSeq: row.after_seq,
  lastError: row.last_error ?? undefined,
  createdAtMs: row.created_at_ms,
})

export const makeSinks = ({ db, clock, ids, log, openSink, sealer }: SinksDeps): Sinks => {
  const secretOf = (row: Row<'audit_sink'>): string | undefined =>
    row.secret_sealed === null ? undefined : sealer.unseal(row.secret_sealed)

  const feed = async (row: Row<'audit_sink'>, signal: AbortSignal): Promise<void> => {
    const sink = openSink({ kind: row.kind, target: row.target, secret: secretOf(row) })
    let above = row.after_seq
    while (!signal.aborted) {
      const rows = await sql.entries(db.read, {}, { above, limit: limits.auditBatchMax })
      const last = rows.at(-1)
      if (last === undefined) return
      await sink.deliver(
        rows.map((one) => toLine(toEntry(one))),
        signal,
      )
      above = last.seq
      await db.tx((q) => sql.noteDelivery(q, row.id, { after_seq: last.seq, last_error: null }))
    }
  }

  return {
    async add({ kind, target, secret }) {
      openSink({ kind, target, secret })
      const row: Row<'audit_sink'> = {
        id: ids<AuditSinkId>(),
        kind,
        target,
        secret_sealed: secret === undefined ? null : sealer.seal(secret),
        after_seq: await sql.lastEntrySeq(db.read),
        last_error: null,
        created_at_ms: clock.nowMs(),
        disabled_at_ms: null,
      }
      await db.tx((q) => sql.insertSink(q, row))
      return toInfo(row)
    },

    list: async () => (await sql.sinks(db.read)).map(toInfo),

    remove: (id) => db.tx((q) => sql.deleteSink(q, id)),

    async deliver(signal) {
      for (const row of await sql.sinks(db.read)) {
        try {
          await feed(row, signal)
        } catch (error) {
          if (signal.aborted) return
          const message = error instanceof Error ? error.message : String(error)
          log.warn({ sink: row.id, target: row.target, problem: message }, 'a sink takes nothing')
          await db.tx((q) => sql.noteDelivery(q, row.id, { last_error: message.slice(0, 500) }))
        }
      }
    },
  }
}
