// Owns: the centre's counts as Prometheus reads them, with those of the process (memory, event loop, CPU).
// Does not own: the counting (meter.ts) or who may read (listener.ts).
// Start here: `openPrometheus`.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../database.ts'
import { type Meter, meter } from './meter.ts'

/** Metrics as text, and their media type. */
export type Prometheus = { readonly contentType: string; text(): Promise<string> }

type Count = { readonly name: string; readonly help: string; readonly of: (meter: Meter) => number }

const counts: readonly Count[] = [
  { name: 'entries_taken_total', help: 'Entries taken that were new', of: (now) => now.entriesTaken },
  { name: 'feed_pages_total', help: 'Feed pages handed out', of: (now) => now.feedPages },
  {
    name: 'pushes_turned_away_total',
    help: 'Pushes answered 429: no place was free',
    of: (now) => now.pushesTurnedAway,
  },
  {
    name: 'pushes_dropped_total',
    help: 'Pushes whose place was taken back: they crawled',
    of: (now) => now.pushesDropped,
  },
]

/** Opens the metrics of this process. Buckets of the database's times reach from 0.5 ms to 10 s. */
export function openPrometheus(database: Database, now: () => Date): Prometheus {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const { name, help, of } of counts) {
    const counter: Counter = new Counter({
      ...{ name: `cunchuang_${name}`, help, registers },
      collect: () => set(counter, {}, of(meter)),
    })
  }
  addLabelled(registers)
  addStations(registers, database, now)
  const histogram = new Histogram({
    name: 'cunchuang_database_seconds',
    help: 'Time of one question to the database',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  meter.onDatabaseTime = (seconds) => histogram.observe(seconds)
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

/** The counts lie in the meter already: a counter is brought to where they stand. */
function set(counter: Counter, labels: Record<string, string>, value: number): void {
  counter.remove(labels)
  counter.inc(labels, value)
}

function addLabelled(registers: Registry[]): void {
  const batches = new Counter({
    name: 'cunchuang_batches_total',
    help: 'Batches by outcome: taken (something was new) or repeated',
    labelNames: ['outcome'],
    registers,
    collect: () => {
      set(batches, { outcome: 'taken' }, meter.batchesTaken)
      set(batches, { outcome: 'repeated' }, meter.batchesRepeated)
    },
  })
  const refusals = new Counter({
    name: 'cunchuang_refusals_total',
    help: 'Refusals by code',
    labelNames: ['code'],
    registers,
    collect: () => {
      for (const [code, count] of meter.refusals) set(refusals, { code }, count)
    },
  })
  const fileBytes = new Counter({
    name: 'cunchuang_file_bytes_total',
    help: 'Bytes of the file routes as the socket counted them',
    labelNames: ['direction'],
    registers,
    collect: () => {
      set(fileBytes, { direction: 'in' }, meter.fileBytesIn)
      set(fileBytes, { direction: 'out' }, meter.fileBytesOut)
    },
  })
  const inWork: Gauge = new Gauge({
    name: 'cunchuang_pushes_in_work',
    help: 'Pushes that have a place now',
    registers,
    collect: () => inWork.set(meter.pushesInWork),
  })
}

const dayMs = 86_400_000

function addStations(registers: Registry[], database: Database, now: () => Date): void {
  const stations = new Gauge({
    name: 'cunchuang_stations_seen_24h',
    help: 'Stations that spoke to any gateway of this centre within 24 hours',
    registers,
    collect: async () => {
      const [row] = await database.query<{ seen: number }>(
        'select count(*)::bigint as seen from stations where last_seen_at > $1',
        [new Date(now().getTime() - dayMs).toISOString()],
      )
      stations.set(row?.seen ?? 0)
    },
  })
}
