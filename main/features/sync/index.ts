// Owns: the station's link to its centre: sending the ledger's tail, taking in the feed, letting files go, saying how it stands.
// Does not own: bytes and signatures (main/wire), the queue of files (files), what a decision does to a case (cases).
// Start here: `createSync`; the loop is link.ts, one exchange is exchange.ts, a page of the feed is service.ts, what is told is status.ts, what all share is parts.ts.

import { AppError } from '../../../preload/contract/errors.ts'
import type { SyncStatus } from '../../../preload/contract/views.ts'
import type { FeedPage } from '../../../preload/contract/wire.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import type { CentreFacts } from '../../store/index.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import type { Head } from '../../wire/entry.ts'
import { runningLink, syncHandlers } from './handlers.ts'
import type { Link } from './link-options.ts'
import { watchForSigns } from './link-signs.ts'
import { SyncParts, type SyncPorts } from './parts.ts'
import { applyFeedPage } from './service.ts'
import { stationLink } from './station-link.ts'

export { type LedgerTail, sentTail } from './exchange.ts'

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

/**
 * Makes the sync feature. It begins at `start()`, from then until `close()` it sends and fetches by itself, whatever the
 * screen does (an idle lock does not stop it).
 */
export function createSync(context: DeskContext, ports: SyncPorts): SyncFeature {
  const parts = new SyncParts(context, ports)
  let link: Link | undefined
  let endings: (() => void)[] = []
  const handlers = syncHandlers(parts, () => link)
  return {
    projectors: [],
    handlers,
    status: handlers['sync.status'],
    acknowledge: (head) => {
      context.store.ledger.acknowledge(head)
      parts.changed()
    },
    applyFeed: (page) => {
      applyFeedPage(context.store, page)
      parts.changed()
    },
    client: () => {
      if (!runningLink(link).state().on) throw new AppError('LINK_DOWN')
      return parts.line.needed()
    },
    sendNow: () => void link?.sendNow().catch(() => undefined),
    wake: () => link?.wake(),
    setCentre: (centre) => {
      context.store.station.setCentre(centre)
      link?.retry()
    },
    start: () => {
      const started = stationLink(parts)
      link = started
      endings = [context.store.ledger.onAppended(() => started.wake()), watchForSigns({ onSign: () => started.sign() })]
      started.start()
    },
    close: async () => {
      for (const end of endings) end()
      await link?.stop()
      parts.line.close()
    },
  }
}
