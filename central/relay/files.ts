// Owns: files that a hall's windows brought: kept until the county has them, handed on by tus from where it has them, its receipts.
// Does not own: how they come in (../files), when they go on (onward.ts).
// Start here: `handFilesOn`; `keepingOf` is what makes the routes of files a relay's.

import type { CentreClient } from '../../main/wire/centre-client.ts'
import { askFileReceipt, readFileReceipt, uploadFile } from '../../main/wire/file-upload.ts'
import { verifyValue } from '../../main/wire/signatures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { sentenceFor } from '../../preload/contract/sentences.ts'
import type { FileClass } from '../../preload/contract/sync.ts'
import { type FileReceipt, fileReceiptSchema } from '../../preload/contract/wire.ts'
import type { Database, Sql } from '../database.ts'
import type { RelayKeeping } from '../files/arrivals.ts'
import { digestOf } from '../files/checked.ts'
import type { ContentStore } from '../files/content.ts'
import { findRelayed } from './stations.ts'

/** What handing files on stands on. */
export type FilesGround = {
  readonly database: Database
  readonly content: ContentStore
  readonly centrePublicKey: string
  readonly now: () => Date
}

/** A file that is here and of which the county has not given its word. */
type KeptFile = {
  readonly stationId: string
  readonly sha256: string
  readonly kind: FileClass
  readonly sizeBytes: number
  readonly copyOf: string | null
  /** Whether the county may have some of it from us. */
  readonly begun: boolean
  readonly tries: number
}

/** Waits of a file that the county refused double from 15 s to 5 min. */
const waits = { firstMs: 15_000, mostMs: 300_000 } as const

/** Refusals that concern one file; others concern the link or the relay, and end the round. */
const refusalsOfAFile: readonly unknown[] = ['not_found', 'file_mismatch', 'too_large', 'malformed', 'gap']

/** What is a relay's own in the routes of files; `onCame` hears that there is something to hand on. */
export function keepingOf(database: Database, onCame: () => void): RelayKeeping {
  return {
    countysReceipt: async (stationId, sha256) => {
      const [row] = await database.query<{ receipt: string | null }>(
        'select receipt from relayed_files where station_id = $1 and sha256 = $2',
        [stationId, sha256],
      )
      return row?.receipt ? fileReceiptSchema.parse(JSON.parse(row.receipt)) : undefined
    },
    arrived: async (sql, stationId, { sha256, sizeBytes, copyOf }) => {
      // It came whole a second time while the county's word on the first was on its way: the county gives that word again.
      await sql.query(
        `insert into relayed_files (station_id, sha256, kind, size_bytes, copy_of)
         select $1, $2, case when $4::text is not null then 'copy' else coalesce((select class from expected_files
           where station_id = $1 and sha256 = $2 limit 1), 'original') end, $3, $4
         on conflict (station_id, sha256) do update set receipt = null, tries = 0, next_try = null`,
        [stationId, sha256, sizeBytes, copyOf ?? null],
      )
      onCame()
    },
  }
}

/**
 * Hands files on to the county, receipts first, then from small to large, until nothing is left that may go now, or `signal`
 * ends it: what the county has of a file stays there. A file that the county refuses waits, and the next one goes. Throws
 * what stops the link.
 */
export async function handFilesOn(
  ground: FilesGround,
  lineOf: (stationId: string) => CentreClient,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const file = await nextFile(ground)
    if (file === undefined) return
    try {
      await handOn(ground, lineOf(file.stationId), file, signal)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (signal.aborted && error.code === 'CENTRE_UNREACHABLE') return
      await noteRefusal(ground, file, error)
    }
  }
}

async function nextFile({ database, now }: FilesGround): Promise<KeptFile | undefined> {
  const [file] = await database.query<KeptFile>(
    `select station_id as "stationId", sha256, kind, size_bytes as "sizeBytes", copy_of as "copyOf", begun, tries
     from relayed_files where receipt is null and (next_try is null or next_try <= $1)
     order by kind <> 'receipt', size_bytes, sha256, station_id limit 1`,
    [now().toISOString()],
  )
  return file
}

async function handOn(ground: FilesGround, line: CentreClient, file: KeptFile, signal: AbortSignal): Promise<void> {
  const { database, content } = ground
  const { stationId, sha256 } = file
  // A disk that lost it, or a database of an older day: its window learns so when it asks, and brings it again.
  if (!(await content.has(sha256))) return letGo(ground, file)
  await database.query('update relayed_files set begun = true where station_id = $1 and sha256 = $2', [
    stationId,
    sha256,
  ])
  const readFrom = (offset: number) => bytesFrom(content, sha256, offset)
  const progress = { onSent: () => undefined, onOffset: () => undefined }
  const said = await uploadFile(line, { ...file, readFrom }, progress, signal)
  const receipt = readFileReceipt(said) ?? (await askFileReceipt(line, file, signal))
  await letGo(ground, file, believed(receipt, file, ground.centrePublicKey))
}

async function* bytesFrom(content: ContentStore, sha256: string, offset: number): AsyncGenerator<Uint8Array> {
  yield* await content.open(sha256, offset)
}

/** Believes a receipt by the county's signature, for this station's file alone. */
function believed(receipt: FileReceipt, file: KeptFile, centrePublicKey: string): FileReceipt {
  const { signature, ...said } = receipt
  const isOfFile = said.station === file.stationId && said.sha256 === file.sha256 && said.sizeBytes === file.sizeBytes
  if (!isOfFile || !verifyValue(centrePublicKey, said, signature))
    throw new AppError('CENTRE_NONSENSE', { reason: 'receipt' })
  return receipt
}

/** The county has the file, or wants it no more: its receipt stays here, its content only where another window brought it too. */
async function letGo(
  { database, content }: Pick<FilesGround, 'database' | 'content'>,
  { stationId, sha256 }: KeptFile,
  receipt?: FileReceipt,
): Promise<void> {
  const isUnneeded = await database.transaction(async (sql) => {
    if (receipt === undefined) await forgetRow(sql, stationId, sha256)
    else await keepReceipt(sql, receipt)
    await sql.query('delete from station_files where station_id = $1 and sha256 = $2', [stationId, sha256])
    const dropped = await sql.query(
      `delete from files where sha256 = $1 and not exists (select 1 from station_files where sha256 = $1)
       returning 1 as one`,
      [sha256],
    )
    return dropped.length > 0
  })
  if (isUnneeded) await content.remove(sha256)
}

async function forgetRow(sql: Sql, stationId: string, sha256: string): Promise<void> {
  await sql.query('delete from relayed_files where station_id = $1 and sha256 = $2', [stationId, sha256])
}

async function keepReceipt(sql: Sql, receipt: FileReceipt): Promise<void> {
  await sql.query(
    `update relayed_files set receipt = $3, tries = 0, next_try = null, trouble = '' where station_id = $1 and sha256 = $2`,
    [receipt.station, receipt.sha256, JSON.stringify(receipt)],
  )
}

/** Puts off a file that the county refused; lets go of one that nobody can send from here. Rethrows what is not the file's. */
async function noteRefusal(ground: FilesGround, file: KeptFile, error: AppError): Promise<void> {
  const { reason } = error.details
  if (error.code !== 'CENTRE_REFUSED' || !refusalsOfAFile.includes(reason)) throw error
  // Once may mean that its window has just ended the upload itself.
  if (reason === 'not_found' && file.tries > 0 && (await hasAllText(ground, file))) return letGo(ground, file)
  if (reason === 'file_mismatch' && !(await isWhole(ground, file))) return letGo(ground, file)
  const waitMs = Math.min(waits.mostMs, waits.firstMs * 2 ** Math.min(file.tries, 20))
  await ground.database.query(
    `update relayed_files set tries = tries + 1, trouble = $3, next_try = $4 where station_id = $1 and sha256 = $2`,
    [
      file.stationId,
      file.sha256,
      sentenceFor(error.code, error.details).title,
      new Date(ground.now().getTime() + waitMs).toISOString(),
    ],
  )
}

/** The county has all of the window's entries that we know: what it does not expect by now was replaced or erased. */
async function hasAllText({ database }: FilesGround, { stationId }: KeptFile): Promise<boolean> {
  const station = await findRelayed(database, stationId)
  return station !== undefined && station.trouble === '' && station.countySeq >= station.held
}

async function isWhole({ content }: FilesGround, { sha256, sizeBytes }: KeptFile): Promise<boolean> {
  const digest = await digestOf(await content.open(sha256))
  return digest.sha256 === sha256 && digest.sizeBytes === sizeBytes
}
