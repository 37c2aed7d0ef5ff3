import type { Database } from '../database.ts'
import { createArrivals } from '../files/arrivals.ts'
import type { ContentStore } from '../files/content.ts'
import { createLocker } from '../files/lock.ts'
import type { Identity } from '../identity.ts'
import type { BundleGround } from './import.ts'

/** What taking in bundles stands on, at a centre with or without a place for files. */
export function bundleGroundOf(centre: {
  readonly database: Database
  readonly identity: Identity
  readonly content?: ContentStore | undefined
  readonly now: () => Date
}): BundleGround {
  const { database, identity, content, now } = centre
  const files = content && createArrivals({ database, identity, content, locker: createLocker(database), now })
  return { database, identity, files, now }
}
