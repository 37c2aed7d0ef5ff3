import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newStationKeys, openStore, type Projector, type Store, type StoreOptions } from '../../main/store/index.ts'
import type { EntryDraft } from '../../main/wire/entry.ts'
import type { Clock } from '../../preload/contract/clock.ts'

/** A key for tests: the same 32 bytes each time. */
export const testKey: Uint8Array = new Uint8Array(32).fill(7)

/** For a projector of cases alone: without the catalogue's rows no calendar is known. */
export const noCalendars = { calendars: () => [], standard: () => undefined }

/** A folder of its own under the system's temporary one, removed by `using`. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'cunchuang-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A clock that stands still until it is set. */
export function settableClock(start = '2025-03-03T01:00:00.000Z'): Clock & {
  readonly set: (time: string) => void
  readonly passSeconds: (seconds: number) => void
} {
  let now = new Date(start)
  return {
    now: () => new Date(now),
    set: (time) => {
      now = new Date(time)
    },
    passSeconds: (seconds) => {
      now = new Date(now.getTime() + seconds * 1000)
    },
  }
}

/** Opens a store for tests in a folder, without ballast, on a clock that stands still. */
export function openTestStore(folder: string, options: Partial<StoreOptions> = {}): Store {
  return openStore({
    file: join(folder, 'station.db'),
    key: testKey,
    clock: settableClock(),
    reserveBytes: 0,
    ...options,
  })
}

/** A new store with its station in place. */
export function newStationStore(folder: string, options: Partial<StoreOptions> = {}): Store {
  const store = openTestStore(folder, options)
  store.station.create(
    { id: '440282104208-1', name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' },
    newStationKeys(),
  )
  return store
}

/** A draft of an entry with what does not matter filled in. */
export function draftOf(part: Partial<EntryDraft> = {}): EntryDraft {
  return {
    kind: 'note.written',
    version: 1,
    subject: randomUUID(),
    actor: 'clerk',
    at: '2025-03-03T01:00:00.000Z',
    payload: { text: '高龄津贴' },
    ...part,
  }
}

/** Appends drafts in a transaction of their own. */
export function appendAll(store: Store, drafts: readonly EntryDraft[]) {
  return store.transaction(() => store.ledger.append(drafts))
}

/** Makes the tables of `notesProjector`, after the program's own migrations. */
export const notesTables = `
CREATE TABLE IF NOT EXISTS note_books (subject TEXT PRIMARY KEY, notes INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS notes (
  seq INTEGER PRIMARY KEY, subject TEXT NOT NULL REFERENCES note_books (subject), text TEXT NOT NULL
) STRICT;`

/** A small projector of two tables that refer to each other and know erasure. */
export const notesProjector: Projector = {
  name: 'notes',
  tables: ['note_books', 'notes'],
  kinds: ['note.written', 'payload.erased'],
  apply(entry, db) {
    if (entry.kind === 'payload.erased') {
      const { subject } = entry.payload as { subject: string }
      db.run('DELETE FROM notes WHERE subject = ?', [subject])
      db.run('DELETE FROM note_books WHERE subject = ?', [subject])
      return
    }
    const { text } = entry.payload as { text: string }
    db.run(
      'INSERT INTO note_books (subject, notes) VALUES (?, 1) ON CONFLICT (subject) DO UPDATE SET notes = notes + 1',
      [entry.subject],
    )
    db.run('INSERT INTO notes (seq, subject, text) VALUES (?, ?, ?)', [entry.seq, entry.subject, text])
  },
}

/** Copies the files of a store as a power cut would leave them: database and log as they are now, no shared memory. */
export function copyAsAfterCrash(fromFolder: string, toFolder: string): void {
  mkdirSync(toFolder, { recursive: true })
  for (const name of ['station.db', 'station.db-wal']) {
    if (existsSync(join(fromFolder, name))) copyFileSync(join(fromFolder, name), join(toFolder, name))
  }
}

/** The code and details of the failure that `work` throws; throws itself when there is none. */
export async function failureOf(work: () => unknown): Promise<{ code: unknown; details: unknown }> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'details' in error) {
      return { code: error.code, details: error.details }
    }
    throw error
  }
  throw new Error('expected a failure')
}
