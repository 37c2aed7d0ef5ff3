import {
  catalogueManifestSchema,
  type DocumentRef,
  releaseItemSchema,
  stationTagsItemSchema,
} from '../../../preload/contract/catalogue.ts'
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { calendarItemSchema, type FeedItem } from '../../../preload/contract/wire.ts'
import { feedItemsOf, type Projector, type SqlDatabase } from '../../store/index.ts'
import type { Entry } from '../../wire/entry.ts'

/** What is in force: each entry names a whole catalogue, the newest way by its kept release. */
export const inForceProjector: Projector = {
  name: 'catalogue',
  tables: ['catalogue_applied', 'documents_in_force'],
  kinds: ['catalogue.applied'],
  apply(entry, db) {
    const applied = entry.version === 1 ? fromFirstVersion(entry) : fromKeptRelease(entry, db)
    db.run('INSERT INTO catalogue_applied (seq, release, sha256, line, from_release, at) VALUES (?, ?, ?, ?, ?, ?)', [
      ...[entry.seq, applied.release, applied.sha256, applied.line, applied.from, entry.at],
    ])
    const since = new Map(
      db
        .all<{ sha256: string; since: number }>('SELECT sha256, since_seq AS since FROM documents_in_force')
        .map((row) => [row.sha256, row.since]),
    )
    db.run('DELETE FROM documents_in_force')
    for (const { kind, id, version, sha256 } of applied.documents) {
      const row = [kind, id, version, sha256, since.get(sha256) ?? entry.seq]
      db.run('INSERT INTO documents_in_force (kind, id, version, sha256, since_seq) VALUES (?, ?, ?, ?, ?)', row)
    }
  },
}

type Applied = {
  readonly release: number
  readonly sha256: string
  readonly line: string
  readonly from: number
  readonly documents: readonly Omit<DocumentRef, 'sizeBytes'>[]
}

/** From before releases were signed: the entry itself names the matters. */
function fromFirstVersion({ payload }: Entry): Applied {
  const { release, matters } = payload as EntryPayload<'catalogue.applied@1'>
  const documents = matters.map(({ itemId, version, sha256 }) => ({
    kind: 'matter' as const,
    id: itemId,
    version,
    sha256,
  }))
  return { release, sha256: '', line: '', from: 0, documents }
}

function fromKeptRelease({ payload }: Entry, db: SqlDatabase): Applied {
  const { release, sha256, from } = payload as EntryPayload<'catalogue.applied@2'>
  const kept = db.get<{ line: string; manifest: string }>('SELECT line, manifest FROM releases WHERE sha256 = ?', [
    sha256,
  ])
  if (kept === undefined) throw new Error(`release ${release} took effect and is not here`)
  const { documents } = catalogueManifestSchema.parse(JSON.parse(kept.manifest))
  return { release, sha256, line: kept.line, from, documents }
}

/** Whose releases count, and which were not taken. */
export const pinsProjector: Projector = {
  name: 'publishers',
  tables: ['publisher_pins', 'releases_refused'],
  kinds: ['publisher.pinned', 'catalogue.refused'],
  apply(entry, db) {
    if (entry.kind === 'publisher.pinned') {
      const { publicKey, how, release } = entry.payload as EntryPayload<'publisher.pinned@1'>
      const sql = 'SELECT line FROM publisher_pins ORDER BY seq DESC LIMIT 1'
      const line = how === 'rotation' ? (db.get<{ line: string }>(sql)?.line ?? publicKey) : publicKey
      const row = [entry.seq, publicKey, line, how, release]
      db.run('INSERT INTO publisher_pins (seq, public_key, line, how, release) VALUES (?, ?, ?, ?, ?)', row)
    } else {
      const { release, sha256, reason, said, program } = entry.payload as EntryPayload<'catalogue.refused@1'>
      db.run(
        `INSERT INTO releases_refused (sha256, release, reason, said, program, at, seq) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (sha256) DO UPDATE SET reason = excluded.reason, said = excluded.said, program = excluded.program,
           at = excluded.at, seq = excluded.seq`,
        [sha256, release, reason, said, program, entry.at, entry.seq],
      )
    }
  },
}

/** What the centre's feed says of the catalogue: releases, this station's tags, and calendars that came before releases carried them. */
export const toldProjector: Projector = {
  name: 'catalogue-feed',
  tables: ['releases_told', 'station_tags', 'published_calendars'],
  kinds: ['feed.applied'],
  apply(entry, db) {
    for (const item of feedItemsOf(db, entry.payload as EntryPayload<'feed.applied@1'>)) {
      if (item.kind === 'release.published') keepTold(item, db)
      if (item.kind === 'station.tagged') keepTags(item, db)
      if (item.kind === 'calendar.published') keepCalendar(item, entry.seq, db)
    }
  },
}

function keepTold({ cursor, payload }: FeedItem, db: SqlDatabase): void {
  const told = releaseItemSchema.safeParse(payload).data
  if (told === undefined) return
  db.run(
    `INSERT INTO releases_told (sha256, cursor, release, effective_at, publisher) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (sha256) DO NOTHING`,
    [told.sha256, cursor, told.release, told.effectiveAtUtc, told.publisherKey],
  )
}

function keepTags({ payload }: FeedItem, db: SqlDatabase): void {
  const told = stationTagsItemSchema.safeParse(payload).data
  if (told === undefined) return
  db.run('DELETE FROM station_tags')
  for (const tag of new Set(told.tags)) db.run('INSERT INTO station_tags (tag) VALUES (?)', [tag])
}

function keepCalendar({ cursor, payload }: FeedItem, seq: number, db: SqlDatabase): void {
  const published = calendarItemSchema.safeParse(payload).data
  if (published === undefined) return
  const row = [cursor, seq, JSON.stringify(published.calendar)]
  db.run('INSERT INTO published_calendars (cursor, seq, calendar) VALUES (?, ?, ?)', row)
}
