import type { SqlDatabase } from '../../store/index.ts'

/** How far a release has been fetched. */
export type Download = {
  /** The pack is for who has this release. */
  readonly baseRelease: number
  readonly packSha256: string
  readonly sizeBytes: number
  readonly fetchedBytes: number
}

/** What is here of a release that is being fetched. */
export function selectDownload(db: SqlDatabase, sha256: string): Download | undefined {
  return db.get<Download>(
    `SELECT base_release AS baseRelease, pack_sha256 AS packSha256, size_bytes AS sizeBytes,
       (SELECT coalesce(sum(length(bytes)), 0) FROM release_parts WHERE release_parts.sha256 = download.sha256) AS fetchedBytes
     FROM release_downloads AS download WHERE sha256 = ?`,
    [sha256],
  )
}

/** The bytes that are here, from the first on. */
export function readDownload(db: SqlDatabase, sha256: string): Buffer {
  const rows = db.all<{ bytes: Uint8Array }>('SELECT bytes FROM release_parts WHERE sha256 = ? ORDER BY start_at', [
    sha256,
  ])
  return Buffer.concat(rows.map(({ bytes }) => bytes))
}

/** Begins a download; what was there of another pack of the same release is dropped. */
export function beginDownload(db: SqlDatabase, sha256: string, download: Omit<Download, 'fetchedBytes'>): void {
  dropDownload(db, sha256)
  db.run('INSERT INTO release_downloads (sha256, base_release, pack_sha256, size_bytes) VALUES (?, ?, ?, ?)', [
    sha256,
    download.baseRelease,
    download.packSha256,
    download.sizeBytes,
  ])
}

/** Keeps the next bytes. */
export function insertPart(db: SqlDatabase, sha256: string, startAt: number, bytes: Uint8Array): void {
  db.run('INSERT INTO release_parts (sha256, start_at, bytes) VALUES (?, ?, ?)', [sha256, startAt, bytes])
}

/** Forgets a download: it is whole, refused, or of no use any more. */
export function dropDownload(db: SqlDatabase, sha256: string): void {
  db.run('DELETE FROM release_downloads WHERE sha256 = ?', [sha256])
}

/** Forgets downloads of all but these releases. */
export function dropOtherDownloads(db: SqlDatabase, wanted: readonly string[]): void {
  for (const { sha256 } of db.all<{ sha256: string }>('SELECT sha256 FROM release_downloads'))
    if (!wanted.includes(sha256)) dropDownload(db, sha256)
}
