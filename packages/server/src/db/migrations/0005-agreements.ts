/** Organisations as parties, what they agree, and what comes of it. */
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

const texts = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('agreement')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('template_id', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('life', 'text', (c) => c.notNull())
    .addColumn('in_force', 'integer')
    .addColumn('from_ms', wide)
    .addColumn('to_ms', wide)
    .addColumn('offer_until_ms', wide)
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('folder', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('agreement_end').on('agreement').columns(['life', 'to_ms']).execute()
  await db.schema
    .createTable('agreement_party')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_party_pk', ['agreement_id', 'org_id'])
    .execute()
  await db.schema
    .createIndex('agreement_party_org')
    .on('agreement_party')
    .columns(['org_id', 'agreement_id'])
    .execute()
  await db.schema
    .createTable('agreement_version')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('author_id', 'text', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_version_pk', ['agreement_id', 'version'])
    .execute()
  await db.schema
    .createTable('agreement_statement')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('org_id', 'text')
    .addColumn('at_ms', wide, (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('envelope', 'text', (c) => c.notNull())
    .addColumn('command_key', 'text')
    .addPrimaryKeyConstraint('agreement_statement_pk', ['agreement_id', 'seq'])
    .addUniqueConstraint('agreement_statement_command', ['agreement_id', 'command_key'])
    .execute()
}

/** What decisions ask: who may reach what under which agreement. */
const reach = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('agreement_repo')
    .addColumn('repo_id', 'text', (c) => c.notNull().references('repo.id').onDelete('cascade'))
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addPrimaryKeyConstraint('agreement_repo_pk', ['repo_id', 'agreement_id'])
    .execute()
  await db.schema
    .createIndex('agreement_repo_of')
    .on('agreement_repo')
    .columns(['agreement_id', 'repo_id'])
    .execute()
  await db.schema
    .createTable('agreement_grant')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('purposes', 'text', (c) => c.notNull())
    .addColumn('environment', 'text')
    .addColumn('grantee_id', 'text', (c) => c.notNull())
    .addColumn('grantee_kind', 'text', (c) => c.notNull())
    .addColumn('token_id', 'text')
    .addColumn('from_ms', wide, (c) => c.notNull())
    .addColumn('to_ms', wide)
    .addColumn('ended_at_ms', wide)
    .addColumn('created_by', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('agreement_grant_of')
    .on('agreement_grant')
    .columns(['agreement_id', 'grantee_id'])
    .execute()
  await db.schema
    .createTable('agreement_assent')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_assent_pk', ['agreement_id', 'account_id'])
    .execute()
  await db.schema
    .createTable('agreement_done')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('precondition', 'text', (c) => c.notNull())
    .addColumn('at_ms', wide, (c) => c.notNull())
    .addColumn('by_id', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_done_pk', ['agreement_id', 'precondition'])
    .execute()
  await db.schema
    .createTable('agreement_usage')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('org_id', 'text', (c) => c.notNull())
    .addColumn('operand', 'text', (c) => c.notNull())
    .addColumn('window', 'text', (c) => c.notNull())
    .addColumn('amount', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_usage_pk', ['agreement_id', 'org_id', 'operand', 'window'])
    .execute()
  await db.schema
    .createTable('repo_hold')
    .addColumn('repo_id', 'text', (c) => c.primaryKey().references('repo.id').onDelete('cascade'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('by_id', 'text')
    .addColumn('at_ms', wide, (c) => c.notNull())
    .execute()
}

const duties = async (db: Db, wide: Wide): Promise<void> => {
  await db.schema
    .createTable('obligation')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('debtor_id', 'text', (c) => c.notNull())
    .addColumn('cause', 'text', (c) => c.notNull())
    .addColumn('due_at_ms', wide)
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('evidence', 'text')
    .addColumn('told', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .addColumn('updated_at_ms', wide, (c) => c.notNull())
    .addUniqueConstraint('obligation_cause', ['agreement_id', 'rule', 'debtor_id', 'cause'])
    .execute()
  await db.schema
    .createIndex('obligation_due')
    .on('obligation')
    .columns(['state', 'due_at_ms'])
    .execute()
}

export const agreements: Migration = {
  number: 5,
  name: 'agreements',
  async up(db, flavor) {
    const wide = flavor.wideType
    await parties(db, wide)
    await texts(db, wide)
    await reach(db, wide)
    await duties(db, wide)
  },
}
