/** Templates that organisations wrote for themselves. */
import type { Migration } from '../migrate.ts'

export const ownTemplates: Migration = {
  number: 8,
  name: 'own-templates',
  async up(db, { wideType: wide }) {
    await db.schema
      .createTable('org_template')
      .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('created_by', 'text')
      .addColumn('created_at_ms', wide, (c) => c.notNull())
      .addColumn('withdrawn_at_ms', wide)
      .addPrimaryKeyConstraint('org_template_pk', ['org_id', 'name', 'version'])
      .execute()
  },
}
