import { copyFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { Head } from '../wire/entry.ts'
import { type Connection, openConnection } from './connection.ts'
import { makeFolder, syncFile, syncFolder } from './durable-file.ts'
import { schemaVersion } from './migrate.ts'
import { type SqlDatabase, sqlDatabase } from './sql.ts'
import { withMappedErrors, withMappedErrorsAsync } from './sqlite-errors.ts'
import { type LedgerVerdict, verifySteps } from './verify.ts'

/** Where copies go and how many stay. */
export type BackupPlan = { readonly folder: string; readonly keep: number }

/** A proved copy. */
export type BackupReport = { readonly file: string; readonly sizeBytes: number; readonly head: Head }

const namePattern = /^station-\d{8}T\d{9}Z-v\d+\.db$/
const asideSuffix = '.aside'

/**
 * Copies the live database while others go on reading and writing: the write-ahead log is first folded into the file, then
 * held, so that the file does not change while it is copied; what is written meanwhile waits in the log. The copy is
 * encrypted by the same key, and counts only once it was opened, its tables read and its ledger verified. Older copies than the last `keep`
 * go then.
 *
 * Throws `DISK_FULL`, `STORE_READ_ONLY`, `FOLDER_IN_USE` (a reader holds the log; try later), `STORE_DAMAGED`, `LEDGER_BROKEN` with
 * `brokenAt` and `reason` (the copy does not hold: neither does the original, most likely), or `DESK_RESTARTING` (closed meanwhile).
 */
export function backUp(connection: Connection, key: Uint8Array, clock: Clock, plan: BackupPlan): Promise<BackupReport> {
  return withMappedErrorsAsync(async () => {
    const { target, aside } = prepare(connection, clock, plan)
    const restore = holdLog(connection)
    try {
      await copyFile(connection.name, aside)
      if (!connection.open) throw new AppError('DESK_RESTARTING') // closing folded the log into the file that was being copied
    } catch (error) {
      rmSync(aside, { force: true })
      throw error
    } finally {
      restore()
    }
    const steps = proofSteps(aside, key)
    for (;;) {
      const step = steps.next()
      if (step.done) return settle(aside, target, plan, step.value)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
}

/** The same at once, before a migration, when nobody else works yet. Throws as `backUp`. */
export function backUpAtOnce(connection: Connection, key: Uint8Array, clock: Clock, plan: BackupPlan): BackupReport {
  return withMappedErrors(() => {
    const { target, aside } = prepare(connection, clock, plan)
    const restore = holdLog(connection)
    try {
      copyFileSync(connection.name, aside)
    } catch (error) {
      rmSync(aside, { force: true })
      throw error
    } finally {
      restore()
    }
    const steps = proofSteps(aside, key)
    for (;;) {
      const step = steps.next()
      if (step.done) return settle(aside, target, plan, step.value)
    }
  })
}

/** The proved copies in a folder, oldest first. */
export function listBackups(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => namePattern.test(name))
    .toSorted()
    .map((name) => join(folder, name))
}

function prepare(connection: Connection, clock: Clock, plan: BackupPlan): { target: string; aside: string } {
  makeFolder(plan.folder)
  for (const name of readdirSync(plan.folder)) {
    if (name.includes(asideSuffix)) rmSync(join(plan.folder, name), { force: true })
  }
  const time = clock.now().toISOString().replaceAll(/[-:.]/g, '')
  const target = join(plan.folder, `station-${time}-v${schemaVersion(connection)}.db`)
  return { target, aside: `${target}${asideSuffix}` }
}

function holdLog(connection: Connection): () => void {
  const before = Number(connection.pragma('wal_autocheckpoint', { simple: true }))
  connection.pragma('wal_autocheckpoint=0')
  const restore = () => {
    if (connection.open) connection.pragma(`wal_autocheckpoint=${before}`)
  }
  const busy = connection.pragma('wal_checkpoint(TRUNCATE)', { simple: true })
  if (busy !== 0) {
    restore()
    throw new AppError('FOLDER_IN_USE', { reason: 'log-held' })
  }
  return restore
}

function* proofSteps(aside: string, key: Uint8Array): Generator<number, Head> {
  try {
    syncFile(aside)
    const copy = openConnection({ file: aside, key })
    try {
      const db = sqlDatabase(copy, () => {})
      yield* checkTables(db)
      const station = db.get<{ id: string }>('SELECT id FROM station')?.id ?? ''
      const verdict: LedgerVerdict = yield* verifySteps(db, station)
      if (!verdict.ok) throw new AppError('LEDGER_BROKEN', { brokenAt: verdict.brokenAt, reason: verdict.reason })
      return verdict.head
    } finally {
      copy.close()
    }
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Reads every page of every table but `entries`, whose rows the verification reads; its indexes can be made anew. */
function* checkTables(db: SqlDatabase): Generator<number, void> {
  const tables = db.all<{ name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name <> 'entries'",
  )
  for (const { name } of tables) {
    const [finding] = db.all<{ quick_check: string }>(`PRAGMA quick_check("${name.replaceAll('"', '""')}")`)
    if (finding?.quick_check !== 'ok') throw new AppError('STORE_DAMAGED', { reason: 'page' })
    yield 0
  }
}

function settle(aside: string, target: string, plan: BackupPlan, head: Head): BackupReport {
  renameSync(aside, target)
  syncFolder(plan.folder)
  for (const old of listBackups(plan.folder).slice(0, -plan.keep)) rmSync(old, { force: true })
  return { file: target, sizeBytes: statSync(target).size, head }
}
