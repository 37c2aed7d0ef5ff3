import { setImmediate } from 'node:timers/promises'

/** The longest step in milliseconds before other work gets its turn. */
const longestStep = 10

/** Lets long work go in short steps: the desk answers its window between them. */
export class Pace {
  #since = performance.now()

  /** Gives other work its turn where this step has lasted long enough. */
  async rest(): Promise<void> {
    if (performance.now() - this.#since < longestStep) return
    await setImmediate()
    this.#since = performance.now()
  }
}
