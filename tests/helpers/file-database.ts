// Owns: one embedded centre's database for all tests of a file, emptied before each: quicker than another one.
// Does not own: databases of centres that are processes (centre.ts, postgres.ts).
// Start here: `databaseForFile`.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type Database, openEmbedded } from '../../central/database.ts'
import { migrate } from '../../central/migrations/index.ts'

/** The file's database while its tests run. `shared` is it for whoever closes what he was given: it stays open. */
export type FileDatabase = { readonly database: Database; readonly shared: () => Promise<Database> }

/** Opens it before the file's tests, empties it before each, closes it after them. */
export function databaseForFile(): FileDatabase {
  let database: Database
  beforeAll(async () => {
    database = await openEmbedded()
    await migrate(database)
  })
  beforeEach(async () => {
    const tables = await database.query<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migrations'",
    )
    await database.query(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity cascade`)
  })
  afterAll(() => database.close())
  return {
    get database() {
      return database
    },
    shared: () => Promise.resolve(Object.assign(Object.create(database), { close: () => Promise.resolve() })),
  }
}
