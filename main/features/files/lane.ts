import { AppError, type Failure } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { askFileReceipt, readFileReceipt, uploadFile } from '../../wire/file-upload.ts'
import { gaveWay, givingWay, type WorkBounds } from '../../wire/giving-way.ts'
import { verifyValue } from '../../wire/signatures.ts'
import type { CentreLine } from '../../wire/tus-stack.ts'
import {
  clearAtHall,
  clearFailure,
  longestWaitMs,
  markBegun,
  putOff,
  type QueuedFile,
  selectNext,
  writeArrived,
  writeAtHall,
  writeFailure,
  writeOffset,
} from './store.ts'

/** How a run of the lane is bounded. */
export type LaneOptions = WorkBounds & {
  /** Whether large originals may go now. */
  readonly originalsAllowed: boolean
  /** So many more bytes of files have left. */
  readonly onBytes?: (bytes: number) => void
  /** Whose the line is where it is the hall's relay's and not the centre's. */
  readonly relay?: { readonly relayId: string; readonly publicKey: string }
}

/** The file that is under way. */
export type UnderWay = { readonly sha256: string; readonly sentBytes: number }

/** What the lane tells of a file. */
export type LaneEvents = {
  readonly arrived: (file: QueuedFile) => void
  readonly atHall: (file: QueuedFile) => void
  readonly failed: (file: QueuedFile) => void
}

/** Waits after failures of one file double from 15 s to 5 min; where each try costs the whole file, or only a person can help, to an hour. */
const waits = { firstMs: 15_000, mostMs: 300_000, costlyMs: longestWaitMs } as const

/** A file that ends this many tries in a row without a byte more at the centre lets the others go before it. */
const vainTries = 3

/**
 * While only the hall's relay has a file, the centre's receipt is asked for this often; and so long the relay has for handing
 * it on before the station, once it reaches the centre itself, sends it there itself.
 */
const atHallMs = 120_000

/** A file that the relay would not have goes to the centre alone; the relay is asked again after this. */
const declinedMs = 60_000

/** Refusals that concern one file; any other failure concerns the link or the centre, and ends the run. */
const refusalsOfAFile: readonly unknown[] = ['not_found', 'file_mismatch', 'too_large', 'malformed', 'gap']

/** How long a file waits after its n-th failure in a row (1, 2, 3 …), in milliseconds. */
export function fileWaitMs(tries: number, isCostly: boolean): number {
  return Math.min(isCostly ? waits.costlyMs : waits.mostMs, waits.firstMs * 2 ** Math.min(tries - 1, 20))
}

/** Sends the queue's files, one after the other. */
export class FileLaneRunner {
  readonly #context: DeskContext
  readonly #events: LaneEvents
  #underWay: UnderWay | undefined
  /** How far each unfinished file is shown to be: the centre tells its own count only when it is asked again. */
  readonly #shown = new Map<string, number>()

  constructor(context: DeskContext, events: LaneEvents) {
    this.#context = context
    this.#events = events
  }

  underWay = (): UnderWay | undefined => this.#underWay

  /** How many bytes of a file had left when it was interrupted; 0 for one that was not, or before the last start. */
  leftBefore = (sha256: string): number => this.#shown.get(sha256) ?? 0

  /**
   * Sends what may be sent now, in the queue's order, until nothing is left or something more urgent waits. A file that
   * fails by itself is put off and the next one goes. Throws what stops the link: CENTRE_UNREACHABLE, CENTRE_NONSENSE …
   */
  run = async (line: CentreLine, options: LaneOptions): Promise<void> => {
    while (!options.signal.aborted && !options.shouldYield()) {
      const file = selectNext(this.#context.store.db, this.#context.nowUtc(), options.originalsAllowed ? 2 : 1)
      if (file === undefined) return
      try {
        if (isForAsking(file, options)) await this.#ask(line, file, options)
        else if (!(await this.#send(line, file, options))) return
      } catch (error) {
        this.#noteFailure(file, error, options)
      } finally {
        this.#underWay = undefined
      }
    }
  }

  /** Sends one file to its end; false where it was cut for something more urgent. */
  async #send(line: CentreLine, file: QueuedFile, options: LaneOptions): Promise<boolean> {
    const { store, blobs } = this.#context
    await this.#assertWhole(file)
    const show = this.#showing(file)
    show(file.sentBytes)
    let sentBytes = file.sentBytes
    let confirmedBytes = file.sentBytes
    const uploaded = {
      ...file,
      stationId: store.station.read().id,
      readFrom: (offset: number) => blobs.readFrom(file.sha256, offset),
    }
    const onSent = (bytes: number) => {
      sentBytes += bytes
      show(sentBytes)
      options.onBytes?.(bytes)
    }
    const onOffset = (offset: number) => {
      // Less than it had confirmed: it lost the file, and this is another way.
      if (offset < confirmedBytes) this.#shown.delete(file.sha256)
      sentBytes = offset
      confirmedBytes = offset
      show(offset)
      this.#noteOffset(file, offset)
    }
    if (!file.begun) markBegun(store.db, file.sha256)
    const said = await givingWay(options, (signal) => uploadFile(line, uploaded, { onSent, onOffset }, signal))
    if (said === gaveWay) return false
    await this.#settle(line, file, said, options)
    return true
  }

  /** Shows a file as under way. What was under way when the link was cut counts on until the centre has that much: a share that falls looks like a loss. */
  #showing({ sha256, sizeBytes }: QueuedFile): (sentBytes: number) => void {
    return (sentBytes) => {
      const farthest = Math.max(this.leftBefore(sha256), Math.min(sentBytes, sizeBytes))
      this.#shown.set(sha256, farthest)
      this.#underWay = { sha256, sentBytes: farthest }
    }
  }

  /** Reads the file here once from end to end before its first byte goes. Throws NOT_FOUND, FILE_DAMAGED. */
  async #assertWhole({ sha256, sizeBytes, sentBytes }: QueuedFile): Promise<void> {
    const { blobs } = this.#context
    if (blobs.stat(sha256).sizeBytes !== sizeBytes) throw new AppError('FILE_DAMAGED')
    if (sentBytes > 0) return
    for await (const _ of blobs.read(sha256)) {
      // The last frame comes only after the whole was checked.
    }
  }

  /** Believes that the file is at the centre only by the centre's signature; the relay's word says that the relay has it. */
  async #settle(line: CentreLine, file: QueuedFile, said: string, { signal, relay }: LaneOptions): Promise<void> {
    const { store } = this.#context
    const { id: stationId, centre } = store.station.read()
    const { sha256 } = file
    const receipt = readFileReceipt(said) ?? (await askFileReceipt(line, { stationId, sha256 }, signal))
    const { signature, ...rest } = receipt
    const isOurs = rest.station === stationId && rest.sha256 === sha256 && rest.sizeBytes === file.sizeBytes
    if (!isOurs) throw new AppError('CENTRE_NONSENSE', { reason: 'receipt' })
    this.#shown.delete(sha256)
    if (verifyValue(centre?.publicKey ?? '', rest, signature)) {
      if (writeArrived(store.db, receipt)) this.#events.arrived(file)
      return
    }
    if (relay === undefined || !verifyValue(relay.publicKey, rest, signature))
      throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
    writeAtHall(store.db, sha256, relay.relayId, this.#utcIn(atHallMs))
    if (file.atHall !== relay.relayId) this.#events.atHall(file)
  }

  /** The relay has the file: whether the centre has it too is asked, and no byte of it goes. A relay that lost it gets it again. */
  async #ask(line: CentreLine, file: QueuedFile, options: LaneOptions): Promise<void> {
    try {
      await this.#settle(line, file, '', options)
    } catch (error) {
      const isLost = error instanceof AppError && error.details.reason === 'file_mismatch'
      if (!isLost) throw error
      if (options.relay === undefined) this.#putOff(file, atHallMs)
      else clearAtHall(this.#context.store.db, file.sha256)
    }
  }

  #noteOffset({ sha256, tries, sentBytes }: QueuedFile, offset: number): void {
    const { db } = this.#context.store
    writeOffset(db, sha256, offset)
    if (tries > 0 && offset > sentBytes) clearFailure(db, sha256)
  }

  /** Puts a file off that failed by itself, or in vain again and again. Rethrows what stops the link. */
  #noteFailure(file: QueuedFile, error: unknown, { relay }: LaneOptions): void {
    if (!(error instanceof AppError)) throw error
    const { code, details } = error
    const isOfBytes = code === 'NOT_FOUND' || code === 'FILE_DAMAGED'
    if (relay !== undefined && !isOfBytes) {
      // What a relay refuses says nothing of the file's way to the centre.
      if (!isRefusalOfFile(error)) throw error
      this.#putOff(file, declinedMs)
      return
    }
    const isOfFile = isOfBytes || isRefusalOfFile(error)
    const isOfLink = code === 'CENTRE_UNREACHABLE' && (details.reason === 'cut' || details.reason === 'stalled')
    if (!isOfFile && !isOfLink) throw error
    const isLate = isOfFile || file.tries + 1 >= vainTries
    const isCostly = code !== 'CENTRE_UNREACHABLE' && code !== 'CENTRE_REFUSED'
    const waitMs = fileWaitMs(file.tries + 1, isCostly || details.reason === 'file_mismatch')
    this.#write(file, { code, details }, isLate ? waitMs : 0)
    if (!isOfFile) throw error
  }

  #putOff({ sha256 }: QueuedFile, waitMs: number): void {
    putOff(this.#context.store.db, sha256, this.#utcIn(waitMs))
  }

  #utcIn(milliseconds: number): string {
    return new Date(this.#context.clock.now().getTime() + milliseconds).toISOString()
  }

  #write(file: QueuedFile, failure: Failure, waitMs: number): void {
    const nextTryUtc = waitMs === 0 ? null : this.#utcIn(waitMs)
    writeFailure(this.#context.store.db, file.sha256, failure, nextTryUtc)
    this.#events.failed(file)
  }
}

/** The relay asks nobody for a file that it has; nor does the centre get by day what may go by night alone. */
function isForAsking({ atHall, rank }: QueuedFile, { relay, originalsAllowed }: LaneOptions): boolean {
  if (relay !== undefined) return atHall === relay.relayId
  return atHall !== null && rank === 2 && !originalsAllowed
}

function isRefusalOfFile({ code, details }: AppError): boolean {
  return code === 'CENTRE_REFUSED' && refusalsOfAFile.includes(details.reason)
}
