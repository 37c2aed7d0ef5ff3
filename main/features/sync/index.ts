// Owns: the station's link to its centre: sending the ledger's tail, taking in the feed, saying how it stands.
// Does not own: bytes and signatures (main/wire), what a decision does to a case (main/features/cases).
// Start here: `createSync`; the loop is link.ts, one exchange is exchange.ts, a page of the feed is service.ts.

import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import type { SyncStatus } from '../../../preload/contract/views.ts'
import type { FeedPage } from '../../../preload/contract/wire.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import type { CentreFacts } from '../../store/index.ts'
import type { Head } from '../../wire/entry.ts'
import { unreachable } from '../../wire/link-failures.ts'
import { type CentreClient, createCentreClient } from '../../wire/push-client.ts'
import type { LedgerTail } from './exchange.ts'
import { createLink, type Link, type LinkState } from './link.ts'
import { applyFeedPage, ledgerTail } from './service.ts'

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
  /** One exchange over the hall's relay; undefined while there is none. */
  readonly overRelay: () => ((tail: LedgerTail, signal: AbortSignal) => Promise<void>) | undefined
  /** Up to where the hall's relay holds the ledger; 0 without a relay. */
  readonly relayedSeq: () => number
  /** Notices that nobody has read. */
  readonly unreadNotices: () => number
}

const switchKey = 'sync.linkOn'

/** How often a training station asks for decisions: its centre is on the same machine. */
const trainingPollMs = 2_000

/**
 * Makes the sync feature. It begins at `start()`, from then until `close()` it sends and fetches by itself, whatever the
 * screen does (an idle lock does not stop it).
 */
export function createSync(context: DeskContext, ports: SyncPorts): SyncFeature {
  let link: Link | undefined
  let line: { readonly key: string; readonly client: CentreClient } | undefined
  let stopListening: (() => void) | undefined

  /** The line to the centre of the station's row; a new one when that row changes. */
  const client = (): CentreClient | undefined => {
    const { id, centre } = context.store.station.read()
    if (centre === undefined) return undefined
    const key = `${centre.url} ${centre.publicKey}`
    if (line?.key !== key) {
      line?.client.close()
      line = { key, client: lineTo(context, id, centre) }
    }
    return line.client
  }
  const running = (): Link => {
    if (link === undefined) throw new AppError('LOGIN_NEEDED')
    return link
  }
  const status = () => toStatus(context, running().state(), ports)
  const changed = () => context.emit({ event: 'changed', payload: { topics: ['cases'] } })
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
      const found = client()
      if (found === undefined) throw unreachable('not-enrolled')
      return found
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
    },
    start: () => {
      const { store } = context
      const tail = ledgerTail(store)
      const started = createLink({
        tail,
        client,
        clock: context.clock,
        switchedOn: context.station.mode !== 'training' || store.settings.get(switchKey) !== false,
        keepSwitch: (on) => store.settings.set(switchKey, on),
        ...(context.station.mode === 'training' && { pollMs: trainingPollMs }),
        progress: { onAcknowledged: changed, onFeed: changed },
        afterExchange: ports.afterExchange,
        overRelay: () => {
          const exchange = ports.overRelay()
          return exchange && ((signal) => exchange(tail, signal))
        },
        onState: (state) => context.emit({ event: 'sync', payload: toStatus(context, state, ports) }),
        onBug: (error) => context.log('sync', error),
      })
      link = started
      stopListening = store.ledger.onAppended(() => started.wake())
      started.start()
    },
    close: async () => {
      stopListening?.()
      await link?.stop()
      line?.client.close()
    },
  }
}

function lineTo(context: DeskContext, stationId: string, centre: CentreFacts): CentreClient {
  return createCentreClient({
    baseUrl: centre.url,
    stationId,
    centrePublicKey: centre.publicKey,
    sign: (bytes) => context.store.station.sign(bytes),
    now: () => context.clock.now().getTime(),
  })
}

function toStatus(context: DeskContext, state: LinkState, ports: SyncPorts): SyncStatus {
  return {
    linkOn: state.on,
    phase: state.phase,
    online: state.online,
    sinceUtc: state.sinceUtc,
    headSeq: state.headSeq,
    acknowledgedSeq: state.acknowledgedSeq,
    unsentEntries: state.unsentCount,
    unsentCases: ports.countUndelivered(),
    lastSuccessUtc: state.lastSuccessUtc,
    lastError: state.lastError === null ? '' : failureLine(state.lastError),
    nextTryUtc: state.nextTryUtc,
    clockSkewSeconds: state.clockSkewSeconds,
    centreUrl: context.store.station.read().centre?.url ?? '',
    link: !state.on ? 'off' : state.online ? 'online' : 'offline',
    lastErrorReason: 'none',
    route: state.route,
    relayedSeq: ports.relayedSeq(),
    bytesPerSecond: state.bytesPerSecond === null ? null : Math.round(state.bytesPerSecond),
    roundTripMs: null,
    textBytes: 0,
    textEtaSeconds: null,
    filesEtaSeconds: null,
    unsentFiles: 0,
    unsentFileBytes: 0,
    sendingNow: '',
    returnedCases: 0,
    unreadNotices: ports.unreadNotices(),
  }
}
