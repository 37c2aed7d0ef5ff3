import type { Clock } from '../../../preload/contract/clock.ts'
import { AppError, type Failure } from '../../../preload/contract/errors.ts'
import { unreachable } from '../../wire/link-failures.ts'
import type { CentreClient, PushAnswer } from '../../wire/push-client.ts'
import { createExchange, type Exchange, type ExchangeProgress, type LedgerTail } from './exchange.ts'

/** Calls back once after a while; returns the way to call it off. */
export type Timer = (callback: () => void, milliseconds: number) => () => void

/** The process's own timer. */
const systemTimer: Timer = (callback, milliseconds) => {
  const handle = setTimeout(callback, milliseconds)
  return () => clearTimeout(handle)
}

/** What the link says of itself. Counts come from the ledger at the moment of asking. */
export type LinkState = {
  /** The training switch. */
  readonly on: boolean
  /** `idle`: all is at the centre; `sending`: an exchange runs; `waiting`: the last one failed, or the switch is off. */
  readonly phase: 'idle' | 'sending' | 'waiting'
  /** Whether the last exchange succeeded. */
  readonly online: boolean
  /** Whose door the last exchange went through: the hall's relay only while the centre is out of reach. */
  readonly route: 'centre' | 'relay'
  /** Since when `online` has been as it is. */
  readonly sinceUtc: string
  readonly headSeq: number
  readonly acknowledgedSeq: number
  readonly unsentCount: number
  readonly lastSuccessUtc: string | null
  readonly lastError: Failure | null
  readonly nextTryUtc: string | null
  readonly clockSkewSeconds: number | null
  /** Measured on batches, smoothed; null before the first. */
  readonly bytesPerSecond: number | null
}

/** What a link stands on. */
export type LinkOptions = {
  readonly tail: LedgerTail
  /** The line to the centre, asked before every exchange; undefined while the station is not enrolled. */
  readonly client: () => CentreClient | undefined
  readonly clock: Clock
  readonly timer?: Timer
  /** 0 ≤ x < 1, for the jitter. */
  readonly random?: () => number
  /** Whether the switch is on at the start, and how it is kept. */
  readonly switchedOn: boolean
  readonly keepSwitch: (on: boolean) => void
  /** The feed is asked for this often while nothing else happens. */
  readonly pollMs?: number
  /** One exchange over the hall's relay, tried where the centre cannot be reached; undefined while there is no relay. */
  readonly overRelay?: () => ((signal: AbortSignal) => Promise<void>) | undefined
  readonly onState?: (state: LinkState) => void
  readonly progress?: ExchangeProgress
  /** After an exchange that went through, over the same line: 日清. What it throws is a bug; the exchange stands. */
  readonly afterExchange?: (client: CentreClient, signal: AbortSignal) => Promise<void>
  /** An error that is no AppError: a bug. The link goes on trying. */
  readonly onBug?: (error: unknown) => void
}

/** A station's link to its centre. */
export type Link = {
  /** Begins; tries at once. */
  start(): void
  /** There are new entries: they go now, or soon while the link is down. */
  wake(): void
  /** Something about the link has changed for the better: tries at once, without anybody waiting for it. */
  retry(): void
  /** Tries now, whatever the wait, and settles when that try has ended. Throws its AppError, LINK_DOWN while the switch is off. */
  sendNow(): Promise<void>
  /** Pulls or plugs the cable. Off: a running exchange is cut and no request is made. */
  setLink(on: boolean): void
  state(): LinkState
  /** Ends; resolves when nothing runs any more. */
  stop(): Promise<void>
}

/** Waits after failures double from 2 s up to 5 min (DESIGN §6), the last half of each drawn at random so that 236 villages do not return in one second. */
const waits = { firstMs: 2_000, mostMs: 300_000 } as const
/** While the link is down, a new entry brings the next try this near. */
const wakeWhileDownMs = 5_000

const defaultPollMs = 20_000

/** How long to wait after the n-th failure in a row (1, 2, 3 …), in milliseconds. `random` is 0 ≤ x < 1. */
export function retryWaitMs(failures: number, random: number): number {
  const whole = Math.min(waits.mostMs, waits.firstMs * 2 ** Math.min(failures - 1, 20))
  return whole / 2 + (whole / 2) * random
}

/** Makes the link: a loop that sends the ledger's tail, takes in the feed, and tries again for as long as it takes. */
export function createLink(options: LinkOptions): Link {
  return new LinkLoop(options)
}

class LinkLoop implements Link {
  readonly #options: LinkOptions
  readonly #exchange: Exchange
  #on: boolean
  #started = false
  #online = false
  #sinceUtc: string
  #route: LinkState['route'] = 'centre'
  #failures = 0
  #lastError: Failure | null = null
  #lastSuccessUtc: string | null = null
  #bytesPerSecond: number | null = null
  #measuredFromMs = 0
  #running: { readonly done: Promise<void>; readonly controller: AbortController } | undefined
  #next: { readonly atMs: number; readonly cancel: () => void } | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    this.#on = options.switchedOn
    this.#sinceUtc = this.#utc(this.#nowMs())
    const onAcknowledged = (answer: PushAnswer) => {
      this.#measure(answer)
      options.progress?.onAcknowledged?.(answer)
      this.#tell()
    }
    this.#exchange = createExchange(options.tail, { ...options.progress, onAcknowledged })
  }

  state(): LinkState {
    const headSeq = this.#options.tail.head().seq
    const acknowledgedSeq = this.#options.tail.acknowledged().seq
    const skewMs = this.#options.client()?.clockSkewMs()
    const isSending = this.#running !== undefined && headSeq > acknowledgedSeq
    return {
      on: this.#on,
      phase: isSending ? 'sending' : this.#lastError === null ? 'idle' : 'waiting',
      online: this.#online,
      route: this.#route,
      sinceUtc: this.#sinceUtc,
      headSeq,
      acknowledgedSeq,
      unsentCount: headSeq - acknowledgedSeq,
      lastSuccessUtc: this.#lastSuccessUtc,
      lastError: this.#lastError,
      nextTryUtc: this.#next === undefined ? null : this.#utc(this.#next.atMs),
      clockSkewSeconds: skewMs === undefined ? null : Math.round(skewMs / 1000),
      bytesPerSecond: this.#bytesPerSecond,
    }
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    if (this.#on) this.#plan(0)
    else this.#noteFailure(new AppError('LINK_DOWN'))
    this.#tell()
  }

  wake(): void {
    if (this.#running === undefined && this.#next !== undefined) {
      if (this.#lastError === null) this.#plan(0)
      else if (this.#next.atMs - this.#nowMs() > wakeWhileDownMs) this.#plan(wakeWhileDownMs)
    }
    this.#tell()
  }

  retry(): void {
    this.#failures = 0
    if (this.#running === undefined) this.#plan(0)
  }

  async sendNow(): Promise<void> {
    if (!this.#on) throw new AppError('LINK_DOWN')
    await this.#attempt()
  }

  setLink(on: boolean): void {
    this.#options.keepSwitch(on)
    if (on === this.#on) return
    this.#on = on
    this.#failures = 0
    this.#plan(0)
    if (!on) {
      this.#running?.controller.abort()
      this.#noteFailure(new AppError('LINK_DOWN'))
    }
    this.#tell()
  }

  async stop(): Promise<void> {
    this.#started = false
    this.#plan(0)
    this.#running?.controller.abort()
    await this.#running?.done.catch(() => undefined)
  }

  /** Plans the next try and calls off the one planned before; with the switch off or after the end, only the latter. */
  #plan(milliseconds: number): void {
    this.#next?.cancel()
    this.#next = undefined
    if (!this.#started || !this.#on) return
    const { timer = systemTimer } = this.#options
    const cancel = timer(() => void this.#attempt().catch(() => undefined), milliseconds)
    this.#next = { atMs: this.#nowMs() + milliseconds, cancel }
  }

  /** One try, or the one that runs already. Rejects with what stopped it; the next one is planned either way. */
  #attempt(): Promise<void> {
    if (this.#running !== undefined) return this.#running.done
    const controller = new AbortController()
    this.#next?.cancel()
    this.#next = undefined
    const done = Promise.resolve()
      .then(() => this.#exchangeOnce(controller.signal))
      .finally(() => {
        this.#running = undefined
        this.#plan(this.#waitMs())
        this.#tell()
      })
    this.#running = { done, controller }
    this.#tell()
    return done
  }

  async #exchangeOnce(signal: AbortSignal): Promise<void> {
    try {
      const client = this.#options.client()
      if (client === undefined) throw unreachable('not-enrolled')
      this.#measuredFromMs = performance.now()
      await this.#exchange.run(client, signal)
    } catch (cause) {
      const error = this.#on ? cause : new AppError('LINK_DOWN')
      this.#route = (await this.#tryRelay(error, signal)) ? 'relay' : 'centre'
      this.#failures += 1
      this.#noteFailure(error)
      throw error
    }
    this.#route = 'centre'
    this.#failures = 0
    this.#lastError = null
    this.#lastSuccessUtc = this.#utc(this.#nowMs())
    this.#setOnline(true)
    await this.#afterExchange(signal)
  }

  async #afterExchange(signal: AbortSignal): Promise<void> {
    const client = this.#options.client()
    if (client === undefined) return
    try {
      await this.#options.afterExchange?.(client, signal)
    } catch (error) {
      this.#options.onBug?.(error)
    }
  }

  /** Whether the hall's relay took what waits. What keeps it from that is of less weight than why the centre is out of reach. */
  async #tryRelay(centreError: unknown, signal: AbortSignal): Promise<boolean> {
    const isOutOfReach =
      centreError instanceof AppError && ['CENTRE_UNREACHABLE', 'CENTRE_NONSENSE'].includes(centreError.code)
    const exchange = isOutOfReach && !signal.aborted ? this.#options.overRelay?.() : undefined
    if (exchange === undefined) return false
    try {
      await exchange(signal)
      return true
    } catch (error) {
      if (!(error instanceof AppError)) this.#options.onBug?.(error)
      return false
    }
  }

  #waitMs(): number {
    const { tail, random = Math.random, pollMs = defaultPollMs } = this.#options
    if (this.#lastError !== null) {
      const waitMs = retryWaitMs(Math.max(1, this.#failures), random())
      // The relay is near, and what it hands on of the centre is waited for.
      return this.#route === 'relay' ? Math.min(waitMs, defaultPollMs) : waitMs
    }
    return tail.head().seq > tail.acknowledged().seq ? 0 : pollMs
  }

  #noteFailure(error: unknown): void {
    if (!(error instanceof AppError)) this.#options.onBug?.(error)
    const known = error instanceof AppError ? error : new AppError('INTERNAL')
    this.#lastError = { code: known.code, details: known.details }
    this.#setOnline(false)
  }

  #setOnline(online: boolean): void {
    if (this.#online !== online) this.#sinceUtc = this.#utc(this.#nowMs())
    this.#online = online
  }

  #measure({ sentBytes }: PushAnswer): void {
    const elapsedMs = Math.max(1, performance.now() - this.#measuredFromMs)
    this.#measuredFromMs = performance.now()
    const measured = (sentBytes * 1000) / elapsedMs
    this.#bytesPerSecond = this.#bytesPerSecond === null ? measured : this.#bytesPerSecond * 0.7 + measured * 0.3
  }

  #tell(): void {
    this.#options.onState?.(this.state())
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime()
  }

  #utc(milliseconds: number): string {
    return new Date(milliseconds).toISOString()
  }
}
