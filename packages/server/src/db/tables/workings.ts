/** Events, jobs and the audit trail. */
import type { AuditSinkId, JobId } from '#core/kernel/ids.ts'

export interface EventTable {
  seq: number
  name: string
  at_ms: number
  actor_id: string | null
  repo_id: string | null
  request_id: string
  /** JSON object: ids and facts. */
  payload: string
  /** By which door it came; null for the hub itself. */
  door: string | null
  token_id: string | null
  /** The organisation the actor acted for. */
  behalf_id: string | null
  ip: string | null
}

export interface EventCursorTable {
  consumer: string
  seq: number
}

export interface JobTable {
  id: JobId
  kind: string
  /** The same work queued twice is one row. */
  work_key: string
  payload: string
  state: 'queued' | 'running' | 'parked'
  run_at_ms: number
  attempts: number
  lease_until_ms: number | null
  last_error: string | null
  created_at_ms: number
}

/** audit: acts, from the events, and denials, from the doors. May be pruned by age; events are not. */
export interface AuditEntryTable {
  /** In the order of writing: a sink that has sent n misses none below. */
  seq: number
  /** The event it tells of; null for a denial. */
  event_seq: number | null
  at_ms: number
  outcome: 'done' | 'denied'
  /** Event name, or the action that was denied. */
  act: string
  actor_id: string | null
  actor_name: string | null
  behalf_id: string | null
  token_id: string | null
  door: string | null
  ip: string | null
  target_kind: 'repo' | 'account' | 'hub' | null
  target_id: string | null
  target_path: string | null
  /** Whose namespace it happened in: who may read it there. */
  owner_id: string | null
  reason: string | null
  request_id: string
  /** JSON object. */
  details: string
}

/** audit: where entries are sent as they come. */
export interface AuditSinkTable {
  id: AuditSinkId
  kind: 'syslog' | 'http'
  target: string
  secret_sealed: string | null
  /** The last entry that was delivered. */
  after_seq: number
  last_error: string | null
  created_at_ms: number
  disabled_at_ms: number | null
}

export interface MetaTable {
  key: string
  value: string
}

export interface WorkingsTables {
  event: EventTable
  event_cursor: EventCursorTable
  job: JobTable
  audit_entry: AuditEntryTable
  audit_sink: AuditSinkTable
  meta: MetaTable
}
