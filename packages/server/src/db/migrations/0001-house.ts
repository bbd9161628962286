/** The first schema: accounts, repos, content, git objects, refs, events, jobs, derived facts. */
import type { Kysely } from 'kysely'
import type { Flavor } from '../flavor.ts'
import type { Migration } from '../migrate.ts'
import type { Schema } from '../schema.ts'

type Db = Kysely<Schema>

const accounts = async (db: Db, wide: 'integer' | 'bigint'): Promise<void> => {
  await db.schema
    .createTable('account')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull().unique())
    .addColumn('full_name', 'text', (c) => c.notNull())
    .addColumn('email', 'text')
    .addColumn('is_admin', 'integer', (c) => c.notNull())
    .addColumn('disabled_at_ms', wide)
    .addColumn('policy_epoch', wide, (c) => c.notNull().defaultTo(0))
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('password')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('changed_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('membership')
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('membership_pk', ['org_id', 'user_id'])
    .execute()
  await db.schema
    .createIndex('membership_user')
    .on('membership')
    .columns(['user_id', 'org_id'])
    .execute()
  await db.schema
    .createTable('token')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('secret_sha256', 'text', (c) => c.notNull().unique())
    .addColumn('hint', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('last_used_at_ms', wide)
    .addColumn('expires_at_ms', wide)
    .addColumn('revoked_at_ms', wide)
    .execute()
  await db.schema.createIndex('token_account').on('token').column('account_id').execute()
  await db.schema
    .createTable('invitation')
    .addColumn('secret_sha256', 'text', (c) => c.primaryKey())
    .addColumn('purpose', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('quota')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('storage_bytes_max', wide, (c) => c.notNull())
    .execute()
}

const repos = async (db: Db, wide: 'integer' | 'bigint'): Promise<void> => {
  await db.schema
    .createTable('repo')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('owner_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull())
    .addColumn('visibility', 'text', (c) => c.notNull())
    .addColumn('disabled_at_ms', wide)
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .addColumn('policy_epoch', wide, (c) => c.notNull().defaultTo(0))
    .addColumn('downloads', wide, (c) => c.notNull().defaultTo(0))
    .addColumn('likes', wide, (c) => c.notNull().defaultTo(0))
    .addUniqueConstraint('repo_name', ['type', 'owner_id', 'name_key'])
    .execute()
  await db.schema.createIndex('repo_owner').on('repo').column('owner_id').execute()
  for (const order of ['created_at_ms', 'updated_at_ms', 'downloads', 'likes'] as const) {
    await db.schema
      .createIndex(`repo_by_${order}`)
      .on('repo')
      .columns(['type', order, 'id'])
      .execute()
  }
  await db.schema
    .createTable('repo_alias')
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('path_key', 'text', (c) => c.notNull())
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('repo_alias_pk', ['type', 'path_key'])
    .execute()
  await db.schema.createIndex('repo_alias_repo').on('repo_alias').column('repo_id').execute()
  await db.schema
    .createTable('repo_fact')
    .addColumn('repo_id', 'text', (c) => c.primaryKey().references('repo.id').onDelete('cascade'))
    .addColumn('commit_oid', 'text')
    .addColumn('facts', 'text', (c) => c.notNull())
    .addColumn('pipeline_tag', 'text')
    .addColumn('library_name', 'text')
    .addColumn('parameters', wide)
    .execute()
  await db.schema
    .createTable('repo_tag')
    .addColumn('tag', 'text', (c) => c.notNull())
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('repo_tag_pk', ['tag', 'repo_id'])
    .execute()
  await db.schema.createIndex('repo_tag_repo').on('repo_tag').column('repo_id').execute()
}

const contents = async (db: Db, flavor: Flavor): Promise<void> => {
  const wide = flavor.wideType
  await db.schema
    .createTable('content')
    .addColumn('sha256', 'text', (c) => c.primaryKey())
    .addColumn('size_bytes', wide, (c) => c.notNull())
    .addColumn('held', 'text', (c) => c.notNull())
    .addColumn('git_oid', 'text')
    .addColumn('xet_hash', 'text')
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('doomed_at_ms', wide)
    .execute()
  await db.schema
    .createTable('content_link')
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('sha256', 'text', (c) => c.notNull().references('content.sha256'))
    .addColumn('size_bytes', wide, (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('content_link_pk', ['repo_id', 'sha256'])
    .execute()
  await db.schema.createIndex('content_link_sha256').on('content_link').column('sha256').execute()
  await db.schema
    .createTable('upload')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('actor_id', 'text', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('size_bytes', wide, (c) => c.notNull())
    .addColumn('part_bytes', wide, (c) => c.notNull())
    .addColumn('parts', 'integer', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('upload_resume')
    .on('upload')
    .columns(['repo_id', 'sha256', 'actor_id'])
    .execute()
  await db.schema.createIndex('upload_expiry').on('upload').column('expires_at_ms').execute()
  await db.schema
    .createTable('upload_part')
    .addColumn('upload_id', 'text', (c) => c.notNull().references('upload.id').onDelete('cascade'))
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('size_bytes', wide, (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('upload_part_pk', ['upload_id', 'number'])
    .execute()
  await db.schema
    .createTable('git_object')
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('oid', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('size_bytes', wide, (c) => c.notNull())
    .addColumn('body', flavor.bytesType)
    .addColumn('content_sha256', 'text')
    .addColumn('lfs_sha256', 'text')
    .addColumn('lfs_size_bytes', wide)
    .addPrimaryKeyConstraint('git_object_pk', ['repo_id', 'oid'])
    .execute()
  await db.schema
    .createTable('ref')
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('oid', 'text', (c) => c.notNull())
    .addColumn('commit_oid', 'text', (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('ref_pk', ['repo_id', 'name'])
    .execute()
}

const happenings = async (db: Db, wide: 'integer' | 'bigint'): Promise<void> => {
  await db.schema
    .createTable('event')
    .addColumn('seq', wide, (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('at_ms', wide, (c) => c.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('repo_id', 'text')
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('event_repo').on('event').columns(['repo_id', 'seq']).execute()
  await db.schema
    .createTable('event_cursor')
    .addColumn('consumer', 'text', (c) => c.primaryKey())
    .addColumn('seq', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('job')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('work_key', 'text', (c) => c.notNull().unique())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('run_at_ms', wide, (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('lease_until_ms', wide)
    .addColumn('last_error', 'text')
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('job_due').on('job').columns(['state', 'run_at_ms']).execute()
}

export const house: Migration = {
  number: 1,
  name: 'house',
  async up(db, flavor) {
    await accounts(db, flavor.wideType)
    await repos(db, flavor.wideType)
    await contents(db, flavor)
    await happenings(db, flavor.wideType)
  },
}
