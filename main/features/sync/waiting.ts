import { maskName } from '../../../preload/contract/masking.ts'
import type { LinkSettings, WaitingItem } from '../../../preload/contract/sync.ts'
import type { Store } from '../../store/index.ts'
import { originalsDoneInMs } from './link-budget.ts'
import { countUnsentOfCases, countUnsentOfFirst, selectWaitingCases } from './store.ts'

/** A file that waits, as the files tell it; the name of the applicant is not masked yet. */
export type WaitingFile = Omit<WaitingItem, 'title' | 'applicantMasked' | 'etaSeconds'> & {
  readonly applicantName: string
  readonly name: string
}

/** What the page of what is still here is made of. */
export type WaitingGround = {
  readonly store: Store
  readonly settings: LinkSettings
  readonly nowMs: number
  /** What an entry costs on the link, of late, and what the link gives; null where nothing is known. */
  readonly entryBytes: number
  readonly bytesPerSecond: number | null
  readonly textState: Pick<WaitingItem, 'state' | 'lastError' | 'nextTryUtc'>
  /** Cases of which text waits. */
  readonly caseCount: number
  readonly files: {
    readonly count: number
    readonly bytes: number
    readonly next: (page: { readonly offset: number; readonly limit: number }) => readonly WaitingFile[]
    readonly bytesOfFirst: (count: number) => BytesBefore
  }
}

/** What leaves before the first row of a page: `night`, what waits for the night; `soon`, all else. */
export type BytesBefore = { readonly soon: number; readonly night: number }

/** A page of what is still here, in the order in which it leaves: the text of cases, records of no case in one line, files. */
export function waitingPage(
  ground: WaitingGround,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): { readonly items: WaitingItem[]; readonly total: number; readonly totalBytes: number } {
  const { store, entryBytes, caseCount, files } = ground
  const after = store.ledger.acknowledged().seq
  const unsent = store.ledger.head().seq - after
  const others = caseCount === 0 ? unsent : unsent - countUnsentOfCases(store.db, after)
  const texts = caseCount + (others > 0 ? 1 : 0)
  const cases = offset < caseCount ? selectWaitingCases(store.db, after, { offset, limit }) : []
  const items: Omit<WaitingItem, 'etaSeconds'>[] = cases.map((row) => ({
    ...{ kind: 'text' as const, caseId: row.caseId, localNumber: row.localNumber, title: row.matterName },
    ...{ applicantMasked: maskName(row.applicantName), sizeBytes: Math.ceil(row.entries * entryBytes), sentBytes: 0 },
    ...ground.textState,
  }))
  if (others > 0 && offset <= caseCount && items.length < limit) {
    items.push({
      ...{ kind: 'other', caseId: null, localNumber: '', applicantMasked: '', title: '其他记录（登录、用印、设置等）' },
      ...{ sizeBytes: Math.ceil(others * entryBytes), sentBytes: 0, ...ground.textState },
    })
  }
  if (items.length < limit) {
    const page = { offset: Math.max(0, offset - texts), limit: limit - items.length }
    items.push(...files.next(page).map(fileItem))
  }
  return {
    items: withEta(ground, items, bytesBefore(ground, { offset, texts, unsent, after })),
    total: texts + files.count,
    totalBytes: Math.ceil(unsent * entryBytes) + files.bytes,
  }
}

function fileItem(file: WaitingFile): Omit<WaitingItem, 'etaSeconds'> {
  const { kind, caseId, localNumber, applicantName, name, sizeBytes, sentBytes, state, lastError, nextTryUtc } = file
  const applicantMasked = applicantName === '' ? '' : maskName(applicantName)
  return {
    ...{ kind, caseId, localNumber, applicantMasked, title: name },
    ...{ sizeBytes, sentBytes, state, lastError, nextTryUtc },
  }
}

/** What leaves before row `offset`: of a list of a thousand rows each page begins where the one before it ended. */
function bytesBefore(
  { store, entryBytes, caseCount, files }: WaitingGround,
  at: { readonly offset: number; readonly texts: number; readonly unsent: number; readonly after: number },
): BytesBefore {
  const { offset, texts, unsent, after } = at
  if (offset === 0) return { soon: 0, night: 0 }
  if (offset < texts) {
    const first = Math.min(offset, caseCount)
    return { soon: countUnsentOfFirst(store.db, after, first) * entryBytes, night: 0 }
  }
  const { soon, night } = files.bytesOfFirst(offset - texts)
  return { soon: unsent * entryBytes + soon, night }
}

/** When each has left: what is before it goes first. */
function withEta(
  { settings, nowMs, bytesPerSecond }: WaitingGround,
  items: readonly Omit<WaitingItem, 'etaSeconds'>[],
  { soon, night }: BytesBefore,
): WaitingItem[] {
  let soonBytes = soon
  let nightBytes = night
  return items.map((item) => {
    const bytes = item.sizeBytes - item.sentBytes
    const isLate = item.state === 'night'
    if (isLate) nightBytes += bytes
    else soonBytes += bytes
    if (bytesPerSecond === null) return { ...item, etaSeconds: null }
    const soonMs = (soonBytes / bytesPerSecond) * 1000
    const lateMs = isLate ? originalsDoneInMs(settings, nowMs + soonMs, (nightBytes / bytesPerSecond) * 1000) : 0
    return { ...item, etaSeconds: lateMs === null ? null : Math.ceil((soonMs + lateMs) / 1000) }
  })
}
