/** What waits for the caller, for the page that people arrive at. */
import type { Act } from '@weighhouse/formats/agreement/sayable.ts'
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id } from './parts.ts'

export const waitingCalls = {
  /** In all organisations that the caller administers, up to fifty of each: agreements newest first, duties by date. */
  listWaiting: call({
    method: 'GET',
    path: '/me/waiting',
    answer: Type.Object({
      agreements: Type.Array(
        Type.Object({
          id,
          title: Type.String(),
          /** The organisation that is waited for. */
          org: Type.String(),
          others: Type.Array(Type.String()),
          /** What it could say now. */
          may: Type.Array(Type.Unsafe<Act>({ type: 'string' })),
          since: date,
        }),
      ),
      duties: Type.Array(
        Type.Object({
          agreement: id,
          title: Type.String(),
          org: Type.String(),
          name: Type.String(),
          /** Shown by the party that owes it, for the organisation to answer; else the organisation owes it. */
          isToAnswer: Type.Boolean(),
          isOverdue: Type.Boolean(),
          due: dateOrNull,
        }),
      ),
    }),
  }),
} as const
