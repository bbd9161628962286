/** Licences and lineage: what holds for a repo, what is wrong with it, what it was made from, and what stewards decided. */
import { Type } from 'typebox'
import { call } from './call.ts'
import { date, dateOrNull, id, oneOf, repoType, textOrNull } from './parts.ts'

const verdicts = ['ok', 'warn', 'ask', 'conflict', 'unknown', 'block'] as const
const words = Type.Array(Type.String())

/** What would mend the findings that the card and the name can mend; null where there is nothing to propose. */
const proposal = Type.Object({ expression: textOrNull, name: textOrNull })

const finding = Type.Object({
  /** Names it in a decision. */
  key: Type.String(),
  rule: Type.String(),
  level: oneOf(['block', 'unknown', 'conflict', 'ask', 'warn']),
  sentence: Type.String(),
  parent: textOrNull,
  licence: textOrNull,
  /** Until when a steward has decided about it. */
  decidedUntil: dateOrNull,
})

const terms = Type.Object({
  commercial: oneOf(['yes', 'threshold', 'no']),
  derivatives: oneOf(['yes', 'no']),
  notices: words,
  namePrefixes: words,
  use: words,
  outputs: words,
  limits: words,
  excludes: words,
  ends: words,
  medical: oneOf(['free', 'policy', 'conditional', 'forbidden']),
  licences: words,
  unknown: words,
  /** The same in plain words. */
  sentences: words,
})

const judgement = {
  /** As SPDX spells it; null when the card says nothing clear. */
  expression: textOrNull,
  verdict: oneOf(verdicts),
  terms,
  findings: Type.Array(finding),
  proposal,
}

const relative = Type.Object({
  type: repoType,
  name: Type.String(),
  relation: Type.String(),
  depth: Type.Integer(),
  isHere: Type.Boolean(),
})

const decision = Type.Object({
  id,
  covers: words,
  reason: Type.String(),
  counsel: textOrNull,
  createdAt: date,
  expiresAt: date,
  isInForce: Type.Boolean(),
})

export const licenceCalls = {
  /** Findings and the proposal are for those who may write; others see what holds. */
  licence: call({
    method: 'GET',
    path: '/repos/:type/:ns/:name/licence',
    answer: Type.Object(judgement),
  }),
  /** What would be said if this card were committed. Nothing is written. */
  checkLicence: call({
    method: 'POST',
    path: '/repos/:type/:ns/:name/licence/check',
    body: Type.Object({ card: Type.String({ maxLength: 1024 * 1024 }) }),
    answer: Type.Object(judgement),
  }),
  lineage: call({
    method: 'GET',
    path: '/repos/:type/:ns/:name/lineage',
    answer: Type.Object({
      ancestors: Type.Array(relative),
      descendants: Type.Array(relative),
      hiddenDescendants: Type.Integer(),
      isCut: Type.Boolean(),
    }),
  }),
  /** The newest first. For those who manage the owner. */
  licenceDecisions: call({
    method: 'GET',
    path: '/repos/:type/:ns/:name/licence/decisions',
    answer: Type.Object({ items: Type.Array(decision) }),
  }),
  /** `counsel` names who read the licence otherwise: needed where it forbids. */
  decideLicence: call({
    method: 'POST',
    path: '/repos/:type/:ns/:name/licence/decisions',
    body: Type.Object({
      covers: Type.Array(Type.String({ maxLength: 1_000 }), { minItems: 1, maxItems: 200 }),
      reason: Type.String({ minLength: 1, maxLength: 2_000 }),
      counsel: Type.Optional(Type.String({ maxLength: 200 })),
      expiresAt: date,
    }),
    answer: decision,
  }),
  endLicenceDecision: call({
    method: 'DELETE',
    path: '/repos/:type/:ns/:name/licence/decisions/:decision',
  }),
} as const
