// Owns: what a feature is given by the desk, and what it gives back.
// Does not own: any feature, or how they are put together (compose.ts).
// Start here: `DeskContext` and `FeatureModule`.
import type { Caller, Handlers } from '../../preload/contract/api.ts'
import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { EventMessage } from '../../preload/contract/events.ts'
import type { BlobStore, Projector, Store, Upcaster } from '../store/index.ts'

/** Whose window this is. Fixed at the first start of a data folder. */
export type StationFacts = {
  /** `440282113201-1`: division code, hyphen, window number. */
  readonly stationId: string
  readonly mode: 'training' | 'live'
  readonly townName: string
  readonly villageName: string
  readonly windowName: string
}

/**
 * What every feature gets. Features are made before the store is opened (their projectors are part of opening it), so
 * `store` and `blobs` may be read from the first call or `start()` on, but not inside `create<Name>` itself: keep the
 * context and read `context.store` where it is used; do not destructure it at creation.
 */
export type DeskContext = {
  readonly store: Store
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly station: StationFacts
  /** A fresh UUIDv7. */
  readonly newId: () => string
  /** YYYY-MM-DD in Asia/Shanghai by the station's clock. */
  readonly today: () => string
  /** UTC ISO 8601 with milliseconds by the station's clock. */
  readonly nowUtc: () => string
  /** The data folder. */
  readonly dataFolder: string
  /** The folder `resources/` of the program. */
  readonly resources: string
  /** Tells every window. */
  readonly emit: (message: EventMessage) => void
  /** Writes one line to DATA/logs; never personal data. The error's stack and causes are kept with it. */
  readonly log: (what: string, error?: unknown) => void
}

/** What `create<Name>(context)` of a feature's index.ts returns, beside the functions that other features may call. */
export type FeatureModule = {
  readonly handlers: Partial<Handlers>
  /** Fill the feature's tables from the ledger: from entry and database alone, never from the context. */
  readonly projectors: readonly Projector[]
  /** Lift payloads of older versions of the feature's entries. */
  readonly upcasters?: readonly Upcaster[]
  /** After the store is open, before the first call. */
  readonly start?: () => void | Promise<void>
  /** At lock: drop what only an unlocked session may hold (the seal's PIN). */
  readonly locked?: () => void
  /** When a session ends: drop what was kept for it. */
  readonly sessionEnded?: (sessionId: string) => void
  /** Before the store is closed. */
  readonly close?: () => void | Promise<void>
}

/** The caller of a handler that needs a session: the server has checked it before. */
export function callerOf(caller: Caller | null): Caller {
  if (!caller) throw new AppError('LOGIN_NEEDED')
  return caller
}
