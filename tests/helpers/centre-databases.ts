// Owns: the loop over the databases that a centre may stand on, and a gateway that is there while its tests run.
// Does not own: the PostgreSQL server (postgres.ts), stations and what is asked of a gateway (centre.ts).
// Start here: `describeOnEachDatabase`.

import { afterAll, beforeAll, describe, expect } from 'vitest'
import { type Database, openEmbedded, openPostgres } from '../../central/database.ts'
import { migrate } from '../../central/migrations/index.ts'
import { startGateway, type TestGateway } from './centre.ts'
import { missingForPostgres, startPostgres, type TestPostgres } from './postgres.ts'

/** A gateway and the database that it stands on; both are there once the tests run, not yet while they are described. */
export type CentreInUse = {
  readonly database: Database
  readonly url: string
  /** An empty database of the same sort; closed at the end. */
  readonly another: () => Promise<Database>
}

/**
 * Describes a centre twice: on PGlite, and on PostgreSQL, which is skipped in words where there is none. The tests of
 * one database share a gateway, which must meet no bug. `makeTables` is given the empty database: mostly `migrate`.
 */
export function describeOnEachDatabase(
  title: string,
  makeTables: (database: Database) => Promise<unknown>,
  tests: (centre: CentreInUse) => void,
): void {
  describe(`${title} on PGlite`, () => tests(centreOver(openEmbedded, makeTables)))
  describeOnPostgres(title, (makeDatabase) =>
    tests(centreOver(async () => openPostgres(await makeDatabase()), makeTables)),
  )
}

/** Describes what PostgreSQL alone is asked; skipped in words where there is none. `makeDatabase` makes an empty database and gives its URL. */
export function describeOnPostgres(title: string, tests: (makeDatabase: () => Promise<string>) => void): void {
  const why = missingForPostgres()
  describe.skipIf(why !== '')(`${title} on PostgreSQL${why && `: skipped, ${why}`}`, () => {
    let postgres: TestPostgres
    beforeAll(async () => {
      postgres = await startPostgres()
    })
    afterAll(() => postgres?.stop())
    tests(() => postgres.makeDatabase())
  })
}

/** A gateway over an embedded centre of its own, for all tests of a file; they must meet no bug. */
export function embeddedCentre(): CentreInUse {
  return centreOver(openEmbedded, migrate)
}

function centreOver(open: () => Promise<Database>, makeTables: (database: Database) => Promise<unknown>): CentreInUse {
  let database: Database
  let gateway: TestGateway
  const others: Database[] = []
  beforeAll(async () => {
    database = await open()
    await makeTables(database)
    gateway = await startGateway(database)
  })
  afterAll(async () => {
    await gateway.stop()
    for (const one of [database, ...others]) await one.close()
    expect(gateway.bugs).toEqual([])
  })
  return {
    get database() {
      return database
    },
    get url() {
      return gateway.url
    },
    another: async () => {
      const made = await open()
      others.push(made)
      return made
    },
  }
}
