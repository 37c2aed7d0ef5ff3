import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { sha256Hex } from '../wire/canonical.ts'
import type { Connection } from './connection.ts'
import type { Migration } from './migrations/index.ts'
import { withMappedErrors } from './sqlite-errors.ts'

/** What `migrate` did. */
export type MigrationReport = {
  readonly from: number
  readonly to: number
  /** True while projector tables wait to be refilled from the ledger; stays true until `rebuildDone`. */
  readonly rebuildNeeded: boolean
}

type Landed = { version: number; name: string; checksum: string }

/** The schema version of a database; 0 for a new one. */
export function schemaVersion(connection: Connection): number {
  return Number(connection.pragma('user_version', { simple: true }))
}

/**
 * Brings a database to the newest schema, forward only, each migration in a transaction of its own together with its
 * version and checksum; a crash between two leaves the database at the earlier one. `beforeChange` runs once before the
 * first change of a database that has rows (a backup).
 *
 * Throws `STORE_FROM_NEWER_VERSION` with `found` and `known`. A landed migration whose text changed, a gap in the numbers
 * or a broken foreign key is a bug and throws a plain error.
 */
export function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  clock: Clock,
  beforeChange: () => void,
): MigrationReport {
  return withMappedErrors(() => {
    const from = checkSchema(connection, migrations)
    const pending = migrations.slice(from)
    if (pending.length > 0 && from > 0) beforeChange()
    for (const migration of pending) applyOne(connection, migration, clock, from > 0)
    return { from, to: migrations.length, rebuildNeeded: isRebuildNeeded(connection) }
  })
}

/** Checks that a database has a schema that this program knows, without changing it; returns its version. Throws as `migrate`. */
export function checkSchema(connection: Connection, migrations: readonly Migration[]): number {
  migrations.forEach((migration, index) => {
    if (migration.version !== index + 1) throw new Error(`migration ${migration.version} is out of order`)
  })
  const found = schemaVersion(connection)
  if (found > migrations.length) throw new AppError('STORE_FROM_NEWER_VERSION', { found, known: migrations.length })
  if (found === 0) return 0
  const landed = connection.prepare<[], Landed>('SELECT version, name, checksum FROM schema_migrations').all()
  for (const { version, name, checksum } of landed) {
    const migration = migrations[version - 1]
    if (!migration || sha256Hex(migration.sql) !== checksum) {
      throw new Error(`migration ${version} (${name}) has landed and was changed since: add a new one instead`)
    }
  }
  return found
}

/** Notes that the projector tables are full again. Call it in the transaction that filled them. */
export function rebuildDone(connection: Connection): void {
  connection.prepare('UPDATE schema_migrations SET rebuild_pending = 0 WHERE rebuild_pending = 1').run()
}

function isRebuildNeeded(connection: Connection): boolean {
  return connection.prepare('SELECT 1 FROM schema_migrations WHERE rebuild_pending = 1').get() !== undefined
}

/** Into a new database there is nothing to refill: `hasRows` says that it was there before. */
function applyOne(connection: Connection, migration: Migration, clock: Clock, hasRows: boolean): void {
  connection.pragma('foreign_keys=OFF')
  try {
    connection
      .transaction(() => {
        if (migration.version === 1) createRegister(connection)
        connection.exec(migration.sql)
        const broken = connection.pragma('foreign_key_check')
        if (Array.isArray(broken) && broken.length > 0) {
          throw new Error(`migration ${migration.version} breaks foreign keys: ${JSON.stringify(broken[0])}`)
        }
        connection
          .prepare(
            'INSERT INTO schema_migrations (version, name, checksum, applied_at, rebuild_pending) VALUES (?, ?, ?, ?, ?)',
          )
          .run(
            migration.version,
            migration.name,
            sha256Hex(migration.sql),
            clock.now().toISOString(),
            migration.rebuilds === true && hasRows ? 1 : 0,
          )
        connection.pragma(`user_version=${migration.version}`)
      })
      .immediate()
  } finally {
    connection.pragma('foreign_keys=ON')
  }
}

function createRegister(connection: Connection): void {
  connection.exec(`CREATE TABLE schema_migrations (
    version         INTEGER PRIMARY KEY,
    name            TEXT NOT NULL,
    checksum        TEXT NOT NULL,
    applied_at      TEXT NOT NULL,
    rebuild_pending INTEGER NOT NULL CHECK (rebuild_pending IN (0, 1))
  ) STRICT`)
}
