import type { SealingJob } from './seals.ts'
import type { TableProgress } from './standards/tables.ts'
import type { BundleJob } from './sync.ts'
import type { SyncStatus } from './views.ts'

/** What the desk tells without being asked. Both shells carry them as newline-delimited JSON or IPC messages. */
export type Events = {
  /** Rows behind these topics changed: what is on screen of them is read again. */
  changed: { readonly topics: readonly Topic[] }
  /** The link's state, at every change. */
  sync: SyncStatus
  /** A sealing job moved on: at most some ten times a second. */
  sealing: SealingJob
  /** A stick's job moved on: at most some four times a second. */
  bundle: BundleJob
  /** Files of standards are being read: at most some five times a second. */
  tables: TableProgress
  /** The desk was started again after a crash; nothing acknowledged was lost. */
  restarted: Record<string, never>
  /** Somebody else locked or closed the session. */
  locked: Record<string, never>
}

/** What a `changed` event is about: calls of that kind are read again. */
export type Topic =
  | 'cases'
  | 'drafts'
  | 'documents'
  | 'files'
  | 'matters'
  | 'notices'
  | 'seals'
  | 'standards'
  | 'station'
/** The name of an event. */
export type EventName = keyof Events

/** One event on its way. */
export type EventMessage = { [N in EventName]: { readonly event: N; readonly payload: Events[N] } }[EventName]
