/** More ways to sign in: second factors, passkeys, single sign-on, provisioning, and apps that ask by a page. */
import type { Kysely } from 'kysely'
import type { Flavor } from '../flavor.ts'
import type { Migration } from '../migrate.ts'
import type { Schema } from '../schema.ts'

type Db = Kysely<Schema>
type Wide = Flavor['wideType']

const factors = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('totp')
    .addColumn('account_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('secret_sealed', 'text', (c) => c.notNull())
    .addColumn('last_step', wide, (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('confirmed_at_ms', wide)
    .execute()
  await db.schema
    .createTable('recovery_code')
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('used_at_ms', wide)
    .addPrimaryKeyConstraint('recovery_code_pk', ['account_id', 'sha256'])
    .execute()
  await db.schema
    .createTable('passkey')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('sign_count', wide, (c) => c.notNull())
    .addColumn('transports', 'text', (c) => c.notNull())
    .addColumn('label', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('used_at_ms', wide)
    .execute()
  await db.schema.createIndex('passkey_account').on('passkey').column('account_id').execute()
  await db.schema
    .createTable('challenge')
    .addColumn('secret_sha256', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text')
    .addColumn('network', 'text')
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('challenge_end').on('challenge').column('expires_at_ms').execute()
  await db.schema.createIndex('challenge_network').on('challenge').column('network').execute()
  await db.schema
    .createIndex('challenge_account')
    .on('challenge')
    .columns(['account_id', 'kind'])
    .execute()
}

const singleSignOn = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('sso_provider')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('org_id', 'text', (c) => c.references('account.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('name_key', 'text', (c) => c.notNull().unique())
    .addColumn('issuer', 'text', (c) => c.notNull())
    .addColumn('client_id', 'text', (c) => c.notNull())
    .addColumn('secret_sealed', 'text')
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('disabled_at_ms', wide)
    .execute()
  await db.schema
    .createTable('sso_identity')
    .addColumn('provider_id', 'text', (c) => c.notNull().references('sso_provider.id'))
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('email', 'text')
    .addColumn('given', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('used_at_ms', wide)
    .addPrimaryKeyConstraint('sso_identity_pk', ['provider_id', 'subject'])
    .execute()
  await db.schema.createIndex('sso_identity_of').on('sso_identity').column('account_id').execute()
  await db.schema
    .createTable('sso_attempt')
    .addColumn('secret_sha256', 'text', (c) => c.primaryKey())
    .addColumn('provider_id', 'text', (c) => c.notNull().references('sso_provider.id'))
    .addColumn('verifier_sealed', 'text', (c) => c.notNull())
    .addColumn('nonce', 'text', (c) => c.notNull())
    .addColumn('next', 'text', (c) => c.notNull())
    .addColumn('link_account_id', 'text')
    .addColumn('ip', 'text')
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('sso_attempt_end').on('sso_attempt').column('expires_at_ms').execute()
}

const provisioning = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('scim_user')
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('user_name', 'text', (c) => c.notNull())
    .addColumn('user_name_key', 'text', (c) => c.notNull())
    .addColumn('external_id', 'text')
    .addColumn('is_active', 'integer', (c) => c.notNull())
    .addColumn('is_managed', 'integer', (c) => c.notNull())
    .addColumn('attributes', 'text', (c) => c.notNull())
    .addColumn('active_since_ms', wide, (c) => c.notNull())
    .addColumn('disabled_at_ms', wide)
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('scim_user_pk', ['org_id', 'account_id'])
    .addUniqueConstraint('scim_user_name', ['org_id', 'user_name_key'])
    .execute()
  await db.schema
    .createTable('scim_group')
    .addColumn('team_id', 'text', (c) => c.primaryKey().references('team.id').onDelete('cascade'))
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('display_name', 'text', (c) => c.notNull())
    .addColumn('external_id', 'text')
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('scim_group_org').on('scim_group').column('org_id').execute()
  await db.schema
    .createTable('scim_waiting')
    .addColumn('team_id', 'text', (c) =>
      c.notNull().references('scim_group.team_id').onDelete('cascade'),
    )
    .addColumn('org_id', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('scim_waiting_pk', ['team_id', 'account_id'])
    .addForeignKeyConstraint(
      'scim_waiting_user',
      ['org_id', 'account_id'],
      'scim_user',
      ['org_id', 'account_id'],
      (c) => c.onDelete('cascade'),
    )
    .execute()
  await db.schema
    .createIndex('scim_waiting_user_of')
    .on('scim_waiting')
    .columns(['org_id', 'account_id'])
    .execute()
  await db.schema
    .createTable('scim_directory')
    .addColumn('org_id', 'text', (c) => c.primaryKey().references('account.id'))
    .addColumn('window_start_ms', wide, (c) => c.notNull())
    .addColumn('window_active', 'integer', (c) => c.notNull())
    .addColumn('window_ended', 'integer', (c) => c.notNull())
    .addColumn('braked_at_ms', wide)
    .addColumn('changed_at_ms', wide, (c) => c.notNull())
    .execute()
}

const apps = async (db: Db, wide: Wide): Promise<void> => {
  for (const column of [
    'owner_id',
    'secret_sha256',
    'redirect_uris',
    'website',
    'from_ip',
  ] as const) {
    await db.schema.alterTable('oauth_app').addColumn(column, 'text').execute()
  }
  await db.schema.alterTable('oauth_app').addColumn('used_at_ms', wide).execute()
  await db.schema.createIndex('oauth_app_owner').on('oauth_app').column('owner_id').execute()
  await db.schema
    .createIndex('oauth_app_from')
    .on('oauth_app')
    .columns(['from_ip', 'created_at_ms'])
    .execute()
  await db.schema.alterTable('oauth_refresh').addColumn('ended_at_ms', wide).execute()
  await db.schema
    .createIndex('oauth_refresh_grant')
    .on('oauth_refresh')
    .columns(['app_id', 'account_id'])
    .execute()
  await db.schema
    .createIndex('oauth_refresh_token')
    .on('oauth_refresh')
    .column('token_id')
    .execute()
  await db.schema
    .createTable('oauth_code')
    .addColumn('secret_sha256', 'text', (c) => c.primaryKey())
    .addColumn('app_id', 'text', (c) => c.notNull().references('oauth_app.id'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('family_id', 'text', (c) => c.notNull())
    .addColumn('redirect_uri', 'text', (c) => c.notNull())
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('code_challenge', 'text')
    .addColumn('nonce', 'text')
    .addColumn('proved_at_ms', wide, (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('expires_at_ms', wide, (c) => c.notNull())
    .addColumn('used_at_ms', wide)
    .execute()
  await db.schema
    .createIndex('oauth_code_grant')
    .on('oauth_code')
    .columns(['app_id', 'account_id'])
    .execute()
  await db.schema
    .createTable('oauth_consent')
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('app_id', 'text', (c) => c.notNull().references('oauth_app.id'))
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('oauth_consent_pk', ['account_id', 'app_id'])
    .execute()
  await db.schema
    .createTable('oauth_key')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('private_sealed', 'text', (c) => c.notNull())
    .addColumn('public_jwk', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('retired_at_ms', wide)
    .execute()
}

export const signIn: Migration = {
  number: 4,
  name: 'sign-in',
  async up(db, flavor) {
    const wide = flavor.wideType
    await factors(db, wide)
    await singleSignOn(db, wide)
    await provisioning(db, wide)
    await apps(db, wide)
  },
}
