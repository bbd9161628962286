/** What organisations let their own people take from others, and the formats of a repo's files, which such rules ask for. */
import type { Migration } from '../migrate.ts'

export const orgRules: Migration = {
  number: 9,
  name: 'org rules',
  async up(db) {
    await db.schema
      .createTable('org_rule')
      .addColumn('org_id', 'text', (c) => c.notNull().references('account.id').onDelete('cascade'))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('words', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('org_rule_pk', ['org_id', 'kind'])
      .execute()
    await db.schema.alterTable('repo_fact').addColumn('formats', 'text').execute()
  },
}
