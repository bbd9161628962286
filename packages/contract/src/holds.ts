/** Holds: what the hub's administrators place above everybody's rights in a repo. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { holdKinds } from './parts.ts'

export const holdCalls = {
  /** Null lifts it. For administrators of the hub. */
  setHold: call({
    method: 'PUT',
    path: '/repos/:type/:ns/:name/hold',
    body: Type.Object({
      kind: Type.Unsafe<(typeof holdKinds)[number] | null>({ enum: [...holdKinds, null] }),
      reason: Type.String({ minLength: 1, maxLength: 2_000 }),
    }),
  }),
} as const
