// Owns: 大厅: this station's relay, the way over it while the county is out of reach, the queue that the hall's windows share.
// Does not own: the relay itself (central/relay), when the county counts as out of reach (sync), what a case is (cases).
// Start here: `createHall`.
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import type { Head } from '../../wire/entry.ts'
import type { LedgerTail } from '../sync/index.ts'
import { hallHandlers } from './handlers.ts'
import { hallProjector } from './projection.ts'
import { exchangeByRelay } from './relay-exchange.ts'
import type { RelayLine } from './relay-line.ts'
import { RelayWay } from './relay-way.ts'
import { readRelayedSeq, writeRelayed } from './store.ts'

/** The hall feature, and what the link and the cases use of it. */
export type Hall = FeatureModule & {
  /** Up to where the hall's relay holds the ledger; 0 without a relay. */
  readonly relayedSeq: () => number
  /** Whether there is a relay to turn to: the county named it, and its address is known. */
  readonly hasRelay: () => boolean
  /**
   * One exchange over the relay, for when the county cannot be reached. Acknowledgements and pages are the county's own. Throws
   * as an exchange does, RELAY_UNKNOWN where there is no relay.
   */
  readonly exchange: (tail: LedgerTail, signal: AbortSignal) => Promise<void>
  /** The line to the relay for what the station sends beside its ledger, and whose word an answer is. Throws RELAY_UNKNOWN. */
  readonly fileLine: () => { readonly line: Pick<RelayLine, 'send'>; readonly relay: RelayLine['relay'] }
}

/** Makes the hall feature. */
export function createHall(context: DeskContext): Hall {
  const way = new RelayWay(context)
  const changed = () => context.emit({ event: 'changed', payload: { topics: ['cases'] } })
  return {
    projectors: [hallProjector],
    handlers: hallHandlers(context, way, changed),
    relayedSeq: () => readRelayedSeq(context.store.db),
    hasRelay: () => way.known() !== undefined,
    exchange: (tail, signal) => {
      const line = way.line()
      const onHeld = (head: Head) => {
        const before = readRelayedSeq(context.store.db)
        writeRelayed(context.store.db, line.relay.relayId, head, context.nowUtc())
        if (head.seq !== before) changed()
      }
      return exchangeByRelay(tail, line, { onHeld, onCounty: changed }, signal)
    },
    fileLine: () => {
      const line = way.line()
      return { line, relay: line.relay }
    },
    close: () => way.close(),
  }
}
