import type { Timer } from './link-timing.ts'

/** The next try of a link. Times are monotonic. */
export class LinkSchedule {
  readonly #timer: Timer
  readonly #monotonicMs: () => number
  readonly #onDue: () => void
  #next: { readonly atMs: number; readonly cancel: () => void } | undefined
  #notBeforeMs = 0

  constructor(timer: Timer, monotonicMs: () => number, onDue: () => void) {
    this.#timer = timer
    this.#monotonicMs = monotonicMs
    this.#onDue = onDue
  }

  /** How long until the next try; undefined while none is planned. */
  nextInMs(): number | undefined {
    return this.#next === undefined ? undefined : this.#next.atMs - this.#monotonicMs()
  }

  /** Plans the next try instead of the one planned before. */
  plan(milliseconds: number): void {
    this.callOff()
    const atMs = this.#monotonicMs() + milliseconds
    const cancel = this.#timer(() => {
      this.#next = undefined
      this.#onDue()
    }, milliseconds)
    this.#next = { atMs, cancel }
  }

  callOff(): void {
    this.#next?.cancel()
    this.#next = undefined
  }

  /** From now on for so long no try is brought forward: the centre asked for it. */
  notBefore(milliseconds: number): void {
    this.#notBeforeMs = this.#monotonicMs() + milliseconds
  }

  /** The planned try comes this soon, if it would come later; nothing where none is planned. */
  bringForward(milliseconds: number): void {
    const planned = this.nextInMs()
    const wanted = Math.max(milliseconds, this.#notBeforeMs - this.#monotonicMs())
    if (planned !== undefined && planned > wanted) this.plan(wanted)
  }
}

/** A text exchange that is under way or asked for, and who waits for it. */
export type Text = {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Makes one. Where nobody waits its failure is no unhandled rejection: the link notes it. */
export function newText(): Text {
  let resolve = () => {}
  let reject = (_error: unknown) => {}
  const promise = new Promise<void>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  promise.catch(() => undefined)
  return { promise, resolve, reject }
}
