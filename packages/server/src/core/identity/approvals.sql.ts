import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, TokenId } from '../kernel/ids.ts'

/** Organisations that accept the account's tokens after approval only and have not been asked about this one. */
export const orgsToAsk = async (
  q: Querier,
  tokenId: TokenId,
  accountId: AccountId,
): Promise<AccountId[]> => {
  const rows = await q
    .selectFrom('org_policy')
    .select('org_policy.org_id')
    .where('org_policy.needs_token_approval', '=', 1)
    .where((eb) => {
      const org = eb.ref('org_policy.org_id')
      const grantees = eb
        .selectFrom('access_grant')
        .leftJoin('repo', 'repo.id', 'access_grant.target_id')
        .leftJoin('resource_group', 'resource_group.id', 'access_grant.target_id')
        .select('access_grant.target_id')
        .where('access_grant.grantee_id', '=', accountId)
        .where((g) => g.or([g('repo.owner_id', '=', org), g('resource_group.org_id', '=', org)]))
      return eb.or([
        eb.exists(
          eb
            .selectFrom('membership')
            .select('membership.role')
            .where('membership.user_id', '=', accountId)
            .where('membership.org_id', '=', org),
        ),
        eb.exists(
          eb
            .selectFrom('account')
            .select('account.id')
            .where('account.id', '=', accountId)
            .where('account.service_of', '=', org),
        ),
        eb.exists(grantees),
      ])
    })
    .where(
      'org_policy.org_id',
      'not in',
      q.selectFrom('token_approval').select('org_id').where('token_id', '=', tokenId),
    )
    .limit(1_000)
    .execute()
  return rows.map((row) => row.org_id)
}

export const insertApproval = async (
  q: Querier,
  row: Pick<Row<'token_approval'>, 'token_id' | 'org_id' | 'created_at_ms'>,
): Promise<void> => {
  await q
    .insertInto('token_approval')
    .values({ ...row, state: 'pending', decided_by: null, decided_at_ms: null })
    .onConflict((c) => c.columns(['token_id', 'org_id']).doNothing())
    .execute()
}

/** A token that takes the place of another keeps what was decided about it. */
export const copyApprovals = async (q: Querier, from: TokenId, to: TokenId): Promise<void> => {
  const rows = await q
    .selectFrom('token_approval')
    .selectAll()
    .where('token_id', '=', from)
    .limit(1_000)
    .execute()
  if (rows.length === 0) return
  await q
    .insertInto('token_approval')
    .values(rows.map((row) => ({ ...row, token_id: to })))
    .execute()
}

export interface ApprovalRow {
  token_id: TokenId
  label: string
  role: 'read' | 'write' | 'fineGrained'
  hint: string
  account: string
  state: 'pending' | 'approved' | 'denied'
  created_at_ms: number
  decided_at_ms: number | null
}

/** Of tokens that are not revoked, in order of token. */
export const approvalsOf = async (
  q: Querier,
  orgId: AccountId,
  page: { state: ApprovalRow['state'] | undefined; after: string; limit: number },
): Promise<ApprovalRow[]> =>
  q
    .selectFrom('token_approval')
    .innerJoin('token', 'token.id', 'token_approval.token_id')
    .innerJoin('account', 'account.id', 'token.account_id')
    .select([
      'token_approval.token_id',
      'token.label',
      'token.role',
      'token.hint',
      'account.name as account',
      'token_approval.state',
      'token_approval.created_at_ms',
      'token_approval.decided_at_ms',
    ])
    .where('token_approval.org_id', '=', orgId)
    .where('token.revoked_at_ms', 'is', null)
    .$if(page.state !== undefined, (query) =>
      // A cast because the condition stands only where there is one.
      query.where('token_approval.state', '=', page.state as ApprovalRow['state']),
    )
    .where('token_approval.token_id', '>', page.after as TokenId)
    .orderBy('token_approval.token_id')
    .limit(page.limit)
    .execute()

/** Answers whether there was such a row. */
export const decideApproval = async (
  q: Querier,
  key: { tokenId: TokenId; orgId: AccountId },
  as: Pick<Row<'token_approval'>, 'state' | 'decided_by' | 'decided_at_ms'>,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('token_approval')
    .set(as)
    .where('token_id', '=', key.tokenId)
    .where('org_id', '=', key.orgId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
