import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { AppError } from '../../preload/contract/errors.ts'
import { mapSqliteError, withMappedErrors } from './sqlite-errors.ts'

/** A raw connection to an encrypted database. Only main/store holds one. */
export type Connection = Database.Database

/** How to open one file. `key` is 32 raw bytes. */
export type ConnectionOptions = { readonly file: string; readonly key: Uint8Array; readonly readonly?: boolean }

/**
 * Opens an encrypted SQLite file in SQLCipher 4 format (AES-256-CBC, each page with an HMAC-SHA-512, so a changed page is
 * found when it is read), with its write-ahead log and every commit synced to the disk. Makes the file where none is.
 *
 * Throws `STORE_DAMAGED` with reason `key-or-first-page` (a wrong key and a damaged first page look the same by design),
 * `page`, `disk-error`, or `no-write-ahead-log` (a network folder); `STORE_READ_ONLY` where the file or folder cannot be written; `NOT_FOUND` for a file that is
 * to be read but is not there.
 */
export function openConnection(options: ConnectionOptions): Connection {
  if (options.key.byteLength !== 32) throw new TypeError('the database key must be 32 bytes')
  const readonly = options.readonly ?? false
  if (readonly && !existsSync(options.file)) throw new AppError('NOT_FOUND', { what: 'store' })
  if (!readonly) prepareFile(options.file)
  const connection = withMappedErrors(() => new Database(options.file, { readonly, timeout: 5000 }))
  try {
    unlock(connection, options.key)
    configure(connection, readonly)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

function prepareFile(file: string): void {
  withMappedErrors(() => {
    accessSync(dirname(file), constants.W_OK | constants.X_OK)
    if (existsSync(file)) accessSync(file, constants.W_OK)
    else closeSync(openSync(file, 'a', 0o600)) // SQLite's own files beside it take over its mode
  })
}

function unlock(connection: Connection, key: Uint8Array): void {
  connection.pragma(`cipher='sqlcipher'`)
  connection.pragma('legacy=4')
  connection.pragma(`key='raw:${Buffer.from(key).toString('hex')}'`)
  try {
    connection.prepare('SELECT count(*) FROM sqlite_schema').get()
  } catch (error) {
    const mapped = mapSqliteError(error)
    if (mapped instanceof AppError && mapped.code === 'STORE_DAMAGED') {
      throw new AppError('STORE_DAMAGED', { reason: 'key-or-first-page' }, { cause: error })
    }
    throw mapped
  }
}

function configure(connection: Connection, readonly: boolean): void {
  withMappedErrors(() => {
    connection.pragma('temp_store=MEMORY') // temporary files would not be encrypted
    connection.pragma('trusted_schema=OFF')
    connection.pragma('foreign_keys=ON')
    connection.pragma('recursive_triggers=ON') // else REPLACE deletes past the ledger's guards
    connection.pragma('cache_size=-64000') // KiB: what a search over 200,000 cases reads again and again
    if (readonly) return
    if (connection.pragma('journal_mode=WAL', { simple: true }) !== 'wal') {
      throw new AppError('STORE_DAMAGED', { reason: 'no-write-ahead-log' }) // backups rely on it; some network folders have none
    }
    connection.pragma('synchronous=FULL')
    connection.pragma('fullfsync=ON') // macOS: without it a sync stops at the drive's cache
    connection.pragma('journal_size_limit=67108864')
    connection.pragma('secure_delete=ON')
  })
}
