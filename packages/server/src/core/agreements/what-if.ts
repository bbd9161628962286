/** What a text would permit, before anybody signs it: the evaluator that decides requests, asked about every action at several instants. */
import type { AgreementBody } from '@weighhouse/formats/agreement/body.ts'
import { type BodyDiff, diffBodies } from '@weighhouse/formats/agreement/diff.ts'
import { type Action, actionNames, actions } from '@weighhouse/formats/terms/vocabulary.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AgreementId } from '../kernel/ids.ts'
import { type AgreementFacts, answerOf, spanOf } from '../policy/index.ts'
import type { BodyWish, Drafts } from './draft.ts'
import type { Looking, LookPermit, OrgPermit } from './index.ts'
import type { TemplateValues } from './templates/index.ts'

export interface Supposition {
  /** The party that is given something, by name; the first that is where none is named. */
  readonly org?: string
  readonly purposes?: readonly string[]
  readonly environment?: string
  /** In the place of the party's seat. */
  readonly country?: string
  /** People have accepted what they have to, and preconditions are met. Both true where nothing is said. */
  readonly isAllDone?: boolean
  readonly atMs: readonly number[]
}

export interface SupposedCell {
  readonly atMs: number
  readonly code: string
  readonly clause: string | undefined
  readonly needed: string | undefined
  readonly actual: string | undefined
  readonly untilMs: number | undefined
}

export interface SupposedRow {
  readonly action: Action
  /** After "may". */
  readonly words: string
  /** How the hub backs it: enforced, metered, attested, words alone. */
  readonly strength: 'E' | 'M' | 'A' | 'N'
  readonly cells: readonly SupposedCell[]
}

type SupposedBody = AgreementFacts['body']

const instantsMax = 20

type Party = AgreementBody['parties'][number]

const takerOf = ({ parties }: SupposedBody, name: string | undefined): Party => {
  const takers = parties.filter(({ role }) => role === 'consumer' || role === 'member')
  const found = name === undefined ? takers[0] : takers.find((one) => one.name === name)
  if (found !== undefined) return found
  const names = takers.map((one) => one.name).join(', ')
  throw new HubError(
    'invalid',
    `An organisation that is given something is expected: ${names}; found "${name ?? 'none'}".`,
  )
}

const preconditionsOf = ({ terms }: SupposedBody): string[] =>
  terms.permissions.flatMap(({ id, preconditions }) =>
    preconditions.map(({ name }) => `${id}/${name}`),
  )

/** As if it were in force and the party had let its people use it. Errors: `invalid` for a party that is none, or too many instants. */
const suppose = (body: SupposedBody, wish: Supposition): SupposedRow[] => {
  if (wish.atMs.length === 0 || wish.atMs.length > instantsMax) {
    throw new HubError(
      'invalid',
      `1 to ${instantsMax} instants are expected, found ${wish.atMs.length}.`,
    )
  }
  const taker = takerOf(body, wish.org)
  const { country, isAllDone = true } = wish
  const parties = body.parties.map((one) =>
    one.org === taker.org && country !== undefined ? { ...one, seat: country } : one,
  )
  const grant = { project: '', purposes: wish.purposes ?? [], environment: wish.environment }
  const facts = {
    // A cast because a text that nobody has signed has no id, and none is told.
    id: '' as AgreementId,
    title: '',
    life: 'active',
    state: 'active',
    body: { ...body, parties },
    span: spanOf(body),
    orgId: taker.org,
    orgType: undefined,
    grants: [grant],
    hasAccepted: isAllDone,
    done: new Set(isAllDone ? preconditionsOf(body) : []),
    namedUsers: 1,
    // The first use; what is attested is known once it was said.
    counted: { downloadsTotal: 1, bytesTotal: 1 },
    attested: undefined,
    ip: undefined,
  } as const
  const cellOf = (action: Action, atMs: number): SupposedCell => {
    const answer = answerOf([{ ...facts, nowMs: atMs }], action)
    const nothing = { clause: undefined, needed: undefined, actual: undefined, untilMs: undefined }
    if (answer === undefined) return { atMs, code: 'NO_PERMISSION', ...nothing }
    if (answer.allowed) {
      return { atMs, code: 'OK_AGREEMENT', ...nothing, untilMs: answer.untilMs }
    }
    const { reason, clause, needed, actual } = answer.denial
    return { atMs, code: reason, clause: clause?.id, needed, actual, untilMs: undefined }
  }
  return actionNames.map((action) => ({
    action,
    words: actions[action].words,
    strength: actions[action].strength,
    cells: wish.atMs.map((atMs) => cellOf(action, atMs)),
  }))
}

export interface Supposing {
  /** What a version, or one that is still being written, would permit. Errors: `entry_not_found`, `invalid`, `conflict`. */
  whatIf(
    ctx: Ctx,
    permit: OrgPermit,
    id: AgreementId,
    text: { readonly version: number } | { readonly wish: BodyWish },
    supposition: Supposition,
  ): Promise<SupposedRow[]>
  /** The same of a template, filled in, between two parties that are not named yet. Errors: `entry_not_found`, `invalid`. */
  whatIfTemplate(
    templateId: string,
    values: TemplateValues,
    supposition: Supposition,
  ): SupposedRow[]
  /** What one version changes of another. Errors: `entry_not_found`. */
  diff(
    permit: LookPermit,
    id: AgreementId,
    between: { readonly from: number; readonly to: number },
  ): Promise<BodyDiff>
}

/** Stand in for parties of a template that nobody has taken up. */
const strangers = (['provider', 'consumer'] as const).map((role) => ({
  org: role,
  name: role,
  role,
  legalName: role,
  seat: 'ZZ',
  keys: [],
}))

export const makeSupposing = ({
  looking,
  drafts,
  fill,
}: {
  looking: Looking
  drafts: Drafts
  fill: (templateId: string, values: TemplateValues) => Omit<BodyWish, 'repos'>
}): Supposing => ({
  async whatIf(ctx, permit, id, text, supposition) {
    if ('version' in text) {
      const { body } = await looking.body(permit, id, text.version)
      return suppose(body, supposition)
    }
    const { folder } = await looking.agreement(permit, id)
    const before = folder.inForce ?? folder.candidate
    const shown = before && (await looking.body(permit, id, before.version)).body
    const { body } = await drafts.make(ctx, { folder, wish: text.wish, before: shown })
    return suppose(body, supposition)
  },

  whatIfTemplate(templateId, values, supposition) {
    const wish = fill(templateId, values)
    return suppose({ ...wish, version: 1, parties: strangers }, supposition)
  },

  async diff(permit, id, { from, to }) {
    const [before, after] = await Promise.all([
      looking.body(permit, id, from),
      looking.body(permit, id, to),
    ])
    return diffBodies(before.body, after.body)
  },
})
