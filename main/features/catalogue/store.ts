import { type Calendar, calendarSchema } from '../../../preload/contract/calendar.ts'
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import type { SqlDatabase } from '../../store/index.ts'
import type { CatalogueDocument } from '../../wire/catalogue/documents.ts'
import { keptManifest, type SignedManifest } from '../../wire/catalogue/manifest.ts'

/** A document as it is kept. */
export type DocumentRow = {
  readonly sha256: string
  readonly kind: DocumentKind
  readonly id: string
  readonly version: number
  /** Canonical JSON. */
  readonly body: string
}

/** A release that was checked and kept. */
export type KeptRelease = SignedManifest & { readonly line: string; readonly keptAtUtc: string }

/** What is in force, and since when. */
export type InForce = {
  readonly release: number
  readonly sha256: string
  readonly line: string
  readonly fromRelease: number
  readonly atUtc: string
}

/** The publisher whose releases count, and the first key of his line. */
export type Pin = { readonly publicKey: string; readonly line: string }

/** A release that the centre told of. */
export type ToldRelease = {
  readonly release: number
  readonly sha256: string
  readonly effectiveAtUtc: string
  readonly publisher: string
}

/** A release that was not taken. */
export type RefusedRelease = {
  readonly release: number
  readonly sha256: string
  /** The code of the sentence. */
  readonly reason: string
  readonly said: string
  readonly atUtc: string
}

const columns = 'document.sha256, document.kind, document.id, document.version, document.body'

/** A document by its content. */
export function selectDocument(db: SqlDatabase, sha256: string): DocumentRow | undefined {
  return db.get<DocumentRow>(`SELECT ${columns} FROM catalogue_documents AS document WHERE sha256 = ?`, [sha256])
}

/** One version of a document, in force or not. Of a calendar, which may change within its year, the one in force or kept last. */
export function selectDocumentOfVersion(
  db: SqlDatabase,
  { kind, id, version }: Pick<DocumentRef, 'kind' | 'id' | 'version'>,
): DocumentRow | undefined {
  return db.get<DocumentRow>(
    `SELECT ${columns} FROM catalogue_documents AS document LEFT JOIN documents_in_force AS here USING (kind, id, version, sha256)
     WHERE document.kind = ? AND document.id = ? AND document.version = ?
     ORDER BY here.sha256 IS NULL, document.rowid DESC LIMIT 1`,
    [kind, id, version],
  )
}

/** The version of a document that is in force. */
export function selectDocumentInForce(db: SqlDatabase, kind: DocumentKind, id: string): DocumentRow | undefined {
  return db.get<DocumentRow>(
    `SELECT ${columns} FROM documents_in_force AS here JOIN catalogue_documents AS document USING (sha256)
     WHERE here.kind = ? AND here.id = ? ORDER BY here.version DESC LIMIT 1`,
    [kind, id],
  )
}

/** Every document of a kind that is in force, by id. */
export function selectDocumentsInForce(db: SqlDatabase, kind: DocumentKind): DocumentRow[] {
  return db.all<DocumentRow>(
    `SELECT ${columns} FROM documents_in_force AS here JOIN catalogue_documents AS document USING (sha256)
     WHERE here.kind = ? ORDER BY here.id, here.version`,
    [kind],
  )
}

/** Keeps a document; one that is kept already stays. */
export function insertDocument(db: SqlDatabase, { sha256, kind, id, version, bytes }: CatalogueDocument): void {
  db.run(
    `INSERT INTO catalogue_documents (sha256, kind, id, version, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (sha256) DO NOTHING`,
    [sha256, kind, id, version, bytes.toString('utf8')],
  )
}

/** How many of these documents are not here. */
export function countMissing(db: SqlDatabase, documents: readonly DocumentRef[]): number {
  return documents.filter(({ sha256 }) => selectDocument(db, sha256) === undefined).length
}

type ReleaseRow = {
  readonly sha256: string
  readonly line: string
  readonly publisher: string
  readonly signature: string
  readonly manifest: string
  readonly keptAtUtc: string
}

const releaseColumns = 'sha256, line, publisher, signature, manifest, kept_at AS keptAtUtc'

function toRelease({ manifest, ...row }: ReleaseRow): KeptRelease {
  return { ...row, bytes: Buffer.from(manifest, 'utf8'), manifest: keptManifest(row.sha256, manifest) }
}

/** A kept release by its hash. */
export function selectRelease(db: SqlDatabase, sha256: string): KeptRelease | undefined {
  const row = db.get<ReleaseRow>(`SELECT ${releaseColumns} FROM releases WHERE sha256 = ?`, [sha256])
  return row && toRelease(row)
}

/** A kept release by its number in a line. */
export function selectNumbered(db: SqlDatabase, line: string, release: number): KeptRelease | undefined {
  const row = db.get<ReleaseRow>(`SELECT ${releaseColumns} FROM releases WHERE line = ? AND release = ?`, [
    line,
    release,
  ])
  return row && toRelease(row)
}

/** Kept releases of a line after a number, in order. */
export function selectReleasesAfter(db: SqlDatabase, line: string, release: number): KeptRelease[] {
  return db
    .all<ReleaseRow>(`SELECT ${releaseColumns} FROM releases WHERE line = ? AND release > ? ORDER BY release`, [
      line,
      release,
    ])
    .map(toRelease)
}

/** The newest release of a line after a number whose time has come. */
export function selectDue(db: SqlDatabase, line: string, after: number, nowUtc: string): KeptRelease | undefined {
  const row = db.get<ReleaseRow>(
    `SELECT ${releaseColumns} FROM releases WHERE line = ? AND release > ? AND effective_at <= ?
     ORDER BY release DESC LIMIT 1`,
    [line, after, nowUtc],
  )
  return row && toRelease(row)
}

/** When the next kept release of a line after a number takes effect; undefined where none waits. */
export function selectNextTime(db: SqlDatabase, line: string, after: number): string | undefined {
  const sql = 'SELECT min(effective_at) AS at FROM releases WHERE line = ? AND release > ?'
  return db.get<{ at: string | null }>(sql, [line, after])?.at ?? undefined
}

/** The newest kept release of a line below a number. */
export function selectBelow(db: SqlDatabase, line: string, release: number): KeptRelease | undefined {
  const row = db.get<ReleaseRow>(
    `SELECT ${releaseColumns} FROM releases WHERE line = ? AND release < ? ORDER BY release DESC LIMIT 1`,
    [line, release],
  )
  return row && toRelease(row)
}

/** Keeps a release. */
export function insertRelease(db: SqlDatabase, signed: SignedManifest, line: string, atUtc: string): void {
  const { sha256, manifest, publisher, signature, bytes } = signed
  db.run(
    `INSERT INTO releases (sha256, release, line, publisher, signature, manifest, effective_at, kept_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [sha256, manifest.release, line, publisher, signature, bytes.toString('utf8'), manifest.effectiveAtUtc, atUtc],
  )
}

/** What is in force; undefined before the first catalogue. */
export function selectInForce(db: SqlDatabase): InForce | undefined {
  return db.get<InForce>(
    `SELECT release, sha256, line, from_release AS fromRelease, at AS atUtc FROM catalogue_applied
     ORDER BY seq DESC LIMIT 1`,
  )
}

/** The release that was in force before the present one. */
export function selectBefore(db: SqlDatabase): InForce | undefined {
  return db.get<InForce>(
    `SELECT release, sha256, line, from_release AS fromRelease, at AS atUtc FROM catalogue_applied
     ORDER BY seq DESC LIMIT 1 OFFSET 1`,
  )
}

/** The first signed release that ever took effect here. */
export function selectFirstSigned(db: SqlDatabase): InForce | undefined {
  return db.get<InForce>(
    `SELECT release, sha256, line, from_release AS fromRelease, at AS atUtc FROM catalogue_applied
     WHERE sha256 <> '' ORDER BY seq LIMIT 1`,
  )
}

/** What was in force at a time; undefined before the first catalogue. */
export function selectInForceAt(db: SqlDatabase, utc: string): InForce | undefined {
  return db.get<InForce>(
    `SELECT release, sha256, line, from_release AS fromRelease, at AS atUtc FROM catalogue_applied
     WHERE at < ? ORDER BY seq DESC LIMIT 1`,
    [utc],
  )
}

/** The newest version of a document that was ever kept here; 0 for none. */
export function selectNewestVersion(db: SqlDatabase, kind: DocumentKind, id: string): number {
  const sql = 'SELECT max(version) AS version FROM catalogue_documents WHERE kind = ? AND id = ?'
  return db.get<{ version: number | null }>(sql, [kind, id])?.version ?? 0
}

/** Whose releases count; undefined before anybody's do. */
export function selectPin(db: SqlDatabase): Pin | undefined {
  return db.get<Pin>('SELECT public_key AS publicKey, line FROM publisher_pins ORDER BY seq DESC LIMIT 1')
}

/** Every key that ever counted in a line. */
export function selectKeysOf(db: SqlDatabase, line: string): string[] {
  const sql = 'SELECT DISTINCT public_key AS publicKey FROM publisher_pins WHERE line = ?'
  return db.all<{ publicKey: string }>(sql, [line]).map(({ publicKey }) => publicKey)
}

/** The release by which a key of a line handed over to the next; undefined for a key that counts now, or never did. */
export function selectHandoverBy(db: SqlDatabase, line: string, publicKey: string): number | undefined {
  return db.get<{ release: number }>(
    `SELECT next.release FROM publisher_pins AS next
     JOIN publisher_pins AS key ON key.line = next.line AND key.seq < next.seq AND key.public_key = ?
     WHERE next.line = ? AND next.how = 'rotation' ORDER BY next.seq LIMIT 1`,
    [publicKey, line],
  )?.release
}

/** What the centre told of, the oldest number first. */
export function selectTold(db: SqlDatabase): ToldRelease[] {
  return db.all<ToldRelease>(
    `SELECT release, sha256, effective_at AS effectiveAtUtc, publisher FROM releases_told ORDER BY release, cursor`,
  )
}

/** What was not taken, the newest first. */
export function selectRefused(db: SqlDatabase): RefusedRelease[] {
  return db.all<RefusedRelease>(
    'SELECT release, sha256, reason, said, at AS atUtc FROM releases_refused ORDER BY seq DESC LIMIT 50',
  )
}

/** Releases that would be refused again: by this version of the program, and since the publisher that counts was pinned. */
export function selectRefusedFor(db: SqlDatabase, program: string): string[] {
  return db
    .all<{ sha256: string }>(
      `SELECT sha256 FROM releases_refused
       WHERE program = ? AND seq > (SELECT coalesce(max(seq), 0) FROM publisher_pins)`,
      [program],
    )
    .map(({ sha256 }) => sha256)
}

/** The centre's words for this station. */
export function selectTags(db: SqlDatabase): string[] {
  return db.all<{ tag: string }>('SELECT tag FROM station_tags ORDER BY tag').map(({ tag }) => tag)
}

/** A calendar and the entry since which it counts. */
type SeenCalendar = { readonly seq: number; readonly calendar: Calendar }

/** Calendars of feed and catalogue in the order in which they came into force: the later one wins. */
export function selectCalendars(db: SqlDatabase): Calendar[] {
  type Row = { seq: number; calendar: string }
  const seen = db
    .all<Row>(
      `SELECT seq, calendar FROM published_calendars
       UNION ALL
       SELECT here.since_seq AS seq, document.body AS calendar FROM documents_in_force AS here
       JOIN catalogue_documents AS document USING (sha256) WHERE here.kind = 'calendar'
       ORDER BY seq`,
    )
    .map(({ seq, calendar }): SeenCalendar => ({ seq, calendar: calendarSchema.parse(JSON.parse(calendar)) }))
  return seen.map(({ calendar }) => calendar)
}

/** Something that changes whenever `selectCalendars` does. */
export function calendarsMark(db: SqlDatabase): string {
  const row = db.get<{ feed: number | null; catalogue: number | null }>(
    `SELECT (SELECT max(cursor) FROM published_calendars) AS feed, (SELECT max(seq) FROM catalogue_applied) AS catalogue`,
  )
  return `${row?.feed ?? 0} ${row?.catalogue ?? 0}`
}
