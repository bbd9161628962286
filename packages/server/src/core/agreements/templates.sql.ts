import type { Querier } from '#db/flavor.ts'
import type { NewRow, Row } from '#db/schema.ts'
import type { AccountId } from '../kernel/ids.ts'

type Own = Row<'org_template'>

/** A version, also one that was withdrawn since; without a version the newest that was not. */
export const templateOf = async (
  q: Querier,
  orgId: AccountId,
  { name, version }: { name: string; version: number | undefined },
): Promise<Own | undefined> => {
  const all = q
    .selectFrom('org_template')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('name', '=', name)
  return version === undefined
    ? all
        .where('withdrawn_at_ms', 'is', null)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst()
    : all.where('version', '=', version).executeTakeFirst()
}

export const lastVersionOf = async (
  q: Querier,
  orgId: AccountId,
  name: string,
): Promise<number> => {
  const row = await q
    .selectFrom('org_template')
    .select((eb) => eb.fn.max('version').as('last'))
    .where('org_id', '=', orgId)
    .where('name', '=', name)
    .executeTakeFirst()
  return Number(row?.last ?? 0)
}

/** The newest version of each that was not withdrawn, in order of their names. */
export const newestOf = async (q: Querier, orgId: AccountId, limit: number): Promise<Own[]> =>
  q
    .selectFrom('org_template')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('withdrawn_at_ms', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('org_template as later')
            .select('later.version')
            .whereRef('later.org_id', '=', 'org_template.org_id')
            .whereRef('later.name', '=', 'org_template.name')
            .whereRef('later.version', '>', 'org_template.version')
            .where('later.withdrawn_at_ms', 'is', null),
        ),
      ),
    )
    .orderBy('name')
    .limit(limit)
    .execute()

export const insertTemplate = async (q: Querier, row: NewRow<'org_template'>): Promise<void> => {
  await q.insertInto('org_template').values(row).execute()
}

/** All its versions. False when there was none. */
export const withdrawTemplate = async (
  q: Querier,
  orgId: AccountId,
  { name, atMs }: { name: string; atMs: number },
): Promise<boolean> => {
  const { numUpdatedRows } = await q
    .updateTable('org_template')
    .set({ withdrawn_at_ms: atMs })
    .where('org_id', '=', orgId)
    .where('name', '=', name)
    .where('withdrawn_at_ms', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) > 0
}
