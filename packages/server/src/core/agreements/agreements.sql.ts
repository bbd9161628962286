/** The row of an agreement, its parties and repos, and whose time has come. */
import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId, AgreementId, RepoId } from '../kernel/ids.ts'

export const insertAgreement = async (q: Querier, row: NewRow<'agreement'>): Promise<void> => {
  await q.insertInto('agreement').values(row).execute()
}

export const agreementById = async (
  q: Querier,
  id: AgreementId,
): Promise<Row<'agreement'> | undefined> =>
  q.selectFrom('agreement').selectAll().where('id', '=', id).executeTakeFirst()

/** Moves the folder on from the statement it stood at; false when somebody else did before. */
export const moveAgreement = async (
  q: Querier,
  { id, seq }: { id: AgreementId; seq: number },
  to: Partial<NewRow<'agreement'>>,
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('agreement')
    .set(to)
    .where('id', '=', id)
    .where('seq', '=', seq)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

export const insertParties = async (
  q: Querier,
  rows: readonly NewRow<'agreement_party'>[],
): Promise<void> => {
  await q
    .insertInto('agreement_party')
    .values([...rows])
    .execute()
}

/** Those of these organisations that have ended. */
export const endedAmong = async (
  q: Querier,
  ids: readonly AccountId[],
): Promise<{ name: string }[]> =>
  q
    .selectFrom('account')
    .select('name')
    .where('id', 'in', ids)
    .where('disabled_at_ms', 'is not', null)
    .execute()

/** Those it has begun, up to a limit: what others begin with it takes no room of its own. */
export const countAgreements = async (
  q: Querier,
  orgId: AccountId,
  limit: number,
): Promise<number> => {
  const rows = await q
    .selectFrom('agreement')
    .select('id')
    .where('begun_by', '=', orgId)
    .limit(limit)
    .execute()
  return rows.length
}

/** Agreements whose time in a column has come, the earliest first. */
export const dueBy = (
  q: Querier,
  column: 'duties_ms' | 'tell_ms',
  { nowMs, limit }: { nowMs: number; limit: number },
) => q.selectFrom('agreement').selectAll().where(column, '<=', nowMs).orderBy(column).limit(limit)

/** Whose time has come: to begin, to end, to lapse. */
export const dueAgreements = async (
  q: Querier,
  nowMs: number,
  limit: number,
): Promise<Row<'agreement'>[]> =>
  q
    .selectFrom('agreement')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('life', '=', 'scheduled'), eb('from_ms', '<=', nowMs)]),
        eb.and([eb('life', 'in', ['scheduled', 'active', 'suspended']), eb('to_ms', '<=', nowMs)]),
        eb('offer_until_ms', '<=', nowMs),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute()

/** Puts these repos in the place of those the agreement was about. */
export const setRepos = async (
  q: Querier,
  id: AgreementId,
  repos: readonly RepoId[],
): Promise<void> => {
  await q.deleteFrom('agreement_repo').where('agreement_id', '=', id).execute()
  const rows = repos.map((repo_id) => ({ repo_id, agreement_id: id }))
  if (rows.length > 0) await q.insertInto('agreement_repo').values(rows).execute()
}

export const reposOf = async (q: Querier, id: AgreementId): Promise<RepoId[]> => {
  const rows = await q
    .selectFrom('agreement_repo')
    .select('repo_id')
    .where('agreement_id', '=', id)
    .limit(1_000)
    .execute()
  return rows.map((row) => row.repo_id)
}

/** Those of them that are still there. */
export const existing = async (
  q: Querier,
  repos: readonly RepoId[],
): Promise<{ id: RepoId; owner_id: AccountId }[]> =>
  repos.length === 0
    ? []
    : q.selectFrom('repo').select(['id', 'owner_id']).where('id', 'in', repos).execute()
