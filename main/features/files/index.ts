// Owns: which files the centre shall have, their queue, their way there, what the centre confirmed of each; files that come back.
// Does not own: when the link carries files (sync), readable copies (copies), bytes here (main/store/blobs.ts).
// Start here: `createFiles`; lane.ts sends, fetching.ts fetches, projection.ts says which files.
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import type { FileState } from '../../../preload/contract/sync.ts'
import { type FileReceipt, fileReceiptSchema } from '../../../preload/contract/wire.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import type { WorkBounds } from '../../wire/giving-way.ts'
import { verifyValue } from '../../wire/signatures.ts'
import type { CentreLine } from '../../wire/tus-stack.ts'
import {
  clearFetchWaits,
  type FetchedFile,
  type HandedFileRow,
  isHanded,
  markWanted,
  selectHandedFiles,
  smallBytes,
} from './fetch-store.ts'
import { FileFetcher } from './fetching.ts'
import { FileLaneRunner, type LaneOptions } from './lane.ts'
import { filesProjector } from './projection.ts'
import {
  clearWaits,
  countWaitingOf,
  isWaitOver,
  type NamedFile,
  type QueuedFile,
  selectBytesOfFirst,
  selectName,
  selectOfCase,
  selectPage,
  selectRelayId,
  selectTotals,
  writeArrived,
  writeLost,
} from './store.ts'

export type { CentreLine } from '../../wire/tus-stack.ts'
export type { LaneOptions } from './lane.ts'

/** How many files wait, and their bytes that have not left. */
export type FileTotals = {
  readonly count: number
  readonly bytes: number
  /** Of these, receipts, readable copies and what is small itself: they go by day too. */
  readonly soon: { readonly count: number; readonly bytes: number }
}

/** A file on the page of what is still here, in the order of sending. */
export type WaitingFile = {
  readonly sha256: string
  readonly kind: 'receipt' | 'copy' | 'original'
  /** Of a readable copy: its original. */
  readonly copyOf: string | null
  readonly caseId: string | null
  readonly localNumber: string
  /** Unmasked: whoever shows it masks it. */
  readonly applicantName: string
  readonly name: string
  readonly sizeBytes: number
  readonly sentBytes: number
  readonly state: 'waiting' | 'night' | 'sealing' | 'sending' | 'failed' | 'at-hall'
  readonly lastError: string
  readonly nextTryUtc: string | null
}

/** The files that go to the centre. */
export type Files = FeatureModule & {
  /** How many files of a case the centre has not confirmed; copies do not count. */
  readonly waitingOf: (caseId: string) => number
  /** Each file of a case, with its readable copy, and how far it has come. */
  readonly states: (caseId: string) => FileState[]
  /** A page of the queue in its order. */
  readonly next: (page: { readonly offset: number; readonly limit: number }) => WaitingFile[]
  /** What has not left of the first so many files of the queue: what waits for the night, and all else. */
  readonly bytesOfFirst: (count: number) => { readonly soon: number; readonly night: number }
  readonly totals: () => FileTotals
  /** Fetches what the centre hands back of cases of another machine. Throws what stops the link. */
  readonly fetch: (line: CentreLine, bounds: WorkBounds) => Promise<void>
  /** Whether a file is one that the centre hands back and that is not here yet. */
  readonly isInCentre: (sha256: string) => boolean
  /** Sends what may be sent now, to the centre or to the hall's relay. Throws what stops the link. */
  readonly run: (line: CentreLine, options: LaneOptions) => Promise<void>
  /** What the file under way is called; '' while none is. */
  readonly sendingNow: () => string
  /** Somebody wants it now: files that wait after a failure may be tried at once. */
  readonly tryNow: () => void
  /**
   * Takes in receipts of the centre that came another way (a stick), all in one transaction. Tells how many are news. Throws
   * CENTRE_NONSENSE where one is not the centre's word to this station; then none is taken in.
   */
  readonly noteReceipts: (receipts: readonly unknown[]) => number
  /** The centre has lost these files that it had confirmed (it was restored from an older copy): they wait again. Tells how many. */
  readonly sendAgain: (sha256s: readonly string[]) => number
}

/** What files ask of others; given by main/desk/compose.ts. */
export type FilePorts = {
  /** The readable copy of an original has come back. */
  readonly copyFetched: (originalSha256: string, copySha256: string) => Promise<void>
  /** Somebody waits for a file: the link is tried. */
  readonly wake: () => void
}

/** Makes the files feature. */
export function createFiles(context: DeskContext, ports: FilePorts): Files {
  const db = () => context.store.db
  const changed = () => context.emit({ event: 'changed', payload: { topics: ['files', 'cases'] } })
  const lane = new FileLaneRunner(context, { arrived: changed, atHall: changed, failed: changed })
  const fetched = ({ sha256, copyOf }: FetchedFile) => {
    if (copyOf !== null) ports.copyFetched(copyOf, sha256).catch((error) => context.log('a copy that came back', error))
    changed()
  }
  const fetcher = new FileFetcher(context, { fetched, moved: changed })
  const isInCentre = (sha256: string) => isHanded(db(), sha256) && !context.blobs.has(sha256)
  /** As the last run was told; before the first, everything may go. */
  let originalsAllowed = true

  const progressOf = (file: QueuedFile) => {
    const underWay = lane.underWay()
    const isUnderWay = underWay?.sha256 === file.sha256
    const state = isUnderWay ? 'sending' : waitingState(file)
    const untilUtc = state === 'sealing' ? file.fromUtc : file.nextTryUtc
    return {
      sentBytes: isUnderWay ? underWay.sentBytes : Math.max(file.sentBytes, lane.leftBefore(file.sha256)),
      state,
      lastError: file.lastError === null ? '' : wordsOf(file.lastError),
      nextTryUtc: isWaitOver(untilUtc, context.nowUtc()) ? null : untilUtc,
    }
  }
  const waitingState = (file: QueuedFile): WaitingFile['state'] => {
    if (file.atHall !== null && file.atHall === selectRelayId(db())) return 'at-hall'
    return restingState(file, context.nowUtc(), originalsAllowed)
  }
  const waitingFile = (file: NamedFile): WaitingFile => {
    const { sha256, kind, copyOf, caseId, localNumber, applicantName, name, sizeBytes } = file
    return { sha256, kind, copyOf, caseId, localNumber, applicantName, name, sizeBytes, ...progressOf(file) }
  }
  const states = (caseId: string): FileState[] =>
    selectOfCase(db(), caseId).map((file) => {
      const { sha256, name, kind, copyOf, sizeBytes, arrivedAtUtc } = file
      const progress = arrivedAtUtc === null ? progressOf(file) : { ...progressOf(file), state: 'at-centre' as const }
      return { sha256, name, class: kind, copyOf, sizeBytes, ...progress, arrivedAtUtc }
    })
  const handedState = (file: HandedFileRow): FileState => {
    const { sha256, name, class: kind, sizeBytes, nextTryUtc, lastError } = file
    const underWay = fetcher.underWay()
    const isUnderWay = underWay?.sha256 === sha256
    const state = context.blobs.has(sha256) ? 'fetched' : isUnderWay ? 'fetching' : waitingThere(file)
    const sentBytes = state === 'fetched' ? sizeBytes : isUnderWay ? underWay.sentBytes : file.gotBytes
    return {
      ...{ sha256, name, class: kind, copyOf: null, sizeBytes, sentBytes, state, nextTryUtc, arrivedAtUtc: null },
      lastError: lastError === null || state === 'fetched' ? '' : fetchWords(lastError),
    }
  }
  return {
    projectors: [filesProjector],
    handlers: {
      'sync.files': ({ caseId }) => ({
        files: [...states(caseId), ...selectHandedFiles(db(), caseId).map(handedState)],
      }),
      'sync.fetchFile': ({ sha256 }) => {
        if (!isHanded(db(), sha256)) throw new AppError('NOT_FOUND', { what: '这个文件' })
        if (!context.blobs.has(sha256)) {
          markWanted(db(), sha256, context.nowUtc())
          ports.wake()
          changed()
        }
        return { done: true }
      },
    },
    fetch: fetcher.run,
    isInCentre,
    waitingOf: (caseId) => countWaitingOf(db(), caseId),
    states,
    next: (page) => selectPage(db(), page).map(waitingFile),
    bytesOfFirst: (count) => {
      const { resting, others } = selectBytesOfFirst(db(), count, context.nowUtc())
      return originalsAllowed ? { soon: others + resting, night: 0 } : { soon: others, night: resting }
    },
    totals: () => totalsOf(selectTotals(db())),
    run: (line, options) => {
      originalsAllowed = options.originalsAllowed
      return lane.run(line, options)
    },
    sendingNow: () => {
      const underWay = lane.underWay()
      return underWay === undefined ? '' : selectName(db(), underWay.sha256)
    },
    tryNow: () => {
      clearWaits(db())
      clearFetchWaits(db())
    },
    noteReceipts: (receipts) => {
      const checked = receipts.map((receipt) => checkReceipt(context, receipt))
      const news = context.store.transaction(() => checked.filter((receipt) => writeArrived(db(), receipt)).length)
      if (news > 0) changed()
      return news
    },
    sendAgain: (sha256s) => {
      const count = context.store.transaction(() => sha256s.filter((sha256) => writeLost(db(), sha256)).length)
      if (count > 0) changed()
      return count
    },
  }
}

/** What a file waits for that the centre has, or should have: what is asked for, papers and small ones come by themselves. */
function waitingThere(file: HandedFileRow): FileState['state'] {
  if (file.wanted) return 'fetch-waiting'
  if (!file.isThere) return 'absent'
  return file.class === 'receipt' || file.sizeBytes <= smallBytes || file.gotBytes > 0 ? 'fetch-waiting' : 'in-centre'
}

/** Why a file did not come, as what it means for its way here. */
function fetchWords(failure: Parameters<typeof failureLine>[0]): string {
  const { code, details } = failure
  if (code === 'CENTRE_REFUSED' && details.reason === 'not_found') return '中心没有这个文件。'
  if (code === 'FILE_DAMAGED' || code === 'NOT_FOUND') return '取回的内容不对，已丢弃，会重新取。'
  return failureLine(failure)
}

/** Why a file that is not under way lies still. */
function restingState(file: QueuedFile, nowUtc: string, originalsAllowed: boolean): WaitingFile['state'] {
  if (file.lastError !== null) return 'failed'
  if (!isWaitOver(file.fromUtc, nowUtc)) return 'sealing'
  return file.rank === 2 && !originalsAllowed ? 'night' : 'waiting'
}

function totalsOf(
  rows: readonly { readonly rank: number; readonly count: number; readonly bytes: number }[],
): FileTotals {
  const sum = (of: typeof rows) => ({
    count: of.reduce((total, { count }) => total + count, 0),
    bytes: of.reduce((total, { bytes }) => total + bytes, 0),
  })
  return { ...sum(rows), soon: sum(rows.filter(({ rank }) => rank < 2)) }
}

/** A file's failure in words. What lies here and is gone or damaged is told as what it means for the file's way. */
function wordsOf(failure: Parameters<typeof failureLine>[0]): string {
  if (failure.code === 'NOT_FOUND') return '这个文件在本机找不到了，办件的记录不受影响。请重新拍照或扫描后补上。'
  return failureLine(failure)
}

function checkReceipt(context: DeskContext, value: unknown): FileReceipt {
  const { data } = fileReceiptSchema.safeParse(value)
  if (data === undefined) throw new AppError('CENTRE_NONSENSE', { reason: 'shape' })
  const { signature, ...said } = data
  const { id, centre } = context.store.station.read()
  if (said.station === id && verifyValue(centre?.publicKey ?? '', said, signature)) return data
  throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
}
