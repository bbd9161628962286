/** Holds in the place of disabled repos, who began an agreement, and no tables that nothing writes. */
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const holds: Migration = {
  number: 6,
  name: 'holds',
  async up(db) {
    await db.schema.alterTable('repo').addColumn('hold', 'text').execute()
    await sql`update repo set hold = coalesce(
        (select kind from repo_hold where repo_hold.repo_id = repo.id),
        case when disabled_at_ms is not null then 'takedown' end
      )`.execute(db)
    await db.schema.alterTable('repo').dropColumn('disabled_at_ms').execute()

    await db.schema.alterTable('agreement').addColumn('begun_by', 'text').execute()
    await sql`update agreement set begun_by = (
        select org_id from agreement_statement
        where agreement_statement.agreement_id = agreement.id
        order by seq limit 1
      )`.execute(db)
    await db.schema.createIndex('agreement_begun').on('agreement').column('begun_by').execute()

    for (const table of ['repo_hold', 'agreement_usage', 'obligation'] as const) {
      await db.schema.dropTable(table).execute()
    }
  },
}
