import { AppError } from '../../preload/contract/errors.ts'
import { canonicalBytes, newSubjectSecret } from '../wire/canonical.ts'
import { type Entry, type EntryDraft, emptyHead, type Head, sealEntry } from '../wire/entry.ts'
import type { StoreCore } from './core.ts'
import { type EntryRange, insertEntry, type StoredEntry, selectRange, selectSubject } from './entry-rows.ts'
import { emptyHandedCase } from './feed-items.ts'
import {
  assertOneWriterEach,
  type Projector,
  project,
  rebuildProjections,
  snapshotOf,
  type Upcaster,
  upcastEntry,
} from './projection.ts'
import { type LedgerVerdict, verifyAtOnce, verifySteps } from './verify.ts'

/** The subject of entries that concern the station itself. Never erased. */
export const stationSubject = 'station'

/** The station's ledger: append-only, gapless, chained, in the same transactions as the tables that follow from it. */
export type Ledger = {
  /**
   * Puts drafts at the end, in order, and runs the projectors on each; all of them or none. Only inside
   * `store.transaction`. Throws `NOT_FOUND` before the station is made, `NOT_ALLOWED` (`reason: 'subject-erased'`) for an
   * erased subject; a malformed draft is a bug.
   */
  readonly append: (drafts: readonly EntryDraft[]) => Entry[]
  /** Number and hash of the last entry. */
  readonly head: () => Head
  /** Entries of a range in order, as written, at most `limit` (1,000 where not told). */
  readonly readEntries: (range: EntryRange) => StoredEntry[]
  /** All entries of one subject in order, as written. */
  readonly entriesOf: (subject: string) => StoredEntry[]
  /** The entry with its payload in the newest version. */
  readonly upcast: <E extends Entry>(entry: E) => E
  /** A subject's secret, which the centre needs to check its entries; undefined where none is or it was erased. */
  readonly secretOf: (subject: string) => string | undefined
  /** Whether a subject's payloads were erased; such a subject takes no more entries. */
  readonly isErased: (subject: string) => boolean
  /**
   * Erases every payload of a subject with its secret, and says so in a `payload.erased` entry. The chain still verifies.
   * Copies made before keep them until they are rotated out.
   * Throws `NOT_FOUND` for an unknown subject, `NOT_ALLOWED` with `reason` `already-erased`, `station` or
   * `not-acknowledged` (the centre has not got all of it yet).
   */
  readonly erase: (erasure: { readonly subject: string; readonly actor: string; readonly reason: string }) => Entry
  /** What the centre has durably got; seq 0 where nothing yet. */
  readonly acknowledged: () => Head
  /** Notes what the centre has got. Repeats and older heads change nothing. Throws `LEDGER_FORKED` where it is not our entry. */
  readonly acknowledge: (head: Head) => void
  /** Checks the whole chain; reads only. */
  readonly verify: () => LedgerVerdict
  /** The same in steps, to let others work in between; each `next()` checks a few hundred entries. */
  readonly verifySteps: () => Generator<number, LedgerVerdict>
  /** Empties the projectors' tables and replays the ledger, in one transaction; tells how many entries it replayed. */
  readonly rebuild: () => number
  /** The projectors' rows ordered by key, to compare before and after a rebuild. */
  readonly snapshotTables: () => Record<string, unknown[]>
  /** Calls `listener` with the entries of each `append` once their transaction has committed; it must not throw. Returns the way to stop it. */
  readonly onAppended: (listener: (entries: readonly Entry[]) => void) => () => void
}

/** The ledger over a store's connection. */
export function openLedger(core: StoreCore, projectors: readonly Projector[], upcasters: readonly Upcaster[]): Ledger {
  assertOneWriterEach(projectors)
  const { db } = core
  const listeners = new Set<(entries: readonly Entry[]) => void>()
  const stationId = () => db.get<{ id: string }>('SELECT id FROM station')?.id ?? ''
  const tell = (entries: readonly Entry[]) => {
    for (const listener of listeners) listener(entries)
  }
  const append = (drafts: readonly EntryDraft[]): Entry[] => {
    if (!core.connection.inTransaction) throw new Error('append is for use inside store.transaction')
    return core.transaction(() => {
      const station = stationId()
      if (station === '') throw new AppError('NOT_FOUND', { what: 'station' })
      const entries = drafts.map((draft) => appendOne(core, station, draft, projectors, upcasters))
      core.afterCommit(() => tell(entries))
      return entries
    })
  }
  return {
    append,
    head: () => readHead(core),
    readEntries: (range) => selectRange(db, stationId(), range),
    entriesOf: (subject) => selectSubject(db, stationId(), subject),
    upcast: (entry) => upcastEntry(upcasters, entry),
    secretOf: (subject) => readSecret(core, subject) ?? undefined,
    isErased: (subject) => readSecret(core, subject) === null,
    erase: (erasure) => core.transaction(() => eraseSubject(core, append, erasure)),
    acknowledged: () => db.get<Head>('SELECT seq, hash FROM acknowledged') ?? emptyHead,
    acknowledge: (head) => core.transaction(() => acknowledge(core, head)),
    verify: () => verifyAtOnce(db, stationId()),
    verifySteps: () => verifySteps(db, stationId()),
    rebuild: () => rebuildProjections(core, projectors, upcasters, stationId()),
    snapshotTables: () => snapshotOf(core, projectors),
    onAppended(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function readHead(core: StoreCore): Head {
  return core.db.get<Head>('SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1') ?? emptyHead
}

/** Null for an erased subject, undefined for one never met. */
function readSecret(core: StoreCore, subject: string): string | null | undefined {
  return core.db.get<{ secret: string | null }>('SELECT secret FROM subject_secrets WHERE subject = ?', [subject])
    ?.secret
}

function secretForAppending(core: StoreCore, subject: string): string {
  const known = readSecret(core, subject)
  if (known === null) throw new AppError('NOT_ALLOWED', { reason: 'subject-erased' })
  if (known !== undefined) return known
  const secret = newSubjectSecret()
  core.db.run('INSERT INTO subject_secrets (subject, secret) VALUES (?, ?)', [subject, secret])
  return secret
}

function appendOne(
  core: StoreCore,
  station: string,
  draft: EntryDraft,
  projectors: readonly Projector[],
  upcasters: readonly Upcaster[],
): Entry {
  assertWellFormed(draft)
  const payloadText = canonicalBytes(draft.payload).toString('utf8')
  // Projectors see what a rebuild will see: the payload as JSON gives it back.
  const settled = { ...draft, payload: JSON.parse(payloadText) }
  const entry = sealEntry(station, readHead(core), secretForAppending(core, draft.subject), settled)
  insertEntry(core.db, entry, payloadText)
  project(core, projectors, upcastEntry(upcasters, { ...entry, erased: false }))
  return entry
}

const utcPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function assertWellFormed(draft: EntryDraft): void {
  const { kind, version, subject, actor, at } = draft
  for (const [name, text] of Object.entries({ kind, subject, actor })) {
    const isFit = text.length >= 1 && text.length <= 80 && !/[\p{Cc}\p{Cs}]/u.test(text)
    if (!isFit) throw new Error(`an entry's ${name} must be 1 to 80 printable characters`)
  }
  if (!Number.isSafeInteger(version) || version < 1) throw new Error('an entry version starts from 1')
  if (!utcPattern.test(at)) throw new Error('an entry time is UTC, ISO 8601 with milliseconds')
}

function eraseSubject(
  core: StoreCore,
  append: Ledger['append'],
  { subject, actor, reason }: Parameters<Ledger['erase']>[0],
): Entry {
  if (subject === stationSubject) throw new AppError('NOT_ALLOWED', { reason: 'station' })
  const secret = readSecret(core, subject)
  if (secret === null) throw new AppError('NOT_ALLOWED', { reason: 'already-erased' })
  const last = core.db.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM entries WHERE subject = ?', [subject])
  const known = core.db.get<Head>('SELECT seq, hash FROM acknowledged') ?? emptyHead
  if ((last?.seq ?? 0) > known.seq) throw new AppError('NOT_ALLOWED', { reason: 'not-acknowledged' })
  // A case of another machine may have no entry here yet.
  const wasHanded = emptyHandedCase(core.db, subject)
  if (secret === undefined && !wasHanded) throw new AppError('NOT_FOUND', { what: 'subject' })
  core.db.run('UPDATE entries SET payload = NULL WHERE subject = ? AND payload IS NOT NULL', [subject])
  core.db.run(
    `INSERT INTO subject_secrets (subject, secret) VALUES (?, NULL) ON CONFLICT (subject) DO UPDATE SET secret = NULL`,
    [subject],
  )
  const at = core.clock.now().toISOString()
  const [entry] = append([
    { kind: 'payload.erased', version: 1, subject: stationSubject, actor, at, payload: { subject, reason } },
  ])
  if (!entry) throw new Error('an erasure must leave an entry')
  return entry
}

function acknowledge(core: StoreCore, head: Head): void {
  if (head.seq === 0) return
  const ours = core.db.get<{ hash: string }>('SELECT hash FROM entries WHERE seq = ?', [head.seq])
  if (ours?.hash !== head.hash) throw new AppError('LEDGER_FORKED', { seq: head.seq })
  core.db.run(
    `INSERT INTO acknowledged (only, seq, hash, at) VALUES (1, ?, ?, ?)
     ON CONFLICT (only) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, at = excluded.at
     WHERE excluded.seq > acknowledged.seq`,
    [head.seq, head.hash, core.clock.now().toISOString()],
  )
}
