/** Single sign-on: the providers of the hub and of organisations. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, listOf, name, page, role, textOrNull } from './parts.ts'

const text = Type.String({ minLength: 1, maxLength: 256 })

/** Who is in the group gets the role, or a place in the team. */
const rule = Type.Union([
  Type.Object({ group: text, org: name, role }, { additionalProperties: false }),
  Type.Object({ group: text, org: name, team: name }, { additionalProperties: false }),
])

const settings = {
  issuer: Type.String({ minLength: 1, maxLength: 1_024 }),
  clientId: Type.String({ minLength: 1, maxLength: 512 }),
  /** Words with spaces between them, `openid` among them. */
  scopes: Type.String({ minLength: 1, maxLength: 512 }),
  /** The claim that holds the groups. */
  groupsClaim: text,
  rules: Type.Array(rule, { maxItems: 500 }),
  /** Only verified addresses that end so are let in; all when there are none. */
  mailDomains: Type.Array(Type.String({ maxLength: 253 }), { maxItems: 100 }),
  /** Does who comes for the first time get an account? */
  createsAccounts: Type.Boolean(),
  isDisabled: Type.Boolean(),
}

const provider = Type.Object({
  id,
  name: Type.String(),
  ...settings,
  hasSecret: Type.Boolean(),
  createdAt: date,
})

const secret = Type.Optional(
  Type.Unsafe<string | null>({ type: ['string', 'null'], minLength: 1, maxLength: 1_024 }),
)

const wish = Type.Partial(Type.Object(settings))

const newProvider = Type.Object(
  {
    ...wish.properties,
    name: Type.String({ minLength: 1, maxLength: 64 }),
    issuer: settings.issuer,
    clientId: settings.clientId,
    secret,
  },
  { additionalProperties: false },
)

/** What is absent stays; `secret: null` takes it away. */
const change = Type.Object({ ...wish.properties, secret }, { additionalProperties: false })

/** What a provider says of itself. */
const found = Type.Object({
  issuer: Type.String(),
  authorizationEndpoint: Type.String(),
  tokenEndpoint: Type.String(),
  hasUserinfo: Type.Boolean(),
  keys: Type.Integer(),
  algorithms: Type.Array(Type.String()),
  hasPkce: Type.Boolean(),
})

/** Who one is at a provider. */
const identity = Type.Object({
  provider: Type.String(),
  email: textOrNull,
  createdAt: date,
  usedAt: dateOrNull,
})

const hub = '/sso/providers'
const org = '/orgs/:org/sso/providers'
const list = listOf(provider)

export const ssoCalls = {
  /** For administrators of the hub. */
  listSsoProviders: call({ method: 'GET', path: hub, query: page, answer: list }),
  addSsoProvider: call({ method: 'POST', path: hub, body: newProvider, answer: provider }),
  setSsoProvider: call({
    method: 'PATCH',
    path: `${hub}/:provider`,
    body: change,
    answer: provider,
  }),
  removeSsoProvider: call({ method: 'DELETE', path: `${hub}/:provider` }),
  /** Asks the provider about itself. */
  testSsoProvider: call({ method: 'GET', path: `${hub}/:provider/test`, answer: found }),
  /** Where one's own account may be signed in from. */
  listMySsoIdentities: call({
    method: 'GET',
    path: '/me/sso',
    query: page,
    answer: listOf(identity),
  }),
  removeMySsoIdentity: call({ method: 'DELETE', path: '/me/sso/:provider' }),
  /** For administrators of the organisation. */
  listOrgSsoProviders: call({ method: 'GET', path: org, query: page, answer: list }),
  addOrgSsoProvider: call({ method: 'POST', path: org, body: newProvider, answer: provider }),
  setOrgSsoProvider: call({
    method: 'PATCH',
    path: `${org}/:provider`,
    body: change,
    answer: provider,
  }),
  removeOrgSsoProvider: call({ method: 'DELETE', path: `${org}/:provider` }),
  testOrgSsoProvider: call({ method: 'GET', path: `${org}/:provider/test`, answer: found }),
} as const
