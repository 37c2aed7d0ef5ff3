import type { SyncStatus } from '../../preload/contract/views.ts'

/** The link in one word: not known yet, cut, sending, waiting for another try after a failure, or fine. */
export type LinkWord = 'unknown' | 'offline' | 'sending' | 'retry' | 'online'

/** What to say of the link. A pulled cable is offline whatever was last seen of the centre. */
export function linkWord(status: SyncStatus | undefined): LinkWord {
  if (status === undefined) return 'unknown'
  if (!status.linkOn || !status.online) return 'offline'
  if (status.phase === 'sending') return 'sending'
  return status.phase === 'waiting' && status.lastError !== '' ? 'retry' : 'online'
}
