/** What parties owe each other, and when to look at it. */
import { type Kysely, sql } from 'kysely'
import type { Flavor } from '../flavor.ts'
import type { Migration } from '../migrate.ts'
import type { Schema } from '../schema.ts'

const meters = async (db: Kysely<Schema>, wide: Flavor['wideType']): Promise<void> => {
  await db.schema
    .createTable('agreement_meter')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('operand', 'text', (c) => c.notNull())
    .addColumn('period', 'text', (c) => c.notNull())
    .addColumn('used', wide, (c) => c.notNull())
    .addColumn('reserved', wide, (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_meter_pk', ['agreement_id', 'org_id', 'operand', 'period'])
    .execute()
  await db.schema
    .createTable('agreement_use')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('use_key', 'text', (c) => c.notNull())
    .addColumn('org_id', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('amounts', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('at_ms', wide, (c) => c.notNull())
    .addColumn('expires_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_use_pk', ['agreement_id', 'use_key'])
    .execute()
  await db.schema
    .createIndex('agreement_use_expires')
    .on('agreement_use')
    .column('expires_ms')
    .execute()
}

const usage = async (db: Kysely<Schema>, wide: Flavor['wideType']): Promise<void> => {
  await db.schema
    .createTable('agreement_usage')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('org_id', 'text', (c) => c.notNull())
    .addColumn('month', 'text', (c) => c.notNull())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('operand', 'text', (c) => c.notNull())
    .addColumn('amount', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_usage_pk', [
      'agreement_id',
      'org_id',
      'month',
      'project',
      'operand',
    ])
    .execute()
  await db.schema
    .createTable('agreement_usage_statement')
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('org_id', 'text', (c) => c.notNull())
    .addColumn('month', 'text', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('envelope', 'text', (c) => c.notNull())
    .addColumn('disputed', 'text')
    .addColumn('at_ms', wide, (c) => c.notNull())
    .addPrimaryKeyConstraint('agreement_usage_statement_pk', ['agreement_id', 'org_id', 'month'])
    .execute()
}

const attestations = async (db: Kysely<Schema>, wide: Flavor['wideType']): Promise<void> => {
  await db.schema
    .createTable('agreement_attestation')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
    .addColumn('org_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('word', 'text', (c) => c.notNull())
    .addColumn('subject_kind', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'text', (c) => c.notNull())
    .addColumn('link', 'text')
    .addColumn('sha256', 'text')
    .addColumn('to_ms', wide)
    .addColumn('ended_at_ms', wide)
    .addColumn('created_at_ms', wide, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('agreement_attestation_of')
    .on('agreement_attestation')
    .columns(['agreement_id', 'org_id'])
    .execute()
}

export const duties: Migration = {
  number: 11,
  name: 'duties',
  async up(db, flavor) {
    await meters(db, flavor.wideType)
    await attestations(db, flavor.wideType)
    await usage(db, flavor.wideType)
    const wide = flavor.wideType
    await db.schema.alterTable('agreement').addColumn('duties_ms', wide).execute()
    await db.schema.alterTable('agreement').addColumn('tell_ms', wide).execute()
    // What was signed before owes as much: it is looked at once.
    await sql`update agreement set duties_ms = updated_at_ms
      where life in ('active', 'suspended', 'closing')`.execute(db)
    for (const column of ['duties_ms', 'tell_ms'] as const) {
      await db.schema.createIndex(`agreement_${column}`).on('agreement').column(column).execute()
    }
    await db.schema
      .createTable('agreement_duty')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('agreement_id', 'text', (c) => c.notNull().references('agreement.id'))
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('rule', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('debtor_id', 'text', (c) => c.notNull().references('account.id'))
      .addColumn('cause', 'text', (c) => c.notNull())
      .addColumn('round', 'integer', (c) => c.notNull())
      .addColumn('start_ms', wide, (c) => c.notNull())
      .addColumn('opened_ms', wide, (c) => c.notNull())
      .addColumn('due_ms', wide)
      .addColumn('suspends', 'integer', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('evidence', 'text')
      .addColumn('fulfilled_ms', wide)
      .addColumn('reason', 'text')
      .addColumn('by_id', 'text')
      .addColumn('tell_ms', wide)
      .addColumn('updated_at_ms', wide, (c) => c.notNull())
      .addUniqueConstraint('agreement_duty_cause', [
        'agreement_id',
        'rule',
        'debtor_id',
        'cause',
        'round',
      ])
      .execute()
    await db.schema
      .createIndex('agreement_duty_due')
      .on('agreement_duty')
      .columns(['state', 'due_ms'])
      .execute()
    await db.schema
      .createIndex('agreement_duty_tell')
      .on('agreement_duty')
      .column('tell_ms')
      .execute()
    await db.schema
      .createIndex('agreement_duty_debtor')
      .on('agreement_duty')
      .columns(['debtor_id', 'due_ms'])
      .execute()
  },
}
