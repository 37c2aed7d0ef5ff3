import type { Entry } from '../wire/entry.ts'
import type { StoreCore } from './core.ts'
import { type EntryRange, type StoredEntry, selectRange } from './entry-rows.ts'
import type { SqlDatabase, SqlValue } from './sql.ts'

/**
 * Keeps tables that follow from the ledger alone. `apply` runs in the transaction of the append, and again for every entry
 * on a rebuild, so it must be pure: same entries, same rows. It reads nothing but the entry, its own tables and what was kept
 * as it came (`feed_items`, for `feed.applied`; `releases`, for `catalogue.applied`), and rows of projectors before it: no clock, no random ids, no settings, no AUTOINCREMENT.
 *
 * Erasure: an erased entry is skipped on a rebuild, so a projector of personal data must take `payload.erased` and leave no
 * row that depends on what was erased.
 */
export type Projector = {
  readonly name: string
  /** The tables it alone writes, parents before children; emptied in reverse order on a rebuild. */
  readonly tables: readonly string[]
  /** The entry kinds that it wants. */
  readonly kinds: readonly string[]
  /** Applies one entry, its payload already in the newest version. */
  readonly apply: (entry: Entry, db: SqlDatabase) => void
}

/** Lifts a payload of `kind` from version `from` to `from + 1`. Landed payloads are never rewritten; they are read through these. */
export type Upcaster = {
  readonly kind: string
  readonly from: number
  readonly up: (payload: unknown) => unknown
}

/** The entry with its payload in the newest version that the upcasters know. An erased one comes back as it is. */
export function upcastEntry<E extends Entry>(upcasters: readonly Upcaster[], entry: E): E {
  let { version, payload } = entry
  if ('erased' in entry && entry.erased === true) return entry
  for (;;) {
    const step = upcasters.find(({ kind, from }) => kind === entry.kind && from === version)
    if (!step) return version === entry.version ? entry : { ...entry, version, payload }
    payload = step.up(payload)
    version += 1
  }
}

/** Runs the projectors that want this entry, in their order. */
export function project(core: StoreCore, projectors: readonly Projector[], entry: StoredEntry): void {
  if (entry.erased) return
  for (const projector of projectors) if (projector.kinds.includes(entry.kind)) projector.apply(entry, core.db)
}

/** Empties every projector's tables and replays the whole ledger, in one transaction. Tells how many entries were replayed. */
export function rebuildProjections(
  core: StoreCore,
  projectors: readonly Projector[],
  upcasters: readonly Upcaster[],
  station: string,
): number {
  return core.transaction(() => {
    core.connection.pragma('defer_foreign_keys=ON')
    const tables = projectors.flatMap((projector) => projector.tables)
    assertNothingCascades(core.db, tables)
    for (const table of tables.toReversed()) core.connection.exec(`DELETE FROM ${quoted(table)}`)
    let count = 0
    for (const entry of walkEntries(core.db, station)) {
      project(core, projectors, upcastEntry(upcasters, entry))
      count += 1
    }
    return count
  })
}

/** Emptying a projector's table must not reach into tables that the ledger cannot refill. */
function assertNothingCascades(db: SqlDatabase, tables: readonly string[]): void {
  const references = db.all<{ child: string; parent: string; action: string }>(
    `SELECT child.name AS child, reference."table" AS parent, reference.on_delete AS action
     FROM sqlite_schema AS child, pragma_foreign_key_list(child.name) AS reference WHERE child.type = 'table'`,
  )
  for (const { child, parent, action } of references) {
    if (tables.includes(parent) && !tables.includes(child) && action !== 'NO ACTION') {
      throw new Error(`${child} must not follow the projector table ${parent} by ON DELETE ${action}`)
    }
  }
}

/** A table has one writer: two projectors that claim it is a bug. */
export function assertOneWriterEach(projectors: readonly Projector[]): void {
  const seen = new Set<string>()
  for (const { name, tables } of projectors) {
    for (const table of tables) {
      if (seen.has(table)) throw new Error(`${name} claims the table ${table}, which another projector writes`)
      seen.add(table)
    }
  }
}

/** How many entries a walk reads at once; pages of a whole ledger end at its multiples. */
export const entriesPerPage = 500

/** Walks the ledger in order, a page at a time, so that the walker may write between entries. */
export function* walkEntries(db: SqlDatabase, station: string, range: EntryRange = {}): Generator<StoredEntry> {
  let from = range.from ?? 1
  for (;;) {
    const page = selectRange(db, station, { ...range, from, limit: entriesPerPage })
    yield* page
    const last = page.at(-1)
    if (!last) return
    from = last.seq + 1
  }
}

/** Every projector table's rows, ordered by primary key, bytes as hexadecimal: two equal snapshots are the same state. Full-text tables are left out; compare their answers. */
export function snapshotOf(core: StoreCore, projectors: readonly Projector[]): Record<string, unknown[]> {
  const snapshot: Record<string, unknown[]> = {}
  for (const table of projectors.flatMap((projector) => projector.tables)) {
    const schema = core.db.get<{ sql: string }>('SELECT sql FROM sqlite_schema WHERE name = ?', [table])
    if (!schema) throw new Error(`no table ${table}`)
    if (/^\s*create\s+virtual/i.test(schema.sql)) continue
    const columns = core.db.all<{ name: string; pk: number }>('SELECT name, pk FROM pragma_table_info(?)', [table])
    const keys = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk)
    const order = (keys.length > 0 ? keys : columns).map(({ name }) => quoted(name)).join(', ')
    snapshot[table] = core.db
      .all<Record<string, SqlValue>>(`SELECT * FROM ${quoted(table)} ORDER BY ${order}`)
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, comparable(value)])))
  }
  return snapshot
}

function comparable(value: SqlValue): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
