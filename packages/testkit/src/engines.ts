/** The engines that every database test loops over. */
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { createHash } from 'node:crypto'
import { glob, mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Database, makeDatabase, openSqlite } from '@weighhouse/server/db/connect.ts'
import { flavors } from '@weighhouse/server/db/flavor.ts'
import { migrate } from '@weighhouse/server/db/migrate.ts'
import type { Schema } from '@weighhouse/server/db/schema.ts'

/** A fresh database with the newest schema; its folder is left to the system's cleaning. */
const openTestSqlite = async (): Promise<Database> =>
  openSqlite(await mkdtemp(join(tmpdir(), 'weighhouse-db-')))

const root = fileURLToPath(new URL('../../../', import.meta.url))
const templates = join(root, 'node_modules/.cache/postgres')

/** Everything that an empty database depends on. */
const templateKey = async (): Promise<string> => {
  const paths = ['node_modules/@electric-sql/pglite/package.json']
  for await (const path of glob('packages/server/src/db/**/*.ts', { cwd: root })) paths.push(path)
  const hash = createHash('sha256')
  for (const path of paths.toSorted()) {
    hash.update(`${path}\0`).update(await readFile(join(root, path)))
  }
  return hash.digest('hex')
}

const makeTemplate = async (): Promise<Blob> => {
  await using pglite = await PGlite.create()
  await migrate(new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) }), flavors.postgres)
  await pglite.exec('checkpoint')
  return pglite.dumpDataDir('none')
}

/** Beginning a PostgreSQL costs five times what a copy of one costs: an empty one with the newest schema is kept for all tests. */
const readTemplate = async (): Promise<Blob> => {
  const path = join(templates, `${await templateKey()}.tar`)
  const kept = await readFile(path).catch(() => undefined)
  if (kept !== undefined) return new Blob([kept])
  const made = await makeTemplate()
  await mkdir(templates, { recursive: true })
  // Tests run at once: the name appears when all of it is there.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, Buffer.from(await made.arrayBuffer()))
  await rename(draft, path)
  return made
}

let template: Promise<Blob> | undefined
/** Emptied, and free for the next house of this file. */
const idle: PGlite[] = []
const begun: PGlite[] = []

/** Those too that a failed test has left open. */
const closeAll = async (): Promise<void> => {
  for (const pglite of begun) {
    Reflect.deleteProperty(pglite, 'close')
    await pglite.close()
  }
}

// Their timers would keep the process; a benchmark that opens a house is no test.
if (process.env['NODE_TEST_CONTEXT'] !== undefined) after(closeAll)

const beginPostgres = async (): Promise<PGlite> => {
  template ??= readTemplate()
  const pglite = await PGlite.create({ loadDataDir: await template })
  begun.push(pglite)
  return pglite
}

/** As if it were new, for a fifth of what a new one costs. */
const empty = async (pglite: PGlite): Promise<void> => {
  const { rows } = await pglite.query<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'meta'",
  )
  const deletes = rows.map(({ name }) => `delete from ${name};`).join('')
  await pglite.exec(
    `begin; set local session_replication_role = replica; ${deletes} delete from meta where key <> 'schema_version'; commit`,
  )
}

/** PostgreSQL in this process. One connection serves reads and transactions alike, so a read inside one would wait for ever. */
const openTestPostgres = async (): Promise<Database> => {
  const pglite = idle.pop() ?? (await beginPostgres())
  // Whoever closes it gives it back.
  pglite.close = async () => {
    await empty(pglite)
    idle.push(pglite)
  }
  const db = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) })
  return makeDatabase(flavors.postgres, db, db)
}

export const engines = { sqlite: openTestSqlite, postgres: openTestPostgres } as const
export type EngineName = keyof typeof engines
export const engineNames: readonly EngineName[] = ['sqlite', 'postgres']
