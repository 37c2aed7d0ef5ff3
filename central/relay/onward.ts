// Owns: a relay's traffic with its county: the list of stations, entries on, pages and acknowledgements back; when, and again when it failed.
// Does not own: what one station's entries are made of (shipping.ts), what the relay says of itself (own-words.ts), what the hall's
// windows ask (hall-routes.ts).
// Start here: `createOnward`.

import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { signerOf } from '../../main/wire/signatures.ts'
import { centreBounds, Portions } from '../../main/wire/tail-sender.ts'
import { createHttpTransport } from '../../main/wire/transport/http-transport.ts'
import { AppError, type Failure } from '../../preload/contract/errors.ts'
import type { FeedPage } from '../../preload/contract/wire.ts'
import type { Database } from '../database.ts'
import type { Identity } from '../identity.ts'
import { askStations, tellAddress } from './own-words.ts'
import { fetchPages, keepPage } from './pages.ts'
import { fetchReleases, type ReleaseLines } from './releases.ts'
import { shipStation } from './shipping.ts'
import {
  findRelayed,
  keepAcknowledgement,
  listRelayed,
  type RelayedStation,
  readAcknowledgement,
  takeStationList,
} from './stations.ts'
import { noteReached, type Upstream } from './upstream.ts'

/** Hands files on, over the line of each station, until none is left that may go now or `signal` ends it. Throws what stops the link. */
export type HandFilesOn = (lineOf: (stationId: string) => CentreClient, signal: AbortSignal) => Promise<void>

/** What the traffic stands on. */
export type OnwardOptions = {
  readonly database: Database
  readonly identity: Identity
  readonly upstream: Upstream
  /** Where the hall's windows reach this relay; null where nobody said. */
  readonly address: string | null
  readonly now: () => Date
  readonly onBug: (incident: string, error: unknown) => void
  /** Without it no file is handed on. */
  readonly files?: HandFilesOn | undefined
  /** How often the county is asked while nothing else happens. */
  readonly pollMs?: number
  /** The first wait after a failure; it doubles up to a minute. */
  readonly retryMs?: number
}

/** A relay's traffic with its county. */
export type Onward = {
  /** Begins; tries at once. */
  start(): void
  /** One try now, or the one that runs: settles when it has ended, with what stopped it. */
  round(): Promise<Failure | null>
  /** Something came in: it goes on now, or at the next try where the county is out of reach. */
  wake(): void
  /** A file came in: it goes after the text, whenever that has gone. */
  fileCame(): void
  /** Whether the last try reached the county. */
  reachable(): boolean
  /** Why the last try failed; null where it did not. */
  trouble(): Failure | null
  /** The county's page for a station, asked for at this moment; undefined where it cannot be had. */
  askPage(stationId: string, after: number): Promise<FeedPage | undefined>
  /** Fetches what the hall's windows may need of releases at this moment, where the county can be reached. */
  askReleases(): Promise<void>
  /** Ends; resolves when nothing runs any more. */
  stop(): Promise<void>
}

const waits = { pollMs: 20_000, retryMs: 2_000, mostMs: 60_000, askPageMs: 15_000, filesMs: 60_000 } as const

/** Makes the traffic of a relay with its county. It begins at `start()`. */
export function createOnward(options: OnwardOptions): Onward {
  return new OnwardLoop(options)
}

class OnwardLoop implements Onward {
  readonly #options: OnwardOptions
  readonly #transport
  readonly #clients = new Map<string, CentreClient>()
  /** How much the way to the county carries at once, whoever's entries go. */
  readonly #portions = new Portions(centreBounds)
  #running: Promise<void> | undefined
  #controller = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #again = false
  /** Ends the files that go, for text. */
  #files: AbortController | undefined
  #started = false
  #failures = 0
  #trouble: Failure | null = { code: 'CENTRE_UNREACHABLE', details: {} }
  #toldAddress = false
  /** Releases that a window asked for are under way. */
  #asking: Promise<void> | undefined
  /** How far the feeds of all stations went when releases were asked about last. */
  #releasesAt: string | undefined
  /** The station that was being served when a round ended before its end; '' where it did not. */
  #brokeOffAt = ''

  constructor(options: OnwardOptions) {
    this.#options = options
    this.#transport = createHttpTransport(options.upstream.url)
  }

  start(): void {
    this.#started = true
    this.#plan(0)
  }

  async round(): Promise<Failure | null> {
    this.#run()
    await this.#running
    return this.#trouble
  }

  wake(): void {
    this.fileCame()
    if (this.#running === undefined) return
    this.#again = true
    this.#files?.abort()
  }

  fileCame(): void {
    if (this.#running === undefined && this.#trouble === null) this.#plan(0)
  }

  reachable(): boolean {
    return this.#trouble === null
  }

  trouble(): Failure | null {
    return this.#trouble
  }

  async askPage(stationId: string, after: number): Promise<FeedPage | undefined> {
    if (!this.reachable()) return undefined
    try {
      const page = await this.#client(stationId).feed(after, AbortSignal.timeout(waits.askPageMs))
      await keepPage(this.#options.database, page)
      return page
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return undefined
    }
  }

  async askReleases(): Promise<void> {
    if (!this.reachable()) return
    this.#asking ??= fetchReleases(this.#options.database, this.#releaseLines(), AbortSignal.timeout(waits.askPageMs))
      .catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error
      })
      .finally(() => {
        this.#asking = undefined
      })
    await this.#asking
  }

  async stop(): Promise<void> {
    this.#started = false
    clearTimeout(this.#timer)
    this.#controller.abort()
    await this.#running
    this.#transport.close()
  }

  #plan(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (!this.#started) return
    this.#timer = setTimeout(() => this.#run(), milliseconds)
    this.#timer.unref()
  }

  #run(): void {
    if (this.#running !== undefined) return
    this.#again = false
    this.#running = this.#round().finally(() => {
      this.#running = undefined
      this.#plan(this.#waitMs())
    })
  }

  #waitMs(): number {
    const { pollMs = waits.pollMs, retryMs = waits.retryMs } = this.#options
    if (this.#failures > 0) {
      const askedMs = Number(this.#trouble?.details.retryAfterSeconds ?? 0) * 1000
      return Math.max(askedMs, Math.min(waits.mostMs, retryMs * 2 ** Math.min(this.#failures - 1, 10)))
    }
    return this.#again ? 0 : pollMs
  }

  async #round(): Promise<void> {
    try {
      await this.#exchange(this.#controller.signal)
      this.#failures = 0
      this.#trouble = null
    } catch (error) {
      this.#failures += 1
      if (!(error instanceof AppError)) this.#options.onBug('onward', error)
      const known = error instanceof AppError ? error : new AppError('INTERNAL')
      this.#trouble = { code: known.code, details: known.details }
    }
  }

  async #exchange(signal: AbortSignal): Promise<void> {
    const { database, now, upstream, address } = this.#options
    const own = this.#client(upstream.relayId)
    await takeStationList(database, await askStations({ database, upstream, now }, own, signal))
    await noteReached(database, now())
    if (!this.#toldAddress && address !== null) this.#toldAddress = await tellAddress(upstream, own, address, signal)
    for (const { stationId } of this.#inTurn(await listRelayed(database))) {
      this.#brokeOffAt = stationId
      await this.#serve(stationId, signal)
    }
    this.#brokeOffAt = ''
    await this.#fetchReleases(signal)
    await this.#handFilesOn(signal)
  }

  /** After text: what every window waits for costs the county's line once. Asked about when a feed has grown: a release is told there. */
  async #fetchReleases(signal: AbortSignal): Promise<void> {
    const { database } = this.#options
    const stations = await listRelayed(database)
    const standing = stations.map(({ stationId, countyCursor }) => `${stationId} ${countyCursor}`).join()
    if (standing === this.#releasesAt) return
    await fetchReleases(database, this.#releaseLines(), signal)
    this.#releasesAt = standing
  }

  #releaseLines(): ReleaseLines {
    const { relayId } = this.#options.upstream
    return { relayId, own: this.#client(relayId), lineOf: this.#lineOf }
  }

  readonly #lineOf = (stationId: string): CentreClient => this.#client(stationId)

  /** The stations, first those after the one at which the last round broke off: what the link cannot carry of one holds up nobody else. */
  #inTurn(stations: readonly RelayedStation[]): readonly RelayedStation[] {
    const next = stations.findIndex(({ stationId }) => stationId > this.#brokeOffAt)
    return next < 0 ? stations : [...stations.slice(next), ...stations.slice(0, next)]
  }

  /** Files go after all text, until new text comes, and not for longer than the county's word on text may wait. */
  async #handFilesOn(signal: AbortSignal): Promise<void> {
    const { files } = this.#options
    if (files === undefined || this.#again) return
    const cut = new AbortController()
    const timeUp = AbortSignal.timeout(waits.filesMs)
    this.#files = cut
    try {
      await files(this.#lineOf, AbortSignal.any([signal, cut.signal, timeUp]))
    } finally {
      this.#files = undefined
      if (timeUp.aborted) this.#again = true
    }
  }

  async #serve(stationId: string, signal: AbortSignal): Promise<void> {
    const { database } = this.#options
    const client = this.#client(stationId)
    await shipStation(database, { client, portions: this.#portions }, stationId, signal)
    const station = await findRelayed(database, stationId)
    if (station === undefined) return
    await this.#askHead(station, signal)
    // Nobody is there any more to read them.
    if (!station.isReplaced) await fetchPages(database, client, station, signal)
  }

  /** What the window sent to the county itself is acknowledged there: its word for that is handed on too. */
  async #askHead({ stationId, countySeq }: RelayedStation, signal: AbortSignal): Promise<void> {
    const { database } = this.#options
    const known = await readAcknowledgement(database, stationId)
    if (countySeq <= (known?.acknowledged ?? 0)) return
    const { sentBytes: _, ...reply } = await this.#client(stationId).head(signal)
    await keepAcknowledgement(database, stationId, reply)
  }

  /** The relay's line in the name of one station, over connections that all share. */
  #client(stationId: string): CentreClient {
    const { upstream, identity, now } = this.#options
    const known = this.#clients.get(stationId)
    if (known !== undefined) return known
    const made = createCentreClient({
      ...{ baseUrl: upstream.url, stationId, keyId: upstream.relayId, transport: this.#transport },
      sign: signerOf(identity.privateKey),
      centrePublicKey: upstream.centrePublicKey,
      now: () => now().getTime(),
    })
    this.#clients.set(stationId, made)
    return made
  }
}
