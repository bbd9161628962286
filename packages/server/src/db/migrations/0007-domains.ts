/** Domains that organisations have proved to be their own. */
import { sql } from 'kysely'
import type { Migration } from '../migrate.ts'

export const domains: Migration = {
  number: 7,
  name: 'domains',
  async up(db, { wideType: wide }) {
    await db.schema
      .createTable('org_domain')
      .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('domain', 'text', (c) => c.notNull())
      .addColumn('token', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('method', 'text')
      .addColumn('seen_at_ms', wide)
      .addColumn('verified_at_ms', wide)
      .addColumn('checked_at_ms', wide)
      .addColumn('problem', 'text')
      .addPrimaryKeyConstraint('org_domain_pk', ['org_id', 'domain'])
      .execute()
    // One organisation at a time: two that prove a domain at once meet here.
    await db.schema
      .createIndex('org_domain_proved')
      .unique()
      .on('org_domain')
      .column('domain')
      .where(sql<boolean>`state = 'verified'`)
      .execute()
  },
}
