/** What was made of what came under an agreement is remembered, so that rules which come later find it; and what was never shown is told apart. */
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const derivatives: Migration = {
  number: 14,
  name: 'derivatives',
  async up(db, { wideType: wide }) {
    // No reference to the repo: a duty for it is owed although it is gone.
    await db.schema
      .createTable('agreement_derivative')
      .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
      .addColumn('repo_id', 'text', (c) => c.notNull())
      .addColumn('taker_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('at_ms', wide, (c) => c.notNull())
      .addPrimaryKeyConstraint('agreement_derivative_pk', ['agreement_id', 'repo_id', 'taker_id'])
      .execute()
    await db.schema
      .alterTable('agreement')
      .addColumn('shown', 'integer', (c) => c.notNull().defaultTo(0))
      .execute()
    await sql`update agreement set shown = 1 where id in
      (select agreement_id from agreement_statement where kind in ('proposed', 'countered'))`.execute(
      db,
    )
    // Those from before are heard of once more.
    await db.deleteFrom('event_cursor').where('consumer', '=', 'derivatives').execute()
  },
}
