import { failureLine } from '../../../preload/contract/sentences.ts'
import type { LinkSettings } from '../../../preload/contract/sync.ts'
import type { SyncStatus } from '../../../preload/contract/views.ts'
import { originalsDoneInMs } from './link-budget.ts'
import { type LinkState, reasonOf } from './link-state.ts'

/** What is known of the link and of what waits. */
export type LinkPicture = {
  readonly state: LinkState
  readonly settings: LinkSettings
  readonly bytesPerSecond: number | null
  readonly roundTripMs: number | null
  /** What an entry costs on the link, of late. */
  readonly entryBytes: number
  readonly files: FilesWaiting
  /** What the file under way is called; '' while none is. */
  readonly fileUnderWay: string
  readonly nowMs: number
}

/** Files that wait; `soon` go by day too. */
export type FilesWaiting = {
  readonly count: number
  readonly bytes: number
  readonly soon: { readonly count: number; readonly bytes: number }
}

/** Below this a link is slow: 64 kbit/s in bytes a second. */
const slowBytesPerSecond = 8_000

/** What takes longer than this to leave leaves slowly. */
const slowSeconds = 30

/** What the link gives to what waits: as measured, no more than the budget; null where nothing was measured and no budget is set. */
export function usableBytesPerSecond({
  bytesPerSecond,
  settings,
}: Pick<LinkPicture, 'bytesPerSecond' | 'settings'>): number | null {
  const budget = settings.budgetKbit === null ? null : settings.budgetKbit * 125
  if (bytesPerSecond === null) return budget
  return Math.max(1, budget === null ? bytesPerSecond : Math.min(bytesPerSecond, budget))
}

/** Whether what the link carries is little. Not measured is not slow. */
export function isSlowLink(picture: Pick<LinkPicture, 'bytesPerSecond' | 'settings'>): boolean {
  const usable = usableBytesPerSecond(picture)
  return usable !== null && usable < slowBytesPerSecond
}

/** When text and all files will have left, in whole seconds; 0 where nothing waits, null where it is not known. */
export function estimate(picture: LinkPicture): {
  readonly textBytes: number
  readonly textEtaSeconds: number | null
  readonly filesEtaSeconds: number | null
} {
  const { state, settings, entryBytes, files, nowMs } = picture
  const rate = usableBytesPerSecond(picture)
  const textBytes = Math.ceil(state.unsentCount * entryBytes)
  if (rate === null) {
    return {
      textBytes,
      textEtaSeconds: textBytes === 0 ? 0 : null,
      filesEtaSeconds: files.count === 0 ? 0 : null,
    }
  }
  const textMs = (textBytes / rate) * 1000
  const soonMs = textMs + (files.soon.bytes / rate) * 1000
  const lateMs = ((files.bytes - files.soon.bytes) / rate) * 1000
  const originalsMs = lateMs === 0 ? 0 : originalsDoneInMs(settings, nowMs + soonMs, lateMs)
  const filesMs = files.count === 0 ? 0 : originalsMs === null ? null : soonMs + originalsMs
  return { textBytes, textEtaSeconds: inSeconds(textMs), filesEtaSeconds: filesMs === null ? null : inSeconds(filesMs) }
}

/** The link in one word. A link that broke off while it carried is slow, not gone. */
export function linkInAWord(picture: LinkPicture): SyncStatus['link'] {
  const { state } = picture
  if (!state.on) return 'off'
  if (!state.online && !state.heard) return 'offline'
  const { textEtaSeconds } = estimate(picture)
  return !state.online || isSlowLink(picture) || (textEtaSeconds ?? 0) > slowSeconds ? 'slow' : 'online'
}

/** What is being sent at this moment, in words. */
function sendingNow({ state, fileUnderWay }: LinkPicture): string {
  if (state.phase === 'sending') return `办件记录，还有 ${state.unsentCount} 条`
  return fileUnderWay
}

/** The part of the status that follows from the link's picture. */
export function pictureStatus(picture: LinkPicture) {
  const { state, files, bytesPerSecond, roundTripMs } = picture
  return {
    linkOn: state.on,
    phase: state.phase,
    online: state.online,
    sinceUtc: state.sinceUtc,
    headSeq: state.headSeq,
    acknowledgedSeq: state.acknowledgedSeq,
    unsentEntries: state.unsentCount,
    lastSuccessUtc: state.lastSuccessUtc,
    lastError: state.lastError === null ? '' : failureLine(state.lastError),
    lastErrorReason: reasonOf(state.lastError),
    nextTryUtc: state.nextTryUtc,
    clockSkewSeconds: state.clockSkewSeconds,
    link: linkInAWord(picture),
    route: state.route,
    bytesPerSecond: bytesPerSecond === null ? null : Math.round(bytesPerSecond),
    roundTripMs: roundTripMs === null ? null : Math.round(roundTripMs),
    ...estimate(picture),
    unsentFiles: files.count,
    unsentFileBytes: files.bytes,
    sendingNow: sendingNow(picture),
  } satisfies Partial<SyncStatus>
}

function inSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000)
}
