import type { BundleImport } from '../../main/wire/bundle/client.ts'
import type { BundleHeader } from '../../main/wire/bundle/format.ts'
import type { Database } from '../database.ts'
import { Refusal } from '../refusal.ts'

/** One line of the log of bundles: what the outside said, and what came of it. */
export type BundleLogLine = {
  readonly atUtc: string
  readonly bundleId: string
  readonly stationId: string
  /** The station that carried it; '' where it came by hand. */
  readonly courier: string
  readonly madeAtUtc: string
  readonly sizeBytes: number
  /** `taken`, `gap`, or the refusal's code. */
  readonly outcome: string
  readonly acknowledged: number
  readonly newEntries: number
  readonly files: number
  readonly brokenFiles: number
}

/** Notes what came of a bundle. */
export async function logBundle(
  { database, now }: { readonly database: Database; readonly now: () => Date },
  { bundleId, stationId, madeAtUtc }: BundleHeader,
  sizeBytes: number,
  courier: string,
  outcome: BundleImport | Refusal,
): Promise<void> {
  const counts =
    outcome instanceof Refusal
      ? [outcome.error, 0, 0, 0, 0]
      : [outcome.gap ? 'gap' : 'taken', outcome.acknowledged, outcome.newEntries, outcome.files, outcome.brokenFiles]
  await database.query(
    `insert into bundle_log (at, bundle_id, station_id, courier, made_at, size_bytes, outcome, acknowledged, new_entries,
       files, broken_files) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [now().toISOString(), bundleId, stationId, courier, madeAtUtc, sizeBytes, ...counts],
  )
}

/** The newest lines first. */
export async function listBundles(database: Database, limit = 200): Promise<BundleLogLine[]> {
  const rows = await database.query<Omit<BundleLogLine, 'atUtc'> & { at: Date }>(
    `select at, bundle_id as "bundleId", station_id as "stationId", courier, made_at as "madeAtUtc", size_bytes as "sizeBytes",
       outcome, acknowledged, new_entries as "newEntries", files, broken_files as "brokenFiles"
     from bundle_log order by log_id desc limit $1`,
    [limit],
  )
  return rows.map(({ at, ...row }) => ({ atUtc: at.toISOString(), ...row }))
}
