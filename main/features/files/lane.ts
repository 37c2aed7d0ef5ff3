import { AppError, type Failure } from '../../../preload/contract/errors.ts'
import { type FileReceipt, fileReceiptSchema } from '../../../preload/contract/wire.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { verifyValue } from '../../wire/signatures.ts'
import {
  clearFailure,
  markBegun,
  putOff,
  type QueuedFile,
  selectNext,
  selectRelayKey,
  writeArrived,
  writeFailure,
  writeOffset,
} from './store.ts'
import type { CentreLine } from './tus-stack.ts'
import { filesPath, uploadFile } from './upload.ts'

/** How a run of the lane is bounded. */
export type LaneOptions = {
  /** Ends the run at once; what the centre has of the file stays there. */
  readonly signal: AbortSignal
  /** Whether something more urgent waits: then the file under way is cut, and goes on later where it was. */
  readonly shouldYield: () => boolean
  /** Whether large originals may go now. */
  readonly originalsAllowed: boolean
  /** So many more bytes of files have left. */
  readonly onBytes?: (bytes: number) => void
}

/** The file that is under way. */
export type UnderWay = { readonly sha256: string; readonly sentBytes: number }

/** What the lane tells of a file. */
export type LaneEvents = {
  readonly arrived: (file: QueuedFile) => void
  readonly failed: (file: QueuedFile) => void
}

/** How often a file is looked at for something more urgent. */
const yieldCheckMs = 250

/** Waits after failures of one file double from 15 s to 5 min (DESIGN §6); where each try costs the whole file, or only a person can help, to an hour. */
const waits = { firstMs: 15_000, mostMs: 300_000, costlyMs: 3_600_000 } as const

/** A file that ends this many tries in a row without a byte more at the centre lets the others go before it. */
const vainTries = 3

/** While only the hall's relay has a file, the centre's receipt is asked for this often. */
const relayMs = 300_000

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
  /** How far the file that was last interrupted had come: the centre tells its own count only when it is asked again. */
  #interrupted: UnderWay | undefined

  constructor(context: DeskContext, events: LaneEvents) {
    this.#context = context
    this.#events = events
  }

  underWay = (): UnderWay | undefined => this.#underWay

  /** How many bytes of a file had left when it was interrupted; 0 for one that was not, or before the last start. */
  leftBefore = (sha256: string): number => (this.#interrupted?.sha256 === sha256 ? this.#interrupted.sentBytes : 0)

  /**
   * Sends what may be sent now, in the queue's order, until nothing is left or something more urgent waits. A file that
   * fails by itself is put off and the next one goes. Throws what stops the link: CENTRE_UNREACHABLE, CENTRE_NONSENSE …
   */
  run = async (line: CentreLine, options: LaneOptions): Promise<void> => {
    while (!options.signal.aborted && !options.shouldYield()) {
      const file = selectNext(this.#context.store.db, this.#context.nowUtc(), options.originalsAllowed ? 2 : 1)
      if (file === undefined) return
      try {
        const isDone = await this.#send(line, file, options)
        if (!isDone) return
      } catch (error) {
        this.#noteFailure(file, error)
      } finally {
        this.#underWay = undefined
      }
    }
  }

  /** Sends one file to its end; false where it was cut for something more urgent. */
  async #send(line: CentreLine, file: QueuedFile, options: LaneOptions): Promise<boolean> {
    const { store, blobs } = this.#context
    await this.#assertWhole(file)
    const yielded = new AbortController()
    const watch = setInterval(() => options.shouldYield() && yielded.abort(), yieldCheckMs)
    let sentBytes = Math.max(file.sentBytes, this.leftBefore(file.sha256))
    const show = () => {
      this.#underWay = { sha256: file.sha256, sentBytes: Math.min(sentBytes, file.sizeBytes) }
    }
    show()
    try {
      const uploaded = {
        ...file,
        stationId: store.station.read().id,
        readFrom: (offset: number) => blobs.readFrom(file.sha256, offset),
      }
      const onSent = (bytes: number) => {
        sentBytes += bytes
        show()
        options.onBytes?.(bytes)
      }
      const onOffset = (offset: number) => {
        sentBytes = offset
        show()
        this.#noteOffset(file, offset)
      }
      if (!file.begun) markBegun(store.db, file.sha256)
      const signal = AbortSignal.any([options.signal, yielded.signal])
      const said = await uploadFile(line, uploaded, { onSent, onOffset }, signal)
      await this.#settle(line, file, said, options.signal)
      return true
    } catch (error) {
      this.#interrupted = this.#underWay
      if (yielded.signal.aborted && !options.signal.aborted) return false
      throw error
    } finally {
      clearInterval(watch)
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

  /** Believes that the file is at the centre only by the centre's signature; a relay's word only puts the question off. */
  async #settle(line: CentreLine, file: QueuedFile, said: string, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.#context
    const { id, centre } = store.station.read()
    const receipt = readReceipt(said) ?? (await this.#askReceipt(line, id, file, signal))
    const { signature, ...rest } = receipt
    const isOurs = rest.station === id && rest.sha256 === file.sha256 && rest.sizeBytes === file.sizeBytes
    if (!isOurs) throw new AppError('CENTRE_NONSENSE', { reason: 'receipt' })
    if (verifyValue(centre?.publicKey ?? '', rest, signature)) {
      if (writeArrived(store.db, receipt)) this.#events.arrived(file)
      return
    }
    if (!verifyValue(selectRelayKey(store.db) ?? '', rest, signature))
      throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
    putOff(store.db, file.sha256, new Date(clock.now().getTime() + relayMs).toISOString())
  }

  async #askReceipt(line: CentreLine, stationId: string, file: QueuedFile, signal: AbortSignal): Promise<FileReceipt> {
    const path = `${filesPath(stationId)}/${file.sha256}/receipt`
    const reply = await line.send({ method: 'GET', path, headers: { accept: 'application/json' }, signal })
    const receipt = reply.status === 200 ? readReceipt(reply.body.toString('utf8')) : undefined
    if (receipt !== undefined) return receipt
    // The centre threw the file away, having found it wrong, or lost it: it is asked again how much it has.
    if (reply.status === 404 || reply.status === 422)
      throw new AppError('CENTRE_REFUSED', { reason: 'file_mismatch', why: '文件在路上变了样，要重新传' })
    throw new AppError('CENTRE_NONSENSE', { reason: 'receipt', status: reply.status })
  }

  #noteOffset({ sha256, tries, sentBytes }: QueuedFile, offset: number): void {
    const { db } = this.#context.store
    writeOffset(db, sha256, offset)
    if (tries > 0 && offset > sentBytes) clearFailure(db, sha256)
  }

  /** Puts a file off that failed by itself, or in vain again and again. Rethrows what stops the link. */
  #noteFailure(file: QueuedFile, error: unknown): void {
    if (!(error instanceof AppError)) throw error
    const { code, details } = error
    const isOfFile = code === 'NOT_FOUND' || code === 'FILE_DAMAGED' || isRefusalOfFile(error)
    const isOfLink = code === 'CENTRE_UNREACHABLE' && (details.reason === 'cut' || details.reason === 'stalled')
    if (!isOfFile && !isOfLink) throw error
    const isLate = isOfFile || file.tries + 1 >= vainTries
    const isCostly = code !== 'CENTRE_UNREACHABLE' && code !== 'CENTRE_REFUSED'
    const waitMs = fileWaitMs(file.tries + 1, isCostly || details.reason === 'file_mismatch')
    this.#write(file, { code, details }, isLate ? waitMs : 0)
    if (!isOfFile) throw error
  }

  #write(file: QueuedFile, failure: Failure, waitMs: number): void {
    const { store, clock } = this.#context
    const nextTryUtc = waitMs === 0 ? null : new Date(clock.now().getTime() + waitMs).toISOString()
    writeFailure(store.db, file.sha256, failure, nextTryUtc)
    this.#events.failed(file)
  }
}

function isRefusalOfFile({ code, details }: AppError): boolean {
  return code === 'CENTRE_REFUSED' && refusalsOfAFile.includes(details.reason)
}

function readReceipt(text: string): FileReceipt | undefined {
  try {
    return fileReceiptSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
