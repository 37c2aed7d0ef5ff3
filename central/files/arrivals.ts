// Owns: a file's way at the centre: begun, on its way, checked, stored once, confirmed to its station.
// Does not own: where bytes lie (content.ts), the tus protocol (tus.ts), what is expected (expected.ts).
// Start here: `createArrivals`.
import type { Readable } from 'node:stream'
import type { Locker } from '@tus/server'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import type { FileReceipt } from '../../preload/contract/wire.ts'
import { handOverLateFiles } from '../cases/hand-over.ts'
import type { Database, Sql } from '../database.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'
import { findStation } from '../stations/authentication.ts'
import { lockLineage } from '../stations/lock.ts'
import { digestOf, mismatch } from './checked.ts'
import type { ContentStore } from './content.ts'

/** The largest file, in bytes. */
export const fileLimitBytes = 60 << 20

/** The largest readable copy, in bytes: stations make them of at most 150 KB. */
export const copyLimitBytes = 512 << 10

/** Uploads that one station may leave unfinished; the one that was touched longest ago makes room for the next. */
const openUploadsMost = 32

/** How long an unfinished upload is kept after its last byte. */
const abandonedDays = 30

/** A file that a station means to send. */
export type Announced = {
  readonly sha256: string
  readonly sizeBytes: number
  /** The original that it is a readable copy of; undefined for a file that an entry names. */
  readonly copyOf: string | undefined
}

/** The name of a station's upload of a file: two stations with the same file do not meet before it is whole. */
export function uploadIdOf(stationId: string, sha256: string): string {
  return `uploads/${stationId}.${sha256}`
}

/**
 * What is other at a relay, which has not all entries of its windows and keeps files only until its county has them: it takes
 * files that no entry here names, and lets go of content by its own rule (../relay/files.ts).
 */
export type RelayKeeping = {
  /** The county's own word on a file; undefined before it came. */
  readonly countysReceipt: (stationId: string, sha256: string) => Promise<FileReceipt | undefined>
  /** A file is here whole. In the transaction that says so. */
  readonly arrived: (sql: Sql, stationId: string, announced: Announced) => Promise<void>
}

/** The files that come. */
export type Arrivals = ReturnType<typeof createArrivals>

/** The files of a centre over its database and its content. */
export function createArrivals(ground: {
  readonly database: Database
  readonly identity: Identity
  readonly content: ContentStore
  readonly locker: Locker
  readonly now: () => Date
  readonly relay?: RelayKeeping | undefined
}) {
  const { database, identity, content, locker, now, relay } = ground

  const receipt = (stationId: string, row: ArrivedRow): FileReceipt => {
    const { sha256, size_bytes: sizeBytes, arrived_at: arrivedAt } = row
    const said = { station: stationId, sha256, sizeBytes, arrivedAtUtc: arrivedAt.toISOString() }
    return { ...said, signature: signValue(signerOf(identity.privateKey), said) }
  }
  const arrived = async (stationId: string, sha256: string): Promise<FileReceipt | undefined> => {
    const countys = await relay?.countysReceipt(stationId, sha256)
    if (countys !== undefined) return countys
    const row = await selectArrived(database, stationId, sha256)
    return row && receipt(stationId, row)
  }
  const confirm = async (stationId: string, announced: Announced): Promise<FileReceipt> => {
    await database.transaction(async (sql) => {
      const isNews = await insertArrived(sql, stationId, announced, now())
      await relay?.arrived(sql, stationId, announced)
      if (isNews && relay === undefined) await tellHolder(sql, stationId, announced.sha256, now())
    })
    const confirmed = await arrived(stationId, announced.sha256)
    if (confirmed === undefined) throw new Error('a file that was just stored is not there')
    return confirmed
  }
  const forget = async (uploadId: string) => {
    await content.removeUpload(uploadId)
    await database.query('delete from file_uploads where upload_id = $1', [uploadId])
  }
  /** How much of an upload is here; 0 also where its bytes are gone, as after a restored backup. */
  const offsetOf = (uploadId: string): Promise<number> =>
    content.uploads.getUpload(uploadId).then(
      ({ offset }) => offset,
      () => 0,
    )
  /**
   * Content that is here, for a station that has not sent it itself. Content whose bytes are gone is sent again. No entry
   * names a readable copy, nor at a relay each file, so a hash alone proves nothing: such a file a station must have sent itself.
   * Refuses `file_mismatch` where the content has another size than the entry says.
   */
  const isHere = async (stationId: string, { sha256, sizeBytes, copyOf }: Announced): Promise<boolean> => {
    const [row] = await database.query<{ size_bytes: number; sent: boolean }>(
      `select size_bytes, exists (select 1 from station_files where station_id = $2 and sha256 = $1) as sent
       from files where sha256 = $1`,
      [sha256, stationId],
    )
    if (
      row === undefined ||
      ((copyOf !== undefined || relay !== undefined) && !row.sent) ||
      !(await content.has(sha256))
    )
      return false
    if (row.size_bytes !== sizeBytes) throw mismatch()
    return true
  }

  return {
    content,
    receipt: arrived,
    /**
     * A station means to send a file. Tells its receipt where the content is here already, else makes room for an upload and
     * tells from which offset it goes on. Refuses `not_found` for a file that no entry of the station names (the case goes
     * first), `too_large`, `malformed` for a size that is not the entry's.
     */
    async begin(stationId: string, announced: Announced): Promise<{ receipt: FileReceipt } | { offset: number }> {
      const countys = await relay?.countysReceipt(stationId, announced.sha256)
      if (countys !== undefined) return { receipt: countys }
      await assertExpected(database, stationId, announced, relay !== undefined)
      if (await isHere(stationId, announced)) return { receipt: await confirm(stationId, announced) }
      const uploadId = uploadIdOf(stationId, announced.sha256)
      const [begun] = await database.query<{ size_bytes: number }>(
        'select size_bytes from file_uploads where upload_id = $1',
        [uploadId],
      )
      if (begun !== undefined) {
        if (begun.size_bytes === announced.sizeBytes) return { offset: await offsetOf(uploadId) }
        await forget(uploadId)
      }
      for (const oldest of await tooMany(database, stationId)) await forget(oldest)
      await insertUpload(database, stationId, announced, now())
      return { offset: 0 }
    },
    /** An upload got bytes. */
    async touched(uploadId: string): Promise<void> {
      const values = [uploadId, now().toISOString()]
      await database.query('update file_uploads set touched_at = $2 where upload_id = $1', values)
    },
    /**
     * All bytes of an upload are here: they are checked over the whole, stored by content, confirmed. Any number of times,
     * by any gateway. Undefined where the file is not here and there is no such upload, or bytes of it are missing. Refuses
     * `file_mismatch`: nothing of it stays then.
     */
    async settle(stationId: string, sha256: string): Promise<FileReceipt | undefined> {
      const uploadId = uploadIdOf(stationId, sha256)
      const lock = locker.newLock(uploadId)
      await lock.lock(new AbortController().signal, () => undefined)
      try {
        const [upload] = await database.query<{ size_bytes: number; copy_of: string | null }>(
          'select size_bytes, copy_of from file_uploads where upload_id = $1',
          [uploadId],
        )
        if (upload === undefined) return arrived(stationId, sha256)
        // Unfinished, while the file may have come whole another way.
        if ((await offsetOf(uploadId)) < upload.size_bytes) return arrived(stationId, sha256)
        const digest = await digestOf(await content.openUpload(uploadId))
        if (digest.sha256 !== sha256 || digest.sizeBytes !== upload.size_bytes) {
          await forget(uploadId)
          throw mismatch()
        }
        await content.keep(uploadId, sha256)
        const announced = { sha256, sizeBytes: upload.size_bytes, copyOf: upload.copy_of ?? undefined }
        const confirmed = await confirm(stationId, announced)
        await forget(uploadId)
        return confirmed
      } finally {
        await lock.unlock()
      }
    },
    /** Takes in a file that came another way (a stick, a relay): as if its station had sent it. Refuses as `begin`, and `file_mismatch`. */
    async take(stationId: string, announced: Announced, source: AsyncIterable<Uint8Array>): Promise<FileReceipt> {
      await assertExpected(database, stationId, announced, relay !== undefined)
      if (!(await isHere(stationId, announced))) await content.put(source, announced.sha256, announced.sizeBytes)
      return confirm(stationId, announced)
    },
    /** Content by its hash. Refuses `not_found`. */
    async open(sha256: string): Promise<Readable> {
      return content.open(sha256)
    },
    /** Forgets uploads that nobody goes on with, and content that no entry and no copy names any more. Tells how many. */
    async sweep(): Promise<number> {
      const before = new Date(now().getTime() - abandonedDays * 86_400_000).toISOString()
      const abandoned = await database.query<{ upload_id: string }>(
        'select upload_id from file_uploads where touched_at < $1 limit 1000',
        [before],
      )
      for (const { upload_id } of abandoned) await forget(upload_id)
      const unnamed = relay === undefined ? await takeUnnamed(database) : []
      for (const sha256 of unnamed) await content.remove(sha256)
      return abandoned.length + unnamed.length
    },
  }
}

/** What a replaced machine's files were late for is told to the one in its place. */
async function tellHolder(sql: Sql, stationId: string, sha256: string, now: Date): Promise<void> {
  const station = await findStation(sql, stationId)
  if (station?.isReplaced !== true) return
  const { lineage } = await lockLineage(sql, stationId)
  await handOverLateFiles(sql, lineage, [sha256], now)
}

type ArrivedRow = { readonly sha256: string; readonly size_bytes: number; readonly arrived_at: Date }

async function selectArrived(sql: Sql, stationId: string, sha256: string): Promise<ArrivedRow | undefined> {
  const [row] = await sql.query<ArrivedRow>(
    `select f.sha256, f.size_bytes, s.arrived_at from station_files s join files f using (sha256)
     where s.station_id = $1 and s.sha256 = $2`,
    [stationId, sha256],
  )
  return row
}

/** Refuses what no entry of the station names, where it must, and sizes that are not the entry's. */
async function assertExpected(
  sql: Sql,
  stationId: string,
  { sha256, sizeBytes, copyOf }: Announced,
  mayBeUnnamed: boolean,
): Promise<void> {
  const [expected] = await sql.query<{ size_bytes: number }>(
    'select size_bytes from expected_files where station_id = $1 and sha256 = $2 limit 1',
    [stationId, copyOf ?? sha256],
  )
  if (expected === undefined && !mayBeUnnamed)
    throw new Refusal('not_found', '这个窗口送来的记录里没有这个文件，请先送记录')
  if (sizeBytes > (copyOf === undefined ? fileLimitBytes : copyLimitBytes))
    throw new Refusal('too_large', '文件太大，中心不收')
  if (copyOf === undefined && (expected?.size_bytes ?? sizeBytes) !== sizeBytes)
    throw new Refusal('malformed', '文件的大小与记录里写的不同')
}

async function tooMany(sql: Sql, stationId: string): Promise<string[]> {
  const rows = await sql.query<{ upload_id: string }>(
    'select upload_id from file_uploads where station_id = $1 order by touched_at desc offset $2',
    [stationId, openUploadsMost - 1],
  )
  return rows.map((row) => row.upload_id)
}

async function insertUpload(sql: Sql, stationId: string, { sha256, sizeBytes, copyOf }: Announced, now: Date) {
  await sql.query(
    `insert into file_uploads (upload_id, station_id, sha256, size_bytes, copy_of, begun_at, touched_at)
     values ($1, $2, $3, $4, $5, $6, $6) on conflict (upload_id) do nothing`,
    [uploadIdOf(stationId, sha256), stationId, sha256, sizeBytes, copyOf ?? null, now.toISOString()],
  )
}

/** Tells whether the station had not sent it before. */
async function insertArrived(
  sql: Sql,
  stationId: string,
  { sha256, sizeBytes, copyOf }: Announced,
  now: Date,
): Promise<boolean> {
  const at = now.toISOString()
  await sql.query(
    'insert into files (sha256, size_bytes, stored_at) values ($1, $2, $3) on conflict (sha256) do update set stored_at = $3',
    [sha256, sizeBytes, at],
  )
  const fresh = await sql.query(
    `insert into station_files (station_id, sha256, copy_of, arrived_at) values ($1, $2, $3, $4)
     on conflict (station_id, sha256) do nothing returning 1 as one`,
    [stationId, sha256, copyOf ?? null, at],
  )
  return fresh.length > 0
}

/**
 * Takes away the rows of content that nothing names: its entry was erased, or a sealed file came in its place. Younger than
 * a day it stays: an entry that names it may be on its way by another route.
 */
function takeUnnamed(database: Database): Promise<string[]> {
  return database.transaction(async (sql) => {
    const rows = await sql.query<{ sha256: string }>(
      `select f.sha256 from files f where f.stored_at < clock_timestamp() - interval '1 day'
       and not exists (select 1 from expected_files e where e.sha256 = f.sha256)
       and not exists (select 1 from station_files s join expected_files e on e.sha256 = s.copy_of and
         e.station_id = s.station_id where s.sha256 = f.sha256)
       limit 200 for update`,
    )
    const hashes = rows.map((row) => row.sha256)
    await sql.query('delete from station_files where sha256 = any($1::text[])', [hashes])
    await sql.query('delete from files where sha256 = any($1::text[])', [hashes])
    return hashes
  })
}
