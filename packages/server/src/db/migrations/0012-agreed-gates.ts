/** Gates that open by an agreement, and the requests that wait for one. */
import type { Migration } from '../migrate.ts'

export const agreedGates: Migration = {
  number: 12,
  name: 'agreed-gates',
  async up(db) {
    await db.schema.alterTable('repo').addColumn('gate_template', 'text').execute()
    for (const column of ['for_org_id', 'agreement_id']) {
      await db.schema.alterTable('access_request').addColumn(column, 'text').execute()
    }
    await db.schema
      .createIndex('access_request_agreement')
      .on('access_request')
      .column('agreement_id')
      .execute()
  },
}
