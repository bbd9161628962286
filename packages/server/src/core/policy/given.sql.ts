/** What agreements give to one account: of which of them, by which grants. For its own page; what it may do at a door is decided elsewhere. */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { isGrantee, isGrantInForce, isOneOf, knownLives, takingRoles } from './agreements.sql.ts'
import { isOfParty } from './conditions.sql.ts'

const grantsMax = 2_000

interface Receiver {
  readonly accountId: AccountId
  readonly nowMs: number
}

/** One agreement, for one organisation. */
export interface GivenKey {
  readonly id: AgreementId
  readonly orgId: AccountId
}

/** An agreement that gives something to an organisation of the account, and the version whose restrictions the account accepted. */
export interface GivenRow extends Pick<
  Row<'agreement'>,
  'id' | 'title' | 'state' | 'from_ms' | 'to_ms' | 'folder'
> {
  in_force: number
  org_id: AccountId
  org_name: string
  assent: number | null
  assent_ms: number | null
}

/** Newest id first, after the given place. */
export const givenTo = async (
  q: Querier,
  asker: Receiver,
  { after, only, limit }: { after?: GivenKey | undefined; only?: GivenKey; limit: number },
): Promise<GivenRow[]> => {
  let query = q
    .selectFrom('agreement_party')
    .innerJoin('agreement', 'agreement.id', 'agreement_party.agreement_id')
    .innerJoin('account', 'account.id', 'agreement_party.org_id')
    .leftJoin('agreement_assent', (join) =>
      join
        .onRef('agreement_assent.agreement_id', '=', 'agreement.id')
        .on('agreement_assent.account_id', '=', asker.accountId),
    )
    .select([
      'agreement.id',
      'agreement.title',
      'agreement.state',
      'agreement.from_ms',
      'agreement.to_ms',
      'agreement.folder',
      'agreement.in_force',
      'agreement_party.org_id',
      'account.name as org_name',
      'agreement_assent.version as assent',
      'agreement_assent.at_ms as assent_ms',
    ])
    .where(isOneOf('agreement.life', knownLives))
    .where('agreement.in_force', 'is not', null)
    .where(isOneOf('agreement_party.role', takingRoles))
    .where(isOfParty(asker))
    .orderBy('agreement.id', 'desc')
    .orderBy('agreement_party.org_id')
    .limit(limit)
  if (only !== undefined) {
    query = query
      .where('agreement.id', '=', only.id)
      .where('agreement_party.org_id', '=', only.orgId)
  }
  if (after !== undefined) {
    query = query.where((eb) =>
      eb.or([
        eb('agreement.id', '<', after.id),
        eb.and([eb('agreement.id', '=', after.id), eb('agreement_party.org_id', '>', after.orgId)]),
      ]),
    )
  }
  return query.$castTo<GivenRow>().execute()
}

/** Grants in force by which these agreements reach the account, by any of its tokens or by one alone. */
export const grantsReaching = async (
  q: Querier,
  { accountId, nowMs }: Receiver,
  ids: readonly AgreementId[],
): Promise<Row<'agreement_grant'>[]> =>
  ids.length === 0
    ? []
    : q
        .selectFrom('agreement_grant')
        .innerJoin('agreement', 'agreement.id', 'agreement_grant.agreement_id')
        .selectAll('agreement_grant')
        .where('agreement_grant.agreement_id', 'in', ids)
        .where(isGrantInForce(nowMs))
        .where(isGrantee(accountId))
        .orderBy('agreement_grant.id')
        .limit(grantsMax)
        .execute()
