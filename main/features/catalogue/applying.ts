import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { DeskContext } from '../../desk/feature.ts'
import { stationSubject } from '../../store/index.ts'
import { countMissing, selectDue, selectInForce, selectNextTime, selectPin } from './store.ts'

/** While a release waits for its time the clock is looked at this often: it may be set, or the machine may have slept. */
const lookEveryMs = 15_000

/**
 * Puts the newest kept release whose time has come in force, whole, in one transaction with its entry. Says whether anything
 * changed. An earlier release whose time comes after a later one's never takes effect: the later one holds all of it.
 */
export function applyDue({ store, nowUtc }: DeskContext): boolean {
  return store.transaction(() => {
    const pin = selectPin(store.db)
    if (pin === undefined) return false
    const inForce = selectInForce(store.db)
    const after = inForce?.line === pin.line ? inForce.release : 0
    const at = nowUtc()
    const due = selectDue(store.db, pin.line, after, at)
    if (due === undefined) return false
    if (countMissing(store.db, due.manifest.documents) > 0) throw new Error('a kept release lacks documents')
    const payload: EntryPayload<'catalogue.applied@2'> = {
      ...{ release: due.manifest.release, sha256: due.sha256, from: inForce?.release ?? 0 },
    }
    const draft = { kind: 'catalogue.applied', version: 2, subject: stationSubject, actor: 'system', at }
    store.ledger.append([{ ...draft, payload }])
    return true
  })
}

/** Applies releases at their time for as long as it runs, whatever the link and the screen do. */
export class Appointments {
  readonly #context: DeskContext
  #planned: NodeJS.Timeout | undefined
  #isRunning = false

  constructor(context: DeskContext) {
    this.#context = context
  }

  start(): void {
    this.#isRunning = true
    this.look()
  }

  /** What is due takes effect, and the next look is planned. A failure (a full disk) is tried again at the next look. */
  look(): void {
    clearTimeout(this.#planned)
    let hasFailed = false
    try {
      applyDue(this.#context)
    } catch (error) {
      hasFailed = true
      this.#context.log('catalogue', error)
    }
    if (!this.#isRunning) return
    const waitMs = hasFailed ? lookEveryMs : this.#nextMs()
    if (waitMs !== undefined) this.#planned = setTimeout(() => this.look(), waitMs).unref()
  }

  stop(): void {
    this.#isRunning = false
    clearTimeout(this.#planned)
  }

  #nextMs(): number | undefined {
    const { store, clock } = this.#context
    const pin = selectPin(store.db)
    const inForce = selectInForce(store.db)
    const next = pin && selectNextTime(store.db, pin.line, inForce?.line === pin.line ? inForce.release : 0)
    if (next === undefined) return undefined
    return Math.min(lookEveryMs, Math.max(1, Date.parse(next) - clock.now().getTime()))
  }
}
