/** Conditions on rows, the same for facts about one repo and for filters of lists: who belongs where, and what speaks for whom. */
import { type Expression, expressionBuilder, type SqlBool } from 'kysely'
import type { Schema } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

/** Who asks, and when: memberships, grants and acceptances end by themselves. */
export interface Asker {
  readonly accountId: AccountId | undefined
  readonly nowMs: number
}

/** A condition on the rows of one of these tables: not ended by themselves. */
export const inForce = (
  table: 'membership' | 'access_grant' | 'access_request',
  nowMs: number,
): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'membership'>()
  // A cast because the three tables share the column.
  const column = `${table}.expires_at_ms` as 'membership.expires_at_ms'
  return eb.or([eb(column, 'is', null), eb(column, '>', nowMs)])
}

/** An account that is nobody has no memberships, grants or requests. */
export const nobody = '' as AccountId

/** Who belongs to an organisation now: members in force, and its service accounts. */
export const belongs = (
  orgId: Expression<AccountId>,
  { accountId, nowMs }: Asker,
): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'team'>()
  return eb.or([
    eb.exists(
      eb
        .selectFrom('membership')
        .select('membership.role')
        .where('membership.org_id', '=', orgId)
        .where('membership.user_id', '=', accountId ?? nobody)
        .where(inForce('membership', nowMs)),
    ),
    eb.exists(
      eb
        .selectFrom('account')
        .select('account.id')
        .where('account.id', '=', accountId ?? nobody)
        .where('account.service_of', '=', orgId),
    ),
  ])
}

/** Grants on the repo of the surrounding query, for the account or a team of it. */
export const grantsTo = ({ accountId, nowMs }: Asker) =>
  expressionBuilder<Schema, 'repo'>()
    .selectFrom('access_grant')
    .where((g) =>
      g.or([
        g('access_grant.target_id', '=', g.ref('repo.id')),
        g('access_grant.target_id', '=', g.ref('repo.group_id')),
      ]),
    )
    .where((g) =>
      g.or([
        g('access_grant.grantee_id', '=', accountId ?? nobody),
        g(
          'access_grant.grantee_id',
          'in',
          g
            .selectFrom('team_member')
            .innerJoin('team', 'team.id', 'team_member.team_id')
            .select('team_member.team_id')
            .where('team_member.user_id', '=', accountId ?? nobody)
            .where((t) => belongs(t.ref('team.org_id'), { accountId, nowMs })),
        ),
      ]),
    )
    .where(inForce('access_grant', nowMs))

/** The same as a condition: is there any? */
export const hasGrant = (asker: Asker): Expression<SqlBool> =>
  expressionBuilder<Schema, 'repo'>().exists(grantsTo(asker).select('access_grant.rank'))

/**
 * A condition on the repo of the surrounding query: an organisation of the account, other than its owner, has rules for its people. Asked from
 * the account's side, which has few organisations.
 */
export const isRuled = ({ accountId, nowMs }: Asker): Expression<SqlBool> => {
  const repo = expressionBuilder<Schema, 'repo'>()
  return repo.or([
    repo.exists(
      repo
        .selectFrom('membership')
        .innerJoin('org_rule', 'org_rule.org_id', 'membership.org_id')
        .select('org_rule.kind')
        .where('membership.user_id', '=', accountId ?? nobody)
        .whereRef('membership.org_id', '<>', 'repo.owner_id')
        .where(inForce('membership', nowMs)),
    ),
    repo.exists(
      repo
        .selectFrom('account as worker')
        .innerJoin('org_rule', 'org_rule.org_id', 'worker.service_of')
        .select('org_rule.kind')
        .where('worker.id', '=', accountId ?? nobody)
        .whereRef('worker.service_of', '<>', 'repo.owner_id'),
    ),
  ])
}

/** Organisations the account is a member of now. */
const membershipsOf = ({ accountId, nowMs }: Asker) =>
  expressionBuilder<Schema, 'membership'>()
    .selectFrom('membership')
    .select('membership.org_id')
    .where('membership.user_id', '=', accountId ?? nobody)
    .where(inForce('membership', nowMs))

/** The organisation the account works for, member or not. */
const employerOf = ({ accountId }: Asker) =>
  expressionBuilder<Schema, 'account'>()
    .selectFrom('account')
    .select('account.service_of')
    .where('account.id', '=', accountId ?? nobody)
    .where('account.service_of', 'is not', null)
    .$castTo<{ service_of: AccountId }>()

/** A condition on `agreement_party`: the account belongs to it. */
export const isOfParty = (asker: Asker): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'agreement_party'>()
  return belongs(eb.ref('agreement_party.org_id'), asker)
}

/** A condition on `access_request`: it speaks for the account, by itself or through an organisation it is in or works for. */
export const speaksFor = (asker: Asker): Expression<SqlBool> => {
  const eb = expressionBuilder<Schema, 'access_request'>()
  return eb.or([
    eb('access_request.subject_id', '=', asker.accountId ?? nobody),
    eb('access_request.subject_id', 'in', membershipsOf(asker)),
    eb('access_request.subject_id', 'in', employerOf(asker)),
  ])
}
