import { AppError } from '../../../preload/contract/errors.ts'
import type { PushAnswer } from '../../wire/centre-client.ts'
import { unreachable } from '../../wire/transport/link-failures.ts'
import { createExchange, type Exchange, type ExchangeProgress } from './exchange.ts'
import { RelayDetour } from './link-detour.ts'
import type { Link, LinkOptions } from './link-options.ts'
import { LinkSchedule, newText, type Text } from './link-schedule.ts'
import { LinkFacts, type LinkState } from './link-state.ts'
import {
  askedWaitMs,
  isFailureOfLink,
  pollWaitMs,
  remainingWaitMs,
  retryWaitMs,
  systemTimer,
  wakeWhileDownMs,
} from './link-timing.ts'

/** While files go for hours, the feed is asked for at least this often. */
const feedWhileFilesMs = 120_000

/** Signs of link come in swarms where a network is bad: they bring no more than a try in this time. */
const signSpanMs = 10_000

/** While files go, the screen hears of it no more often than this. */
const tellSpanMs = 1_000

const relayPollMs = 20_000

/** Makes the link: a loop that sends the ledger's tail, takes in the feed, then sends files, and tries again for as long as it takes. */
export function createLink(options: LinkOptions): Link {
  return new LinkLoop(options)
}

class LinkLoop implements Link {
  readonly #options: LinkOptions
  readonly #exchange: Exchange
  readonly #facts: LinkFacts
  readonly #detour: RelayDetour
  #on: boolean
  #started = false
  #running: { readonly done: Promise<void>; readonly controller: AbortController } | undefined
  readonly #schedule: LinkSchedule
  /** The exchange of text that runs; undefined while files go, or nothing. */
  #text: Text | undefined
  /** The one that was asked for while files go. */
  #asked: Text | undefined
  #originalsNow = false
  #isRetryKept = false
  #textAtMs = 0
  #activeAtMs: number
  #signAtMs = Number.NEGATIVE_INFINITY
  #toldAtMs = 0

  constructor(options: LinkOptions) {
    this.#options = options
    this.#on = options.switchedOn
    this.#activeAtMs = this.#monotonicMs()
    this.#facts = new LinkFacts(() => this.#utcIn(0))
    this.#detour = new RelayDetour(options, () => this.#monotonicMs())
    this.#schedule = new LinkSchedule(
      options.timer ?? systemTimer,
      () => this.#monotonicMs(),
      () => void this.#attempt().catch(() => undefined),
    )
    const onAcknowledged = (answer: PushAnswer) => {
      this.#noteCarried()
      options.progress?.onAcknowledged?.(answer)
      this.#tell()
    }
    const onFeed: ExchangeProgress['onFeed'] = (page) => {
      this.#noteCarried()
      options.progress?.onFeed?.(page)
    }
    this.#exchange = createExchange(options.tail, { ...options.progress, onAcknowledged, onFeed })
  }

  state(): LinkState {
    const { online, heard, route, sinceUtc, lastSuccessUtc, lastError } = this.#facts
    const headSeq = this.#options.tail.head().seq
    const acknowledgedSeq = this.#options.tail.acknowledged().seq
    const skewMs = this.#options.client()?.clockSkewMs()
    const nextInMs = this.#schedule.nextInMs()
    const isSending = this.#text !== undefined && headSeq > acknowledgedSeq
    return {
      ...{ on: this.#on, online, heard, route, sinceUtc, headSeq, acknowledgedSeq, lastSuccessUtc, lastError },
      phase: isSending ? 'sending' : lastError === null ? 'idle' : 'waiting',
      unsentCount: headSeq - acknowledgedSeq,
      nextTryUtc: nextInMs === undefined ? null : this.#utcIn(nextInMs),
      clockSkewSeconds: skewMs === undefined ? null : Math.round(skewMs / 1000),
    }
  }

  start(): void {
    if (this.#started) return
    this.#started = true
    const { keptRetry: kept, clock } = this.#options
    if (!this.#on) this.#noteFailure(new AppError('LINK_DOWN'), false)
    else if (kept === undefined) this.#plan(0)
    else {
      this.#isRetryKept = true
      this.#facts.failures = kept.failures
      this.#facts.lastError = kept.error
      this.#plan(remainingWaitMs(kept, clock.now().getTime()))
    }
    this.#tell()
  }

  wake(): void {
    this.#activeAtMs = this.#monotonicMs()
    this.#schedule.bringForward(this.#facts.lastError === null ? 0 : wakeWhileDownMs)
    this.#tell()
  }

  sign(): void {
    const now = this.#monotonicMs()
    this.#schedule.bringForward(Math.max(1_000, this.#signAtMs + signSpanMs - now))
    this.#signAtMs = Math.max(now, this.#signAtMs + signSpanMs)
    this.#tell()
  }

  retry(): void {
    this.#facts.failures = 0
    this.#schedule.notBefore(0)
    if (this.#running === undefined) this.#plan(0)
  }

  async sendNow(): Promise<void> {
    if (!this.#on) throw new AppError('LINK_DOWN')
    this.#originalsNow = true
    this.#activeAtMs = this.#monotonicMs()
    this.#options.files?.tryNow()
    await this.#attempt()
  }

  setLink(on: boolean): void {
    this.#options.keepSwitch(on)
    if (on === this.#on) return
    this.#on = on
    this.#facts.failures = 0
    this.#schedule.notBefore(0)
    this.#plan(0)
    if (!on) {
      this.#running?.controller.abort()
      this.#noteFailure(new AppError('LINK_DOWN'), false)
    }
    this.#tell()
  }

  async stop(): Promise<void> {
    this.#started = false
    this.#plan(0)
    this.#running?.controller.abort()
    await this.#running?.done
  }

  /** Text goes out and comes in, now or as soon as the file under way has made room. Rejects with what stopped it; the next try is planned either way. */
  #attempt(): Promise<void> {
    if (this.#running !== undefined) {
      // A try that was cut is of no use to whoever asks now.
      if (this.#text !== undefined && !this.#running.controller.signal.aborted) return this.#text.promise
      this.#asked ??= newText()
      return this.#asked.promise
    }
    const controller = new AbortController()
    this.#schedule.callOff()
    const text = this.#asked ?? newText()
    this.#asked = undefined
    this.#text = text
    const done = Promise.resolve()
      .then(() => this.#round(controller.signal))
      .catch((error) => this.#options.onBug?.(error))
    this.#running = { done, controller }
    this.#tell()
    return text.promise
  }

  /** Text, then files until text waits again. What stopped it is noted; then the relay gets what it can take. At its end, in the same turn, the next try is planned. */
  async #round(signal: AbortSignal): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    try {
      do {
        const text = this.#asked ?? this.#text ?? newText()
        this.#asked = undefined
        this.#text = text
        failure = await this.#tried(() => this.#exchangeText(signal), signal)
        this.#text = undefined
        if (failure === undefined) text.resolve()
        else text.reject(failure.error)
        failure ??= await this.#tried(() => this.#sendFiles(signal), signal)
        if (failure !== undefined) await this.#sendFilesToRelay(signal)
      } while (!signal.aborted && (failure === undefined ? this.#doesTextWait() : this.#asked !== undefined))
    } finally {
      this.#running = undefined
      // Where the cable is back before the try that it cut has ended, the next one does what was asked for.
      const isBack = signal.aborted && this.#on && this.#started
      if (!isBack) this.#asked?.reject(failure?.error ?? new AppError('LINK_DOWN'))
      if (!isBack) this.#asked = undefined
      this.#plan(isBack ? 0 : this.#waitMs())
      this.#tell()
    }
  }

  /** Does something over the link; gives what stopped it. */
  async #tried(work: () => Promise<void>, signal: AbortSignal): Promise<{ readonly error: unknown } | undefined> {
    const heardBefore = this.#options.meter?.receivedBytes() ?? 0
    try {
      await work()
      return undefined
    } catch (cause) {
      const error = this.#on ? cause : new AppError('LINK_DOWN')
      // Cut from here: that says nothing of the link.
      if (signal.aborted) return { error }
      const hasHeard = (this.#options.meter?.receivedBytes() ?? 0) > heardBefore
      this.#facts.route = (await this.#detour.exchange(error, signal)) ? 'relay' : 'centre'
      this.#facts.failures += 1
      this.#noteFailure(error, hasHeard)
      return { error }
    }
  }

  async #exchangeText(signal: AbortSignal): Promise<void> {
    const client = this.#options.client()
    if (client === undefined) throw unreachable('not-enrolled')
    await this.#exchange.run(client, signal)
    if (!this.#on) throw new AppError('LINK_DOWN')
    this.#textAtMs = this.#monotonicMs()
    this.#facts.noteSuccess()
    this.#options.meter?.noteExchange('good')
    if (this.#isRetryKept) this.#options.keepRetry?.(undefined)
    this.#isRetryKept = false
    try {
      await this.#options.afterExchange?.(client, signal)
    } catch (error) {
      this.#options.onBug?.(error)
    }
    this.#tell()
  }

  async #sendFiles(signal: AbortSignal): Promise<void> {
    const { files } = this.#options
    const client = this.#options.client()
    if (files === undefined || client === undefined || signal.aborted) return
    const originalsAllowed = this.#originalsNow || files.mayOriginalsGo()
    const isOver = () => originalsAllowed && !this.#originalsNow && !files.mayOriginalsGo()
    await files.run(client, {
      ...{ signal, originalsAllowed, onBytes: () => this.#noteFileBytes() },
      shouldYield: () => this.#doesTextWait() || isOver(),
    })
    if (!signal.aborted && !this.#doesTextWait()) this.#originalsNow = false
  }

  /** A link that carries something before each cut is not one to wait longer and longer for. */
  #noteCarried(): void {
    this.#activeAtMs = this.#monotonicMs()
    this.#facts.failures = 0
  }

  #noteFileBytes(): void {
    const now = this.#monotonicMs()
    this.#activeAtMs = now
    if (now - this.#toldAtMs < tellSpanMs) return
    this.#toldAtMs = now
    this.#tell()
  }

  #doesTextWait(): boolean {
    const { tail } = this.#options
    if (this.#asked !== undefined || tail.head().seq > tail.acknowledged().seq) return true
    return this.#monotonicMs() - this.#textAtMs > feedWhileFilesMs
  }

  async #sendFilesToRelay(signal: AbortSignal): Promise<void> {
    if (this.#facts.route !== 'relay' || signal.aborted) return
    this.#tell()
    await this.#detour.sendFiles(signal, () => this.#asked !== undefined)
  }

  #noteFailure(error: unknown, hasHeard: boolean): void {
    if (!(error instanceof AppError)) this.#options.onBug?.(error)
    this.#facts.noteFailure(error, hasHeard)
    if (this.#on && isFailureOfLink(error)) this.#options.meter?.noteExchange(this.#facts.heard ? 'cut' : 'bad')
  }

  /** How long until the next try; after a failure it is kept over a restart. */
  #waitMs(): number {
    const { random = Math.random, pollMs, keepRetry } = this.#options
    const { lastError, failures, route } = this.#facts
    const now = this.#monotonicMs()
    if (lastError === null) return this.#pollMs(now, pollMs)
    const askedMs = askedWaitMs(lastError, random())
    this.#schedule.notBefore(askedMs)
    const ownMs = retryWaitMs(Math.max(1, failures), random())
    // The relay is near, and what it hands on of the centre is waited for.
    const waitMs = Math.max(askedMs, route === 'relay' ? Math.min(ownMs, relayPollMs) : ownMs)
    if (this.#started && this.#on) {
      this.#isRetryKept = true
      keepRetry?.({ failures, error: lastError, nextTryUtc: this.#utcIn(waitMs) })
    }
    return waitMs
  }

  #pollMs(now: number, fixedMs: number | undefined): number {
    const { tail, isSlow } = this.#options
    if (tail.head().seq > tail.acknowledged().seq) return 0
    return fixedMs ?? pollWaitMs(now - this.#activeAtMs, isSlow?.() ?? false)
  }

  #tell(): void {
    this.#options.onState?.(this.state())
  }

  /** Plans the next try instead of the one planned before; with the switch off or after the end, none. */
  #plan(milliseconds: number): void {
    if (this.#started && this.#on) this.#schedule.plan(milliseconds)
    else this.#schedule.callOff()
  }

  #monotonicMs(): number {
    return this.#options.monotonicMs?.() ?? performance.now()
  }

  #utcIn(milliseconds: number): string {
    return new Date(this.#options.clock.now().getTime() + Math.max(0, milliseconds)).toISOString()
  }
}
