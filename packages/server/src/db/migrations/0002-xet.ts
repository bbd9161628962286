/** Chunked storage: xorbs, what is in them, who may name them, and files as lists of terms. */
import type { Migration } from '../migrate.ts'

export const xet: Migration = {
  number: 2,
  name: 'xet',
  async up(db, flavor) {
    const wide = flavor.wideType
    await db.schema
      .createTable('xorb')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('size_bytes', wide, (c) => c.notNull())
      .addColumn('raw_bytes', wide, (c) => c.notNull())
      .addColumn('chunks', 'integer', (c) => c.notNull())
      .addColumn('created_at_ms', wide, (c) => c.notNull())
      .addColumn('used_at_ms', wide, (c) => c.notNull())
      .addColumn('named_at_ms', wide)
      .addColumn('doomed_at_ms', wide)
      .addColumn('checked_at_ms', wide, (c) => c.notNull())
      .addColumn('damaged_at_ms', wide)
      .execute()
    await db.schema.createIndex('xorb_used').on('xorb').column('used_at_ms').execute()
    await db.schema.createIndex('xorb_checked').on('xorb').column('checked_at_ms').execute()
    await db.schema
      .createTable('xorb_index')
      .addColumn('hash', 'text', (c) => c.primaryKey().references('xorb.hash').onDelete('cascade'))
      .addColumn('body', flavor.bytesType, (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('xorb_holder')
      .addColumn('account_id', 'text', (c) => c.notNull())
      .addColumn('xorb_hash', 'text', (c) =>
        c.notNull().references('xorb.hash').onDelete('cascade'),
      )
      .addColumn('created_at_ms', wide, (c) => c.notNull())
      .addPrimaryKeyConstraint('xorb_holder_pk', ['account_id', 'xorb_hash'])
      .execute()
    await db.schema.createIndex('xorb_holder_xorb').on('xorb_holder').column('xorb_hash').execute()
    await db.schema
      .createTable('xorb_chunk')
      .addColumn('chunk_hash', 'text', (c) => c.notNull())
      .addColumn('xorb_hash', 'text', (c) =>
        c.notNull().references('xorb.hash').onDelete('cascade'),
      )
      .addColumn('position', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('xorb_chunk_pk', ['chunk_hash', 'xorb_hash'])
      .execute()
    await db.schema.createIndex('xorb_chunk_xorb').on('xorb_chunk').column('xorb_hash').execute()
    await db.schema
      .createTable('xet_file')
      .addColumn('hash', 'text', (c) => c.primaryKey())
      .addColumn('sha256', 'text', (c) => c.notNull())
      .addColumn('size_bytes', wide, (c) => c.notNull())
      .addColumn('terms', flavor.bytesType, (c) => c.notNull())
      .addColumn('created_at_ms', wide, (c) => c.notNull())
      .execute()
    await db.schema.createIndex('xet_file_sha256').on('xet_file').column('sha256').execute()
    await db.schema
      .createTable('xet_file_xorb')
      .addColumn('file_hash', 'text', (c) =>
        c.notNull().references('xet_file.hash').onDelete('cascade'),
      )
      .addColumn('xorb_hash', 'text', (c) => c.notNull().references('xorb.hash'))
      .addPrimaryKeyConstraint('xet_file_xorb_pk', ['file_hash', 'xorb_hash'])
      .execute()
    await db.schema
      .createIndex('xet_file_xorb_xorb')
      .on('xet_file_xorb')
      .column('xorb_hash')
      .execute()
  },
}
