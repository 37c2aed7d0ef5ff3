// Owns: the station's link to its centre: sending the ledger's tail, taking in the feed, letting files go, saying how it stands.
// Does not own: bytes and signatures (main/wire), the queue of files (files), what a decision does to a case (cases).
// Start here: `createSync`; the loop is link.ts, one exchange is exchange.ts, a page of the feed is service.ts, what is told is status.ts.

import { AppError } from '../../../preload/contract/errors.ts'
import type { SyncStatus } from '../../../preload/contract/views.ts'
import type { FeedPage } from '../../../preload/contract/wire.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import type { CentreFacts } from '../../store/index.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import type { Head } from '../../wire/entry.ts'
import type { LedgerTail } from './exchange.ts'
import { createLine } from './line.ts'
import { createLink } from './link.ts'
import { createPace, originalsWindow } from './link-budget.ts'
import { type LinkMemory, linkMemory } from './link-memory.ts'
import { createLinkMeter } from './link-meter.ts'
import type { Link, LinkFiles } from './link-options.ts'
import { watchForSigns } from './link-signs.ts'
import type { LinkState } from './link-state.ts'
import { systemTimer } from './link-timing.ts'
import { applyFeedPage, ledgerTail } from './service.ts'
import { isSlowLink, type LinkPicture, pictureStatus, usableBytesPerSecond } from './status.ts'
import { countReturned, selectLastDelivery } from './store.ts'
import { type WaitingFile, waitingPage } from './waiting.ts'

export type { LedgerTail } from './exchange.ts'
export type { WaitingFile } from './waiting.ts'

/** The sync feature, and what the desk and the shells use of it. */
export type SyncFeature = FeatureModule & {
  /** How the link stands. Needs the store. */
  readonly status: () => SyncStatus
  /** The line to the centre for one question. Throws LINK_DOWN where it is switched off, CENTRE_UNREACHABLE before enrolment. */
  readonly client: () => CentreClient
  /** A try at once, originals that wait for the night too; how it ends is told by `status`. */
  readonly sendNow: () => void
  /** The centre's acknowledgement came another way (a stick). Throws LEDGER_FORKED where it is not ours. */
  readonly acknowledge: (head: Head) => void
  /** A page of the feed came another way, checked; it must begin at our cursor. */
  readonly applyFeed: (page: FeedPage) => void
  /** There is something new to send. */
  readonly wake: () => void
  /** The enrolled centre has another address (a training centre takes a fresh port at each start), or is new: it is tried at once. */
  readonly setCentre: (centre: CentreFacts) => void
}

/** What sync asks of others; given by main/desk/compose.ts. */
export type SyncPorts = {
  /** Cases of which something has not reached the centre. */
  readonly countUndelivered: () => number
  /** After an exchange that went through. */
  readonly afterExchange: (client: CentreClient, signal: AbortSignal) => Promise<void>
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
    readonly sendingNow: () => string
  }
}

/** How often a training station asks for decisions: its centre is on the same machine. */
const trainingPollMs = 2_000

/** An entry costs about this much on the link before any was sent. */
const firstEntryBytes = 220

/**
 * Makes the sync feature. It begins at `start()`, from then until `close()` it sends and fetches by itself, whatever the
 * screen does (an idle lock does not stop it).
 */
export function createSync(context: DeskContext, ports: SyncPorts): SyncFeature {
  let link: Link | undefined
  let endings: (() => void)[] = []
  let entryBytes = firstEntryBytes
  const nowMs = () => context.clock.now().getTime()
  const memory = linkMemory(() => context.store.settings)
  const meter = createLinkMeter(nowMs)
  const pace = createPace(() => memory.settings().budgetKbit, systemTimer)
  const line = createLine(context, () => memory.settings().proxyUrl, { meter, pace })

  const running = (): Link => {
    if (link === undefined) throw new AppError('LOGIN_NEEDED')
    return link
  }
  const picture = (state: LinkState): LinkPicture => ({
    ...{ state, settings: memory.settings(), entryBytes, nowMs: nowMs() },
    ...{ bytesPerSecond: meter.bytesPerSecond(), roundTripMs: meter.roundTripMs() },
    ...{ files: ports.files.totals(), fileUnderWay: ports.files.sendingNow() },
  })
  const statusOf = (state: LinkState): SyncStatus => ({
    ...pictureStatus(picture(state)),
    lastSuccessUtc: state.lastSuccessUtc ?? selectLastDelivery(context.store.db),
    unsentCases: ports.countUndelivered(),
    centreUrl: context.store.station.read().centre?.url ?? '',
    relayedSeq: ports.relayedSeq(),
    returnedCases: countReturned(context.store.db),
    unreadNotices: ports.unreadNotices(),
    replaced: memory.isReplaced(),
  })
  const status = () => statusOf(running().state())
  const changed = () => context.emit({ event: 'changed', payload: { topics: ['cases'] } })
  const mayOriginalsGo = () => originalsWindow(memory.settings(), nowMs()).isOpen

  const startLink = (): Link => {
    const { store, station } = context
    const tail = ledgerTail(store)
    let acknowledged = tail.acknowledged().seq
    return createLink({
      ...{ tail, client: line.current, clock: context.clock, meter },
      switchedOn: station.mode !== 'training' || memory.isOn(),
      keepSwitch: memory.keepSwitch,
      keptRetry: memory.retry(),
      keepRetry: memory.keepRetry,
      ...(station.mode === 'training' && { pollMs: trainingPollMs }),
      isSlow: () => isSlowLink({ bytesPerSecond: meter.bytesPerSecond(), settings: memory.settings() }),
      files: { run: ports.files.run, tryNow: ports.files.tryNow, mayOriginalsGo },
      progress: {
        onAcknowledged: (answer) => {
          const entries = answer.acknowledged - acknowledged
          acknowledged = answer.acknowledged
          if (entries > 0 && answer.sentBytes > 0) entryBytes = entryBytes * 0.8 + (answer.sentBytes / entries) * 0.2
          changed()
        },
        onFeed: changed,
      },
      afterExchange: ports.afterExchange,
      overRelay: () => {
        const relay = ports.overRelay()
        if (relay === undefined) return undefined
        const doesTextWait = () => tail.head().seq > ports.relayedSeq()
        return {
          exchange: async (signal) => {
            try {
              await relay.exchange(tail, signal)
            } catch (error) {
              // The hall says it for the county, which cannot be reached.
              if (error instanceof AppError && error.code === 'STATION_REPLACED') memory.keepReplaced(true)
              throw error
            }
          },
          sendFiles: (signal, isOver) =>
            relay.sendFiles({
              ...{ signal, originalsAllowed: mayOriginalsGo() },
              shouldYield: () => isOver() || doesTextWait(),
            }),
        }
      },
      onState: (state) => {
        noteReplaced(memory, state)
        context.emit({ event: 'sync', payload: statusOf(state) })
      },
      onBug: (error) => context.log('sync', error),
    })
  }
  return {
    projectors: [],
    status,
    acknowledge: (head) => {
      context.store.ledger.acknowledge(head)
      changed()
    },
    applyFeed: (page) => {
      applyFeedPage(context.store, page)
      changed()
    },
    client: () => {
      if (!running().state().on) throw new AppError('LINK_DOWN')
      return line.needed()
    },
    sendNow: () => {
      link?.sendNow().catch(() => undefined)
    },
    wake: () => link?.wake(),
    setCentre: (centre) => {
      context.store.station.setCentre(centre)
      link?.retry()
    },
    handlers: {
      'sync.status': status,
      'sync.now': async () => {
        await running().sendNow()
        return { done: true }
      },
      'sync.setLink': ({ on }) => {
        if (context.station.mode !== 'training') throw new AppError('NOT_ALLOWED')
        running().setLink(on)
        return { done: true }
      },
      'sync.setCentreUrl': ({ url }) => {
        const { centre } = context.store.station.read()
        if (centre === undefined) throw new AppError('NOT_FOUND', { what: '中心' })
        context.store.station.setCentre({ ...centre, url: url.replace(/\/+$/, '') })
        link?.retry()
        return { done: true }
      },
      'sync.waiting': (page) => {
        const seen = picture(running().state())
        const { lastError, nextTryUtc, phase } = pictureStatus(seen)
        const state = phase === 'sending' ? 'sending' : lastError === '' ? 'waiting' : 'failed'
        return waitingPage(
          {
            ...{ store: context.store, settings: seen.settings, nowMs: seen.nowMs, entryBytes: seen.entryBytes },
            bytesPerSecond: usableBytesPerSecond(seen),
            textState: { state, lastError, nextTryUtc },
            caseCount: ports.countUndelivered(),
            files: { ...seen.files, next: ports.files.next },
          },
          page,
        )
      },
      'sync.history': () => ({ minutes: meter.history() }),
      'sync.settings': () => memory.settings(),
      'sync.setSettings': (settings) => {
        memory.keepSettings(settings)
        link?.retry()
        return { done: true }
      },
    },
    start: () => {
      const started = startLink()
      link = started
      endings = [context.store.ledger.onAppended(() => started.wake()), watchForSigns({ onSign: () => started.sign() })]
      started.start()
    },
    close: async () => {
      for (const end of endings) end()
      await link?.stop()
      line.close()
    },
  }
}

/** The centre's word that another machine is in this one's place is kept until it takes something from this one again. */
function noteReplaced(memory: LinkMemory, { online, lastError }: LinkState): void {
  const isTold = lastError?.code === 'STATION_REPLACED'
  if (isTold === memory.isReplaced() || !(isTold || online)) return
  memory.keepReplaced(isTold)
}
