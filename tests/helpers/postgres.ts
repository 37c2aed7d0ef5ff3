import { missingForPostgres, startPostgres as startThrowaway } from '../../scripts/throwaway-postgres.mjs'

export { missingForPostgres }

/** A PostgreSQL server of the test's own. */
export type TestPostgres = {
  /** Makes an empty database and returns its URL. */
  makeDatabase(): Promise<string>
  stop(): Promise<void>
}

/** Starts PostgreSQL on loopback in a temporary folder, as a user that is not root. */
export async function startPostgres(): Promise<TestPostgres> {
  const server = await startThrowaway()
  let count = 0
  return {
    makeDatabase: async () => {
      count += 1
      return server.makeDatabase(`centre_${count}`)
    },
    stop: () => server.stop(),
  }
}
