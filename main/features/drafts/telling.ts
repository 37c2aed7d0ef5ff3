// Owns: drafts' last state on its way to the centre, so that a lost machine loses none: which, when, how little.
// Does not own: drafts themselves (service.ts), when the link is idle (sync), bytes (main/wire/packing/drafts-codec.ts).
// Start here: `DraftTeller`.
import { AppError } from '../../../preload/contract/errors.ts'
import {
  type DraftState,
  draftLimits,
  draftStateSchema,
  draftsReplySchema,
} from '../../../preload/contract/hand-over.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { readAnswer } from '../../wire/centre-answers.ts'
import type { WorkBounds } from '../../wire/giving-way.ts'
import { draftsMediaType, encodeDrafts } from '../../wire/packing/drafts-codec.ts'
import { verifyValue } from '../../wire/signatures.ts'
import type { CentreLine } from '../../wire/tus-stack.ts'
import { type ChangedDraft, deleteTold, selectChanged, selectGone, writeTold } from './store.ts'

/** A draft that somebody still types in is not sent: so long nothing of it must have changed. */
const settleMs = 60_000

/** A centre that takes no drafts is asked again after this. */
const refusedMs = 3_600_000

/** What the teller asks of others. */
export type TellerPorts = {
  /** There is something to tell: the link is tried. */
  readonly wake: () => void
  readonly photosOf: (draftId: string) => DraftState['photos']
}

/** Tells the centre what changed of the drafts here, each revision once. */
export class DraftTeller {
  readonly #context: DeskContext
  readonly #ports: TellerPorts
  #timer: NodeJS.Timeout | undefined
  /** Whatever was last changed before this is told without a wait. */
  #restedMs = 0
  #notBeforeMs = 0

  constructor(context: DeskContext, ports: TellerPorts) {
    this.#context = context
    this.#ports = ports
  }

  /** A draft changed or is gone: it is told once it has come to rest. */
  changed = (): void => {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#ports.wake, settleMs + 1_000)
    this.#timer.unref()
  }

  /** Nobody types any more (lock, logout): whatever changed is told now. */
  flush = (): void => {
    const { db } = this.#context.store
    if (selectChanged(db, this.#context.nowUtc(), 1).length + selectGone(db, 1).length === 0) return
    this.#restedMs = this.#context.clock.now().getTime()
    this.#ports.wake()
  }

  close = (): void => clearTimeout(this.#timer)

  /** Tells what is due, one request after the other, until nothing is or something more urgent waits. Throws what stops the link. */
  run = async (line: CentreLine, { signal, shouldYield }: WorkBounds): Promise<void> => {
    const { store, clock } = this.#context
    const now = clock.now().getTime()
    if (now < this.#notBeforeMs) return
    try {
      while (!signal.aborted && !shouldYield()) {
        const settledUtc = new Date(Math.max(now - settleMs, this.#restedMs)).toISOString()
        const gone = selectGone(store.db, draftLimits.gone)
        const changed = selectChanged(store.db, settledUtc, draftLimits.drafts)
        if (gone.length + changed.length === 0) break
        await this.#tell(line, changed, gone, signal)
      }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'CENTRE_REFUSED') throw error
      // An older centre, or more drafts than it takes: files go on without them.
      this.#context.log('drafts were not taken', error)
      this.#notBeforeMs = now + refusedMs
    }
  }

  async #tell(line: CentreLine, changed: readonly ChangedDraft[], gone: readonly string[], signal: AbortSignal) {
    const { store } = this.#context
    const { fitting, unfit } = this.#sorted(changed)
    // What no request can hold is told by nobody; it stays here as it is, and is looked at again when it changes.
    for (const { draftId, revision } of unfit) writeTold(store.db, draftId, revision)
    if (fitting.length + gone.length === 0) return
    const { id, centre } = store.station.read()
    const body = await encodeDrafts({ format: 1, drafts: [...fitting], gone: [...gone] })
    const headers = { 'content-type': draftsMediaType }
    const path = `/v1/stations/${id}/drafts`
    const reply = readAnswer(draftsReplySchema, await line.send({ method: 'POST', path, headers, body, signal }))
    const { signature, ...said } = reply
    if (!verifyValue(centre?.publicKey ?? '', { ...said, station: id }, signature))
      throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
    store.transaction(() => {
      deleteTold(store.db, gone)
      for (const { draftId, revision } of fitting) writeTold(store.db, draftId, revision)
    })
  }

  /** As many as fit one request, and those that fit none. */
  #sorted(changed: readonly ChangedDraft[]) {
    const fitting: DraftState[] = []
    const unfit: ChangedDraft[] = []
    let bytes = 0
    for (const draft of changed) {
      const { lostPhotos, theme, ...state } = draft
      const photos = [...lostPhotos, ...this.#ports.photosOf(draft.draftId)]
      const { data } = draftStateSchema.safeParse({ ...state, ...(theme === null ? {} : { theme }), photos })
      const size = data === undefined ? Number.POSITIVE_INFINITY : canonicalBytes(data).byteLength
      if (data === undefined || size > draftLimits.draftBytes) unfit.push(draft)
      else if (bytes + size <= draftLimits.requestBytes) {
        bytes += size
        fitting.push(data)
      }
    }
    return { fitting, unfit }
  }
}
