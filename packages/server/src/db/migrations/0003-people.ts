/** People and organisations: sessions, teams and grants, gates, apps, likes, collections, the audit trail. */
import { type Kysely, sql } from 'kysely'
import type { Flavor } from '../flavor.ts'
import type { Migration } from '../migrate.ts'
import type { Schema } from '../schema.ts'

type Db = Kysely<Schema>
type Wide = Flavor['wideType']

const widen = async (db: Db, wide: Wide): Promise<void> => {
  for (const column of ['service_of', 'details', 'website'] as const) {
    await db.schema.alterTable('account').addColumn(column, 'text').execute()
  }
  await db.schema.createIndex('account_service').on('account').column('service_of').execute()
  await db.schema.createIndex('account_email').on('account').column('email').execute()
  // Names that look alike, see `accountLike` of the identity room, which asks by the same expression.
  const alike = `replace(replace(replace(replace(replace(name_key, '0', 'o'), '1', 'l'), 'i', 'l'), '_', '-'), '.', '-')`
  await sql`create index account_alike on account (${sql.raw(alike)})`.execute(db)
  for (const column of ['scope', 'ip_ranges', 'app_id', 'ended_why'] as const) {
    await db.schema.alterTable('token').addColumn(column, 'text').execute()
  }
  for (const column of ['account_id', 'payload'] as const) {
    await db.schema.alterTable('invitation').addColumn(column, 'text').execute()
  }
  await db.schema.alterTable('repo').addColumn('gate', 'text').execute()
  await db.schema
    .alterTable('repo')
    .addColumn('gate_covers_members', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema.alterTable('repo').addColumn('group_id', 'text').execute()
  await db.schema.createIndex('repo_group').on('repo').column('group_id').execute()
  for (const column of ['door', 'token_id', 'behalf_id', 'ip'] as const) {
    await db.schema.alterTable('event').addColumn(column, 'text').execute()
  }
  await db.schema.alterTable('membership').addColumn('expires_at_ms', wide).execute()
}

const signIns = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('session')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('secret_sha256', 'text', (c) => c.notNull().unique())
    .addColumn('method', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('used_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .addColumn('proved_at_ms', wide, (c) => c.notNull())
    .addColumn('ended_at_ms', wide)
    .addColumn('ip', 'text')
    .addColumn('agent', 'text')
    .execute()
  await db.schema.createIndex('session_account').on('session').column('account_id').execute()
  await db.schema
    .createTable('sign_in_failure')
    .addColumn('subject', 'text', (c) => c.primaryKey())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addColumn('first_at_ms', wide, (c) => c.notNull())
    .addColumn('locked_until_ms', wide)
    .execute()
}

const apps = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('oauth_app')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('disabled_at_ms', wide)
    .execute()
  await db.schema
    .createTable('oauth_device')
    .addColumn('secret_sha256', 'text', (c) => c.primaryKey())
    .addColumn('user_code', 'text', (c) => c.notNull().unique())
    .addColumn('app_id', 'text', (c) => c.notNull().references('oauth_app.id'))
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text')
    .addColumn('ip', 'text')
    .addColumn('agent', 'text')
    .addColumn('polled_at_ms', wide)
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('oauth_refresh')
    .addColumn('secret_sha256', 'text', (c) => c.primaryKey())
    .addColumn('family_id', 'text', (c) => c.notNull())
    .addColumn('app_id', 'text', (c) => c.notNull().references('oauth_app.id'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('token_id', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .addColumn('used_at_ms', wide)
    .execute()
  await db.schema
    .createIndex('oauth_refresh_family')
    .on('oauth_refresh')
    .column('family_id')
    .execute()
}

const organisations = async (db: Db, wide: Wide): Promise<void> => {
  for (const table of ['team', 'resource_group'] as const) {
    await db.schema
      .createTable(table)
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('name_key', 'text', (c) => c.notNull())
      .addColumn('created_at_ms', wide, (c) => c.notNull())
      .addUniqueConstraint(`${table}_name`, ['org_id', 'name_key'])
      .execute()
  }
  await db.schema
    .createTable('team_member')
    .addColumn('team_id', 'text', (c) => c.notNull().references('team.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('team_member_pk', ['team_id', 'user_id'])
    .execute()
  await db.schema
    .createIndex('team_member_user')
    .on('team_member')
    .columns(['user_id', 'team_id'])
    .execute()
  await db.schema
    .createTable('access_grant')
    .addColumn('target_id', 'text', (c) => c.notNull())
    .addColumn('grantee_id', 'text', (c) => c.notNull())
    .addColumn('target_kind', 'text', (c) => c.notNull())
    .addColumn('grantee_kind', 'text', (c) => c.notNull())
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('created_by', 'text')
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide)
    .addPrimaryKeyConstraint('access_grant_pk', ['target_id', 'grantee_id'])
    .execute()
  await db.schema
    .createIndex('access_grant_grantee')
    .on('access_grant')
    .columns(['grantee_id', 'target_id'])
    .execute()
  await db.schema
    .createTable('org_policy')
    .addColumn('org_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('token_life_ms_max', wide)
    .addColumn('needs_token_approval', 'integer', (c) => c.notNull())
    .addColumn('needs_two_people', 'integer', (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('token_approval')
    .addColumn('token_id', 'text', (c) => c.notNull().references('token.id'))
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('decided_by', 'text')
    .addColumn('decided_at_ms', wide)
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('token_approval_pk', ['token_id', 'org_id'])
    .execute()
  await db.schema
    .createTable('pending_act')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('act', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('asked_by', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .addColumn('decided_by', 'text')
    .addColumn('decided_at_ms', wide)
    .execute()
  await db.schema
    .createIndex('pending_act_org')
    .on('pending_act')
    .columns(['org_id', 'state'])
    .execute()
}

const gates = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('access_request')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('subject_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('is_grant', 'integer', (c) => c.notNull())
    .addColumn('asked_by', 'text', (c) => c.notNull())
    .addColumn('fields', 'text', (c) => c.notNull())
    .addColumn('terms_sha256', 'text')
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('reviewed_at_ms', wide)
    .addColumn('reviewed_by', 'text')
    .addColumn('reason', 'text')
    .addColumn('expires_at_ms', wide)
    .addUniqueConstraint('access_request_subject', ['repo_id', 'subject_id'])
    .execute()
  await db.schema
    .createIndex('access_request_state')
    .on('access_request')
    .columns(['repo_id', 'state', 'id'])
    .execute()
  await db.schema
    .createIndex('access_request_of')
    .on('access_request')
    .columns(['subject_id', 'repo_id'])
    .execute()
  await db.schema
    .createTable('gate_terms')
    .addColumn('sha256', 'text', (c) => c.primaryKey())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .execute()
}

const social = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('repo_like')
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('repo_like_pk', ['account_id', 'repo_id'])
    .execute()
  await db.schema
    .createIndex('repo_like_repo')
    .on('repo_like')
    .columns(['repo_id', 'account_id'])
    .execute()
  await db.schema
    .createTable('collection')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('owner_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('description', 'text')
    .addColumn('theme', 'text', (c) => c.notNull())
    .addColumn('is_private', 'integer', (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('collection_owner').on('collection').column('owner_id').execute()
  await db.schema
    .createTable('collection_item')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('collection_id', 'text', (c) =>
      c.notNull().references('collection.id').onDelete('cascade'),
    )
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('target_id', 'text', (c) => c.notNull())
    .addColumn('note', 'text')
    .addColumn('position', 'integer', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addUniqueConstraint('collection_item_target', ['collection_id', 'kind', 'target_id'])
    .execute()
  await db.schema
    .createIndex('collection_item_of')
    .on('collection_item')
    .columns(['target_id', 'collection_id'])
    .execute()
  await db.schema
    .createTable('collection_like')
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('collection_id', 'text', (c) =>
      c.notNull().references('collection.id').onDelete('cascade'),
    )
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('collection_like_pk', ['account_id', 'collection_id'])
    .execute()
}

const audit = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('audit_entry')
    .addColumn('seq', wide, (c) => c.primaryKey())
    .addColumn('event_seq', wide, (c) => c.unique())
    .addColumn('at_ms', wide, (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('act', 'text', (c) => c.notNull())
    .addColumn('actor_id', 'text')
    .addColumn('actor_name', 'text')
    .addColumn('behalf_id', 'text')
    .addColumn('token_id', 'text')
    .addColumn('door', 'text')
    .addColumn('ip', 'text')
    .addColumn('target_kind', 'text')
    .addColumn('target_id', 'text')
    .addColumn('target_path', 'text')
    .addColumn('owner_id', 'text')
    .addColumn('reason', 'text')
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('details', 'text', (c) => c.notNull())
    .execute()
  for (const column of ['at_ms', 'actor_id', 'target_id', 'owner_id'] as const) {
    await db.schema
      .createIndex(`audit_by_${column}`)
      .on('audit_entry')
      .columns([column, 'seq'])
      .execute()
  }
  await db.schema
    .createTable('audit_sink')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('target', 'text', (c) => c.notNull())
    .addColumn('secret_sealed', 'text')
    .addColumn('after_seq', wide, (c) => c.notNull())
    .addColumn('last_error', 'text')
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('disabled_at_ms', wide)
    .execute()
}

export const people: Migration = {
  number: 3,
  name: 'people',
  async up(db, flavor) {
    const wide = flavor.wideType
    await widen(db, wide)
    await signIns(db, wide)
    await apps(db, wide)
    await organisations(db, wide)
    await gates(db, wide)
    await social(db, wide)
    await audit(db, wide)
  },
}
