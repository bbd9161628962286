/** Why somebody may or may not, what a text would permit before it is signed, and what a counter changes. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { agreementWish } from './agreements.ts'
import { date, dateOrNull, id, name, oneOf, page, repoType, textOrNull } from './parts.ts'

const actions = ['repo.see', 'repo.browse', 'repo.read', 'repo.write', 'repo.admin'] as const
const text = Type.String()
const strength = oneOf(['E', 'M', 'A', 'N'])
const change = oneOf(['added', 'removed', 'changed'])

/** One agreement that does not permit, its clause, what was needed and what was found. */
const miss = Type.Object({
  agreement: id,
  title: text,
  code: text,
  clause: Type.Union([Type.Object({ id: text, title: text, text, strength }), Type.Null()]),
  needed: textOrNull,
  actual: textOrNull,
  /** Of one that was paused or ended: who did it, when, why. `by` is null for the hub and its clock. */
  said: Type.Union([Type.Object({ by: textOrNull, at: date, reason: textOrNull }), Type.Null()]),
})

const explanation = Type.Object({
  decision: oneOf(['permit', 'deny']),
  /** Stable: `OK_OWNER`, `OK_PUBLIC`, `OK_AGREEMENT`, or why not. */
  code: text,
  repo: Type.Object({ type: repoType, path: text }),
  action: oneOf(actions),
  as: Type.Union([Type.Object({ name, kind: oneOf(['user', 'org']) }), Type.Null()]),
  /** In the order they are asked. */
  layers: Type.Array(
    Type.Object({
      layer: text,
      said: oneOf(['permit', 'deny', 'nothing']),
      code: textOrNull,
    }),
  ),
  /** By which it is permitted. */
  agreement: textOrNull,
  denial: Type.Union([miss, Type.Null()]),
  nearMisses: Type.Array(miss),
  fix: Type.Array(
    Type.Object({
      who: oneOf(['you', 'your_organisation', 'provider', 'owner', 'hub']),
      label: text,
      href: text,
    }),
  ),
  until: dateOrNull,
  id: text,
  epoch: text,
  at: date,
})

/** One account: what it may do, and what agreements say of it in the words of terms. */
const accessRow = Type.Object({
  name: text,
  kind: oneOf(['user', 'org']),
  isService: Type.Boolean(),
  cells: Type.Array(
    Type.Object({
      action: oneOf(actions),
      decision: oneOf(['permit', 'deny']),
      code: text,
      agreement: textOrNull,
      until: dateOrNull,
    }),
  ),
  terms: Type.Array(
    Type.Object({
      action: text,
      words: text,
      strength,
      code: text,
      agreement: id,
      until: dateOrNull,
    }),
  ),
})

const supposition = {
  /** The organisation that is given something, by name; the first one where nothing is said. */
  party: Type.Optional(name),
  purposes: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 })),
  environment: Type.Optional(Type.String({ maxLength: 64 })),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  /** Whether people have accepted and preconditions are met; true where nothing is said. */
  isAllDone: Type.Optional(Type.Boolean()),
  /** Now, where nothing is said. */
  at: Type.Optional(Type.Array(date, { minItems: 1, maxItems: 20 })),
}

const supposed = Type.Object({
  rows: Type.Array(
    Type.Object({
      action: text,
      words: text,
      strength,
      cells: Type.Array(
        Type.Object({
          at: date,
          code: text,
          clause: textOrNull,
          needed: textOrNull,
          actual: textOrNull,
          until: dateOrNull,
        }),
      ),
    }),
  ),
})

const version = Type.Integer({ minimum: 1, maximum: 1_000_000 })

export const explainCalls = {
  /** About the caller, or the account named by `as`: of the caller's organisation, or one that shares the repo. */
  explainAccess: call({
    method: 'GET',
    path: '/access/explain',
    query: Type.Object({
      type: Type.Optional(repoType),
      repo: Type.String({ maxLength: 256 }),
      action: Type.Optional(oneOf(actions)),
      as: Type.Optional(name),
    }),
    answer: explanation,
  }),
  /**
   * For administrators of a repo and auditors of its owner: everybody it concerns, other organisations by their name alone. With `org`, for
   * who looks after that one: its own people.
   */
  readAccessMatrix: call({
    method: 'GET',
    path: '/repos/:type/:ns/:name/access/matrix',
    query: Type.Object({ ...page.properties, org: Type.Optional(name) }),
    answer: Type.Object({ items: Type.Array(accessRow), next: textOrNull }),
  }),
  /** Of a version, or of what is still being written. */
  whatIf: call({
    method: 'POST',
    path: '/orgs/:org/agreements/:id/what-if',
    body: Type.Object({
      version: Type.Optional(version),
      wish: Type.Optional(agreementWish),
      ...supposition,
    }),
    answer: supposed,
  }),
  whatIfTemplate: call({
    method: 'POST',
    path: '/agreement-templates/:template/what-if',
    body: Type.Object({
      values: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
      ...supposition,
    }),
    answer: supposed,
  }),
  diffAgreement: call({
    method: 'GET',
    path: '/orgs/:org/agreements/:id/diff',
    query: Type.Object({ from: version, to: version }),
    answer: Type.Object({
      clauses: Type.Array(
        Type.Object({
          id: text,
          title: text,
          change,
          segments: Type.Array(Type.Object({ kind: oneOf(['same', 'added', 'removed']), text })),
        }),
      ),
      terms: Type.Array(
        Type.Object({
          rule: text,
          kind: oneOf(['permission', 'prohibition', 'obligation']),
          clause: text,
          change,
          before: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
          after: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
          added: Type.Array(text),
          removed: Type.Array(text),
        }),
      ),
      members: Type.Array(Type.Object({ member: text, before: text, after: text })),
    }),
  }),
} as const
