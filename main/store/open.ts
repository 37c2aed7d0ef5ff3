import { dirname, join } from 'node:path'
import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type BackupPlan, type BackupReport, backUp, backUpAtOnce } from './backup.ts'
import { type Connection, openConnection } from './connection.ts'
import { type StoreCore, storeCore } from './core.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { checkSchema, migrate, rebuildDone, schemaVersion } from './migrate.ts'
import { migrations as landedMigrations, type Migration } from './migrations/index.ts'
import type { Projector, Upcaster } from './projection.ts'
import { type Reserve, reserveFileIn, reserveOf } from './reserve.ts'
import { openSettings, type Settings } from './settings.ts'
import type { SqlDatabase } from './sql.ts'
import { withMappedErrors } from './sqlite-errors.ts'
import { type StationKeeper, stationKeeper } from './station.ts'

/** How to open a station's store. */
export type StoreOptions = {
  /** The database file; made where none is. */
  readonly file: string
  /** 32 bytes, from the vault. */
  readonly key: Uint8Array
  readonly clock: Clock
  /** Reads only; the schema must be the newest already. */
  readonly readonly?: boolean
  /** What follows from the ledger, in the order in which it is applied. */
  readonly projectors?: readonly Projector[]
  readonly upcasters?: readonly Upcaster[]
  /** Another list than the program's own, for tests. */
  readonly migrations?: readonly Migration[]
  /** Copies go to `backups/` beside the file, the last 7, where not told. */
  readonly backups?: BackupPlan
  /** Ballast against a full disk, 4 MiB where not told; 0 for none. */
  readonly reserveBytes?: number
}

/** An open store. One process, one store: see main/wire/local/folder-lock.ts. */
export type Store = {
  readonly file: string
  readonly clock: Clock
  readonly schemaVersion: number
  readonly db: SqlDatabase
  readonly ledger: Ledger
  readonly station: StationKeeper
  readonly settings: Settings
  /** False while the disk is or was lately full: files are refused then, cases are taken. */
  readonly hasReserve: () => boolean
  /** Tries to take the reserve again; says whether it is held. */
  readonly restoreReserve: () => boolean
  /**
   * Runs synchronous work in one immediate transaction: all of it is durable when this returns, or nothing happened when it
   * throws. Inside another transaction it is a savepoint. On a full disk it throws `DISK_FULL` and frees the reserve, so
   * that the next try of something small succeeds.
   */
  readonly transaction: <T>(work: () => T) => T
  /** Copies and proves the database while work goes on; asked again meanwhile, it gives the same copy. Throws as `backUp` in backup.ts. */
  readonly backUp: () => Promise<BackupReport>
  /** Folds the log into the file and closes it. Safe to call twice. */
  readonly close: () => void
}

const defaultReserveBytes = 4 * 1024 * 1024

/**
 * Opens the encrypted store, brings its schema up to date (after a backup) and refills projections where a migration asks
 * for it. Throws `STORE_DAMAGED` (`reason`: `key-or-first-page`, `page`, `disk-error`), `STORE_FROM_NEWER_VERSION`
 * (`found`, `known`), `STORE_READ_ONLY`, `DISK_FULL`, `FOLDER_IN_USE`, or `NOT_FOUND` where a store is only to be read.
 */
export function openStore(options: StoreOptions): Store {
  const readonly = options.readonly ?? false
  const reserve = readonly ? undefined : reserveFor(options)
  reserve?.makeRoom()
  const connection = openConnection({ file: options.file, key: options.key, readonly })
  try {
    reserve?.restore()
    const core = storeCore(connection, options.clock, reserve)
    const ledger = openLedger(core, options.projectors ?? [], options.upcasters ?? [])
    bringUpToDate(options, connection, core, ledger)
    return assemble(options, core, ledger, reserve)
  } catch (error) {
    connection.close()
    throw error
  }
}

function reserveFor(options: StoreOptions): Reserve | undefined {
  const size = options.reserveBytes ?? defaultReserveBytes
  return size > 0 ? reserveOf(reserveFileIn(dirname(options.file)), size) : undefined
}

function planOf(options: StoreOptions): BackupPlan {
  return options.backups ?? { folder: join(dirname(options.file), 'backups'), keep: 7 }
}

function bringUpToDate(options: StoreOptions, connection: Connection, core: StoreCore, ledger: Ledger): void {
  const migrations = options.migrations ?? landedMigrations
  if (options.readonly) {
    const found = withMappedErrors(() => checkSchema(connection, migrations))
    if (found < migrations.length) throw new AppError('STORE_READ_ONLY', { found, known: migrations.length })
    return
  }
  const { rebuildNeeded } = migrate(connection, migrations, options.clock, () => {
    backUpAtOnce(connection, options.key, options.clock, planOf(options))
  })
  if (!rebuildNeeded) return
  core.transaction(() => {
    ledger.rebuild()
    rebuildDone(connection)
  })
}

function assemble(options: StoreOptions, core: StoreCore, ledger: Ledger, reserve: Reserve | undefined): Store {
  const { connection, clock, db, transaction } = core
  let running: Promise<BackupReport> | undefined
  return {
    file: options.file,
    clock,
    schemaVersion: schemaVersion(connection),
    db,
    ledger,
    station: stationKeeper(core),
    settings: openSettings(db),
    hasReserve: () => reserve?.isHeld() ?? true,
    restoreReserve: () => reserve?.restore() ?? true,
    transaction,
    backUp() {
      running ??= backUp(connection, options.key, clock, planOf(options)).finally(() => {
        running = undefined
      })
      return running
    },
    close: () => {
      connection.close()
    },
  }
}
