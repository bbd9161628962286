/**
 * Kysely over the platform's own `node:sqlite`. One connection per Kysely instance; a mutex hands it to one transaction at
 * a time. Prepared statements are kept, since compiling SQL costs more than a point read.
 */
import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type LimitNode,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  ValueNode,
} from 'kysely'

export interface SqliteConfig {
  readonly file: string
  /** A writer opens transactions with `begin immediate`; a reader never writes. */
  readonly role: 'writer' | 'reader'
}

const statementsKeptMax = 500

const pragmas = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma foreign_keys = on;
  pragma busy_timeout = 10000;
  pragma temp_store = memory;
  pragma cache_size = -32000;
`

const openDatabase = (config: SqliteConfig): DatabaseSync => {
  const database = new DatabaseSync(config.file)
  database.exec(pragmas)
  if (config.role === 'reader') database.exec('pragma query_only = on')
  return database
}

interface Prepared {
  readonly statement: StatementSync
  /** Asked once: describing the columns costs as much as a small query. */
  readonly hasRows: boolean
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, Prepared>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  #prepare(sql: string): Prepared {
    const kept = this.#statements.get(sql)
    if (kept !== undefined) return kept
    if (this.#statements.size >= statementsKeptMax) this.#statements.clear()
    const statement = this.#database.prepare(sql)
    const prepared = { statement, hasRows: statement.columns().length > 0 }
    this.#statements.set(sql, prepared)
    return prepared
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const { statement, hasRows } = this.#prepare(query.sql)
      // Kysely passes plain values: our schema holds only text, numbers, null and bytes.
      const values = query.parameters as SQLInputValue[]
      if (hasRows) {
        return Promise.resolve({ rows: statement.all(...values) as R[] })
      }
      const { changes, lastInsertRowid } = statement.run(...values)
      return Promise.resolve({
        rows: [],
        numAffectedRows: BigInt(changes),
        insertId: BigInt(lastInsertRowid),
      })
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }

  // oxlint-disable-next-line require-yield -- the interface asks for a generator; we stream by keyset pages instead
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('expected a bounded query: streaming is not offered, page by keyset')
  }
}

class SqliteDriver implements Driver {
  readonly #config: SqliteConfig
  #database: DatabaseSync | undefined
  #connection: SqliteConnection | undefined
  #tail: Promise<void> = Promise.resolve()
  #release: (() => void) | undefined

  constructor(config: SqliteConfig) {
    this.#config = config
  }

  init(): Promise<void> {
    this.#database = openDatabase(this.#config)
    this.#connection = new SqliteConnection(this.#database)
    return Promise.resolve()
  }

  #connected(): SqliteConnection {
    if (this.#connection === undefined) throw new Error('the database is closed')
    return this.#connection
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    // Reads are single statements that run to their end at once, so they need no turn.
    if (this.#config.role === 'reader') return this.#connected()
    const before = this.#tail
    const turn = Promise.withResolvers<void>()
    this.#tail = turn.promise
    await before
    this.#release = turn.resolve
    return this.#connected()
  }

  releaseConnection(): Promise<void> {
    const release = this.#release
    this.#release = undefined
    release?.()
    return Promise.resolve()
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  destroy(): Promise<void> {
    this.#database?.close()
    this.#database = undefined
    this.#connection = undefined
    return Promise.resolve()
  }
}

/**
 * Writes limits into the text: SQLite looks at the value of a `limit ?` when it plans, so it would plan again each time one is given, which
 * costs several times what a point read does. A symbol, which stands for a value that comes later, is one parameter however often it is
 * named: binding a value costs as much as a step to the next row.
 */
class Compiler extends SqliteQueryCompiler {
  readonly #numbers = new Map<symbol, number>()

  override compileQuery(...query: Parameters<SqliteQueryCompiler['compileQuery']>) {
    this.#numbers.clear()
    return super.compileQuery(...query)
  }

  protected override visitLimit(node: LimitNode): void {
    const value = ValueNode.is(node.limit) ? node.limit.value : undefined
    if (!Number.isSafeInteger(value)) return super.visitLimit(node)
    this.append(`limit ${String(value)}`)
  }

  protected override appendValue(value: unknown): void {
    if (typeof value !== 'symbol') return super.appendValue(value)
    const known = this.#numbers.get(value)
    if (known !== undefined) return this.append(`?${known}`)
    super.appendValue(value)
    this.#numbers.set(value, this.numParameters)
  }

  protected override getCurrentParameterPlaceholder(): string {
    return `?${this.numParameters}`
  }
}

/** A Kysely dialect on one SQLite file. */
export const sqliteDialect = (config: SqliteConfig): Dialect => ({
  createDriver: () => new SqliteDriver(config),
  createQueryCompiler: () => new Compiler(),
  createAdapter: () => new SqliteAdapter(),
  createIntrospector: (db) => new SqliteIntrospector(db),
})
