import type { SyncStatus } from '../../../preload/contract/views.ts'
import type { DeskContext } from '../../desk/feature.ts'
import type { CentreClient, PushAnswer } from '../../wire/centre-client.ts'
import type { LedgerTail } from './exchange.ts'
import { createLine, type Line } from './line.ts'
import { createPace, originalsWindow } from './link-budget.ts'
import { type LinkMemory, linkMemory } from './link-memory.ts'
import { createLinkMeter, type LinkMeter } from './link-meter.ts'
import type { LinkFiles } from './link-options.ts'
import type { LinkState } from './link-state.ts'
import { systemTimer } from './link-timing.ts'
import { type LinkPicture, pictureStatus } from './status.ts'
import { countReturned, selectLastDelivery } from './store.ts'
import type { BytesBefore, WaitingFile } from './waiting.ts'

/** What sync asks of others; given by main/desk/compose.ts. */
export type SyncPorts = {
  /** Cases of which something has not reached the centre. */
  readonly countUndelivered: () => number
  /** After an exchange that went through. */
  readonly afterExchange: (client: CentreClient, signal: AbortSignal) => Promise<void>
  /** The centre was restored from an older copy; the entries that it lost are going again. */
  readonly centreWentBack: () => void
  /** The hall's relay; undefined while there is none. */
  readonly overRelay: () =>
    | {
        readonly exchange: (tail: LedgerTail, signal: AbortSignal) => Promise<void>
        readonly sendFiles: (bounds: Omit<Parameters<LinkFiles['run']>[1], 'onBytes'>) => Promise<void>
      }
    | undefined
  /** Up to where the hall's relay holds the ledger; 0 without a relay. */
  readonly relayedSeq: () => number
  /** Notices that nobody has read. */
  readonly unreadNotices: () => number
  /** The queue of files. */
  readonly files: {
    readonly run: LinkFiles['run']
    readonly tryNow: () => void
    readonly totals: () => LinkPicture['files']
    readonly next: (page: { readonly offset: number; readonly limit: number }) => readonly WaitingFile[]
    readonly bytesOfFirst: (count: number) => BytesBefore
    readonly sendingNow: () => string
  }
}

/** An entry costs about this much on the link before any was sent. */
const firstEntryBytes = 220

/** What the link and the answers about it share. */
export class SyncParts {
  readonly context: DeskContext
  readonly ports: SyncPorts
  readonly memory: LinkMemory
  readonly meter: LinkMeter
  readonly line: Line
  #entryBytes = firstEntryBytes

  constructor(context: DeskContext, ports: SyncPorts) {
    this.context = context
    this.ports = ports
    this.memory = linkMemory(() => context.store.settings)
    this.meter = createLinkMeter(this.nowMs)
    const pace = createPace(() => this.memory.settings().budgetKbit, systemTimer)
    this.line = createLine(context, () => this.memory.settings().proxyUrl, { meter: this.meter, pace })
  }

  readonly nowMs = () => this.context.clock.now().getTime()
  readonly changed = () => this.context.emit({ event: 'changed', payload: { topics: ['cases'] } })
  readonly mayOriginalsGo = () => originalsWindow(this.memory.settings(), this.nowMs()).isOpen

  /** The centre's word that another machine is in this one's place is kept until it takes something from this one again. */
  noteReplaced({ online, lastError }: Pick<LinkState, 'online' | 'lastError'>): void {
    const isTold = lastError?.code === 'STATION_REPLACED'
    if (isTold === this.memory.isReplaced() || !(isTold || online)) return
    this.memory.keepReplaced(isTold)
  }

  /** Learns from an acknowledgement of so many new entries what an entry costs on the link. */
  noteCost(entries: number, { sentBytes }: PushAnswer): void {
    if (entries > 0 && sentBytes > 0) this.#entryBytes = this.#entryBytes * 0.8 + (sentBytes / entries) * 0.2
  }

  /** What is known of the link in a state, and of what waits. */
  picture(state: LinkState): LinkPicture {
    const { memory, meter, ports } = this
    return {
      ...{ state, settings: memory.settings(), entryBytes: this.#entryBytes, nowMs: this.nowMs() },
      ...{ bytesPerSecond: meter.bytesPerSecond(), roundTripMs: meter.roundTripMs() },
      ...{ files: ports.files.totals(), fileUnderWay: ports.files.sendingNow() },
    }
  }

  /** What is told of the link in a state. */
  statusOf(state: LinkState): SyncStatus {
    const { context, ports } = this
    return {
      ...pictureStatus(this.picture(state)),
      lastSuccessUtc: state.lastSuccessUtc ?? selectLastDelivery(context.store.db),
      unsentCases: ports.countUndelivered(),
      centreUrl: context.store.station.read().centre?.url ?? '',
      relayedSeq: ports.relayedSeq(),
      returnedCases: countReturned(context.store.db),
      unreadNotices: ports.unreadNotices(),
      replaced: this.memory.isReplaced(),
    }
  }
}
