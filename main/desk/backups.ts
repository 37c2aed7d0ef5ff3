import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listBackups, type Store } from '../store/index.ts'

const dayMs = 86_400_000

/** Copies the store when its last copy is older than a day, or there is none and the ledger is not empty. Tells whether it did. Throws as `Store.backUp`. */
export async function backUpWhenDue(store: Store): Promise<boolean> {
  if (store.ledger.head().seq === 0) return false
  const folder = join(dirname(store.file), 'backups')
  const last = existsSync(folder) ? listBackups(folder).at(-1) : undefined
  const now = store.clock.now().getTime()
  if (last !== undefined && now - statSync(last).mtimeMs < dayMs) return false
  await store.backUp()
  return true
}
