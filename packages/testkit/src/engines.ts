/** The engines that every database test loops over. */
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, makeDatabase, openSqlite } from '@weighhouse/server/db/connect.ts'
import { flavors } from '@weighhouse/server/db/flavor.ts'
import { migrate } from '@weighhouse/server/db/migrate.ts'
import type { Schema } from '@weighhouse/server/db/schema.ts'

/** A fresh database with the newest schema; its folder is left to the system's cleaning. */
const openTestSqlite = async (): Promise<Database> =>
  openSqlite(await mkdtemp(join(tmpdir(), 'weighhouse-db-')))

/** PostgreSQL in this process. One connection serves reads and transactions alike, so a read inside one would wait for ever. */
const openTestPostgres = async (): Promise<Database> => {
  const dialect = new PGliteDialect({ pglite: await PGlite.create() })
  const db = new Kysely<Schema>({ dialect })
  await migrate(db, flavors.postgres)
  return makeDatabase(flavors.postgres, db, db)
}

export const engines = { sqlite: openTestSqlite, postgres: openTestPostgres } as const
export type EngineName = keyof typeof engines
export const engineNames: readonly EngineName[] = ['sqlite', 'postgres']
