import type Database from 'better-sqlite3'
import type { Connection } from './connection.ts'
import { mapSqliteError } from './sqlite-errors.ts'

/** What SQLite stores. Booleans are 0 and 1, times are UTC ISO 8601 text with milliseconds. */
export type SqlValue = string | number | bigint | Uint8Array | null

/** Bound parameters: by place (`?`) or by name (`:name`, `@name`). */
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>

/**
 * The database as features see it: bound statements, synchronous, each SQL text prepared once and kept. `Row` is what the
 * caller says that the SQL returns; map it to a domain type in the feature's `store.ts`. Every method throws expected
 * failures as `AppError` (see `mapSqliteError`) and SQL mistakes as they are.
 *
 * @example db.get<{ name: string }>('SELECT name FROM people WHERE id = ?', [id])?.name
 */
export type SqlDatabase = {
  /** Runs a statement that returns no rows; tells how many rows changed. */
  readonly run: (sql: string, parameters?: SqlParameters) => number
  /** The first row, or undefined. */
  readonly get: <Row>(sql: string, parameters?: SqlParameters) => Row | undefined
  /** All rows. */
  readonly all: <Row>(sql: string, parameters?: SqlParameters) => Row[]
  /** Row by row, for what is too long for `all`. Nothing may be written while it runs. */
  readonly iterate: <Row>(sql: string, parameters?: SqlParameters) => IterableIterator<Row>
}

type Statement = Database.Statement<unknown[], unknown>

const keptStatements = 500

/** Puts the features' view over a connection. `onFailure` sees every mapped failure before it is thrown. */
export function sqlDatabase(connection: Connection, onFailure: (error: unknown) => void): SqlDatabase {
  const statements = new Map<string, Statement>()
  const prepare = (sql: string): Statement => {
    const kept = statements.get(sql)
    if (kept) return kept
    const statement = connection.prepare<unknown[], unknown>(sql)
    if (statements.size >= keptStatements) statements.clear()
    statements.set(sql, statement)
    return statement
  }
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      const mapped = mapSqliteError(error)
      onFailure(mapped)
      throw mapped
    }
  }
  return {
    run: (sql, parameters) => guarded(() => prepare(sql).run(...bound(parameters)).changes),
    get: <Row>(sql: string, parameters?: SqlParameters) =>
      guarded(() => prepare(sql).get(...bound(parameters)) as Row | undefined),
    all: <Row>(sql: string, parameters?: SqlParameters) =>
      guarded(() => prepare(sql).all(...bound(parameters)) as Row[]),
    *iterate<Row>(sql: string, parameters?: SqlParameters) {
      try {
        // A statement of its own: two walks over the same SQL may overlap.
        yield* connection.prepare<unknown[], Row>(sql).iterate(...bound(parameters))
      } catch (error) {
        throw mapSqliteError(error)
      }
    },
  }
}

function bound(parameters: SqlParameters = []): unknown[] {
  return Array.isArray(parameters) ? [...parameters] : [parameters]
}
