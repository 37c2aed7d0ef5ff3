// Owns: fetching the releases that the centre told of: which, in what order, on from where the last try was cut.
// Does not own: when the link has room for it (sync), whether a release is taken (taking.ts).
// Start here: `createFetching`.
import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { sentenceFor } from '../../../preload/contract/sentences.ts'
import { programVersion } from '../../desk/version.ts'
import { type SqlDatabase, stationSubject } from '../../store/index.ts'
import { packLimitBytes, packMediaType } from '../../wire/catalogue/pack.ts'
import { assertTaken } from '../../wire/centre-answers.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import { gaveWay, givingWay, type WorkBounds } from '../../wire/giving-way.ts'
import {
  beginDownload,
  dropDownload,
  dropOtherDownloads,
  insertPart,
  readDownload,
  selectDownload,
} from './download-store.ts'
import {
  selectBelow,
  selectInForce,
  selectPin,
  selectRefusedFor,
  selectRelease,
  selectTold,
  type ToldRelease,
} from './store.ts'
import { type TakingGround, takePack } from './taking.ts'

/** How a run is bounded, and who hears that something has come. */
export type FetchBounds = WorkBounds & { readonly onBytes: () => void }

/** Bytes are written down in pieces of this size. */
const partBytes = 16 << 10

/** A centre that told of a release and does not give it (it was restored, say) is asked again after this; a relay may be fetching it. */
const askAgainMs = { centre: 900_000, relay: 10_000 } as const

/** Where releases are fetched from: the centre, or the hall's relay in an outage. What comes is judged the same. */
export type ReleaseSource = { readonly send: CentreClient['send']; readonly route: 'centre' | 'relay' }

/** Fetches what waits. */
export type Fetching = {
  /** Fetches and takes every release that is wanted. What is refused is noted in the ledger; throws what stops the link. */
  readonly run: (source: ReleaseSource, bounds: FetchBounds) => Promise<void>
  /** What the centre told of and is not here yet, in the order of fetching. */
  readonly wanted: () => ToldRelease[]
}

/** Makes it. `taken` hears of each release that was kept or refused. */
export function createFetching(ground: TakingGround, taken: () => void): Fetching {
  const { context } = ground
  const missedAtMs = new Map<string, number>()
  const wholeOnly = new Set<string>()
  const nowMs = () => context.clock.now().getTime()
  const wanted = () => wantedOf(context.store.db, context.nowUtc())
  return {
    wanted,
    run: async (source, bounds) => {
      const told = wanted()
      dropOtherDownloads(
        context.store.db,
        told.map(({ sha256 }) => sha256),
      )
      for (const one of told) {
        if (bounds.signal.aborted || bounds.shouldYield()) return
        const place = `${source.route} ${one.sha256}`
        const missed = missedAtMs.get(place)
        if (missed !== undefined && Math.abs(nowMs() - missed) < askAgainMs[source.route]) continue
        const outcome = await new Fetch({ ground, wholeOnly }, source, bounds, one).run()
        if (outcome === 'missed') missedAtMs.set(place, nowMs())
        if (outcome === 'yielded') return
        taken()
      }
    },
  }
}

/** Of releases whose time has come only the newest; of those to come all, in their order. Those that are here, refused or overtaken are not. */
function wantedOf(db: SqlDatabase, nowUtc: string): ToldRelease[] {
  const pin = selectPin(db)
  const inForce = selectInForce(db)
  const here = inForce?.line === pin?.line ? (inForce?.release ?? 0) : 0
  const refused = new Set(selectRefusedFor(db, programVersion))
  const ahead = selectTold(db).filter(({ release, sha256 }) => release > here && !refused.has(sha256))
  const due = ahead.filter(({ effectiveAtUtc }) => effectiveAtUtc <= nowUtc).map(({ release }) => release)
  const newestDue = Math.max(0, ...due)
  return ahead.filter(({ release, sha256 }) => release >= newestDue && selectRelease(db, sha256) === undefined)
}

type Outcome = 'taken' | 'refused' | 'missed' | 'yielded'

type FetchGround = { readonly ground: TakingGround; readonly wholeOnly: Set<string> }

/** One release on its way here. */
class Fetch {
  readonly #ground: TakingGround
  readonly #source: ReleaseSource
  readonly #bounds: FetchBounds
  readonly #told: ToldRelease
  /** Releases, by the way they come, of which what was made against another one did not do. */
  readonly #wholeOnly: Set<string>
  #unwritten: Buffer[] = []
  /** The answer under way is of another pack than the one begun. */
  #isOther = false

  constructor({ ground, wholeOnly }: FetchGround, source: ReleaseSource, bounds: FetchBounds, told: ToldRelease) {
    this.#ground = ground
    this.#wholeOnly = wholeOnly
    this.#source = source
    this.#bounds = bounds
    this.#told = told
  }

  async run(): Promise<Outcome> {
    const { sha256, release } = this.#told
    const { db } = this.#ground.context.store
    const pin = selectPin(db)
    const base = pin && selectBelow(db, pin.line, release)
    // First against what is here, then whole: what came may have been spoilt on the way, or made for another history. Then it
    // stays whole: over a line that is cut, beginning again with the first each time would never end.
    const way = `${this.#source.route} ${sha256}`
    const isWhole = this.#wholeOnly.has(way) || selectDownload(db, sha256)?.baseRelease === 0
    const bases = [...(base && !isWhole ? [base.manifest.release] : []), 0, 0]
    for (const [attempt, baseRelease] of bases.entries()) {
      const outcome = await this.#download(baseRelease)
      if (outcome !== 'whole') return outcome
      const bytes = readDownload(db, sha256)
      dropDownload(db, sha256)
      try {
        await takePack(this.#ground, bytes, { actor: 'system', announced: this.#told })
        return 'taken'
      } catch (error) {
        if (!(error instanceof AppError) || !error.code.startsWith('RELEASE_')) throw error
        const mayBeTheWay = ['RELEASE_DAMAGED', 'RELEASE_GAP'].includes(error.code) && attempt + 1 < bases.length
        if (mayBeTheWay) {
          this.#wholeOnly.add(way)
          continue
        }
        // The centre gives it to nobody else: the words by which it is for this station are still on their way.
        if (error.code === 'RELEASE_NOT_FOR_US') return 'missed'
        // A relay is believed nothing, also not that a release is wrong: the county has the word.
        if (this.#source.route === 'relay') return 'missed'
        this.#refuse(error)
        return 'refused'
      }
    }
    return 'refused'
  }

  /** Fetches the bytes that are missing; those that come are kept whatever follows. */
  async #download(baseRelease: number): Promise<'whole' | 'missed' | 'yielded'> {
    const { sha256, release } = this.#told
    const { db, station } = this.#ground.context.store
    const before = selectDownload(db, sha256)
    if (before !== undefined && before.baseRelease !== baseRelease) dropDownload(db, sha256)
    for (let dropped = 0; ; ) {
      const kept = selectDownload(db, sha256)
      if (kept !== undefined && kept.fetchedBytes === kept.sizeBytes) return 'whole'
      const offset = kept?.fetchedBytes ?? 0
      const path = `/v1/stations/${station.read().id}/releases/${release}?from=${baseRelease}&offset=${offset}`
      const answer = await this.#ask(path, baseRelease)
      if (answer !== 'ended') return answer
      const hasMoved = (selectDownload(db, sha256)?.fetchedBytes ?? 0) > offset
      if (hasMoved) continue
      // The centre has made another pack of it, and what is here belongs to none. Once is enough: it may say one size and give another.
      dropDownload(db, sha256)
      dropped += 1
      if (offset === 0 || dropped > 1) return 'missed'
    }
  }

  async #ask(path: string, baseRelease: number): Promise<'ended' | 'missed' | 'yielded'> {
    this.#isOther = false
    try {
      const reply = await givingWay(this.#bounds, (signal) =>
        this.#source.send({
          ...{ method: 'GET', path, signal, headers: { accept: `${packMediaType}, application/json` } },
          onReceived: (bytes, headers) => this.#hear(bytes, headers, baseRelease),
        }),
      )
      if (reply === gaveWay) return 'yielded'
      assertTaken(reply)
      if (reply.contentType !== packMediaType) throw new AppError('CENTRE_NONSENSE', { reason: 'shape' })
      return 'ended'
    } catch (error) {
      if (this.#isOther) return 'ended'
      // A centre that cannot give it is no reason to keep back what else the link has to carry.
      if (!(error instanceof AppError) || !['CENTRE_REFUSED', 'CENTRE_NONSENSE'].includes(error.code)) throw error
      this.#ground.context.log('catalogue', error)
      return 'missed'
    } finally {
      this.#write()
    }
  }

  /** Of a pack that is not the one begun (the centre made it anew) only the first bytes are of use. */
  #hear(bytes: Buffer, headers: Readonly<Record<string, string>>, baseRelease: number): void {
    const { sha256 } = this.#told
    const { db } = this.#ground.context.store
    if (headers['content-type'] !== packMediaType) return
    const [, packSha256 = '', size = '', offset = ''] =
      /^([0-9a-f]{64}) ([0-9]{1,7}) ([0-9]{1,7})$/.exec(headers['x-release-pack'] ?? '') ?? []
    const sizeBytes = Number(size)
    if (packSha256 === '' || sizeBytes < 1 || sizeBytes > packLimitBytes)
      throw new AppError('CENTRE_NONSENSE', { reason: 'shape' })
    const kept = selectDownload(db, sha256)
    if (kept?.packSha256 !== packSha256) {
      if (offset !== '0') throw this.#endOfOther()
      beginDownload(db, sha256, { baseRelease, packSha256, sizeBytes })
    }
    this.#unwritten.push(bytes)
    this.#bounds.onBytes()
    if (this.#unwritten.reduce((sum, { length }) => sum + length, 0) >= partBytes) this.#write()
  }

  #endOfOther(): Error {
    this.#isOther = true
    return new Error('the centre has made this pack anew')
  }

  #write(): void {
    const { db } = this.#ground.context.store
    const kept = selectDownload(db, this.#told.sha256)
    const bytes = Buffer.concat(this.#unwritten)
    this.#unwritten = []
    if (kept === undefined || bytes.length === 0) return
    const room = kept.sizeBytes - kept.fetchedBytes
    if (room > 0) insertPart(db, this.#told.sha256, kept.fetchedBytes, bytes.subarray(0, room))
  }

  #refuse({ code, details }: AppError): void {
    const { store, nowUtc } = this.#ground.context
    const { release, sha256 } = this.#told
    const said = sentenceFor(code, details).title.slice(0, 400)
    const payload: EntryPayload<'catalogue.refused@1'> = {
      release,
      sha256,
      reason: code,
      said,
      program: programVersion,
    }
    const draft = { kind: 'catalogue.refused', version: 1, subject: stationSubject, actor: 'system', at: nowUtc() }
    store.transaction(() => store.ledger.append([{ ...draft, payload }]))
  }
}
