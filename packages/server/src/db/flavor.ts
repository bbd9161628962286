/** What the two engines do not share, each body beside its sister. All else is written in their intersection. */
import { type Kysely, sql } from 'kysely'
import type { Schema } from './schema.ts'

export type Engine = 'sqlite' | 'postgres'

/** A connection or an open transaction. */
export type Querier = Kysely<Schema>

export interface Flavor {
  readonly engine: Engine
  /** Column type of raw bytes. */
  readonly bytesType: 'blob' | 'bytea'
  /** Column type of integers beyond 32 bits. */
  readonly wideType: 'integer' | 'bigint'
  /** Did this error come from a unique key? */
  isUniqueViolation(error: unknown): boolean
  /** May the same transaction succeed if it is run again? */
  isRetryable(error: unknown): boolean
  /** Is the disk under the database full? */
  isFull(error: unknown): boolean
  /**
   * Takes the right to append events until the transaction ends, so that `seq` follows commit order: a reader who has seen n never
   * meets a smaller one later.
   */
  lockEvents(q: Querier): Promise<void>
  /** Asks the engine for a sign of life. */
  ping(q: Querier): Promise<void>
  /** What the engine reports of damage in its own structures; nothing when they are sound. */
  checkIntegrity(q: Querier): Promise<string[]>
  /** Copies the database as of this moment into a new file. Outside any transaction. */
  snapshot(q: Querier, file: string): Promise<void>
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'errcode' in error ? error.errcode : undefined

const stateOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

const sqliteBusy = 5
const sqliteFull = 13

const primaryCode = (error: unknown): number | undefined => {
  const code = codeOf(error)
  return typeof code === 'number' ? code & 0xff : undefined
}

const ping = async (q: Querier): Promise<void> => {
  await sql`select 1`.execute(q)
}

const sqlite: Flavor = {
  engine: 'sqlite',
  bytesType: 'blob',
  wideType: 'integer',
  // SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY
  isUniqueViolation: (error) => codeOf(error) === 2067 || codeOf(error) === 1555,
  isRetryable: (error) => primaryCode(error) === sqliteBusy,
  isFull: (error) => primaryCode(error) === sqliteFull,
  // One writer at a time: `begin immediate` has already ordered us.
  lockEvents: () => Promise.resolve(),
  ping,
  checkIntegrity: async (q) => {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(20)`.execute(q)
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
  },
  snapshot: async (q, file) => {
    await sql`vacuum into ${file}`.execute(q)
  },
}

const postgres: Flavor = {
  engine: 'postgres',
  bytesType: 'bytea',
  wideType: 'bigint',
  isUniqueViolation: (error) => stateOf(error) === '23505',
  isRetryable: (error) => stateOf(error) === '40001' || stateOf(error) === '40P01',
  isFull: (error) => stateOf(error) === '53100',
  lockEvents: async (q) => {
    await sql`select pg_advisory_xact_lock(7301)`.execute(q)
  },
  ping,
  checkIntegrity: () => Promise.resolve([]),
  snapshot: () =>
    Promise.reject(
      new Error('a PostgreSQL database is backed up with pg_dump, which comes with it'),
    ),
}

export const flavors: Record<Engine, Flavor> = { sqlite, postgres }
