import type { SyncStatus } from '../../preload/contract/views.ts'

/** The link in one word: not known yet, of a machine in whose place another is, no centre that knows this window yet, cut, over the hall's relay, slow, sending, waiting for another try after a failure, or fine. */
export type LinkWord =
  | 'unknown'
  | 'replaced'
  | 'unenrolled'
  | 'offline'
  | 'relay'
  | 'slow'
  | 'sending'
  | 'retry'
  | 'online'

/** What to say of the link. A pulled cable is offline whatever was last seen of the centre; a slow link carries, and is never called cut. */
export function linkWord(status: SyncStatus | undefined): LinkWord {
  if (status === undefined) return 'unknown'
  // Whatever the cable does: nothing goes from here any more.
  if (status.replaced) return 'replaced'
  if (status.linkOn && !status.online && status.lastErrorReason === 'not-enrolled') return 'unenrolled'
  if (!status.linkOn || status.link === 'off') return 'offline'
  // The county is offline then, and what waits is in the hall's keeping.
  if (status.route === 'relay') return 'relay'
  if (status.link === 'offline') return 'offline'
  if (status.link === 'slow') return 'slow'
  if (status.phase === 'sending') return 'sending'
  return status.phase === 'waiting' && status.lastError !== '' ? 'retry' : 'online'
}

/** Whether nothing goes to the centre now, for whatever cause. */
export function isDown(word: LinkWord): boolean {
  return word === 'offline' || word === 'unenrolled' || word === 'replaced'
}
