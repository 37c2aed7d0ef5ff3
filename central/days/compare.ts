// Owns: a station's day held against what the centre has: heads, counts, cases, files.
// Does not own: what a difference means (main/features/reconciliation says it to the clerk), short names and digests (main/wire/day-digest.ts).
// Start here: `compareDay`.
import {
  bucketDigests,
  bucketOf,
  caseShort,
  type DayItem,
  differingBuckets,
  digestOfBuckets,
  fileShort,
} from '../../main/wire/day-digest.ts'
import { signerOf, signValue } from '../../main/wire/signatures.ts'
import { dayBounds } from '../../preload/contract/calendar.ts'
import type { DayReply, DayRequest } from '../../preload/contract/days.ts'
import type { Database, Sql } from '../database.ts'
import type { ContentStore } from '../files/content.ts'
import type { Identity } from '../identity.ts'
import { Refusal } from '../refusal.ts'

/** What a day is held against: the database, and the files themselves where this gateway has a place for them. */
export type DayGround = {
  readonly database: Database
  readonly identity: Identity
  readonly content?: Pick<ContentStore, 'has'> | undefined
}

/**
 * What the centre holds of a day, as far as it differs; signed. A file counts where its bytes are there, whatever the
 * database says. Changes nothing. Refuses `station_unknown`.
 */
export async function compareDay(
  { database, identity, content }: DayGround,
  asked: { readonly stationId: string; readonly day: string; readonly request: DayRequest },
  now: Date,
): Promise<DayReply> {
  const { stationId, day, request } = asked
  const held = await database.transaction(async (sql) => {
    // One moment for all that is told: what arrives meanwhile is not there yet.
    await sql.script('set transaction isolation level repeatable read')
    return {
      cases: await heldCases(sql, stationId, request),
      files: await heldFiles(sql, stationId, request),
      head: await headOf(sql, stationId),
      entries: await countEntries(sql, stationId, day, request),
    }
  })
  const { cases, head, entries } = held
  const files = (await present(held.files, content)).map((sha256) => ({ short: fileShort(sha256), mark: '' }))
  const caseBuckets = bucketDigests(cases)
  const fileBuckets = bucketDigests(files)
  const casesAgree = digestOfBuckets(caseBuckets) === request.cases
  const filesAgree = digestOfBuckets(fileBuckets) === request.files
  const said = {
    ...{ head, entries, casesAgree, filesAgree },
    ...(!casesAgree && request.caseBuckets && { cases: listOf(cases, caseBuckets, request.caseBuckets, caseOf) }),
    ...(!filesAgree && request.fileBuckets && { files: listOf(files, fileBuckets, request.fileBuckets, shortOf) }),
  }
  const whole = { station: stationId, day, ...said, centreTimeUtc: now.toISOString() }
  return { ...whole, signature: signValue(signerOf(identity.privateKey), whole) }
}

type HeldCase = DayItem & { readonly localNumber: string }

const caseOf = ({ short, mark, localNumber }: HeldCase): [string, string, string] => [short, mark, localNumber]
const shortOf = ({ short }: DayItem): string => short

/** What lies in the buckets that differ. */
function listOf<Item extends DayItem, Told>(
  items: readonly Item[],
  ours: readonly string[],
  theirs: readonly string[],
  tell: (item: Item) => Told,
): { buckets: number[]; items: Told[] } {
  const buckets = differingBuckets(ours, theirs)
  const differ = new Set(buckets)
  return { buckets, items: items.filter(({ short }) => differ.has(bucketOf(short))).map(tell) }
}

async function headOf(sql: Sql, stationId: string): Promise<DayReply['head']> {
  const [head] = await sql.query<DayReply['head']>(
    'select acknowledged as seq, head_hash as hash from stations where station_id = $1',
    [stationId],
  )
  if (head === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  return head
}

async function countEntries(sql: Sql, stationId: string, day: string, { firstSeq, head }: DayRequest): Promise<number> {
  const { fromUtc, beforeUtc } = dayBounds(day)
  const [row] = await sql.query<{ found: number }>(
    `select count(*) as found from entries where station_id = $1 and seq between $2 and $3 and at >= $4 and at < $5`,
    [stationId, firstSeq, head.seq, fromUtc, beforeUtc],
  )
  return row?.found ?? 0
}

/** A case whose person was erased has no secret any more; the station has no row of it either. */
async function heldCases(sql: Sql, stationId: string, { fromSeq, upTo }: DayRequest): Promise<HeldCase[]> {
  const rows = await sql.query<{ caseId: string; state: string; localNumber: string }>(
    `select case_id as "caseId", state, local_number as "localNumber" from cases
     where station_id = $1 and seq between $2 and $3 and exists (
       select 1 from subject_secrets where subject_secrets.station_id = cases.station_id and subject = case_id)`,
    [stationId, fromSeq, upTo],
  )
  return rows.map(({ caseId, state, localNumber }) => ({ short: caseShort(caseId), mark: state, localNumber }))
}

/** Files that the stretch's entries name and that the centre has confirmed. */
async function heldFiles(sql: Sql, stationId: string, { fromSeq, upTo }: DayRequest): Promise<string[]> {
  const rows = await sql.query<{ sha256: string }>(
    `select distinct sha256 from expected_files join station_files using (station_id, sha256)
     where station_id = $1 and seq between $2 and $3`,
    [stationId, fromSeq, upTo],
  )
  return rows.map(({ sha256 }) => sha256)
}

/** How many files are looked for at once: in an S3-compatible store each is a question. */
const lookedForAtOnce = 16

/** Those whose bytes are there: a disk may have lost what the database remembers. */
async function present(files: readonly string[], content: DayGround['content']): Promise<string[]> {
  if (content === undefined) return [...files]
  const there: string[] = []
  for (let at = 0; at < files.length; at += lookedForAtOnce) {
    const some = files.slice(at, at + lookedForAtOnce)
    const found = await Promise.all(some.map((sha256) => content.has(sha256)))
    there.push(...some.filter((_, index) => found[index]))
  }
  return there
}
