// Owns: 大厅: this station's relay, the way over it while the county is out of reach, the queue that the hall's windows share.
// Does not own: the relay itself (central/relay), when the county counts as out of reach (sync), what a case is (cases).
// Start here: `createHall`.
import { AppError } from '../../../preload/contract/errors.ts'
import type { DeskContext, FeatureModule } from '../../desk/feature.ts'
import type { LedgerTail } from '../sync/index.ts'
import { hallProjector } from './projection.ts'
import { exchangeByRelay } from './relay-exchange.ts'
import { createRelayLine, type RelayLine } from './relay-line.ts'
import { type KnownRelay, readRelay, readRelayedSeq, writeRelayed } from './store.ts'

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

const urlKey = 'hall.relayUrl'

/** A page of the queue is for people: it does not wait for ever. */
const queueMs = 8_000

/** Makes the hall feature. */
export function createHall(context: DeskContext): Hall {
  let open: { readonly key: string; readonly line: RelayLine } | undefined

  const known = () => readRelay(context.store.db)
  const urlOf = (relay: KnownRelay | undefined) =>
    (context.store.settings.get(urlKey) as string | null | undefined) ?? relay?.url ?? null
  /** The line to the relay that the county named; another one when that, or its address, changes. */
  const line = (): RelayLine => {
    const relay = known()
    const url = urlOf(relay)
    if (relay === undefined || url === null) throw new AppError('RELAY_UNKNOWN')
    const key = `${url} ${relay.publicKey}`
    if (open?.key === key) return open.line
    open?.line.close()
    open = { key, line: lineTo(context, relay, url) }
    return open.line
  }
  const changed = () => context.emit({ event: 'changed', payload: { topics: ['cases'] } })

  return {
    projectors: [hallProjector],
    relayedSeq: () => readRelayedSeq(context.store.db),
    hasRelay: () => urlOf(known()) !== null && known() !== undefined,
    exchange: (tail, signal) => {
      const relay = line()
      const onHeld = (head: { seq: number; hash: string }) => {
        const before = readRelayedSeq(context.store.db)
        writeRelayed(context.store.db, relay.relay.relayId, head, context.nowUtc())
        if (head.seq !== before) changed()
      }
      return exchangeByRelay(tail, relay, { onHeld, onCounty: changed }, signal)
    },
    fileLine: () => ({ line: line(), relay: line().relay }),
    handlers: {
      'hall.queue': async (question) => {
        const relay = known()
        const url = urlOf(relay)
        if (relay === undefined || url === null) return { relay: null, cases: [], total: 0 }
        const about = { name: relay.name, url }
        try {
          const { cases, total } = await line().queue(question, AbortSignal.timeout(queueMs))
          return { relay: { ...about, reachable: true }, cases, total }
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          context.log('hall.queue', error)
          return { relay: { ...about, reachable: false }, cases: [], total: 0 }
        }
      },
      'hall.take': async ({ caseId, take }) => {
        await reached(line().take(caseId, take, AbortSignal.timeout(queueMs)))
        changed()
        return { done: true }
      },
      'hall.setRelay': async ({ url }) => {
        if (url !== null) await probe(context, known(), url)
        context.store.settings.set(urlKey, url)
        return { done: true }
      },
    },
    close: () => open?.line.close(),
  }
}

/** What could not be reached here is the relay, not the centre. */
async function reached<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    const isOut = error instanceof AppError && error.code === 'CENTRE_UNREACHABLE'
    throw isOut ? new AppError('RELAY_UNREACHABLE', {}, { cause: error }) : error
  }
}

/** Whether the county's relay answers at an address. One that cannot be reached may be switched off: it is let pass. Throws RELAY_UNKNOWN for another's. */
async function probe(context: DeskContext, relay: KnownRelay | undefined, url: string): Promise<void> {
  if (relay === undefined) throw new AppError('RELAY_UNKNOWN')
  const line = lineTo(context, relay, url)
  try {
    await line.head(AbortSignal.timeout(queueMs))
  } catch (error) {
    if (error instanceof AppError && error.code === 'CENTRE_UNREACHABLE') return
    throw new AppError('RELAY_UNKNOWN', {}, { cause: error })
  } finally {
    line.close()
  }
}

function lineTo(context: DeskContext, relay: KnownRelay, url: string): RelayLine {
  const { id: stationId, centre } = context.store.station.read()
  if (centre === undefined) throw new AppError('RELAY_UNKNOWN')
  return createRelayLine({
    ...{ url, relay, stationId, centrePublicKey: centre.publicKey },
    sign: (bytes) => context.store.station.sign(bytes),
    now: () => context.clock.now().getTime(),
  })
}
