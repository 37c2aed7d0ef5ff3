import { AppError } from '../../../preload/contract/errors.ts'
import type { LedgerTail } from './exchange.ts'
import { createLink } from './link.ts'
import type { Link, LinkOptions } from './link-options.ts'
import type { SyncParts } from './parts.ts'
import { ledgerTail } from './service.ts'
import { isSlowLink } from './status.ts'

/** How often a training station asks for decisions: its centre is on the same machine. */
const trainingPollMs = 2_000

/** The link of the desk's station over what it has: its ledger, its line, its files, its hall. The store must be open. */
export function stationLink(parts: SyncParts): Link {
  const { context, ports, memory, meter, line } = parts
  const { store, station } = context
  const tail = ledgerTail(store)
  return createLink({
    ...{ tail, client: line.current, clock: context.clock, meter },
    switchedOn: station.mode !== 'training' || memory.isOn(),
    keepSwitch: memory.keepSwitch,
    keptRetry: memory.retry(),
    keepRetry: memory.keepRetry,
    ...(station.mode === 'training' && { pollMs: trainingPollMs }),
    isSlow: () => isSlowLink({ bytesPerSecond: meter.bytesPerSecond(), settings: memory.settings() }),
    files: { run: ports.files.run, tryNow: ports.files.tryNow, mayOriginalsGo: parts.mayOriginalsGo },
    progress: progressOf(parts, tail),
    afterExchange: ports.afterExchange,
    overRelay: () => wayOverRelay(parts, tail),
    onState: (state) => {
      parts.noteReplaced(state)
      context.emit({ event: 'sync', payload: parts.statusOf(state) })
    },
    onBug: (error) => context.log('sync', error),
  })
}

function progressOf(parts: SyncParts, tail: LedgerTail): NonNullable<LinkOptions['progress']> {
  let acknowledged = tail.acknowledged().seq
  return {
    onAcknowledged: (answer) => {
      parts.noteCost(answer.acknowledged - acknowledged, answer)
      acknowledged = answer.acknowledged
      parts.changed()
    },
    onFeed: parts.changed,
    onWentBack: parts.ports.centreWentBack,
  }
}

function wayOverRelay(
  { ports, mayOriginalsGo, memory }: SyncParts,
  tail: LedgerTail,
): ReturnType<NonNullable<LinkOptions['overRelay']>> {
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
}
