import type { Sql } from '../database.ts'

/** How many of a case's files are here. */
export type FileCount = { readonly expected: number; readonly here: number }

/** How many files each of these cases has and how many of them are here; cases without files are left out. */
export async function countFiles(sql: Sql, caseIds: readonly string[]): Promise<Map<string, FileCount>> {
  const rows = await sql.query<FileCount & { readonly caseId: string }>(
    `select e.case_id as "caseId", count(distinct e.sha256)::integer as expected, count(distinct f.sha256)::integer as here
     from expected_files e left join files f using (sha256) where e.case_id = any($1::text[]) group by e.case_id`,
    [caseIds],
  )
  return new Map(rows.map(({ caseId, expected, here }) => [caseId, { expected, here }]))
}
