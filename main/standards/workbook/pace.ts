import { setImmediate } from 'node:timers/promises'

/** The longest step in milliseconds before other work gets its turn. */
const longestStep = 10

/** Who waits for long work: how it is ended, and who hears how far it is. */
export type PaceOptions = {
  readonly signal?: AbortSignal
  /** Told the share that is done, 0 to 1, as it grows. */
  readonly told?: (share: number) => void
}

/** Lets long work go in short steps: the desk answers its window between them. */
export class Pace {
  readonly #options: PaceOptions
  #since = performance.now()

  constructor(options: PaceOptions = {}) {
    this.#options = options
  }

  /** Gives other work its turn where this step has lasted long enough. Throws the signal's reason once it is given. */
  async rest(): Promise<void> {
    if (performance.now() - this.#since < longestStep) return
    await setImmediate()
    this.#options.signal?.throwIfAborted()
    this.#since = performance.now()
  }

  /** Tells how far the work is. */
  tell(share: number): void {
    this.#options.told?.(share)
  }
}
