/** Entries of the trail: from events and denials to rows, and from rows to what people and programs read. */
import type { NewRow, Row } from '#db/schema.ts'
import type { HubEvent } from '../events/index.ts'
import type { Actor } from '../kernel/actor.ts'
import { actorIdOf } from '../kernel/actor.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { isoDate } from '../kernel/time.ts'
import type { TrailLine } from '../ports/audit-sink.ts'

/** One act or denial. */
export interface Entry {
  readonly seq: number
  readonly atMs: number
  readonly outcome: 'done' | 'denied'
  /** The event's name, or the action that was denied. */
  readonly act: string
  readonly actor: { readonly id: string | undefined; readonly name: string | undefined }
  /** The organisation the actor acted for. */
  readonly behalfId: string | undefined
  readonly tokenId: string | undefined
  readonly door: string | undefined
  readonly ip: string | undefined
  readonly target: {
    readonly kind: 'repo' | 'account' | 'hub' | undefined
    readonly id: string | undefined
    readonly path: string | undefined
  }
  readonly reason: string | undefined
  readonly requestId: string
  readonly details: object
}

export type NewEntry = Omit<NewRow<'audit_entry'>, 'seq'>

export interface Denial {
  readonly act: string
  readonly reason: string
  readonly target: {
    readonly kind: 'repo' | 'account' | 'hub' | null
    readonly path: string | null
  }
}

const actorName = (actor: Actor): string | null => (actor.kind === 'anonymous' ? null : actor.name)

export const entryOfDenial = (ctx: Ctx, denial: Denial, atMs: number): NewEntry => ({
  event_seq: null,
  at_ms: atMs,
  outcome: 'denied',
  act: denial.act,
  actor_id: actorIdOf(ctx.actor) ?? null,
  actor_name: actorName(ctx.actor),
  behalf_id: ctx.actor.kind === 'user' ? (ctx.actor.serviceOf ?? null) : null,
  token_id: ctx.actor.kind === 'user' ? (ctx.actor.token?.id ?? null) : null,
  door: ctx.door ?? null,
  ip: ctx.ip ?? null,
  target_kind: denial.target.kind,
  target_id: null,
  target_path: denial.target.path,
  owner_id: null,
  reason: denial.reason,
  request_id: ctx.requestId,
  details: '{}',
})

/** What an event happened to, as far as it says. */
export interface EventTarget {
  readonly kind: 'repo' | 'account' | 'hub'
  readonly id: string | null
  readonly path: string | null
  readonly ownerId: string | null
}

export const entryOfEvent = (
  event: HubEvent,
  target: EventTarget,
  name: string | null,
): NewEntry => ({
  event_seq: event.seq,
  at_ms: event.atMs,
  outcome: 'done',
  act: event.name,
  actor_id: event.actorId ?? null,
  actor_name: name,
  behalf_id: event.behalfId ?? null,
  token_id: event.tokenId ?? null,
  door: event.door ?? null,
  ip: event.ip ?? null,
  target_kind: target.kind,
  target_id: target.id,
  target_path: target.path,
  owner_id: target.ownerId,
  reason: null,
  request_id: event.requestId,
  details: JSON.stringify(event.payload),
})

export const toEntry = (row: Row<'audit_entry'>): Entry => ({
  seq: row.seq,
  atMs: row.at_ms,
  outcome: row.outcome,
  act: row.act,
  actor: { id: row.actor_id ?? undefined, name: row.actor_name ?? undefined },
  behalfId: row.behalf_id ?? undefined,
  tokenId: row.token_id ?? undefined,
  door: row.door ?? undefined,
  ip: row.ip ?? undefined,
  target: {
    kind: row.target_kind ?? undefined,
    id: row.target_id ?? undefined,
    path: row.target_path ?? undefined,
  },
  reason: row.reason ?? undefined,
  requestId: row.request_id,
  // A cast because only this room writes the column.
  details: JSON.parse(row.details) as object,
})

/** The members of a line, in the order of the columns of a CSV export. */
const lineMembers = [
  'seq',
  'at',
  'outcome',
  'act',
  'actorId',
  'actor',
  'onBehalfOf',
  'tokenId',
  'door',
  'ip',
  'targetKind',
  'targetId',
  'target',
  'reason',
  'requestId',
  'details',
] as const

export const toLine = (entry: Entry): TrailLine => ({
  seq: entry.seq,
  at: isoDate(entry.atMs),
  outcome: entry.outcome,
  act: entry.act,
  actorId: entry.actor.id ?? null,
  actor: entry.actor.name ?? null,
  onBehalfOf: entry.behalfId ?? null,
  tokenId: entry.tokenId ?? null,
  door: entry.door ?? null,
  ip: entry.ip ?? null,
  targetKind: entry.target.kind ?? null,
  targetId: entry.target.id ?? null,
  target: entry.target.path ?? null,
  reason: entry.reason ?? null,
  requestId: entry.requestId,
  details: entry.details,
})

/** RFC 4180. A cell that a spreadsheet would run as a formula begins with an apostrophe. */
const cell = (value: string | number | object | null | undefined): string => {
  if (value === null || value === undefined) return ''
  const raw = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(raw) ? `'${raw}` : raw
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csvHead = `${lineMembers.join(',')}\r\n`

export const formatCsv = (line: TrailLine): string =>
  `${lineMembers.map((member) => cell(line[member])).join(',')}\r\n`
