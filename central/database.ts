// Owns: one small interface over PostgreSQL (many gateways, one server) and PGlite (embedded, one process).
// Does not own: the schema (migrations/) or who may open an embedded folder (host.ts).
// Start here: `openPostgres`, `openEmbedded`.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { gunzipSync } from 'node:zlib'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import pg from 'pg'
import { meter } from './metrics/meter.ts'

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

/**
 * The database did not answer, or had to break off: nothing is wrong with what was asked. What was being written is there
 * whole or not at all, and which of the two is seen by asking again.
 */
export class DatabaseUnavailable extends Error {
  constructor(cause: unknown) {
    super('the database is unavailable', { cause })
    this.name = 'DatabaseUnavailable'
  }
}

/**
 * The database refused what was asked. Says which of SQL's conditions it was (`code`, SQLSTATE) and what of the schema is
 * concerned, never a value: what a driver throws quotes whole rows, and errors end up in logs.
 */
export class DatabaseFault extends Error {
  readonly code: string

  constructor(cause: unknown) {
    const { code = '', message, constraint } = cause as Error & { readonly code?: string; readonly constraint?: string }
    // Without a SQLSTATE it is the driver that speaks; class 42 names tables and columns; any other text may quote values.
    const text = code === '' || code.startsWith('42') ? message : `SQLSTATE ${code}`
    super(constraint === undefined ? text : `${text} (${constraint})`)
    this.name = 'DatabaseFault'
    this.code = code
  }
}

const int8 = 20

/** How a gateway uses its server. `connections` bounds what it asks at once; PostgreSQL allows 100 in all unless told otherwise. */
export type PostgresOptions = { readonly connections?: number | undefined }

/**
 * Opens a pool to a PostgreSQL server (15 or newer) by its URL. Connects at the first query. Every question may throw
 * DatabaseUnavailable.
 */
export function openPostgres(url: string, { connections = 10 }: PostgresOptions = {}): Database {
  const types = { getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(oid, format) }
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types,
    connectionTimeoutMillis: 10_000,
    // A gateway that is cut off in the middle of a batch would otherwise keep its station locked for hours.
    idle_in_transaction_session_timeout: 60_000,
  })
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined)
  return {
    ...sqlOver(pool),
    close: () => pool.end(),
    transaction: async (work) => {
      const client = await answered(pool.connect())
      let broken: Error | undefined
      // A connection that dies between two questions says so to nobody else, and would end the process.
      const onError = (error: Error) => {
        broken = error
      }
      client.on('error', onError)
      const sql = sqlOver(client)
      try {
        await sql.script('begin')
        const result = await work(sql)
        await sql.script('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((failure: Error) => {
          broken = failure
        })
        throw error
      } finally {
        client.off('error', onError)
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
      (await answered(client.query(text, [...values]))).rows as R[],
    script: async (text) => {
      await answered(client.query(text))
    },
  }
}

/**
 * SQLSTATE classes and codes of a server that cannot at the moment: connection lost (08), shutting down or starting (57P0x),
 * out of connections, disk or memory (53), a lock or a deadlock in the way (40), an idle transaction ended (25P03).
 */
const passing = /^(08...|57P0.|53...|40001|40P01|25P03)$/
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])
/** pg has no codes for these. */
const lost = /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/

/** Times a question for the metrics, and tells a server that cannot answer from an answer that is an error. */
async function answered<T>(question: Promise<T>): Promise<T> {
  const began = performance.now()
  try {
    return await question
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    if (passing.test(code) || network.has(code) || lost.test(message))
      throw new DatabaseUnavailable(new DatabaseFault(error))
    throw new DatabaseFault(error)
  } finally {
    meter.onDatabaseTime?.((performance.now() - began) / 1000)
  }
}

/**
 * Opens an embedded PostgreSQL in a folder; without one, in memory. The caller holds the folder's lock: PGlite has none of its
 * own. A killed process loses nothing; a power cut may, since PGlite never syncs to the disk (its WASM file system makes no
 * fsync whatever `fsync` says). The stations then send again what is missing. A centre in earnest stands on PostgreSQL.
 */
export async function openEmbedded(folder?: string): Promise<Database> {
  for (const flag of asCompiledFirst) setFlagsFromString(flag)
  if (folder !== undefined && !existsSync(folder)) await makeEmbedded(folder)
  const lite = folder === undefined ? new PGlite(await fromEmptyDatabase()) : new PGlite(folder, { startParams })
  await lite.waitReady
  return {
    ...sqlOverLite(lite),
    close: () => lite.close(),
    transaction: (work) => lite.transaction((transaction) => work(sqlOverLite(transaction))),
  }
}

/**
 * The embedded database runs as V8's baseline compiler leaves it. Its 9 MB of WebAssembly would be optimized again at every
 * start: most of a second of a processor and 70 MB of memory, on which the end of the process waits, and which a training
 * station's few questions never earn back.
 */
const asCompiledFirst = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']

/** PostgreSQL's own 128 MB of buffers are set up page by page at every start, which takes longer than all else; a station's centre fills none of them. */
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB']

/** Makes an empty database aside and gives it its name once it is whole: a first start that is killed leaves none that is half made. */
async function makeEmbedded(folder: string): Promise<void> {
  const aside = `${folder}.new`
  rmSync(aside, { recursive: true, force: true })
  const lite = new PGlite(aside, await fromEmptyDatabase())
  await lite.waitReady
  await lite.close()
  renameSync(aside, folder)
}

/** The empty database that the build has made: beside the built program, also for who runs from source; without it PGlite makes one. */
async function fromEmptyDatabase(): Promise<{ startParams: string[]; loadDataDir?: Blob }> {
  const places = ['.', '..', join('..', 'out', 'main')].map((place) =>
    join(import.meta.dirname, place, 'empty-database.tar.gz'),
  )
  const file = places.find((place) => existsSync(place))
  if (file === undefined) return { startParams }
  // In one chunk: pieces of 40 MB would be copied together.
  return { startParams, loadDataDir: new BytesAsBlob(gunzipSync(await readFile(file), { chunkSize: 64 << 20 })) }
}

/** What PGlite wants a Blob for, its bytes alone: a Blob copies them when it is made, and twice when it is read. */
class BytesAsBlob extends Blob {
  readonly #bytes: Buffer<ArrayBuffer>

  constructor(bytes: Buffer<ArrayBuffer>) {
    super([])
    this.#bytes = bytes
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#bytes
    return byteOffset === 0 && byteLength === buffer.byteLength
      ? buffer
      : buffer.slice(byteOffset, byteOffset + byteLength)
  }
}

function sqlOverLite(lite: Pick<PGlite | Transaction, 'query' | 'exec'>): Sql {
  return {
    query: async <R extends object>(text: string, values: readonly unknown[] = []) =>
      (await answered(lite.query<R>(text, [...values]))).rows,
    script: async (text) => {
      await answered(lite.exec(text))
    },
  }
}
