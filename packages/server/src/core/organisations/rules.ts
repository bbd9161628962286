/** What an organisation demands of those who act in it. */
import type { Querier } from '#db/flavor.ts'
import { raiseEpoch, refuseUser } from '../identity/index.ts'
import type { Ctx } from '../kernel/ctx.ts'
import { HubError } from '../kernel/errors.ts'
import type { AccountId } from '../kernel/ids.ts'
import type { NamespacePermit, NamespaceRef } from '../policy/index.ts'
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

export interface Rules {
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

export const makeRules = ({ db }: OrganisationsDeps, carryOut: CarryOut): Rules => ({
  rules: ({ namespace }) => rulesOf(db.read, namespace.id),

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
    return rulesOf(db.read, namespace.id)
  },
})
