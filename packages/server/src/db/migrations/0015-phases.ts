/** Where an agreement stands for each of its parties; null until it is worked out for those from before. */
import type { Migration } from '../migrate.ts'

export const phases: Migration = {
  number: 15,
  name: 'phases',
  async up(db) {
    await db.schema.alterTable('agreement_party').addColumn('phase', 'text').execute()
    await db.schema
      .createIndex('agreement_party_phase')
      .on('agreement_party')
      .columns(['org_id', 'phase'])
      .execute()
    // Looked for again and again, and soon there are none.
    await db.schema
      .createIndex('agreement_party_unphased')
      .on('agreement_party')
      .columns(['agreement_id', 'phase'])
      .where('phase', 'is', null)
      .execute()
  },
}
