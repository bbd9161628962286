/** Licences of repos, and what they were made from. */
import type { Migration } from '../migrate.ts'

export const lineage: Migration = {
  number: 10,
  name: 'lineage',
  async up(db, { wideType: wide }) {
    await db.schema
      .createTable('repo_lineage')
      .addColumn('child_id', 'text', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('origin', 'text', (c) => c.notNull())
      .addColumn('type', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('parent_id', 'text')
      .addColumn('relation', 'text', (c) => c.notNull())
      .addColumn('licence', 'text')
      .addColumn('revision', 'text')
      .addPrimaryKeyConstraint('repo_lineage_pk', ['child_id', 'origin', 'position'])
      .execute()
    await db.schema
      .createIndex('repo_lineage_parent')
      .on('repo_lineage')
      .columns(['parent_id', 'child_id'])
      .execute()
    await db.schema
      .createTable('repo_licence')
      .addColumn('repo_id', 'text', (c) => c.primaryKey())
      .addColumn('owner_id', 'text', (c) => c.notNull())
      .addColumn('path', 'text', (c) => c.notNull())
      .addColumn('card_oid', 'text')
      .addColumn('stated', 'text', (c) => c.notNull())
      .addColumn('expression', 'text')
      .addColumn('terms', 'text', (c) => c.notNull())
      .addColumn('findings', 'text', (c) => c.notNull())
      .addColumn('proposal', 'text', (c) => c.notNull())
      .addColumn('verdict', 'text', (c) => c.notNull())
      .addColumn('stop', 'text')
      .addColumn('stop_from_ms', wide, (c) => c.notNull())
      .addColumn('excludes', 'text')
      .addColumn('table_version', 'text', (c) => c.notNull())
      .addColumn('judged_at_ms', wide, (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('licence_override')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
      .addColumn('covers', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('counsel', 'text')
      .addColumn('by_id', 'text')
      .addColumn('created_at_ms', wide, (c) => c.notNull())
      .addColumn('expires_at_ms', wide, (c) => c.notNull())
      .addColumn('ended_at_ms', wide)
      .execute()
    await db.schema
      .createIndex('licence_override_repo')
      .on('licence_override')
      .columns(['repo_id', 'id'])
      .execute()
    await db.schema
      .createTable('repo_inherits')
      .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
      .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
      .addColumn('parent_id', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('repo_inherits_pk', ['repo_id', 'agreement_id', 'parent_id'])
      .execute()
  },
}
