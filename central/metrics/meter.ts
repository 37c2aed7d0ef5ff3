// Owns: what this process counts of its work as a centre; plain numbers, no personal data, nothing of a single station.
// Does not own: how they are told to Prometheus (prometheus.ts), which is loaded only where somebody asks.
// Start here: `meter`.

/** The counts since this process began, as all of its parts see them. */
export type Meter = {
  /** Entries that were new, and the batches that brought them or only what was there already. */
  entriesTaken: number
  batchesTaken: number
  batchesRepeated: number
  feedPages: number
  fileBytesIn: number
  fileBytesOut: number
  /** Pushes that have a place now, those that were told to come back later, and those that lost their place for crawling. */
  pushesInWork: number
  pushesTurnedAway: number
  pushesDropped: number
  /** Refusals by their code. */
  readonly refusals: Map<string, number>
  /** Told how long each question to the database took, in seconds; nobody listens unless metrics are on. */
  onDatabaseTime: ((seconds: number) => void) | undefined
}

/** The process's own: a process serves one centre, and Prometheus adds up processes. */
export const meter: Meter = {
  entriesTaken: 0,
  batchesTaken: 0,
  batchesRepeated: 0,
  feedPages: 0,
  fileBytesIn: 0,
  fileBytesOut: 0,
  pushesInWork: 0,
  pushesTurnedAway: 0,
  pushesDropped: 0,
  refusals: new Map(),
  onDatabaseTime: undefined,
}

/** Counts a batch by the entries that were new in it. */
export function countBatch(freshEntries: number): void {
  meter.entriesTaken += freshEntries
  if (freshEntries > 0) meter.batchesTaken += 1
  else meter.batchesRepeated += 1
}

/** Counts a refusal by its code. */
export function countRefusal(code: string): void {
  meter.refusals.set(code, (meter.refusals.get(code) ?? 0) + 1)
}
