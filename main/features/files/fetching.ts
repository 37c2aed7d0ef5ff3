// Owns: files of cases of another machine on their way from the centre to this one, stretch by stretch.
// Does not own: which files those are (projection.ts), when the link carries them (sync), bytes at rest (main/store/blobs.ts).
// Start here: `FileFetcher`.
import { randomBytes } from 'node:crypto'
import { AppError, type Failure } from '../../../preload/contract/errors.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { assertTaken } from '../../wire/centre-answers.ts'
import { gaveWay, givingWay, type WorkBounds } from '../../wire/giving-way.ts'
import type { CentreLine } from '../../wire/tus-stack.ts'
import {
  deleteParts,
  type FetchedFile,
  insertPart,
  markDone,
  markFailed,
  selectFetchable,
  selectParts,
} from './fetch-store.ts'
import type { UnderWay } from './lane.ts'

/** A request asks for so much: small at first and after a cut, then what the link carries in about two seconds. */
const stretches = { least: 16 << 10, most: 256 << 10, seconds: 2 } as const

/** So much lies in memory at most before it is put on the disk: what the death of the desk can cost. */
const partBytes = 1 << 20

/** Random bytes before each stretch on the disk. */
const saltBytes = 16

/** Files are no larger than the centre takes. */
const limitBytes = 60 << 20

/** Waits after failures of one file double from 15 s to an hour. */
const waits = { firstMs: 15_000, mostMs: 3_600_000 } as const

/** Asked for at once: a queue of thousands is not looked through for every file. */
const atOnce = 50

/** What the fetcher tells. */
export type FetchEvents = {
  /** A file is here, whole and checked. */
  readonly fetched: (file: FetchedFile) => void
  readonly moved: () => void
}

/** Fetches files, one after the other. */
export class FileFetcher {
  readonly #context: DeskContext
  readonly #events: FetchEvents
  #underWay: UnderWay | undefined
  #stretch: number = stretches.least

  constructor(context: DeskContext, events: FetchEvents) {
    this.#context = context
    this.#events = events
  }

  /** The file that comes just now, and how much of it is here. */
  underWay = (): UnderWay | undefined => this.#underWay

  /**
   * Fetches what may come now, until nothing is left or something more urgent waits. A file that fails by itself is put off
   * and the next one comes. Throws what stops the link; what has come stays.
   */
  run = async (line: CentreLine, bounds: WorkBounds): Promise<void> => {
    const failed = new Set<string>()
    const isOver = () => bounds.signal.aborted || bounds.shouldYield()
    while (!isOver()) {
      const page = selectFetchable(this.#context.store.db, this.#context.nowUtc(), atOnce)
      const files = page.filter(({ sha256 }) => !failed.has(sha256))
      if (files.length === 0) return
      for (const file of files) {
        if (isOver()) return
        try {
          if (!(await this.#fetch(line, file, bounds))) return
        } catch (error) {
          failed.add(file.sha256)
          this.#noteFailure(file, error)
        } finally {
          this.#underWay = undefined
          this.#events.moved()
        }
      }
    }
  }

  /** Fetches one file to its end; false where it was cut for something more urgent. */
  async #fetch(line: CentreLine, file: FetchedFile, bounds: WorkBounds): Promise<boolean> {
    if (!this.#context.blobs.has(file.sha256)) {
      const brought = await givingWay(bounds, (signal) => this.#bringParts(line, file, signal))
      if (brought === gaveWay) return false
      await this.#assemble(file)
    }
    this.#settle(file)
    return true
  }

  /** Brings what is missing at the end; what came before a cut is kept. */
  async #bringParts(line: CentreLine, file: FetchedFile, signal: AbortSignal): Promise<void> {
    const { store } = this.#context
    let offset = selectParts(store.db, file.sha256).reduce((sum, { bytes }) => sum + bytes, 0)
    let startAt = offset
    let held: Buffer[] = []
    const keep = async () => {
      const bytes = Buffer.concat(held)
      held = []
      if (bytes.length > 0) await this.#keepPart(file.sha256, startAt, bytes)
      startAt += bytes.length
    }
    try {
      while (offset < file.sizeBytes) {
        this.#underWay = { sha256: file.copyOf ?? file.sha256, sentBytes: file.copyOf === null ? offset : 0 }
        const stretch = await this.#ask(line, file, offset, signal)
        held.push(stretch)
        offset += stretch.length
        this.#events.moved()
        if (offset - startAt >= partBytes) await keep()
      }
    } finally {
      await keep()
    }
  }

  async #ask(
    line: CentreLine,
    { sha256, sizeBytes }: FetchedFile,
    offset: number,
    signal: AbortSignal,
  ): Promise<Buffer> {
    const length = Math.min(this.#stretch, sizeBytes - offset)
    const { id } = this.#context.store.station.read()
    const path = `/v1/stations/${id}/files/${sha256}/content?offset=${offset}&length=${length}`
    const begunMs = performance.now()
    try {
      const reply = await line.send({ method: 'GET', path, headers: { accept: 'application/octet-stream' }, signal })
      assertTaken(reply)
      const isIt = reply.contentType.startsWith('application/octet-stream') && reply.body.length === length
      if (!isIt) throw new AppError('CENTRE_NONSENSE', { reason: 'shape' })
      const seconds = Math.max(0.001, (performance.now() - begunMs) / 1000)
      const carried = (length / seconds) * stretches.seconds
      this.#stretch = Math.round(Math.min(stretches.most, this.#stretch * 2, Math.max(stretches.least, carried)))
      return reply.body
    } catch (error) {
      this.#stretch = stretches.least
      throw error
    }
  }

  async #keepPart(sha256: string, startAt: number, bytes: Buffer): Promise<void> {
    const { store, blobs } = this.#context
    // What is thrown away later must not be a file that somebody else has under the same name.
    const part = await blobs.put([randomBytes(saltBytes), bytes], { limitBytes: partBytes * 2 })
    insertPart(store.db, sha256, { startAt, bytes: bytes.length, sha256: part.sha256 })
  }

  /** Puts the stretches together, checks the whole by its name, and lets the stretches go. Throws FILE_DAMAGED; then all of it comes again. */
  async #assemble({ sha256, sizeBytes }: FetchedFile): Promise<void> {
    const { store, blobs } = this.#context
    const parts = selectParts(store.db, sha256)
    const whole = async function* () {
      for (const part of parts) yield* blobs.readFrom(part.sha256, saltBytes) as AsyncIterable<Uint8Array>
    }
    try {
      const put = await blobs.put(whole(), { limitBytes })
      if (put.sha256 !== sha256 || put.sizeBytes !== sizeBytes) {
        await blobs.remove(put.sha256)
        throw new AppError('FILE_DAMAGED')
      }
    } finally {
      for (const part of deleteParts(store.db, sha256)) await blobs.remove(part)
    }
  }

  #settle(file: FetchedFile): void {
    markDone(this.#context.store.db, file.sha256, this.#context.nowUtc())
    this.#events.fetched(file)
  }

  /** Puts a file off that failed by itself. Rethrows what stops the link. */
  #noteFailure(file: FetchedFile, error: unknown): void {
    if (!(error instanceof AppError)) throw error
    const { code, details } = error
    const isAbsent = code === 'CENTRE_REFUSED' && details.reason === 'not_found'
    const isOfFile = isAbsent || code === 'FILE_DAMAGED' || code === 'NOT_FOUND'
    const failure: Failure = { code, details }
    if (!isOfFile) {
      // It goes on by itself with the link.
      markFailed(this.#context.store.db, file.sha256, failure, null, false)
      throw error
    }
    const waitMs = Math.min(waits.mostMs, waits.firstMs * 2 ** Math.min(file.tries, 20))
    const nextTryUtc = new Date(this.#context.clock.now().getTime() + waitMs).toISOString()
    markFailed(this.#context.store.db, file.sha256, failure, nextTryUtc, isAbsent)
  }
}
