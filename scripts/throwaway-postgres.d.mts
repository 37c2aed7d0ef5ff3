/** A PostgreSQL server that is gone when it is stopped. */
export type ThrowawayPostgres = {
  readonly version: string
  readonly pid: number
  /** Makes an empty database and returns its URL. */
  makeDatabase(name: string): string
  stop(): Promise<void>
}

/** Why no PostgreSQL can be started here; empty where one can. */
export function missingForPostgres(): string

/** Starts PostgreSQL on loopback in a temporary folder, as a user that is not root. Throws where its programs are missing. */
export function startPostgres(options?: { readonly sync?: boolean }): Promise<ThrowawayPostgres>
