/** Organisations as parties: who they are in law, the keys they sign with, and who may sign for them. */
import type { Kysely } from 'kysely'
import type { Flavor } from '../flavor.ts'
import type { Migration } from '../migrate.ts'
import type { Schema } from '../schema.ts'

type Db = Kysely<Schema>
type Wide = Flavor['wideType']

const parties = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('party')
    .addColumn('org_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('legal_name', 'text', (c) => c.notNull())
    .addColumn('seat', 'text', (c) => c.notNull())
    .addColumn('org_type', 'text', (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('org_key')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('use', 'text', (c) => c.notNull())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('private_sealed', 'text')
    .addColumn('from_ms', wide, (c) => c.notNull())
    .addColumn('to_ms', wide)
    .addColumn('revoked_at_ms', wide)
    .addColumn('revoked_why', 'text')
    .addColumn('created_by', 'text')
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('org_key_org').on('org_key').columns(['org_id', 'use']).execute()
  await db.schema
    .createTable('signatory')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('sides', 'text', (c) => c.notNull())
    .addColumn('templates', 'text')
    .addColumn('from_ms', wide, (c) => c.notNull())
    .addColumn('to_ms', wide, (c) => c.notNull())
    .addColumn('named_by', 'text', (c) => c.notNull())
    .addColumn('named_at_ms', wide, (c) => c.notNull())
    .addColumn('confirmed_by', 'text')
    .addColumn('confirmed_at_ms', wide)
    .addColumn('ended_at_ms', wide)
    .execute()
  await db.schema
    .createIndex('signatory_org')
    .on('signatory')
    .columns(['org_id', 'user_id'])
    .execute()
}

export const agreements: Migration = {
  number: 5,
  name: 'agreements',
  async up(db, flavor) {
    await parties(db, flavor.wideType)
  },
}
