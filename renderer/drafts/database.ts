import { Dexie, type EntityTable } from 'dexie'
import type { MatterStandard } from '../../preload/contract/standard.ts'

/** One keystroke's worth of a draft, or the text of a working copy, that the desk has not acknowledged yet. What was typed lies in `sealed`, encrypted. */
type JournalRow = {
  /** Grows with every row; an acknowledgement names the last one that it covers. */
  mark: number
  /** Of the draft or working copy. */
  draftId: string
  /** AES-256-GCM's initialisation vector, 12 bytes, new for every row. */
  vector: Uint8Array<ArrayBuffer>
  /** The encrypted JSON of a `JournalAnswer` or `JournalText`, with that id as associated data. */
  sealed: ArrayBuffer
}

/** A matter standard as the desk gave it: a version never changes once published, so a cached one is never stale. */
type StandardRow = {
  /** `itemId@version`. */
  key: string
  standard: MatterStandard
}

/** The tables in the browser's own storage. */
export type DraftsDatabase = Dexie & {
  journal: EntityTable<JournalRow, 'mark'>
  standards: EntityTable<StandardRow, 'key'>
}

/** The database's name in IndexedDB. */
export const databaseName = 'cunchuang-drafts'

/**
 * Declares every version there ever was, so that a machine that skipped updates opens too. Nothing is opened yet.
 * Version 1 had the journal alone; version 2 adds the cache of standards; version 3 empties it, since standards have more
 * parts than those that older programs cached.
 */
export function declareDatabase(name: string = databaseName): DraftsDatabase {
  const database = new Dexie(name) as DraftsDatabase
  database.version(1).stores({ journal: '++mark, draftId' })
  database.version(2).stores({ journal: '++mark, draftId', standards: 'key' })
  database
    .version(3)
    .stores({})
    .upgrade((transaction) => transaction.table('standards').clear())
  return database
}
