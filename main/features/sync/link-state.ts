import { AppError, type Failure } from '../../../preload/contract/errors.ts'
import { type LinkReason, linkReasonSchema } from '../../../preload/contract/sync.ts'

/** What the link says of itself. Counts come from the ledger at the moment of asking. */
export type LinkState = {
  /** The training switch. */
  readonly on: boolean
  /** `idle`: all text is at the centre; `sending`: an exchange runs; `waiting`: the last one failed, or the switch is off. */
  readonly phase: 'idle' | 'sending' | 'waiting'
  /** Whether the last exchange succeeded. */
  readonly online: boolean
  /** Whether the centre was heard in the last try, though it failed: the link is bad, not gone. */
  readonly heard: boolean
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
}

/** Failures that a link has which carries bytes, though not to the end. */
const halfReasons: readonly unknown[] = ['cut', 'stalled', 'busy']

/** How the last tries went. */
export class LinkFacts {
  readonly #nowUtc: () => string
  online = false
  heard = false
  route: 'centre' | 'relay' = 'centre'
  failures = 0
  lastError: Failure | null = null
  lastSuccessUtc: string | null = null
  sinceUtc: string

  constructor(nowUtc: () => string) {
    this.#nowUtc = nowUtc
    this.sinceUtc = nowUtc()
  }

  noteSuccess(): void {
    this.failures = 0
    this.lastError = null
    this.route = 'centre'
    this.lastSuccessUtc = this.#nowUtc()
    this.heard = true
    this.#setOnline(true)
  }

  /** `heardBytes`: whether anything came from the other side in this try. What is no AppError is told as INTERNAL. */
  noteFailure(error: unknown, heardBytes: boolean): Failure {
    const known = error instanceof AppError ? error : new AppError('INTERNAL')
    this.lastError = { code: known.code, details: known.details }
    this.heard = heardBytes && halfReasons.includes(known.details.reason)
    this.#setOnline(false)
    return this.lastError
  }

  #setOnline(online: boolean): void {
    if (this.online !== online) this.sinceUtc = this.#nowUtc()
    this.online = online
  }
}

const reasonByCode: Readonly<Record<string, LinkReason>> = {
  LINK_DOWN: 'switched-off',
  CENTRE_REFUSED: 'refused-by-centre',
  STATION_REPLACED: 'replaced',
  CENTRE_NONSENSE: 'nonsense',
  LEDGER_FORKED: 'forked',
}

/** A failure of the link in one word. */
export function reasonOf(failure: Failure | null): LinkReason {
  if (failure === null) return 'none'
  if (failure.code !== 'CENTRE_UNREACHABLE') return reasonByCode[failure.code] ?? 'other'
  const reason = linkReasonSchema.safeParse(failure.details.reason)
  return reason.success ? reason.data : 'other'
}
