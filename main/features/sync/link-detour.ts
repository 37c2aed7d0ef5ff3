import { AppError } from '../../../preload/contract/errors.ts'
import type { LinkOptions } from './link-options.ts'
import { isOutOfReach } from './link-timing.ts'

/** While files go to the hall's relay, the centre is tried at least this often. */
const filesMs = 60_000

/** The way over the hall's relay, for as long as the centre is out of reach and there is a relay. */
export class RelayDetour {
  readonly #options: Pick<LinkOptions, 'overRelay' | 'onBug'>
  readonly #monotonicMs: () => number

  constructor(options: Pick<LinkOptions, 'overRelay' | 'onBug'>, monotonicMs: () => number) {
    this.#options = options
    this.#monotonicMs = monotonicMs
  }

  /** Whether the relay took what waits. What keeps it from that is of less weight than why the centre is out of reach. */
  async exchange(centreError: unknown, signal: AbortSignal): Promise<boolean> {
    const relay = isOutOfReach(centreError) && !signal.aborted ? this.#options.overRelay?.() : undefined
    return relay !== undefined && (await this.#isDone(() => relay.exchange(signal)))
  }

  /** Files go to the relay that took the text, for a while or until `isOver`: then the centre is tried again. */
  async sendFiles(signal: AbortSignal, isOver: () => boolean): Promise<void> {
    const relay = this.#options.overRelay?.()
    const untilMs = this.#monotonicMs() + filesMs
    if (relay !== undefined)
      await this.#isDone(() => relay.sendFiles(signal, () => isOver() || this.#monotonicMs() > untilMs))
  }

  async #isDone(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      return true
    } catch (error) {
      if (!(error instanceof AppError)) this.#options.onBug?.(error)
      return false
    }
  }
}
