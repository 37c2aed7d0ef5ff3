import type { Entry } from '../../main/wire/entry.ts'
import type { Sql } from '../database.ts'
import type { Lineage } from '../stations/lock.ts'

/** Kinds by which a station says something about a case, with its id in the payload. */
const caseKinds = /^(case|document)\./

/**
 * The entries without those about cases that somebody else holds: they stay in the ledger as what a station said, and move
 * nothing. An entry about a case that nobody here knows is let through: an older centre does not read every kind.
 */
export async function withoutForeignCases(
  sql: Sql,
  { holder }: Lineage,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  const named = entries.map((entry) => ({ entry, caseId: caseOf(entry) }))
  const ids = [...new Set(named.flatMap(({ caseId }) => (caseId === undefined ? [] : [caseId])))]
  if (ids.length === 0) return entries
  const rows = await sql.query<{ id: string }>(
    'select case_id as id from cases where case_id = any($1::text[]) and holder_id <> $2',
    [ids, holder],
  )
  const foreign = new Set(rows.map(({ id }) => id))
  return named.filter(({ caseId }) => caseId === undefined || !foreign.has(caseId)).map(({ entry }) => entry)
}

function caseOf({ kind, payload }: Entry): string | undefined {
  if (!caseKinds.test(kind) || typeof payload !== 'object' || payload === null) return undefined
  const { caseId } = payload as { caseId?: unknown }
  return typeof caseId === 'string' && !caseId.includes('\u0000') ? caseId : undefined
}
