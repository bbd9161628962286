/** What the hub says of itself to whoever asks. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { textOrNull } from './parts.ts'

const provider = Type.Object({
  name: Type.String(),
  /** The organisation whose people it vouches for; null for the hub's own. */
  org: textOrNull,
})

const hubFacts = Type.Object({
  name: Type.String(),
  version: Type.String(),
  /** Under which clients reach it, as the caller's own way says. */
  url: Type.String(),
  /** False until there is an account. */
  isSetUp: Type.Boolean(),
  providers: Type.Array(provider),
})

export const hubCalls = {
  /** `org` adds the providers of one organisation. */
  getHub: call({
    method: 'GET',
    path: '/hub',
    query: Type.Object({ org: Type.Optional(Type.String({ maxLength: 256 })) }),
    answer: hubFacts,
  }),
  /** Makes the first administrator, by the code that the terminal printed. The answer sets the cookie of a session. */
  setUp: call({
    method: 'POST',
    path: '/setup',
    body: Type.Object({
      code: Type.String({ minLength: 1, maxLength: 256 }),
      name: Type.String({ minLength: 1, maxLength: 256 }),
      password: Type.String({ minLength: 1, maxLength: 1_024 }),
    }),
    answer: Type.Object({
      name: Type.String(),
      /** Shown once. */
      token: Type.String(),
    }),
  }),
} as const
