import type { Clock } from '../../../preload/contract/clock.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import type { WorkBounds } from '../../wire/giving-way.ts'
import type { ExchangeProgress, LedgerTail } from './exchange.ts'
import type { LinkMeter } from './link-meter.ts'
import type { LinkState } from './link-state.ts'
import type { KeptRetry, Timer } from './link-timing.ts'

/** The files' side of the link. */
export type LinkFiles = {
  /** Sends what may be sent now, until nothing is left or it shall yield. Throws what stops the link. */
  readonly run: (
    client: CentreClient,
    options: WorkBounds & { readonly originalsAllowed: boolean; readonly onBytes: () => void },
  ) => Promise<void>
  /** Whether large originals may go by the hour. */
  readonly mayOriginalsGo: () => boolean
  /** Files that wait after a failure may be tried at once. */
  readonly tryNow: () => void
}

/** The hall's side of the link. */
export type LinkRelay = {
  /** One exchange of text. */
  readonly exchange: (signal: AbortSignal) => Promise<void>
  /** Sends what files may be sent now, until nothing is left or it shall yield. */
  readonly sendFiles: (signal: AbortSignal, shouldYield: () => boolean) => Promise<void>
}

/** What a link stands on. */
export type LinkOptions = {
  readonly tail: LedgerTail
  /** The line to the centre, asked before every exchange; undefined while the station is not enrolled. */
  readonly client: () => CentreClient | undefined
  readonly clock: Clock
  readonly timer?: Timer
  /** Only rises, whatever the clock does: all waits are by it. */
  readonly monotonicMs?: () => number
  /** 0 ≤ x < 1, for the jitter. */
  readonly random?: () => number
  /** Whether the switch is on at the start, and how it is kept. */
  readonly switchedOn: boolean
  readonly keepSwitch: (on: boolean) => void
  /** The wait after failures, kept over a restart; undefined for none. */
  readonly keptRetry?: KeptRetry | undefined
  readonly keepRetry?: (kept: KeptRetry | undefined) => void
  /** The feed is asked for this often while nothing else happens; without it ever less often the quieter it is. */
  readonly pollMs?: number
  /** Whether what the link carries is little. */
  readonly isSlow?: () => boolean
  readonly meter?: Pick<LinkMeter, 'receivedBytes' | 'noteExchange'>
  readonly files?: LinkFiles
  /** The hall's relay, used where the centre cannot be reached; undefined while there is none. */
  readonly overRelay?: () => LinkRelay | undefined
  readonly onState?: (state: LinkState) => void
  readonly progress?: ExchangeProgress
  /** After an exchange that went through, over the same line: 日清. What it throws is a bug; the exchange stands. */
  readonly afterExchange?: (client: CentreClient, signal: AbortSignal) => Promise<void>
  /** An error that is no AppError: a bug. The link goes on trying. */
  readonly onBug?: (error: unknown) => void
}

/** A station's link to its centre. */
export type Link = {
  /** Begins; tries at once, or when a wait that was kept over the restart ends. */
  start(): void
  /** There are new entries: they go now (a file under way makes room), or soon while the link is down. */
  wake(): void
  /** Perhaps the link is back (another network, a machine that woke): tries within seconds. */
  sign(): void
  /** Something about the link has changed for the better: tries at once, without anybody waiting for it. */
  retry(): void
  /** Tries now, whatever the wait, and settles when text has gone out and come in; files, the large ones too, follow. Throws its AppError, LINK_DOWN while the switch is off. */
  sendNow(): Promise<void>
  /** Pulls or plugs the cable. Off: a running exchange is cut and no request is made. */
  setLink(on: boolean): void
  state(): LinkState
  /** Ends; resolves when nothing runs any more. */
  stop(): Promise<void>
}
