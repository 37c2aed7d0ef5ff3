// Owns: packs of releases for stations: made once for each pair of releases, kept, the same bytes at every gateway.
// Does not own: what a pack is (main/wire/catalogue/pack.ts), who may have it (routes.ts).
// Start here: `createPacks`.

import { sha256Hex } from '../../main/wire/canonical.ts'
import { writePack } from '../../main/wire/catalogue/pack.ts'
import type { Database } from '../database.ts'
import { documentBodies, findRelease, handoversBetween } from './rows.ts'

/** A pack, and its SHA-256 by which a station knows it again after a cut. */
export type Pack = { readonly sha256: string; readonly bytes: Buffer }

/** As many packs a gateway holds in memory, and the database keeps. A county that follows has one or two pairs in use. */
const mostInMemory = 16
const mostKept = 200

/** Packs over a database. */
export type Packs = {
  /** The pack of a release for who has another, 0 for nothing; whole where that other is not known here. Undefined for a release that is not here. */
  readonly find: (from: number, release: number) => Promise<Pack | undefined>
}

/** Makes the packs of a gateway. However many ask at once, one is made. */
export function createPacks(database: Database, now: () => Date): Packs {
  const held = new Map<string, Promise<Pack | undefined>>()
  return {
    find: (from, release) => {
      const key = `${from} ${release}`
      const before = held.get(key)
      if (before !== undefined) {
        // The one that was asked for last stays longest.
        held.delete(key)
        held.set(key, before)
        return before
      }
      const found = findOrMake(database, from, release, now()).catch((error: unknown) => {
        held.delete(key)
        throw error
      })
      held.set(key, found)
      // A release that is not here yet may be soon.
      void found.then((pack) => pack === undefined && held.delete(key)).catch(() => undefined)
      for (const oldest of held.keys()) {
        if (held.size <= mostInMemory) break
        held.delete(oldest)
      }
      return found
    },
  }
}

async function findOrMake(database: Database, from: number, release: number, now: Date): Promise<Pack | undefined> {
  const target = await findRelease(database, release)
  if (target === undefined) return undefined
  const base = from > 0 && from < release ? await findRelease(database, from) : undefined
  const baseNumber = base?.manifest.release ?? 0
  const kept = await readKept(database, baseNumber, release)
  if (kept !== undefined) return kept
  const handovers = await handoversBetween(database, baseNumber, release)
  const bodies = await documentBodies(database, [...target.manifest.documents, ...(base?.manifest.documents ?? [])])
  const bytes = await writePack({
    ...{ base: base ?? null, handovers, release: target },
    documentOf: ({ sha256 }) => bodies.get(sha256),
  })
  await database.query(
    `insert into release_packs (from_release, release, sha256, bytes, made_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [baseNumber, release, sha256Hex(bytes), bytes, now.toISOString()],
  )
  await database.query(
    `delete from release_packs where (from_release, release) in (
       select from_release, release from release_packs order by made_at desc, release desc, from_release desc offset $1)`,
    [mostKept],
  )
  // Another gateway may have been first: its bytes count for all.
  return (await readKept(database, baseNumber, release)) ?? { sha256: sha256Hex(bytes), bytes }
}

async function readKept(database: Database, from: number, release: number): Promise<Pack | undefined> {
  const [row] = await database.query<{ sha256: string; bytes: Uint8Array }>(
    'select sha256, bytes from release_packs where from_release = $1 and release = $2',
    [from, release],
  )
  return row && { sha256: row.sha256, bytes: Buffer.from(row.bytes) }
}
