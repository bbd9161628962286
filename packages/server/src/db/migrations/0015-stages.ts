/** Where an agreement stands for each of its parties; null until it is worked out for those from before. */
import type { Migration } from '../migrate.ts'

export const stages: Migration = {
  number: 15,
  name: 'stages',
  async up(db) {
    await db.schema.alterTable('agreement_party').addColumn('stage', 'text').execute()
    await db.schema
      .createIndex('agreement_party_stage')
      .on('agreement_party')
      .columns(['org_id', 'stage'])
      .execute()
    // Looked for again and again, and soon there are none.
    await db.schema
      .createIndex('agreement_party_unstaged')
      .on('agreement_party')
      .columns(['agreement_id', 'stage'])
      .where('stage', 'is', null)
      .execute()
  },
}
