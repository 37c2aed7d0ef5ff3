// Owns: a world of many stations and one centre that go through everything a county does to them, by a seed.
// Does not own: what stations and centre do (they are the real ones: station.ts, centre.ts), the sticks (stick.ts).
// Start here: `playWorld`.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type SentRequest, SimulatedCentre } from './centre.ts'
import type { Chance } from './chance.ts'
import { type PendingRequest, SimulatedStation } from './station.ts'
import { SimulatedStick } from './stick.ts'

/** How often each thing happens, by weight. */
const deeds = {
  receive: 14,
  exchange: 16,
  sendFiles: 10,
  deliver: 60,
  decide: 6,
  killStation: 2,
  killCentre: 2,
  backUpStation: 1,
  restoreStation: 0.4,
  backUpCentre: 0.5,
  restoreCentre: 0.4,
  jumpClock: 2,
  fillDisk: 1,
  freeDisk: 2,
  partition: 1,
  heal: 4,
  exportToStick: 2,
  importFromStick: 2,
  applyFromStick: 2,
  spoilStick: 0.2,
} as const

type Deed = keyof typeof deeds

/** What the link does to one request. */
const faults = {
  none: 60,
  'request lost': 6,
  'request cut in the middle': 8,
  'answer lost': 8,
  doubled: 5,
  'an older one comes again': 5,
  'arrives when nobody waits any more': 5,
} as const

/** What was seen, for people. */
export type WorldReport = {
  readonly rounds: number
  readonly entries: number
  readonly files: number
  readonly forked: number
  readonly did: Record<string, number>
}

/** Stations that a world has, and the most that it keeps of old requests. */
const stationCount = 4
const oldRequests = 20

/**
 * Plays so many rounds, one deed each, then heals everything and compares. Throws where anything that was acknowledged is
 * missing or doubled anywhere, or where a part threw what no fault excuses.
 */
export async function playWorld(rounds: number, chance: Chance): Promise<WorldReport> {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-world-'))
  const world = new World(folder, chance)
  try {
    await world.open()
    for (let round = 0; round < rounds; round++) await world.play()
    return await world.settleAndCompare(rounds)
  } finally {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

class World {
  readonly #folder: string
  readonly #chance: Chance
  readonly #centre: SimulatedCentre
  readonly #stations: SimulatedStation[] = []
  readonly #stick: SimulatedStick
  readonly #cutOff = new Set<SimulatedStation>()
  readonly #old: SentRequest[] = []
  readonly #taken: Buffer[] = []
  readonly #did: Record<string, number> = {}
  #files = 0
  #nowMs = Date.parse('2026-03-02T00:00:00.000Z')

  constructor(folder: string, chance: Chance) {
    this.#folder = folder
    this.#chance = chance
    this.#stick = new SimulatedStick(join(folder, 'stick'))
    this.#centre = new SimulatedCentre(join(folder, 'centre'), () => new Date(this.#nowMs))
  }

  async open(): Promise<void> {
    await this.#centre.open()
    for (let number = 1; number <= stationCount; number++) {
      const folder = join(this.#folder, `station-${number}`)
      const station = new SimulatedStation(`440282104208-${number}`, folder, this.#chance, () => this.#nowMs)
      station.create()
      this.#stations.push(station)
      await this.#enrol(station)
    }
  }

  /** One round: something happens. */
  async play(): Promise<void> {
    this.#nowMs += this.#chance.between(10, 30_000)
    const deed = this.#chance.weighed<Deed>(deeds)
    const station = this.#chance.oneOf(this.#stations)
    if (station === undefined) return
    this.#did[deed] = (this.#did[deed] ?? 0) + 1
    const came = await this.#deeds[deed](station)
    if (came === true) this.#did[`${deed}, done`] = (this.#did[`${deed}, done`] ?? 0) + 1
  }

  readonly #deeds: Readonly<Record<Deed, (station: SimulatedStation) => unknown>> = {
    receive: (station) => this.#unlessFull(() => station.receiveCase(this.#photos())),
    exchange: (station) => station.begin(),
    sendFiles: (station) => station.beginFiles(),
    deliver: () => this.#deliver(this.#chance.oneOf(this.#stations.filter(({ pending }) => pending !== undefined))),
    decide: () => this.#centre.decideSomething(this.#chance),
    killStation: (station) => station.kill(),
    killCentre: async () => {
      if (this.#chance.happens(0.5)) this.#centre.dieIn(this.#chance.happens(0.5) ? 'before commit' : 'after commit')
      else await this.#centre.restart()
    },
    backUpStation: (station) => station.backUp(),
    restoreStation: (station) => station.restore(),
    backUpCentre: () => this.#centre.backUp(),
    restoreCentre: () => this.#centre.restore({ filesToo: this.#chance.happens(0.7) }),
    jumpClock: (station) => station.jumpClock(this.#chance.between(-3, 3) * 365 * 86_400_000),
    fillDisk: (station) => station.fillDisk(true),
    freeDisk: (station) => station.fillDisk(false),
    partition: (station) => this.#cutOff.add(station),
    heal: (station) => this.#cutOff.delete(station),
    exportToStick: (station) => this.#stick.exportFrom(station, this.#chance.happens(0.7)),
    importFromStick: () => this.#stick.importAt(this.#centre.bundleGround(), this.#chance),
    applyFromStick: (station) => this.#stick.applyAt(station, this.#chance),
    spoilStick: () => this.#stick.spoil(this.#chance),
  }

  async #enrol(station: SimulatedStation): Promise<void> {
    const { code } = await makeEnrolmentCode(this.#centre.database, station.id, new Date(this.#nowMs))
    const { publicKey } = station.store.station.read()
    const enrolled = station.client().enrol({ code, windowName: '一号窗口', publicKey })
    const delivered = (async () => {
      // The request is built before it is pending.
      while (station.pending === undefined) await new Promise((resolve) => setImmediate(resolve))
      const { request, answer } = station.pending
      answer(await this.#centre.answer(request))
    })()
    const [reply] = await Promise.all([enrolled, delivered])
    station.pending = undefined
    const { centreId: id, centrePublicKey: publicKeyOfCentre } = reply
    station.store.station.setCentre({ id, url: 'http://centre.invalid', publicKey: publicKeyOfCentre })
    station.forgetClient()
  }

  /** Of some cases; now and then one that somebody has handed in before. */
  #photos(): Buffer[] {
    const { happens, between, oneOf } = this.#chance
    return Array.from({ length: Math.max(0, between(-2, 2)) }, () => {
      const known = happens(0.1) ? oneOf(this.#taken) : undefined
      const photo = known ?? Buffer.from(Array.from({ length: between(1, 3_000) }, () => between(0, 255)))
      this.#taken.push(photo)
      return photo
    })
  }

  async #unlessFull(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'DISK_FULL') throw error
      this.#did['refused: disk full'] = (this.#did['refused: disk full'] ?? 0) + 1
    }
  }

  /** What the link does to the request that a station waits for. */
  async #deliver(station: SimulatedStation | undefined): Promise<void> {
    if (station?.pending === undefined) return
    const { request } = station.pending
    const fault = this.#cutOff.has(station) ? 'request lost' : this.#chance.weighed(faults)
    this.#did[fault] = (this.#did[fault] ?? 0) + 1
    const older = this.#chance.oneOf(this.#old)
    this.#old.push(request)
    if (this.#old.length > oldRequests) this.#old.splice(this.#chance.between(0, oldRequests - 1), 1)
    const reached = fault !== 'request lost'
    if (fault === 'an older one comes again' && older !== undefined) await this.#centre.answer(older)
    const body = fault === 'request cut in the middle' ? this.#cut(request.body) : request.body
    const reply = reached ? await this.#centre.answer({ ...request, body }) : undefined
    if (fault === 'doubled') await this.#centre.answer(request)
    const arrives = fault === 'none' || fault === 'doubled' || fault === 'an older one comes again'
    await station.settle((pending: PendingRequest) => {
      if (arrives && reply !== undefined) pending.answer(reply)
      else pending.cut()
    })
  }

  #cut(body: Buffer | undefined): Buffer | undefined {
    return body?.subarray(0, this.#chance.between(0, Math.max(0, body.length - 1)))
  }

  /** Everything works again; whoever is left syncs until nothing moves. Then all must agree. */
  async settleAndCompare(rounds: number): Promise<WorldReport> {
    this.#cutOff.clear()
    this.#centre.dieIn('before commit')
    await this.#centre.restart()
    for (const station of this.#stations) {
      station.fillDisk(false)
      station.jumpClock(0)
    }
    for (let turn = 0; turn < 6; turn++) {
      for (const station of this.#stations) await this.#toTheEnd(station, () => station.begin())
      while (turn < 4 && (await this.#centre.decideSomething(this.#chance)));
    }
    for (const station of this.#stations) if (!station.isForked) await this.#settleFiles(station)
    let entries = 0
    for (const station of this.#stations) entries += await this.#compare(station)
    if (this.#centre.bugs.length > 0) throw this.#centre.bugs[0]
    const forked = this.#stations.filter(({ isForked }) => isForked).length
    return { rounds, entries, files: this.#files, forked, did: this.#did }
  }

  /** Files go; days, those too that a clock dreamt of, are held against the centre; what it lost goes again. */
  async #settleFiles(station: SimulatedStation): Promise<void> {
    // After every wait of a file that failed.
    this.#nowMs += 3_600_001
    await this.#toTheEnd(station, () => station.beginFiles())
    station.jumpClock(10 * 365 * 86_400_000)
    await this.#toTheEnd(station, () => station.beginReconciling())
    station.jumpClock(0)
    await this.#toTheEnd(station, () => station.beginFiles())
    await this.#toTheEnd(station, () => station.begin())
  }

  async #toTheEnd(station: SimulatedStation, begin: () => Promise<void>): Promise<void> {
    await begin()
    for (let step = 0; station.isBusy; step++) {
      if (step > 2_000) throw new Error(`${station.id} does not come to an end`)
      const { pending } = station
      if (pending === undefined) throw new Error(`${station.id} is busy with nothing`)
      const reply = await this.#centre.answer(pending.request)
      await station.settle(({ answer }) => answer(reply))
    }
  }

  async #compare(station: SimulatedStation): Promise<number> {
    const { id, store } = station
    if (station.bugs.length > 0) throw station.bugs[0]
    if (!store.ledger.verify().ok) throw new Error(`${id}: the ledger does not verify`)
    const there = await this.#centre.holdingsOf(id)
    if (station.isForked) {
      if (!station.wasRestored && !(await this.#wasCentreAhead(station)))
        throw new Error(`${id} was called forked without ever having been restored`)
      return there.entries.length
    }
    const { length } = there.entries
    const here = store.db.all('SELECT seq, hash FROM entries ORDER BY seq')
    same(`${id}: entries`, here, there.entries)
    const items = store.db.all<{ cursor: number }>('SELECT cursor FROM feed_items ORDER BY cursor')
    const wanted = Array.from({ length: items.length }, (_, index) => ({ cursor: index + 1 }))
    same(`${id}: the feed's places`, items, wanted)
    const cases = store.db.all('SELECT case_id AS "caseId", state FROM cases ORDER BY case_id')
    same(`${id}: cases`, cases, there.cases)
    const named = store.db.all<{ sha256: string }>('SELECT DISTINCT sha256 FROM sent_files ORDER BY sha256')
    const arrived = named.map(({ sha256 }) => ({ sha256, content: sha256 }))
    same(`${id}: files`, arrived, there.files)
    const waiting = store.db.all('SELECT sha256, last_error FROM file_deliveries WHERE arrived_at IS NULL')
    same(`${id}: files that wait`, waiting, [])
    this.#files += named.length
    return length
  }

  async #wasCentreAhead({ id, store }: SimulatedStation): Promise<boolean> {
    const there = await this.#centre.holdingsOf(id)
    return there.entries.length > store.ledger.head().seq
  }

  async close(): Promise<void> {
    for (const station of this.#stations) station.close()
    await this.#centre.close()
  }
}

function same(what: string, here: unknown, there: unknown): void {
  const [a, b] = [JSON.stringify(here), JSON.stringify(there)]
  if (a === b) return
  let at = 0
  while (a[at] === b[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 80), at + 80)
  throw new Error(`${what} differ:\n  here  …${around(a)}…\n  there …${around(b)}…`)
}
