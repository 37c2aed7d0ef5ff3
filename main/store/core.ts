import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { Connection } from './connection.ts'
import type { Reserve } from './reserve.ts'
import { type SqlDatabase, sqlDatabase } from './sql.ts'
import { mapSqliteError } from './sqlite-errors.ts'

/** What the parts of the store share: one connection, its transactions, the clock. Stays inside main/store. */
export type StoreCore = {
  readonly connection: Connection
  readonly db: SqlDatabase
  readonly clock: Clock
  /** See `Store.transaction`. */
  readonly transaction: <T>(work: () => T) => T
  /** Runs `effect` once the outermost transaction has committed; never when it, or the nested one it was asked in, is undone. */
  readonly afterCommit: (effect: () => void) => void
}

/** Puts the shared parts together. A full disk releases the reserve, so that the next try finds room. */
export function storeCore(connection: Connection, clock: Clock, reserve: Reserve | undefined): StoreCore {
  const effects: (() => void)[] = []
  const onFailure = (error: unknown) => {
    if (error instanceof AppError && error.code === 'DISK_FULL') reserve?.release()
  }
  const transaction = <T>(work: () => T): T => {
    const isOutermost = !connection.inTransaction
    const mark = effects.length
    let value: T
    try {
      value = connection.transaction(work).immediate()
    } catch (error) {
      effects.length = isOutermost ? 0 : mark
      const mapped = mapSqliteError(error)
      onFailure(mapped)
      throw mapped
    }
    if (isOutermost) for (const effect of effects.splice(0)) queueMicrotask(effect)
    return value
  }
  const afterCommit = (effect: () => void) => {
    if (!connection.inTransaction) throw new Error('afterCommit is for use inside a transaction')
    effects.push(effect)
  }
  return { connection, db: sqlDatabase(connection, onFailure), clock, transaction, afterCommit }
}
