/** For administrators of the hub: people, what is stored, what is queued, what is held, how it is doing. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { user } from './accounts.ts'
import {
  date,
  dateOrNull,
  holdKinds,
  id,
  listOf,
  name,
  oneOf,
  page,
  repoType,
  textOrNull,
} from './parts.ts'

const newUser = Type.Object(
  {
    name,
    /** Absent for somebody who comes by a link or a provider. */
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024 })),
    fullName: Type.Optional(Type.String({ maxLength: 2_000 })),
    email: Type.Optional(Type.String({ maxLength: 320 })),
    isAdmin: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

/** Null where the store does not say. */
const bytesOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'] })

const weight = {
  /** The files as their readers get them. */
  logicalBytes: Type.Integer(),
  storedBytes: Type.Integer(),
  /** Of those, what deleting it would free. */
  exclusiveBytes: Type.Integer(),
  sharedBytes: Type.Integer(),
}

const hubWeight = Type.Object({
  repos: Type.Array(Type.Object({ type: repoType, path: Type.String(), ...weight })),
  logicalBytes: Type.Integer(),
  storedBytes: Type.Integer(),
  /** Stored bytes that no repo needs any more. */
  unneededBytes: Type.Integer(),
  /** When the last of it will be gone by itself. */
  unneededGoneAt: dateOrNull,
  freeBytes: bytesOrNull,
  countedAt: date,
})

const jobStates = ['queued', 'running', 'parked'] as const

const job = Type.Object({
  id,
  kind: Type.String(),
  /** Parked is what failed too often: it waits for a person. */
  state: oneOf(jobStates),
  attempts: Type.Integer(),
  runAt: date,
  createdAt: date,
  lastError: textOrNull,
})

const held = Type.Object({
  type: repoType,
  path: Type.String(),
  kind: oneOf(holdKinds),
})

export const adminCalls = {
  createUser: call({ method: 'POST', path: '/users', body: newUser, answer: user }),
  /** Ends every access at once. */
  disableUser: call({ method: 'DELETE', path: '/users/:name' }),
  /** A link, good once and for a day, by which somebody sets a new password. */
  offerRecovery: call({
    method: 'POST',
    path: '/users/:name/recovery',
    body: Type.Object({ dropsSecondFactor: Type.Optional(Type.Boolean()) }),
    answer: Type.Object({ url: Type.String() }),
  }),
  /** Counts every repo: it takes as long as there are many. */
  weighHub: call({ method: 'GET', path: '/admin/storage', answer: hubWeight }),
  /** Those that failed first, then in the order in which they run. */
  listJobs: call({
    method: 'GET',
    path: '/admin/jobs',
    answer: Type.Object({
      counts: Type.Array(Type.Object({ state: oneOf(jobStates), count: Type.Integer() })),
      items: Type.Array(job),
    }),
  }),
  /** Lets one that is parked run again, now. */
  retryJob: call({ method: 'POST', path: '/admin/jobs/:id/retry' }),
  listHolds: call({ method: 'GET', path: '/holds', query: page, answer: listOf(held) }),
  getHealth: call({
    method: 'GET',
    path: '/admin/health',
    answer: Type.Object({
      isReady: Type.Boolean(),
      problem: textOrNull,
      version: Type.String(),
      node: Type.String(),
      database: oneOf(['sqlite', 'postgres']),
      freeBytes: bytesOrNull,
      jobs: Type.Array(Type.Object({ state: oneOf(jobStates), count: Type.Integer() })),
    }),
  }),
} as const
