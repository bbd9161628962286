/** Facts that terms of an agreement ask for: what was done first, how many are named, what is used up, what is attested. */
import type { Querier } from '#db/flavor.ts'
import type { Row } from '#db/schema.ts'
import type { AccountId, AgreementId } from '../kernel/ids.ts'
import { isGrantInForce } from './agreements.sql.ts'
import type { Asker } from './conditions.sql.ts'

const rowsMax = 2_000

/** By `<rule id>/<name>`. */
export const donePreconditions = async (q: Querier, id: AgreementId): Promise<string[]> => {
  const rows = await q
    .selectFrom('agreement_done')
    .select('precondition')
    .where('agreement_id', '=', id)
    .limit(rowsMax)
    .execute()
  return rows.map(({ precondition }) => precondition)
}

/** How many people a party lets use an agreement: by name, in teams it named, or everybody when it named everybody. */
export const countNamed = async (
  q: Querier,
  { id, orgId }: { id: AgreementId; orgId: AccountId },
  nowMs: number,
): Promise<number> => {
  const grants = (kind: Row<'agreement_grant'>['grantee_kind']) =>
    q
      .selectFrom('agreement_grant')
      .innerJoin('agreement', 'agreement.id', 'agreement_grant.agreement_id')
      .where('agreement_grant.agreement_id', '=', id)
      .where('agreement_grant.org_id', '=', orgId)
      .where('agreement_grant.grantee_kind', '=', kind)
      .where(isGrantInForce(nowMs))
  const people = grants('user')
    .select('agreement_grant.grantee_id as person')
    .union(
      grants('team')
        .innerJoin('team_member', (join) =>
          // A cast because grantees of this kind are teams.
          join.on((eb) =>
            eb(
              eb.cast<string>('team_member.team_id', 'text'),
              '=',
              eb.ref('agreement_grant.grantee_id'),
            ),
          ),
        )
        .select((eb) => eb.cast<string>('team_member.user_id', 'text').as('person')),
    )
    .union(
      grants('org')
        .innerJoin('membership', 'membership.org_id', 'agreement_grant.org_id')
        .select((eb) => eb.cast<string>('membership.user_id', 'text').as('person')),
    )
  const row = await q
    .selectFrom(people.as('people'))
    .select((eb) => eb.fn.count<number>('people.person').distinct().as('count'))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** What an organisation has used in all, with what is being fetched at this moment. */
export const countedOf = async (
  q: Querier,
  { id, orgId }: { id: AgreementId; orgId: AccountId },
): Promise<{ downloadsTotal: number; bytesTotal: number }> => {
  const rows = await q
    .selectFrom('agreement_meter')
    .select(['operand', 'used', 'reserved'])
    .where('agreement_id', '=', id)
    .where('org_id', '=', orgId)
    .where('period', '=', 'all')
    .limit(10)
    .execute()
  const count = (operand: string): number => {
    const row = rows.find((one) => one.operand === operand)
    return row === undefined ? 0 : row.used + row.reserved
  }
  return { downloadsTotal: count('downloadsTotal'), bytesTotal: count('bytesTotal') }
}

/** What an organisation attests of the asker, of all its people, or of its projects. */
export const attestedOf = async (
  q: Querier,
  { id, orgId }: { id: AgreementId; orgId: AccountId },
  { accountId, nowMs }: Asker,
): Promise<
  {
    kind: 'userTraining' | 'ethicsApproval'
    word: string
    project: string | undefined
    isOver: boolean
  }[]
> => {
  const rows = await q
    .selectFrom('agreement_attestation')
    .select(['kind', 'word', 'subject_kind', 'subject_id', 'to_ms', 'ended_at_ms'])
    .where('agreement_id', '=', id)
    .where('org_id', '=', orgId)
    .where((eb) =>
      eb.or([
        eb('subject_kind', '!=', 'user'),
        eb('subject_id', '=', eb.val<string>(accountId ?? '')),
      ]),
    )
    // The newest: those that are over are many after years.
    .orderBy('id', 'desc')
    .limit(rowsMax)
    .execute()
  return rows.map(({ kind, word, subject_kind: of, subject_id: name, ...row }) => ({
    kind,
    word,
    project: of === 'project' ? name : undefined,
    isOver: row.ended_at_ms !== null || (row.to_ms !== null && row.to_ms <= nowMs),
  }))
}
