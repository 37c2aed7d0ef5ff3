// Owns: files of cases that were handed over, for the machine that holds them now.
// Does not own: which cases those are (../cases/hand-over.ts), the requests (routes.ts), bytes at rest (content.ts).
// Start here: `sizeForHolder`.
import type { Sql } from '../database.ts'
import type { ContentStore } from './content.ts'

/**
 * The size of a file that a station may fetch; undefined for any other. It may fetch what an entry of a machine that it replaced
 * names for a case that is now its own, and the readable copies of that: whoever names a file himself proves nothing by it.
 */
export async function sizeForHolder(sql: Sql, stationId: string, sha256: string): Promise<number | undefined> {
  const [row] = await sql.query<{ sizeBytes: number }>(
    `select size_bytes as "sizeBytes" from files where sha256 = $2 and exists (
       select 1 from expected_files e join cases c on c.case_id = e.case_id
         join stations earlier on earlier.station_id = e.station_id
       where c.holder_id = $1 and e.station_id <> $1 and earlier.replaced_by is not null and (e.sha256 = $2 or e.sha256 in (
         select copy_of from station_files s where s.sha256 = $2 and s.station_id = e.station_id)))`,
    [stationId, sha256],
  )
  return row?.sizeBytes
}

/** A stretch of content, shorter at its end; empty beyond it. */
export async function readPiece(
  content: Pick<ContentStore, 'open'>,
  sha256: string,
  { offset, length, sizeBytes }: { readonly offset: number; readonly length: number; readonly sizeBytes: number },
): Promise<Buffer> {
  const wanted = Math.min(length, sizeBytes - offset)
  if (wanted <= 0) return Buffer.alloc(0)
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of (await content.open(sha256, offset)) as AsyncIterable<Buffer>) {
    parts.push(part)
    bytes += part.byteLength
    // Leaving the loop closes what is read.
    if (bytes >= wanted) break
  }
  return Buffer.concat(parts).subarray(0, wanted)
}
