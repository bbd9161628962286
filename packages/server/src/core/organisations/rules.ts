/** What an organisation demands of those who act in it. */
import type { Querier } from '#db/flavor.ts'
import { raiseEpoch, refuseUser } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import {
  type NamespacePermit,
  type NamespaceRef,
  type OrgRuleKind,
  orgRuleKinds,
  strangeWord,
} from '../policy/index.ts'
import type { Tx } from '../events/index.ts'
import * as sql from './acts.sql.ts'
import type { CarryOut } from './acts.ts'
import type { OrganisationsDeps, OrgPermit } from './index.ts'

export interface OrgPolicy {
  /** The longest life of a token that is accepted; null for any. */
  readonly tokenLifeMsMax: number | null
  readonly needsTokenApproval: boolean
  readonly needsTwoPeople: boolean
}

/** What an organisation lets its own people take from others: words by kind; a kind without words is no rule. */
export type TakingRules = Readonly<Record<OrgRuleKind, readonly string[]>>

export interface Rules {
  takingRules(permit: OrgPermit | NamespacePermit<'namespace.audit'>): Promise<TakingRules>
  /** What is absent stays. Errors: `invalid`. */
  setTakingRules(ctx: Ctx, permit: OrgPermit, wish: Partial<TakingRules>): Promise<TakingRules>
  rules(permit: OrgPermit | NamespacePermit<'namespace.audit'>): Promise<OrgPolicy>
  /** What is absent stays. Errors: `invalid`; `approval_needed` to end the two-person rule. */
  setRules(ctx: Ctx, permit: OrgPermit, wish: Partial<OrgPolicy>): Promise<OrgPolicy>
}

const rulesOf = async (q: Querier, orgId: AccountId): Promise<OrgPolicy> => {
  const row = await sql.policyOf(q, orgId)
  return {
    tokenLifeMsMax: row?.token_life_ms_max ?? null,
    needsTokenApproval: row?.needs_token_approval === 1,
    needsTwoPeople: row?.needs_two_people === 1,
  }
}

/** Changes what is named, inside the caller's transaction. */
export const storeRules = async (
  { events, clock }: OrganisationsDeps,
  tx: Tx,
  org: NamespaceRef,
  wish: Partial<OrgPolicy>,
): Promise<void> => {
  const rules = { ...(await rulesOf(tx.q, org.id)), ...wish }
  await sql.putPolicy(tx.q, {
    org_id: org.id,
    token_life_ms_max: rules.tokenLifeMsMax,
    needs_token_approval: rules.needsTokenApproval ? 1 : 0,
    needs_two_people: rules.needsTwoPeople ? 1 : 0,
    updated_at_ms: clock.nowMs(),
  })
  await raiseEpoch(tx.q, org.id)
  await events.append(tx, 'org_policy_changed', { orgId: org.id, ...rules })
}

const wordsMax = 100

const takingRulesOf = async (q: Querier, orgId: AccountId): Promise<TakingRules> => {
  const rows = await sql.takingRulesOf(q, orgId)
  const wordsOf = (kind: OrgRuleKind): string[] => {
    const row = rows.find((one) => one.kind === kind)
    // A cast because only this room writes the column.
    return row === undefined ? [] : (JSON.parse(row.words) as string[])
  }
  return {
    formats_denied: wordsOf('formats_denied'),
    licences_allowed: wordsOf('licences_allowed'),
    countries_allowed: wordsOf('countries_allowed'),
  }
}

const refuseStrange = (kind: OrgRuleKind, words: readonly string[]): void => {
  const strange = strangeWord(kind, words)
  if (strange === undefined && words.length <= wordsMax) return
  throw new HubError(
    'invalid',
    `At most ${wordsMax} words that "${kind}" knows are expected, found "${strange ?? words.length}".`,
    { reason: kind },
  )
}

const makeTaking = ({
  db,
  events,
}: OrganisationsDeps): Pick<Rules, 'takingRules' | 'setTakingRules'> => ({
  takingRules: ({ namespace }) => takingRulesOf(db.read, namespace.id),

  async setTakingRules(ctx, { namespace }, wish) {
    refuseUser(namespace)
    for (const kind of orgRuleKinds) refuseStrange(kind, wish[kind] ?? [])
    return db.tx(async (q, after) => {
      for (const kind of orgRuleKinds) {
        const words = wish[kind]
        if (words === undefined) continue
        await sql.putTakingRule(q, namespace.id, kind, [...new Set(words)])
        const payload = { orgId: namespace.id, kind, words: words.join(' ') }
        await events.append({ q, after, ctx }, 'org_rule_changed', payload)
      }
      return takingRulesOf(q, namespace.id)
    })
  },
})

export const makeRules = (deps: OrganisationsDeps, carryOut: CarryOut): Rules => ({
  ...makeTaking(deps),

  rules: ({ namespace }) => rulesOf(deps.db.read, namespace.id),

  async setRules(ctx, { namespace }, wish) {
    refuseUser(namespace)
    const most = wish.tokenLifeMsMax ?? null
    if (most !== null && !(Number.isSafeInteger(most) && most > 0)) {
      throw new HubError(
        'invalid',
        'The longest life of tokens is a whole number above 0, or none.',
      )
    }
    const endsRule = wish.needsTwoPeople === false
    await carryOut(ctx, namespace, { act: 'policy.set', rules: wish }, endsRule)
    return rulesOf(deps.db.read, namespace.id)
  },
})
