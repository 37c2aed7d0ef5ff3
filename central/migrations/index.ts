// Owns: the centre's schema, step by step, forward only.
// Does not own: the SQL of its questions (each part has its own).
// Start here: `migrate`; a new step is a new file, listed in `steps`.
import { sha256Hex } from '../../main/wire/canonical.ts'
import type { Database, Sql } from '../database.ts'
import { projectEarlierFileEntries } from '../files/expected.ts'
import { fillFeedApplied } from '../relay/county.ts'
import { projectEarlierSealEntries } from '../seals/seal-entries.ts'
import { fillPinned } from '../standards/pinned.ts'
import { sql as centre } from './0001-centre.ts'
import { sql as seals } from './0002-seals.ts'
import { sql as partitions } from './0003-partitions.ts'
import { sql as files } from './0004-files.ts'
import { sql as bundles } from './0005-bundles.ts'
import { sql as days } from './0006-days.ts'
import { sql as relays } from './0007-relays.ts'
import { sql as exchange } from './0008-exchange.ts'
import { sql as feedAgain } from './0009-feed-again.ts'
import { sql as replacement } from './0010-replacement.ts'
import { sql as releases } from './0011-releases.ts'
import { sql as themes } from './0012-themes.ts'
import { sql as publishingDesks } from './0013-publishing-desks.ts'

type Step = {
  readonly version: number
  readonly name: string
  readonly sql: string
  /** Fills the step's tables from the entries that are there already. */
  readonly fill?: (sql: Sql) => Promise<void>
}

const steps: readonly Step[] = [
  { version: 1, name: 'centre', sql: centre },
  { version: 2, name: 'seals', sql: seals, fill: projectEarlierSealEntries },
  { version: 3, name: 'partitions', sql: partitions },
  { version: 4, name: 'files', sql: files, fill: projectEarlierFileEntries },
  { version: 5, name: 'bundles', sql: bundles },
  { version: 6, name: 'days', sql: days },
  { version: 7, name: 'relays', sql: relays, fill: fillFeedApplied },
  { version: 8, name: 'exchange', sql: exchange },
  { version: 9, name: 'feed-again', sql: feedAgain },
  { version: 10, name: 'replacement', sql: replacement },
  { version: 11, name: 'releases', sql: releases },
  { version: 12, name: 'themes', sql: themes },
  { version: 13, name: 'publishing-desks', sql: publishingDesks, fill: fillPinned },
]

/** Any constant: gateways that start together take turns under this advisory lock. */
const migrationLock = 440282

/**
 * Brings the schema up to date in one transaction; safe when several gateways start at once. Throws when a landed step was
 * changed, or when the database was made by a newer version.
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await sql.script(
      'create table if not exists migrations (version integer primary key, name text not null, checksum text not null)',
    )
    const landed = await sql.query<{ version: number; checksum: string }>('select version, checksum from migrations')
    const newest = Math.max(0, ...landed.map((row) => row.version))
    if (newest > (steps.at(-1)?.version ?? 0)) throw new Error(`the centre's database is of a newer version: ${newest}`)
    for (const step of steps) {
      const before = landed.find((row) => row.version === step.version)
      if (before === undefined) await apply(sql, step)
      else if (before.checksum !== sha256Hex(step.sql)) throw new Error(`migration ${step.version} was changed`)
    }
  })
}

/** Whether the schema is exactly the one that this program stands on: not older, and not brought further by a newer gateway. */
export async function isMigrated(database: Database): Promise<boolean> {
  const landed = await database.query<{ version: number }>('select version from migrations order by version')
  return landed.map(({ version }) => version).join() === steps.map(({ version }) => version).join()
}

async function apply(sql: Sql, step: Step): Promise<void> {
  await sql.script(step.sql)
  await step.fill?.(sql)
  const row = [step.version, step.name, sha256Hex(step.sql)]
  await sql.query('insert into migrations (version, name, checksum) values ($1, $2, $3)', row)
}
