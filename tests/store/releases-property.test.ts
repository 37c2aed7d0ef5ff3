import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { applyDue } from '../../main/features/catalogue/applying.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { packOf } from '../helpers/catalogues.ts'
import { everyRow } from '../helpers/every-row.ts'
import { openStation, stationId } from '../helpers/reconciling.ts'
import { chainOf, chainStart, chainStep, keyRing, type Link } from '../helpers/release-chains.ts'
import { settableClock, temporaryFolder } from '../helpers/store.ts'

const hour = 3_600_000

/** What happens at the station. `way`: from which release on the bytes are a difference. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('arrive' as const),
      at: fc.nat(7),
      way: fc.constantFrom('whole', 'stick', 'delta', 'wrong'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('cut' as const),
      at: fc.nat(7),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), hours: fc.integer({ min: -10, max: 34 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('undone' as const),
      at: fc.nat(7),
      table: fc.constantFrom('releases', 'catalogue_documents', 'entries', 'documents_in_force'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

type Event = typeof event extends fc.Arbitrary<infer T> ? T : never

/** A station, and beside it what ought to be there by what happened: kept releases by their number, the one in force, the key's turn. */
class Watched implements AsyncDisposable {
  readonly #folder = temporaryFolder()
  readonly #clock = settableClock(new Date(chainStart).toISOString())
  readonly #chain: readonly Link[]
  #station: OpenFeatures
  readonly #kept = new Set<number>()
  #inForce = -1
  #key = keyRing[0]?.publicKey ?? ''

  constructor(chain: readonly Link[]) {
    this.#chain = chain
    this.#station = openStation(join(this.#folder.path, 'station'), this.#clock)
    const facts = { id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }
    this.#station.context.store.station.create(facts, newStationKeys())
    this.#station.catalogue.pin(this.#key)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#station.close()
    this.#folder[Symbol.dispose]()
  }

  async happens(one: Event): Promise<void> {
    const { context } = this.#station
    switch (one.kind) {
      case 'arrive':
        return await this.#arrive(one.at % this.#chain.length, one.way)
      case 'cut': {
        const pack = await packOf(this.#at(one.at).release)
        const before = everyRow(context.store.db)
        const cut = pack.subarray(0, Math.min(pack.length - 1, Math.floor(pack.length * one.part)))
        expect(await this.#outcome(cut, 'whole')).toBe('RELEASE_DAMAGED')
        expect(everyRow(context.store.db)).toEqual(before)
        return
      }
      case 'clock':
        this.#clock.set(new Date(chainStart + one.hours * hour).toISOString())
        applyDue(context)
        return this.#turnDue()
      case 'undone':
        return await this.#undone(one.at % this.#chain.length, one.table)
      case 'restart':
        await this.#station.close()
        this.#station = openStation(join(this.#folder.path, 'station'), this.#clock)
        return
    }
  }

  /** Everything in force, byte for byte, as the release that ought to be. */
  assertRight(): void {
    const { db } = this.#station.context.store
    const here = db.all<{ kind: string; id: string; version: number; body: string }>(
      `SELECT here.kind, here.id, here.version, body FROM documents_in_force AS here
       JOIN catalogue_documents USING (sha256) ORDER BY here.kind, here.id, here.version`,
    )
    const ought = this.#chain[this.#inForce]?.release.documents ?? []
    const lines = (found: readonly { kind: string; id: string; version: number; body: string }[]) =>
      found.map(({ kind, id, version, body }) => `${kind} ${id} ${version} ${body}`).toSorted()
    expect(lines(here)).toEqual(
      lines(ought.map((document) => ({ ...document, body: document.bytes.toString('utf8') }))),
    )
    const kept = db
      .all<{ release: number }>('SELECT release FROM releases ORDER BY release')
      .map(({ release }) => release)
    expect(kept).toEqual([...this.#kept].map((at) => at + 1).toSorted((a, b) => a - b))
    expect(this.#station.catalogue.kept.publisher()).toBe(this.#key)
  }

  /** The newest one whole, and its time: whatever happened before, the station has it, and a rebuild the same rows. */
  async ends(): Promise<void> {
    await this.#arrive(this.#chain.length - 1, 'whole')
    await this.happens({ kind: 'clock', hours: 40 })
    this.assertRight()
    expect(this.#inForce).toBe(this.#chain.length - 1)
    const { ledger } = this.#station.context.store
    const rows = ledger.snapshotTables()
    ledger.rebuild()
    expect(ledger.snapshotTables()).toEqual(rows)
  }

  #at(at: number) {
    return this.#chain[at % this.#chain.length] as Link
  }

  async #outcome(pack: Buffer, way: string): Promise<string> {
    try {
      if (way !== 'stick') await this.#station.catalogue.take(pack, 'clerk')
      else {
        const place = { folder: join(this.#folder.path, 'stick'), file: 'a.cunrelease' }
        mkdirSync(place.folder, { recursive: true })
        writeFileSync(join(place.folder, place.file), pack)
        const caller = { sessionId: 's', account: 'clerk', displayName: '经办人' }
        await this.#station.catalogue.handlers['catalogue.takeFile']?.(place, caller)
      }
      return 'taken'
    } catch (error) {
      return (error as { code?: string }).code ?? String(error)
    }
  }

  /** `wrong`: a difference against a release that need not be here. */
  #baseFor(at: number, way: string): number {
    if (way === 'wrong') return at - 1
    return way === 'delta' ? Math.max(-1, ...[...this.#kept].filter((one) => one < at)) : -1
  }

  async #arrive(at: number, way: string): Promise<void> {
    const base = this.#baseFor(at, way)
    const handovers = this.#chain.slice(base + 1, at).filter(({ handsOver }) => handsOver)
    const pack = await packOf(
      this.#at(at).release,
      this.#chain[base]?.release ?? null,
      handovers.map(({ release }) => release),
    )
    const before = everyRow(this.#station.context.store.db)
    const outcome = await this.#outcome(pack, way)
    const ought = this.#ought(at, base)
    expect(outcome).toBe(ought)
    if (ought !== 'taken') expect(everyRow(this.#station.context.store.db)).toEqual(before)
    else this.#keep(at, base)
    expect(await this.#outcome(pack, way)).toBe(ought)
  }

  #ought(at: number, base: number): string {
    const { by } = this.#at(at)
    if (base >= 0 && !this.#kept.has(base)) return 'RELEASE_GAP'
    if (this.#kept.has(at)) return 'taken'
    const reached = this.#chain.slice(base + 1, at).reduce((key, one, index) => {
      const next = keyRing[keyRing.indexOf(one.by) + 1]?.publicKey ?? ''
      return one.handsOver && one.by.publicKey === key && index >= 0 ? next : key
    }, this.#key)
    // What a key signed before it handed over is an old release of ours, no stranger's.
    const isSpent = keyRing.indexOf(by) < keyRing.findIndex(({ publicKey }) => publicKey === this.#key)
    if (by.publicKey !== reached) return isSpent ? 'RELEASE_OLD' : 'RELEASE_FOREIGN_PUBLISHER'
    return at <= this.#inForce ? 'RELEASE_OLD' : 'taken'
  }

  #keep(at: number, base: number): void {
    if (this.#kept.has(at)) return
    this.#kept.add(at)
    for (const { handsOver, by } of this.#chain.slice(base + 1, at + 1))
      if (handsOver && by.publicKey === this.#key) this.#key = keyRing[keyRing.indexOf(by) + 1]?.publicKey ?? ''
    this.#turnDue()
  }

  #turnDue(): void {
    const now = this.#clock.now().toISOString()
    const due = [...this.#kept].filter((one) => this.#at(one).release.signed.manifest.effectiveAtUtc <= now)
    this.#inForce = Math.max(this.#inForce, ...due)
  }

  /** The disk fails in the middle of keeping or applying: nothing of it is there, and the next try does it. */
  async #undone(at: number, table: string): Promise<void> {
    const { db } = this.#station.context.store
    db.run(`CREATE TRIGGER gone AFTER INSERT ON ${table} BEGIN SELECT raise(ABORT, 'the disk is gone'); END`)
    const before = everyRow(db)
    await this.#outcome(await packOf(this.#at(at).release), 'whole')
    const after = everyRow(db)
    db.run('DROP TRIGGER gone')
    const isKept = JSON.stringify(after.releases) !== JSON.stringify(before.releases)
    if (isKept) {
      this.#kept.add(at)
      this.#key = this.#station.catalogue.kept.publisher() ?? ''
    }
    // Where every document was here already, nothing was written that could fail.
    const isUntouched = JSON.stringify(after.catalogue_applied) === JSON.stringify(before.catalogue_applied)
    expect(isUntouched || (isKept && table === 'catalogue_documents')).toBe(true)
    if (isUntouched) expect(after.documents_in_force).toEqual(before.documents_in_force)
    applyDue(this.#station.context)
    this.#turnDue()
  }
}

test('a station holds byte for byte the newest release whose time has come, whatever came when and how', async () => {
  let taken = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(chainStep, { minLength: 1, maxLength: 6 }),
      fc.array(event, { minLength: 1, maxLength: 10 }),
      async (steps, events) => {
        await using watched = new Watched(chainOf(steps))
        watched.assertRight()
        for (const one of events) {
          await watched.happens(one)
          watched.assertRight()
        }
        await watched.ends()
        taken += 1
      },
    ),
    { numRuns: 30 },
  )
  expect(taken).toBe(30)
})
