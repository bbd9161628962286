/** Numbered, forward-only migrations; one file serves both engines. */
import { type Kysely, sql } from 'kysely'
import type { Flavor } from './flavor.ts'
import { house } from './migrations/0001-house.ts'
import { xet } from './migrations/0002-xet.ts'
import { people } from './migrations/0003-people.ts'
import { signIn } from './migrations/0004-sign-in.ts'
import { agreements } from './migrations/0005-agreements.ts'
import { holds } from './migrations/0006-holds.ts'
import { domains } from './migrations/0007-domains.ts'
import { ownTemplates } from './migrations/0008-own-templates.ts'
import { orgRules } from './migrations/0009-org-rules.ts'
import { lineage } from './migrations/0010-lineage.ts'
import { duties } from './migrations/0011-duties.ts'
import { agreedGates } from './migrations/0012-agreed-gates.ts'
import { judgedAgain } from './migrations/0013-judged-again.ts'
import { derivatives } from './migrations/0014-derivatives.ts'
import { phases } from './migrations/0015-phases.ts'
import type { Schema } from './schema.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  up(db: Kysely<Schema>, flavor: Flavor): Promise<void>
}

const migrations: readonly Migration[] = [
  house,
  xet,
  people,
  signIn,
  agreements,
  holds,
  domains,
  ownTemplates,
  orgRules,
  lineage,
  duties,
  agreedGates,
  judgedAgain,
  derivatives,
  phases,
]

const versionKey = 'schema_version'

const readVersion = async (db: Kysely<Schema>): Promise<number> => {
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', versionKey)
    .executeTakeFirst()
  return row === undefined ? 0 : Number(row.value)
}

/**
 * Brings a database to this program's schema, each step in its own transaction. A database written by a newer program is refused, since
 * running on it could lose what it means. Tests stop before a step to see it meet data.
 */
export const migrate = async (
  db: Kysely<Schema>,
  flavor: Flavor,
  upTo = Infinity,
): Promise<void> => {
  await db.schema
    .createTable('meta')
    .ifNotExists()
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute()
  const newest = migrations.at(-1)?.number ?? 0
  const found = await readVersion(db)
  if (found > newest) {
    throw new Error(
      `this database has schema ${found}, this program knows up to ${newest}: run the newer Weighhouse that wrote it`,
    )
  }
  for (const migration of migrations.filter(({ number }) => number <= upTo)) {
    await db.transaction().execute(async (tx) => {
      if ((await readVersion(tx)) >= migration.number) return
      await migration.up(tx, flavor)
      await sql`insert into meta (key, value) values (${versionKey}, ${String(migration.number)})
        on conflict (key) do update set value = excluded.value`.execute(tx)
    })
  }
}
