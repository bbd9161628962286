/** An organisation's directory: how it is doing, and the end of its brake. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { dateOrNull } from './parts.ts'

export const directoryCalls = {
  getDirectory: call({
    method: 'GET',
    path: '/orgs/:org/directory',
    answer: Type.Object({
      users: Type.Integer(),
      activeUsers: Type.Integer(),
      groups: Type.Integer(),
      changedAt: dateOrNull,
      /** Since when it deactivates nobody any more, because it had ended more than half of the people within an hour. */
      brakedSince: dateOrNull,
    }),
  }),
  /** For a person: a service account is refused. */
  resumeDirectory: call({ method: 'POST', path: '/orgs/:org/directory/resume' }),
} as const
