/** The audit trail: the hub's, an organisation's, one's own; and where it is sent. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, id, listOf, oneOf, page } from './parts.ts'

const maybe = Type.Optional(Type.String())

const entry = Type.Object({
  /** Rises with each entry. */
  seq: Type.Integer(),
  at: date,
  outcome: oneOf(['done', 'denied']),
  /** The event's name, or the action that was denied. */
  act: Type.String(),
  actor: Type.Object({ id: maybe, name: maybe }),
  /** The organisation the actor acted for. */
  behalfId: maybe,
  tokenId: maybe,
  door: maybe,
  ip: maybe,
  target: Type.Object({
    kind: Type.Optional(oneOf(['repo', 'account', 'hub'])),
    id: maybe,
    path: maybe,
  }),
  reason: maybe,
  requestId: Type.String(),
  details: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
})

const word = Type.Optional(Type.String({ maxLength: 256 }))

/** What entries are looked for by; `since` is included, `until` is not. */
const trailFilter = {
  actor: word,
  act: word,
  outcome: Type.Optional(oneOf(['done', 'denied'])),
  target: word,
  since: Type.Optional(date),
  until: Type.Optional(date),
}

const wanted = Type.Object({ ...page.properties, ...trailFilter })
const answer = listOf(entry)

const sink = Type.Object({
  id,
  kind: oneOf(['syslog', 'http']),
  target: Type.String(),
  isSigned: Type.Boolean(),
  /** Entries up to this one have been taken. */
  afterSeq: Type.Integer(),
  lastError: maybe,
  createdAt: date,
})

export const auditCalls = {
  /** For administrators of the hub. */
  listTrail: call({ method: 'GET', path: '/audit', query: wanted, answer }),
  listMyTrail: call({ method: 'GET', path: '/me/audit', query: wanted, answer }),
  listOrgTrail: call({ method: 'GET', path: '/orgs/:org/audit', query: wanted, answer }),
  listSinks: call({ method: 'GET', path: '/audit/sinks', query: page, answer: listOf(sink) }),
  addSink: call({
    method: 'POST',
    path: '/audit/sinks',
    body: Type.Object(
      {
        kind: oneOf(['syslog', 'http']),
        /** `tcp://host:port`, `udp://host:port`, an https URL, or an http one of the hub's own machine. */
        target: Type.String({ minLength: 1, maxLength: 2048 }),
        /** Signs what is posted. */
        secret: Type.Optional(Type.String({ minLength: 8, maxLength: 512 })),
      },
      { additionalProperties: false },
    ),
    answer: sink,
  }),
  removeSink: call({ method: 'DELETE', path: '/audit/sinks/:id' }),
} as const
