import type { Calendar } from '../../../preload/contract/calendar.ts'
import type { SqlDatabase } from '../../store/index.ts'

/** A standard as it is kept: its canonical JSON and the SHA-256 of that. */
export type StandardRow = {
  readonly sha256: string
  readonly itemId: string
  readonly version: number
  readonly body: string
}

const columns = 'standards.sha256, standards.item_id AS itemId, standards.version, standards.body'

/** Keeps a standard; one that is kept already stays. */
export function insertStandard(db: SqlDatabase, row: StandardRow): void {
  db.run('INSERT INTO standards (sha256, item_id, version, body) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING', [
    row.sha256,
    row.itemId,
    row.version,
    row.body,
  ])
}

/** One version of a matter's standard, in force or not. */
export function selectStandard(db: SqlDatabase, itemId: string, version: number): StandardRow | undefined {
  return db.get<StandardRow>(`SELECT ${columns} FROM standards WHERE item_id = ? AND version = ?`, [itemId, version])
}

/** The version of a matter's standard that is in force. */
export function selectInForce(db: SqlDatabase, itemId: string): StandardRow | undefined {
  return db.get<StandardRow>(
    `SELECT ${columns} FROM matters_in_force JOIN standards USING (sha256) WHERE matters_in_force.item_id = ?`,
    [itemId],
  )
}

/** Every standard in force. */
export function selectAllInForce(db: SqlDatabase): StandardRow[] {
  return db.all<StandardRow>(
    `SELECT ${columns} FROM matters_in_force JOIN standards USING (sha256) ORDER BY matters_in_force.item_id`,
  )
}

/** The number of the release in force, 0 before the first. */
export function selectRelease(db: SqlDatabase): number {
  return db.get<{ release: number | null }>('SELECT max(release) AS release FROM matters_in_force')?.release ?? 0
}

/** The feed's cursor of the newest calendar that the centre published, 0 for none. */
export function selectNewestCalendar(db: SqlDatabase): number {
  return db.get<{ cursor: number | null }>('SELECT max(cursor) AS cursor FROM published_calendars')?.cursor ?? 0
}

/** The calendars that the centre published, the newest last. They were checked when their rows were written. */
export function selectPublishedCalendars(db: SqlDatabase): Calendar[] {
  return db
    .all<{ calendar: string }>('SELECT calendar FROM published_calendars ORDER BY cursor')
    .map(({ calendar }) => JSON.parse(calendar))
}
