// Owns: the features of a simulated station that need a desk: its files on their way, its days held against the centre.
// Does not own: its store and its link (station.ts), when anything happens (world.ts).
// Start here: `openSimulatedDesk`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DeskContext } from '../../main/desk/feature.ts'
import { casesProjector } from '../../main/features/cases/projection.ts'
import { createFiles, type Files } from '../../main/features/files/index.ts'
import { createReconciliation, type Reconciliation } from '../../main/features/reconciliation/index.ts'
import { type BlobStore, openBlobs, type Projector, type Store } from '../../main/store/index.ts'
import type { CentreClient } from '../../main/wire/centre-client.ts'
import { todayInShanghai } from '../../preload/contract/calendar.ts'
import type { Clock } from '../../preload/contract/clock.ts'
import { noCalendars, testKey } from '../helpers/store.ts'

/** A station's desk as far as a simulation needs one; it outlives the station's deaths, as its folder of blobs does. */
export type SimulatedDesk = {
  readonly projectors: readonly Projector[]
  readonly blobs: BlobStore
  readonly files: Files
  /** Holds every day that has entries against the centre: what the centre lost goes again. */
  readonly reconcileAll: () => Promise<void>
}

/** What a desk stands on: the store and the line as they are at the moment of asking. */
export type DeskGround = {
  readonly stationId: string
  readonly folder: string
  readonly clock: Clock
  readonly store: () => Store
  readonly client: () => CentreClient
}

/** Opens a station's desk. */
export function openSimulatedDesk({ stationId, folder, clock, store, client }: DeskGround): SimulatedDesk {
  mkdirSync(folder, { recursive: true })
  const blobs = openBlobs({ folder: join(folder, 'blobs'), key: testKey })
  const context: Partial<DeskContext> = {
    ...{ blobs, clock, emit: () => undefined, log: () => undefined, newId: () => crypto.randomUUID() },
    ...{ today: () => todayInShanghai(clock.now()), nowUtc: () => clock.now().toISOString() },
    station: { stationId, mode: 'live', townName: '', villageName: '', windowName: '' },
  }
  Object.defineProperty(context, 'store', { get: store })
  const files = createFiles(context as DeskContext, { copyFetched: async () => undefined, wake: () => undefined })
  const days: Reconciliation = createReconciliation(context as DeskContext, {
    client,
    sendAgain: (sha256s) => void files.sendAgain(sha256s),
    displayName: (account) => account,
  })
  const run = days.handlers['reconciliation.run'] as (given: { day: string }, caller: object) => Promise<unknown>
  return {
    ...{ blobs, files, projectors: [casesProjector(noCalendars), ...files.projectors, ...days.projectors] },
    reconcileAll: async () => {
      const times = store().db.all<{ at: string }>('SELECT at FROM entries')
      const all = new Set(times.map(({ at }) => todayInShanghai(new Date(at))))
      const caller = { sessionId: 'simulated', account: 'clerk', displayName: '模拟员' }
      for (const day of [...all].toSorted()) await run({ day }, caller)
    },
  }
}
