// Owns: the list of migrations, in order. Each is a file of its own, so that it is bundled and also runs from source.
// Does not own: how they are applied (../migrate.ts).
// Start here: to change the schema, do this:
//   1. Write `NNNN-what.ts` with the next number: `export const sql = \`CREATE TABLE … STRICT;\``. Several statements and
//      triggers are fine; no BEGIN, COMMIT or PRAGMA (it runs in one transaction with its version number).
//   2. Add one line to `migrations` below. Numbers have no gaps.
//   3. Rules: STRICT tables, NOT NULL, CHECK, foreign keys; UTC ISO 8601 text for times; whole numbers for money (fen).
//      Foreign keys are off while a migration runs, so a table may be rebuilt (make new, copy, drop old, rename), and are
//      checked before it commits.
//   4. A table that a projector fills is never migrated row by row: drop and create it, and say `rebuilds: true`; the
//      ledger fills it again on the same start.
//   5. Once landed, a file is frozen: its checksum is kept in every database, and a changed one is refused at start.
import { sql as ledger } from './0001-ledger.ts'
import { sql as cases } from './0002-cases.ts'
import { sql as documents } from './0003-documents.ts'
import { sql as counts } from './0004-counts.ts'
import { sql as seals } from './0005-seals.ts'
import { sql as sync } from './0006-sync.ts'
import { sql as handedOver } from './0007-handed-over.ts'
import { sql as releases } from './0008-releases.ts'
import { sql as standardsDesk } from './0009-standards-desk.ts'
import { sql as papers } from './0010-papers.ts'
import { sql as themes } from './0011-themes.ts'
import { sql as county } from './0012-county.ts'
import { sql as perhapsOut } from './0013-perhaps-out.ts'
import { sql as undated } from './0014-undated.ts'
import { sql as removals } from './0015-removals.ts'

/** One step of the schema. */
export type Migration = {
  /** 1, 2, 3 … without a gap. */
  readonly version: number
  /** The file's name without number and ending. */
  readonly name: string
  readonly sql: string
  /** True when projector tables were dropped or changed: they are refilled from the ledger after all migrations ran. */
  readonly rebuilds?: boolean
}

/** All migrations, oldest first. */
export const migrations: readonly Migration[] = [
  { version: 1, name: 'ledger', sql: ledger },
  { version: 2, name: 'cases', sql: cases },
  { version: 3, name: 'documents', sql: documents },
  { version: 4, name: 'counts', sql: counts },
  { version: 5, name: 'seals', sql: seals, rebuilds: true },
  { version: 6, name: 'sync', sql: sync, rebuilds: true },
  { version: 7, name: 'handed-over', sql: handedOver },
  { version: 8, name: 'releases', sql: releases, rebuilds: true },
  { version: 9, name: 'standards-desk', sql: standardsDesk },
  { version: 10, name: 'papers', sql: papers, rebuilds: true },
  { version: 11, name: 'themes', sql: themes },
  { version: 12, name: 'county', sql: county },
  { version: 13, name: 'perhaps-out', sql: perhapsOut },
  { version: 14, name: 'undated', sql: undated },
  { version: 15, name: 'removals', sql: removals },
]
