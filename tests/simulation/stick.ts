// Owns: a stick that goes between stations and centre, by the real feature of one and the real import of the other.
// Does not own: the world's chances (world.ts).
// Start here: `SimulatedStick`.
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BundleGround, takeBundle } from '../../central/bundles/import.ts'
import { Refusal } from '../../central/refusal.ts'
import type { DeskContext } from '../../main/desk/feature.ts'
import { createBundles } from '../../main/features/bundles/index.ts'
import { applyFeedPage } from '../../main/features/sync/service.ts'
import type { Store } from '../../main/store/index.ts'
import { answerFileName, bundleFolder, isBundleFileName } from '../../main/wire/bundle/format.ts'
import { fileSource } from '../../main/wire/bundle/reader.ts'
import { todayInShanghai } from '../../preload/contract/calendar.ts'
import type { Clock } from '../../preload/contract/clock.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { BundleJob } from '../../preload/contract/sync.ts'
import { DiedInTransaction } from './centre.ts'
import type { Chance } from './chance.ts'
import type { SimulatedDesk } from './desk.ts'

/** What of a station stands at the stick. */
export type StickDesk = { readonly store: Store; readonly clock: Clock; readonly desk: SimulatedDesk }

/** A stick in a simulated world: a folder, into which stations and the centre write and from which they read. */
export class SimulatedStick {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
  }

  /** A station writes what waits. Says whether there was anything. */
  async exportFrom(from: StickDesk, withFiles: boolean): Promise<boolean> {
    return await this.#job(from, 'bundle.export', { stickId: this.#folder, withFiles })
  }

  /** The centre takes in one of the bundles, perhaps not for the first time, and writes its answer beside it. */
  async importAt(ground: BundleGround, chance: Chance): Promise<boolean> {
    const file = chance.oneOf(this.#files(false))
    if (file === undefined) return false
    const path = join(this.#folder, bundleFolder, file)
    await using handle = await open(path, 'r')
    const parts: Buffer[] = []
    try {
      await takeBundle(ground, await fileSource(handle), '', async (bytes) => void parts.push(bytes))
      await writeFile(join(this.#folder, bundleFolder, answerFileName(file)), Buffer.concat(parts))
      return true
    } catch (error) {
      // Of a station in two lives, spoilt, or the centre was killed in the middle.
      if (error instanceof Refusal || error instanceof DiedInTransaction) return false
      throw error
    }
  }

  /** A station takes in one of its answers, perhaps an old one. Says whether there was one. */
  async applyAt(at: StickDesk, chance: Chance): Promise<boolean> {
    const file = chance.oneOf(this.#files(true).filter((name) => name.startsWith(at.store.station.read().id)))
    if (file === undefined) return false
    return await this.#job(at, 'bundle.apply', { stickId: this.#folder, file })
  }

  /** A byte of some file is not what it was. */
  async spoil(chance: Chance): Promise<boolean> {
    const file = chance.oneOf([...this.#files(false), ...this.#files(true)])
    if (file === undefined) return false
    const path = join(this.#folder, bundleFolder, file)
    const bytes = await readFile(path)
    const at = chance.between(0, bytes.length - 1)
    bytes[at] = (bytes[at] ?? 0) ^ chance.between(1, 255)
    await writeFile(path, bytes)
    return true
  }

  /** The bundles on it, or the answers to them; not what was left unfinished. */
  #files(answers: boolean): string[] {
    const folder = join(this.#folder, bundleFolder)
    if (!existsSync(folder)) return []
    const names = readdirSync(folder).filter(isBundleFileName).toSorted()
    return names.filter((name) => (answerFileName(name) === name) === answers)
  }

  /** Runs one job of the real feature to its end; a refusal of the stick is no fault. */
  async #job(at: StickDesk, call: 'bundle.export' | 'bundle.apply', input: object): Promise<boolean> {
    const { store, desk } = at
    process.env.CUNCHUANG_STICKS = this.#folder
    let resolve: (job: BundleJob) => void = () => undefined
    const promise = new Promise<BundleJob>((settle) => {
      resolve = settle
    })
    const bugs: unknown[] = []
    const bundles = createBundles(contextOver(at, resolve, bugs), {
      unconfirmedFiles: () =>
        desk.files
          .next({ offset: 0, limit: 10_000 })
          .map(({ sha256, sizeBytes, kind, copyOf }) => ({ sha256, sizeBytes, class: kind, copyOf })),
      takeReceipts: desk.files.noteReceipts,
      acknowledge: (head) => store.ledger.acknowledge(head),
      applyFeedPage: (page) => void applyFeedPage(store, page),
      send: () => {
        throw new AppError('LINK_DOWN')
      },
    })
    const caller = { sessionId: 'simulated', account: 'clerk', displayName: '模拟员' }
    const handler = bundles.handlers[call] as (given: object, caller: object) => Promise<unknown>
    try {
      await handler(input, caller)
    } catch (error) {
      if (error instanceof AppError) return false
      throw error
    }
    const { state } = await promise
    if (bugs.length > 0) throw bugs[0]
    return state === 'done'
  }
}

/** What the bundles' feature uses of a desk. */
function contextOver({ store, clock, desk }: StickDesk, ended: (job: BundleJob) => void, bugs: unknown[]): DeskContext {
  const context: Partial<DeskContext> = {
    ...{ store, clock, blobs: desk.blobs },
    station: { stationId: store.station.read().id, mode: 'live', townName: '', villageName: '', windowName: '' },
    newId: () => crypto.randomUUID(),
    today: () => todayInShanghai(clock.now()),
    nowUtc: () => clock.now().toISOString(),
    emit: ({ event, payload }) => {
      if (event === 'bundle' && payload.state !== 'running') ended(payload)
    },
    log: (_what, error) => void bugs.push(error),
  }
  return context as DeskContext
}
