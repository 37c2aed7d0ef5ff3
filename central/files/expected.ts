// Owns: which files the stations' entries name, so that the centre knows what shall come and to which case it belongs.
// Does not own: the bytes (content.ts), what has come (arrivals.ts).
// Start here: `projectFileEntries`.
import { type EntryPayload, entryPayloads, type StoredFile } from '../../preload/contract/entries.ts'
import { printable } from '../columns.ts'
import type { Sql } from '../database.ts'

/** An entry as far as files need it; `payload` is null where it was erased. */
export type FileEntry = {
  readonly seq: number
  readonly kind: string
  readonly version: number
  readonly payload: unknown
}

/** The kinds that this file reads. */
export const fileKinds: readonly string[] = [
  'case.received',
  'case.supplemented',
  'document.made',
  'document.sealed',
  'document.timestamped',
  'payload.erased',
]

/**
 * Reads new entries into `expected_files`, in the transaction that stores them. Of a document only the newest file is
 * expected, also where a machine before this one (`before`) made it. Papers of one's own (no case) stay at the station: the
 * register of impressions tells of them by their hash. What this centre does not know is skipped: a newer station harms no
 * older centre.
 */
export async function projectFileEntries(
  sql: Sql,
  stationId: string,
  entries: readonly FileEntry[],
  before: readonly string[] = [],
): Promise<void> {
  const drops: Drop[] = []
  let named: NamedFile[] = []
  for (const entry of entries) {
    const { drop, names = [] } = readers[`${entry.kind}@${entry.version}`]?.(entry) ?? {}
    if (drop !== undefined) {
      drops.push(drop)
      named = named.filter((file) => !isDropped(file, drop))
    }
    named.push(...names)
  }
  await dropNamed(sql, [stationId, ...before], drops)
  await insertNamed(sql, stationId, named)
}

type NamedFile = Pick<StoredFile, 'sha256' | 'name' | 'mediaType' | 'sizeBytes'> & {
  readonly caseId: string
  readonly class: 'receipt' | 'original'
  readonly seq: number
}
/** All files of a case, or one receipt of it. */
type Drop = { readonly caseId: string; readonly receipt?: string }
/** What an entry says of files: first those that are expected no more, then those that are. */
type Reading = {
  readonly drop?: Drop
  readonly names?: readonly NamedFile[]
}

const readers: Readonly<Record<string, (entry: FileEntry) => Reading | undefined>> = {
  'case.received@1': (entry) => materials(entry, entryPayloads['case.received@1'].safeParse(entry.payload).data),
  'case.supplemented@1': (entry) =>
    materials(entry, entryPayloads['case.supplemented@1'].safeParse(entry.payload).data),
  'document.made@1': (entry) => document(entry, entryPayloads['document.made@1'].safeParse(entry.payload).data),
  'document.made@2': (entry) => document(entry, entryPayloads['document.made@2'].safeParse(entry.payload).data),
  'document.sealed@1': (entry) => document(entry, entryPayloads['document.sealed@1'].safeParse(entry.payload).data),
  'document.sealed@2': (entry) => document(entry, entryPayloads['document.sealed@2'].safeParse(entry.payload).data),
  'document.sealed@3': (entry) => document(entry, entryPayloads['document.sealed@3'].safeParse(entry.payload).data),
  'document.timestamped@1': (entry) =>
    document(entry, entryPayloads['document.timestamped@1'].safeParse(entry.payload).data),
  'payload.erased@1': ({ payload }) => {
    const { data } = entryPayloads['payload.erased@1'].safeParse(payload)
    return data && { drop: { caseId: data.subject } }
  },
}

type WithMaterials = Pick<EntryPayload<'case.received@1'>, 'caseId' | 'materials'>

function materials({ seq }: FileEntry, data: WithMaterials | undefined): Reading | undefined {
  const { caseId, materials: given } = data ?? { caseId: '', materials: [] }
  return { names: given.map(({ file }) => ({ ...file, caseId, class: 'original', seq })) }
}

type WithFile = { readonly caseId: string | null; readonly before?: string; readonly file: StoredFile }

/** A document of a case has a newer file: that one is expected, and the one before it no more. */
function document({ seq }: FileEntry, data: WithFile | undefined): Reading | undefined {
  if (data === undefined || data.caseId === null) return undefined
  const { caseId, before, file } = data
  const names: NamedFile[] = [{ ...file, caseId, class: 'receipt', seq }]
  return before === undefined ? { names } : { names, drop: { caseId, receipt: before } }
}

async function insertNamed(sql: Sql, stationId: string, named: readonly NamedFile[]): Promise<void> {
  if (named.length === 0) return
  const rows = named.map((file) => ({ ...file, name: printable(file.name) }))
  await sql.query(
    `insert into expected_files (station_id, case_id, sha256, class, name, media_type, size_bytes, seq)
     select $1::text, "caseId", sha256, class, name, "mediaType", "sizeBytes", seq
     from json_to_recordset($2::json) as named (sha256 text, "caseId" text, class text, name text, "mediaType" text,
       "sizeBytes" bigint, seq bigint)
     on conflict do nothing`,
    [stationId, JSON.stringify(rows)],
  )
}

function isDropped(file: NamedFile, { caseId, receipt }: Drop): boolean {
  return file.caseId === caseId && (receipt === undefined || (file.sha256 === receipt && file.class === 'receipt'))
}

async function dropNamed(sql: Sql, stationIds: readonly string[], drops: readonly Drop[]): Promise<void> {
  if (drops.length === 0) return
  await sql.query(
    `delete from expected_files using unnest($2::text[], $3::text[]) as gone (case_id, receipt)
     where station_id = any($1::text[]) and expected_files.case_id = gone.case_id
       and (gone.receipt is null or (sha256 = gone.receipt and class = 'receipt'))`,
    [stationIds, drops.map(({ caseId }) => printable(caseId)), drops.map(({ receipt }) => receipt ?? null)],
  )
}

/** Reads what came before the centre expected files, in the migration that makes their tables. */
export async function projectEarlierFileEntries(sql: Sql): Promise<void> {
  type Row = { station_id: string; seq: number; kind: string; version: number; payload: string | null }
  let after: readonly [string, number] = ['', 0]
  for (;;) {
    const rows = await sql.query<Row>(
      `select station_id, seq, kind, version, payload from entries
       where (station_id, seq) > ($1, $2) and kind = any($3::text[]) order by station_id, seq limit 500`,
      [...after, fileKinds],
    )
    for (const row of rows) {
      const payload: unknown = row.payload === null ? null : JSON.parse(row.payload)
      await projectFileEntries(sql, row.station_id, [{ ...row, payload }])
    }
    const last = rows.at(-1)
    if (last === undefined) return
    after = [last.station_id, last.seq]
  }
}
