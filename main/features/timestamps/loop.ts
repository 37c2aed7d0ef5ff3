import type { DeskContext } from '../../desk/feature.ts'
import { type Outcome, stampPaper, type TimestampPorts } from './service.ts'
import { clearErrors, deleteAllDue, noteDue, selectDue, selectNextTry } from './store.ts'

/** Waits after failures double from 5 s up to 10 minutes. */
const waits = { firstMs: 5_000, mostMs: 600_000 } as const
/** How often the training switch is looked at while papers wait. */
const linkCheckMs = 2_000

/** Asks for the timestamps of papers as they become due, one after the other, and waits where the authority cannot be had. */
export class TimestampLoop {
  readonly #context: DeskContext
  readonly #ports: TimestampPorts
  #lookedUpTo = 0
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #running: { readonly done: Promise<void>; readonly stop: AbortController } | undefined
  #stopListening: (() => void) | undefined
  #isOpen = false

  constructor(context: DeskContext, ports: TimestampPorts) {
    this.#context = context
    this.#ports = ports
  }

  /** Begins to look at what was sealed. */
  start = (): void => {
    this.#isOpen = true
    this.#stopListening = this.#context.store.ledger.onAppended((entries) => {
      if (entries.some(({ kind }) => kind === 'document.sealed')) this.#look()
    })
    this.#look()
  }

  /** Breaks off what is under way; nothing is asked after that. */
  close = async (): Promise<void> => {
    this.#isOpen = false
    this.#stopListening?.()
    clearTimeout(this.#timer)
    this.#running?.stop.abort()
    await this.#running?.done
  }

  /** Forgets what waited for the authority before; where one is set, papers without a timestamp are due again. */
  authorityChanged = (): void => {
    this.#lookedUpTo = 0
    this.#failures = 0
    this.#running?.stop.abort()
    deleteAllDue(this.#context.store.db)
    this.#look()
  }

  /** Notes what has become due, and plans the next try where none is planned. */
  #look(): void {
    try {
      if (this.#ports.authorityUrl() === null) return
      const nowUtc = this.#context.nowUtc()
      this.#lookedUpTo = noteDue(this.#context.store.db, this.#lookedUpTo, nowUtc)
    } catch (error) {
      this.#context.log('timestamps that are due could not be noted', error)
    }
    if (this.#running === undefined && this.#failures === 0) this.#plan(0)
  }

  #plan(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (!this.#isOpen) return
    this.#timer = setTimeout(this.#work, milliseconds)
    this.#timer.unref()
  }

  #work = (): void => {
    if (this.#running !== undefined || !this.#isOpen) return
    const stop = new AbortController()
    const done = this.#workThrough(stop.signal)
      .catch((error) => {
        this.#context.log('timestamps', error)
        return waits.mostMs
      })
      .then((waitMs) => {
        this.#running = undefined
        if (waitMs !== undefined) this.#plan(waitMs)
      })
    this.#running = { done, stop }
  }

  /** Paper after paper, until none is left or the authority cannot be had; gives when to try again. */
  async #workThrough(signal: AbortSignal): Promise<number | undefined> {
    const [context, ports] = [this.#context, this.#ports]
    while (!signal.aborted) {
      if (ports.authorityUrl() === null) return undefined
      const due = selectDue(context.store.db, context.nowUtc())
      if (due === undefined) return this.#untilNext()
      if (!ports.linkOn()) return linkCheckMs
      const outcome = await stampPaper(context, ports, due.documentId, signal)
      if (signal.aborted) return 0
      this.#note(outcome)
      if (outcome === 'everything') return Math.min(waits.mostMs, waits.firstMs * 2 ** (this.#failures - 1))
    }
    return 0
  }

  /** The seals page shows what went wrong for as long as it is so. */
  #note(outcome: Outcome): void {
    const before = this.#failures
    this.#failures = outcome === 'everything' ? Math.min(this.#failures + 1, 20) : 0
    if (outcome === 'well' && before > 0) clearErrors(this.#context.store.db)
    if (outcome !== 'well') this.#context.emit({ event: 'changed', payload: { topics: ['seals'] } })
  }

  #untilNext(): number | undefined {
    const next = selectNextTry(this.#context.store.db)
    if (next === null) return undefined
    const waitMs = Date.parse(next) - this.#context.clock.now().getTime()
    return Math.max(linkCheckMs, Math.min(waits.mostMs, waitMs))
  }
}
