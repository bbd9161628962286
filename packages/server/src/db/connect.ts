/** Opens a database and gives the two ways to it: reads outside transactions, and short transactions that may be repeated. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely } from 'kysely'
import { HubError } from '#core/kernel/errors.ts'
import { sqliteDialect } from './dialect/sqlite.ts'
import { type Flavor, flavors, type Querier } from './flavor.ts'
import { migrate } from './migrate.ts'
import type { Schema } from './schema.ts'

/** Runs something once the transaction is durable; never inside it. */
export type AfterCommit = (effect: () => void) => void

export interface Database extends AsyncDisposable {
  readonly flavor: Flavor
  /** For single reads. Never inside `tx`, which has its own view. */
  readonly read: Querier
  /**
   * Runs SQL, and only SQL, as one transaction: all or nothing, durable when it resolves. It is repeated from its start when the engine
   * asks for it, so it must have no effect but through `q` and `after`.
   */
  tx<T>(work: (q: Querier, after: AfterCommit) => Promise<T>): Promise<T>
  /** Writes the database as it is at this moment into a new file, while others go on writing. */
  snapshot(file: string): Promise<void>
}

const attemptsMax = 5

const translate = (flavor: Flavor, error: unknown): unknown => {
  if (flavor.isFull(error)) {
    const message =
      'The disk of this hub is full: nothing was stored. An administrator must free space; then try again.'
    return new HubError('storage_full', message, {}, error)
  }
  if (flavor.isRetryable(error)) {
    return new HubError('busy', 'The database is busy. Try again in a moment.', {}, error)
  }
  return error
}

/** Wraps open Kysely instances as a Database. */
export const makeDatabase = (flavor: Flavor, reader: Querier, writer: Querier): Database => {
  const attempt = async <T>(
    work: (q: Querier, after: AfterCommit) => Promise<T>,
    triesLeft: number,
  ): Promise<T> => {
    const effects: (() => void)[] = []
    let result: T
    try {
      result = await writer.transaction().execute((q) => work(q, (effect) => effects.push(effect)))
    } catch (error) {
      if (triesLeft > 1 && flavor.isRetryable(error)) return attempt(work, triesLeft - 1)
      throw translate(flavor, error)
    }
    for (const effect of effects) effect()
    return result
  }
  return {
    flavor,
    read: reader,
    tx: (work) => attempt(work, attemptsMax),
    snapshot: (file) => flavor.snapshot(writer, file),
    async [Symbol.asyncDispose]() {
      await reader.destroy()
      if (writer !== reader) await writer.destroy()
    },
  }
}

const fileIn = (folder: string): string => join(folder, 'weighhouse.db')

/** Is there a hub already, or would opening begin one? */
export const holdsSqlite = (folder: string): boolean => existsSync(fileIn(folder))

/** The embedded default: `weighhouse.db` in the data folder, WAL, every commit synced. */
export const openSqlite = async (folder: string): Promise<Database> => {
  const file = fileIn(folder)
  const writer = new Kysely<Schema>({ dialect: sqliteDialect({ file, role: 'writer' }) })
  await migrate(writer, flavors.sqlite)
  const reader = new Kysely<Schema>({ dialect: sqliteDialect({ file, role: 'reader' }) })
  return makeDatabase(flavors.sqlite, reader, writer)
}
