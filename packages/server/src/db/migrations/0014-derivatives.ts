/** What was made of what came under an agreement is remembered, so that rules which come later find it. */
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
    // Those from before are heard of once more.
    await db.deleteFrom('event_cursor').where('consumer', '=', 'derivatives').execute()
  },
}
