// Owns: small readable copies of large photographs and scans: made when a file has come in, found by their original.
// Does not own: how a copy is drawn (main/rendering), the originals (materials), when either is sent (files).
// Start here: `createCopies`.
import type { StoredFile } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import type { Renderer } from '../../rendering/index.ts'
import {
  type Copy,
  insertDue,
  insertFetched,
  type Original,
  selectCopy,
  selectDue,
  updateMade,
  updateNone,
} from './store.ts'

export type { Copy } from './store.ts'

/** A copy is at most this long: a minute and a quarter at 16 kbit/s. */
export const copyLimitBytes = 150 * 1024

/** What copies ask of others; given by main/desk/compose.ts. */
export type CopyPorts = {
  readonly renderer: () => Promise<Pick<Renderer, 'readableCopy'>>
  /** A copy is there, or there will be none: what waited for it may go on. */
  readonly settled: () => void
  readonly close: () => Promise<void>
}

/** What other features may ask of copies. */
export type Copies = FeatureModule & {
  /** A file has come in: its copy is made by and by, without anybody waiting; a crash does not lose it. */
  readonly noteStored: (file: StoredFile) => void
  /** The readable copy of a file, where there is one here. */
  readonly find: (originalSha256: string) => Copy | undefined
  /** A copy that another machine made has come back from the centre. Throws FILE_KIND_REFUSED for what is no picture. */
  readonly noteFetched: (originalSha256: string, copySha256: string) => Promise<void>
  /** Resolves when nothing is being copied. */
  readonly idle: () => Promise<void>
}

/** The copies feature. What is due when the desk ends is made after its next start. */
export function createCopies(context: DeskContext, ports: CopyPorts): Copies {
  const maker = new CopyMaker(context, ports)
  return {
    handlers: {},
    projectors: [],
    noteStored: (file) => {
      if (file.sizeBytes <= copyLimitBytes) return
      insertDue(context.store.db, file)
      maker.wake()
    },
    find: (originalSha256) => selectCopy(context.store.db, originalSha256),
    noteFetched: async (originalSha256, copySha256) => {
      const bytes = await context.blobs.readAll(copySha256)
      const mediaType = pictureType(bytes)
      insertFetched(context.store.db, originalSha256, { sha256: copySha256, sizeBytes: bytes.length, mediaType })
    },
    idle: maker.idle,
    start: maker.wake,
    close: maker.close,
  }
}

/** What a picture is by its first bytes. */
function pictureType(bytes: Buffer): Copy['mediaType'] {
  if (bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xd8]))) return 'image/jpeg'
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'image/png'
  throw new AppError('FILE_KIND_REFUSED')
}

/** Makes one copy after the other. */
class CopyMaker {
  readonly #context: DeskContext
  readonly #ports: CopyPorts
  /** Tried in vain since the start: a full disk, a bug. They are tried again after the next start. */
  readonly #putOff = new Set<string>()
  #running: Promise<void> | undefined
  #isClosing = false

  constructor(context: DeskContext, ports: CopyPorts) {
    this.#context = context
    this.#ports = ports
  }

  wake = (): void => {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  idle = async (): Promise<void> => {
    await this.#running
  }

  close = async (): Promise<void> => {
    this.#isClosing = true
    await this.#ports.close()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isClosing) {
      const original = selectDue(this.#context.store.db, this.#putOff)
      if (original === undefined) return
      try {
        await this.#settle(original)
      } catch (error) {
        this.#putOff.add(original.sha256)
        this.#context.log('a readable copy was put off', error)
      }
    }
  }

  async #settle(original: Original): Promise<void> {
    const { store, blobs, emit } = this.#context
    const copy = await this.#copyOf(original)
    // The worker was ended under it: that says nothing of the file.
    if (this.#isClosing) return
    if (copy === undefined) updateNone(store.db, original.sha256)
    else {
      const { sha256, sizeBytes } = await blobs.put([copy.bytes], { limitBytes: copyLimitBytes })
      updateMade(store.db, original.sha256, { sha256, sizeBytes, mediaType: copy.mediaType })
    }
    emit({ event: 'changed', payload: { topics: ['files'] } })
    this.#ports.settled()
  }

  /** The copy, or undefined where nobody can draw the original or it is gone: it goes its own way, and says so itself. */
  async #copyOf({ sha256, mediaType }: Original) {
    try {
      const bytes = await this.#context.blobs.readAll(sha256)
      const copy = await (await this.#ports.renderer()).readableCopy(bytes, mediaType, copyLimitBytes)
      return copy.kind === 'made' ? copy : undefined
    } catch (error) {
      if (error instanceof AppError && error.code !== 'DISK_FULL') return undefined
      throw error
    }
  }
}
