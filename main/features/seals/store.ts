import type { SqlDatabase, SqlValue } from '../../store/index.ts'
import type { PinState } from './model.ts'

/** A seal as it is kept; `p12` is still closed. */
export type SealRow = {
  readonly sealId: string
  readonly name: string
  readonly organisation: string
  readonly purposeLine: string
  readonly diameterMm: number
  readonly p12: Uint8Array
  readonly certificateSha256: string
  readonly validFromUtc: string
  readonly validUntilUtc: string
  readonly addedAtUtc: string
}

type Raw = Record<string, SqlValue> & { readonly p12: Uint8Array }

const columns = `seal_id AS sealId, name, organisation, purpose_line AS purposeLine, diameter_mm AS diameterMm, p12,
  certificate_sha256 AS certificateSha256, valid_from AS validFromUtc, valid_until AS validUntilUtc,
  added_at AS addedAtUtc`

/** All seals, the newest first. */
export function selectSeals(db: SqlDatabase): SealRow[] {
  return db.all<SealRow>(`SELECT ${columns} FROM seals ORDER BY added_at DESC, seal_id`)
}

/** Keeps a seal. */
export function insertSeal(db: SqlDatabase, seal: SealRow): void {
  const row: Raw = { ...seal }
  db.run(
    `INSERT INTO seals (seal_id, name, organisation, purpose_line, diameter_mm, p12, certificate_sha256, valid_from,
       valid_until, added_at)
     VALUES (:sealId, :name, :organisation, :purposeLine, :diameterMm, :p12, :certificateSha256, :validFromUtc,
       :validUntilUtc, :addedAtUtc)`,
    row,
  )
}

/** How a seal stands with its PIN. */
export function selectPinState(db: SqlDatabase, sealId: string): PinState | undefined {
  return db.get<PinState>(
    `SELECT failed_tries AS failedTries, waits, wait_from AS waitFrom, wait_until AS waitUntil
     FROM seals WHERE seal_id = ?`,
    [sealId],
  )
}

/** Writes down how a seal stands with its PIN, so that a restart forgets no try. */
export function updatePinState(db: SqlDatabase, sealId: string, state: PinState): void {
  db.run('UPDATE seals SET failed_tries = ?, waits = ?, wait_from = ?, wait_until = ? WHERE seal_id = ?', [
    state.failedTries,
    state.waits,
    state.waitFrom,
    state.waitUntil,
    sealId,
  ])
}

/** Impressions of each seal, by its id. */
export function selectUses(db: SqlDatabase): Map<string, number> {
  const rows = db.all<{ sealId: string; uses: number }>(
    'SELECT seal_id AS sealId, count(*) AS uses FROM seal_impressions GROUP BY seal_id',
  )
  return new Map(rows.map(({ sealId, uses }) => [sealId, uses]))
}
