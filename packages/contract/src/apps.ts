/** Apps that ask people for tokens: one's own, and those that one has allowed. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, listOf, page, textOrNull } from './parts.ts'

export const app = Type.Object({
  /** Its client id. */
  id,
  name: Type.String(),
  website: textOrNull,
  redirectUris: Type.Array(Type.String()),
  /** Does it prove itself with a secret? */
  isConfidential: Type.Boolean(),
  createdAt: date,
  /** When it was last given something. */
  usedAt: dateOrNull,
})

const newApp = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    redirectUris: Type.Array(Type.String({ maxLength: 1_024 }), { minItems: 1, maxItems: 20 }),
    website: Type.Optional(Type.String({ maxLength: 1_024 })),
    /** Only for apps that can keep a secret: those that run on a server. */
    isConfidential: Type.Optional(Type.Boolean({ default: false })),
  },
  { additionalProperties: false },
)

/** The secret is shown once; null for a public app. */
const issuedApp = Type.Object({ app, secret: textOrNull })

const allowedApp = Type.Object({
  id,
  name: Type.String(),
  website: textOrNull,
  /** None for a command line that was let in by a code: it acts with all that the account may do. */
  scopes: Type.Array(Type.String()),
  since: date,
})

export const appCalls = {
  listApps: call({ method: 'GET', path: '/apps', query: page, answer: listOf(app) }),
  createApp: call({ method: 'POST', path: '/apps', body: newApp, answer: issuedApp }),
  /** The old secret ends at once. */
  rotateAppSecret: call({ method: 'POST', path: '/apps/:id/rotate', answer: issuedApp }),
  /** Ends every token that it was given. */
  deleteApp: call({ method: 'DELETE', path: '/apps/:id' }),
  listAllowedApps: call({
    method: 'GET',
    path: '/allowed-apps',
    query: page,
    answer: listOf(allowedApp),
  }),
  /** Ends the app's tokens for the caller; it has to ask again. */
  endAllowedApp: call({ method: 'DELETE', path: '/allowed-apps/:id' }),
} as const
