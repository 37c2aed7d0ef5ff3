// Owns: the bytes of bundles and answers while couriers bring and fetch them, piece by piece, whichever gateway they reach.
// Does not own: what a bundle is (main/wire), what becomes of it (import.ts).
// Start here: `createUploads`.

import { z } from 'zod'
import { type BundleImport, bundleImportSchema, uploadPieces } from '../../main/wire/bundle/client.ts'
import { bundleLimits } from '../../main/wire/bundle/format.ts'
import type { ByteSource } from '../../main/wire/bundle/reader.ts'
import { type WireError, wireErrorSchema } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import { Refusal } from '../refusal.ts'

/** Uploads that one courier may leave unfinished, and how long one is kept after its last byte. */
const bounds = { openPerCourier: 4, keptDays: 30 } as const

/** How long an outcome is told again without the bundle being brought again, as long as nobody has fetched the whole answer: the courier's link was cut. */
const outcomeMs = 10 * 60_000

const outcomeSchema = z.union([
  z.strictObject({ imported: bundleImportSchema, answerBytes: z.int().min(1) }),
  z.strictObject({ refusal: wireErrorSchema }),
])

/** What came of a bundle. */
export type BundleOutcome =
  | { readonly imported: BundleImport; readonly answerBytes: number }
  | { readonly refusal: WireError }

/** What is kept of one upload. */
export type KeptUpload = {
  readonly keptBytes: number
  readonly sizeBytes: number
  readonly outcome: BundleOutcome | undefined
}

/** The uploads of a centre. */
export type Uploads = ReturnType<typeof createUploads>

type UploadRow = { size_bytes: number; outcome: string | null; outcome_at: Date | null; fetched: boolean }

/** Uploads in the database: every gateway over it sees the same. */
export function createUploads(database: Database, now: () => Date) {
  const find = async (sha256: string, sql: Sql = database, lock = ''): Promise<KeptUpload | undefined> => {
    const [row] = await sql.query<UploadRow>(
      `select size_bytes, outcome, outcome_at, fetched from bundle_uploads where sha256 = $1 ${lock}`,
      [sha256],
    )
    if (row === undefined) return undefined
    const isFresh = !row.fetched && row.outcome_at !== null && now().getTime() - row.outcome_at.getTime() < outcomeMs
    const outcome = isFresh && row.outcome !== null ? outcomeSchema.parse(JSON.parse(row.outcome)) : undefined
    const keptBytes =
      outcome !== undefined && 'imported' in outcome ? row.size_bytes : await endOf(sql, sha256, 'bundle')
    return { keptBytes, sizeBytes: row.size_bytes, outcome }
  }
  return {
    find: (sha256: string) => find(sha256),
    /**
     * Keeps a piece, where it is the next one; any other changes nothing. Tells how much is kept now. The first piece begins
     * anew what was taken in or refused before. Refuses `too_large`, `malformed`.
     */
    append: (
      sha256: string,
      courier: string,
      { offset, sizeBytes, bytes }: { readonly offset: number; readonly sizeBytes: number; readonly bytes: Buffer },
    ): Promise<number> => {
      if (sizeBytes > bundleLimits.fileBytes + bundleLimits.sealedBytes)
        throw new Refusal('too_large', '文件太大，中心不收')
      if (bytes.length === 0 || bytes.length > uploadPieces.most || offset + bytes.length > sizeBytes)
        throw new Refusal('malformed', '这一段的大小不对')
      return database.transaction(async (sql) => {
        if (offset === 0) await begin(sql, sha256, courier, sizeBytes, now())
        const upload = await find(sha256, sql, 'for update')
        if (upload === undefined) return 0
        if (upload.sizeBytes !== sizeBytes) throw new Refusal('malformed', '文件大小前后不一')
        if (upload.keptBytes !== offset) return upload.keptBytes
        await insertBytes(sql, sha256, 'bundle', offset, bytes)
        await sql.query('update bundle_uploads set touched_at = $2 where sha256 = $1', [sha256, now().toISOString()])
        return offset + bytes.length
      })
    },
    /** The bundle's bytes, to be read anywhere. */
    source: (sha256: string, sizeBytes: number): ByteSource => ({
      sizeBytes,
      read: (offset, length) => readBytes(database, sha256, 'bundle', offset, length),
    }),
    /** Takes the answer's bytes in order; the first call throws away an older answer. */
    answerSink: (sha256: string): ((bytes: Buffer) => Promise<void>) => {
      let at = 0
      return async (bytes) => {
        if (at === 0) await removePart(database, sha256, 'answer')
        for (let start = 0; start < bytes.length; start += uploadPieces.most) {
          const piece = bytes.subarray(start, start + uploadPieces.most)
          await insertBytes(database, sha256, 'answer', at, piece)
          at += piece.length
        }
      }
    },
    /** A piece of the answer; after the last one the outcome is not told again. Refuses `not_found`. */
    answerPiece: async (sha256: string, offset: number): Promise<Buffer> => {
      const bytes = await readBytes(database, sha256, 'answer', offset, uploadPieces.most)
      if (bytes.length === 0) throw new Refusal('not_found', '没有这份回执，请再传一次')
      if (offset + bytes.length === (await endOf(database, sha256, 'answer')))
        await database.query('update bundle_uploads set fetched = true where sha256 = $1', [sha256])
      return bytes
    },
    answerBytes: (sha256: string) => endOf(database, sha256, 'answer'),
    /** Notes what came of a bundle; its own bytes are of no more use. */
    settle: async (sha256: string, outcome: BundleOutcome): Promise<void> => {
      await removePart(database, sha256, 'bundle')
      await database.query('update bundle_uploads set outcome = $2, outcome_at = $3 where sha256 = $1', [
        ...[sha256, JSON.stringify(outcome), now().toISOString()],
      ])
    },
  }
}

/** Makes room for an upload: one that has an outcome begins anew, abandoned ones go. */
async function begin(sql: Sql, sha256: string, courier: string, sizeBytes: number, now: Date): Promise<void> {
  const before = new Date(now.getTime() - bounds.keptDays * 86_400_000).toISOString()
  await sql.query(
    `delete from bundle_uploads where touched_at < $1 or (sha256 = $2 and outcome is not null) or sha256 in (
       select sha256 from bundle_uploads where courier = $3 and outcome is null and sha256 <> $2
       order by touched_at desc offset $4)`,
    [before, sha256, courier, bounds.openPerCourier - 1],
  )
  await sql.query(
    'insert into bundle_uploads (sha256, courier, size_bytes, touched_at) values ($1, $2, $3, $4) on conflict do nothing',
    [sha256, courier, sizeBytes, now.toISOString()],
  )
}

type Part = 'bundle' | 'answer'

async function endOf(sql: Sql, sha256: string, part: Part): Promise<number> {
  const [row] = await sql.query<{ end: number | null }>(
    'select max(start_at + size_bytes) as end from bundle_bytes where sha256 = $1 and part = $2',
    [sha256, part],
  )
  return row?.end ?? 0
}

async function insertBytes(sql: Sql, sha256: string, part: Part, start: number, bytes: Buffer): Promise<void> {
  await sql.query('insert into bundle_bytes (sha256, part, start_at, size_bytes, bytes) values ($1, $2, $3, $4, $5)', [
    ...[sha256, part, start, bytes.length, bytes],
  ])
}

/** Up to `length` bytes from `offset`: fewer at the end. */
async function readBytes(sql: Sql, sha256: string, part: Part, offset: number, length: number): Promise<Buffer> {
  const rows = await sql.query<{ bytes: Uint8Array }>(
    `select substring(bytes from greatest(1, $3::bigint - start_at + 1)::int
         for (least($4::bigint, start_at + size_bytes) - greatest($3::bigint, start_at))::int) as bytes
     from bundle_bytes where sha256 = $1 and part = $2 and start_at > $3::bigint - $5::bigint and start_at < $4::bigint
       and start_at + size_bytes > $3::bigint order by start_at`,
    [sha256, part, offset, offset + length, uploadPieces.most],
  )
  return Buffer.concat(rows.map(({ bytes }) => bytes))
}

async function removePart(sql: Sql, sha256: string, part: Part): Promise<void> {
  await sql.query('delete from bundle_bytes where sha256 = $1 and part = $2', [sha256, part])
}
