// Owns: one small interface over PostgreSQL (many gateways, one server) and PGlite (embedded, one process).
// Does not own: the schema (migrations/) or who may open an embedded folder (host.ts).
// Start here: `openPostgres`, `openEmbedded`.
import { PGlite, type Transaction } from '@electric-sql/pglite'
import pg from 'pg'

/** Runs SQL. Values are bound; `bigint` comes back as number, `timestamptz` as Date. */
export type Sql = {
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** Several statements without values. */
  script(text: string): Promise<void>
}

/** A database: SQL, transactions (read committed; rolled back when `work` throws), and an end. */
export type Database = Sql & {
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const int8 = 20

/** Opens a pool to a PostgreSQL server (15 or newer) by its URL. Connects at the first query. */
export function openPostgres(url: string): Database {
  const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(oid, format) }
  const pool = new pg.Pool({ connectionString: url, max: 10, types, connectionTimeoutMillis: 10_000 })
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  return {
    ...sqlOver(pool),
    close: () => pool.end(),
    transaction: async (work) => {
      const client = await pool.connect()
      let broken: Error | undefined
      try {
        await client.query('begin')
        const result = await work(sqlOver(client))
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure
        })
        throw error
      } finally {
        client.release(broken)
      }
    },
  }
}

function parserOf(oid: number, format: 'text' | 'binary' = 'text'): (value: string) => unknown {
  return oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text')
}

function sqlOver(client: Pick<pg.Pool, 'query'> | Pick<pg.PoolClient, 'query'>): Sql {
  return {
    query: async <R extends object>(text: string, values: readonly unknown[] = []) =>
      (await client.query(text, [...values])).rows as R[],
    script: async (text) => {
      await client.query(text)
    },
  }
}

/**
 * Opens an embedded PostgreSQL in a folder; without one, in memory. The caller holds the folder's lock: PGlite has none of its
 * own. A killed process loses nothing; a power cut may, since PGlite never syncs to the disk (its WASM file system makes no
 * fsync whatever `fsync` says). The stations then send again what is missing. A centre in earnest stands on PostgreSQL.
 */
export async function openEmbedded(folder?: string): Promise<Database> {
  const lite = folder === undefined ? new PGlite() : new PGlite(folder)
  await lite.waitReady
  return {
    ...sqlOverLite(lite),
    close: () => lite.close(),
    transaction: (work) => lite.transaction((transaction) => work(sqlOverLite(transaction))),
  }
}

function sqlOverLite(lite: Pick<PGlite | Transaction, 'query' | 'exec'>): Sql {
  return {
    query: async <R extends object>(text: string, values: readonly unknown[] = []) =>
      (await lite.query<R>(text, [...values])).rows,
    script: async (text) => {
      await lite.exec(text)
    },
  }
}
