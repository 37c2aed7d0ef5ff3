import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createExchange } from '../../main/features/sync/exchange.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys, openStore, type Store } from '../../main/store/index.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import type { Transport, TransportReply, TransportRequest } from '../../main/wire/transport/http-transport.ts'
import { unreachable } from '../../main/wire/transport/link-failures.ts'
import type { Material } from '../../preload/contract/entries.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { receivedCase } from '../helpers/centre.ts'
import { copyAsAfterCrash, testKey } from '../helpers/store.ts'
import type { SentRequest } from './centre.ts'
import type { Chance } from './chance.ts'
import { openSimulatedDesk, type SimulatedDesk } from './desk.ts'

/** A request that waits for what the link does to it. */
export type PendingRequest = {
  readonly request: SentRequest
  readonly answer: (reply: TransportReply) => void
  readonly cut: () => void
}

/** A station of a simulated world: its real store on disk, the real exchange, and a link that only the world moves. */
export class SimulatedStation {
  readonly id: string
  /** Of an error that no link excuses. */
  readonly bugs: unknown[] = []
  /** True once the centre or the station itself saw that there are two of it. */
  isForked = false
  /** True once it went back to an older copy of itself. */
  wasRestored = false
  pending: PendingRequest | undefined
  readonly desk: SimulatedDesk
  readonly #folder: string
  readonly #chance: Chance
  readonly #now: () => number
  #clockOffMs = 0
  #lives = 0
  #backup: string | undefined
  #store: Store | undefined
  #client: CentreClient | undefined
  #running: Promise<void> | undefined
  #stop = new AbortController()
  #heard: (() => void) | undefined
  #cases = 0

  constructor(id: string, folder: string, chance: Chance, now: () => number) {
    this.id = id
    this.#folder = folder
    this.#chance = chance
    this.#now = now
    const ground = { stationId: id, folder, clock: this.clock, store: () => this.store, client: () => this.client() }
    this.desk = openSimulatedDesk(ground)
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('the station is not open')
    return this.#store
  }

  readonly clock = { now: () => new Date(this.#now() + this.#clockOffMs) }

  get isBusy(): boolean {
    return this.#running !== undefined
  }

  /** The first start; `enrol` gives what the centre answered to the station's key. */
  create(): void {
    this.#open()
    const facts = { id: this.id, name: '模拟村', divisionCode: this.id.slice(0, 12), windowName: '一号窗口' }
    this.store.station.create(facts, newStationKeys())
  }

  /** A client over the link that the world moves. */
  client(): CentreClient {
    const { centre } = this.store.station.read()
    this.#client ??= createCentreClient({
      baseUrl: 'http://centre.invalid',
      stationId: this.id,
      centrePublicKey: centre?.publicKey,
      sign: (bytes) => this.store.station.sign(bytes),
      transport: this.#transport(),
      now: () => this.#now() + this.#clockOffMs,
    })
    return this.#client
  }

  /** The centre is known now: the next client believes it alone. */
  forgetClient(): void {
    this.#client = undefined
  }

  /** One 收件 with what it writes, in one transaction. Throws DISK_FULL where the disk is: then nothing was received. `photos` are the bytes of its materials. */
  async receiveCase(photos: readonly Buffer[]): Promise<void> {
    const materials: Material[] = []
    for (const photo of photos) {
      const blob = await this.desk.blobs.put([photo], { limitBytes: 1 << 20 })
      const file = { ...blob, name: '照片.jpg', mediaType: 'image/jpeg' as const }
      const addedAtUtc = this.clock.now().toISOString()
      materials.push({ materialId: crypto.randomUUID(), requirementId: 'photo', file, addedAtUtc })
    }
    this.#cases += 1
    const caseId = crypto.randomUUID()
    const at = this.store.clock.now().toISOString()
    const number = `${this.id}-20260302-${String(this.#lives * 1000 + this.#cases).padStart(4, '0')}`
    const payload = { ...receivedCase(caseId, number), materials }
    const others = Array.from({ length: this.#chance.between(0, 2) }, (_, count) => ({
      kind: 'identity.revealed',
      version: 1,
      subject: caseId,
      actor: 'clerk',
      at,
      payload: { caseId, field: count === 0 ? 'idNumber' : 'phone' },
    }))
    this.store.transaction(() =>
      this.store.ledger.append([
        { kind: 'case.received', version: 1, subject: caseId, actor: 'clerk', at, payload },
        ...others,
      ]),
    )
  }

  /** Begins an exchange and goes on to its first request, or to its end. */
  begin(): Promise<void> {
    return this.#begin((signal) => createExchange(ledgerTail(this.store)).run(this.client(), signal))
  }

  /** Begins to send files, likewise. */
  beginFiles(): Promise<void> {
    const bounds = { shouldYield: () => false, originalsAllowed: true }
    return this.#begin((signal) => this.desk.files.run(this.client(), { ...bounds, signal }))
  }

  /** Begins to hold its days against the centre, likewise. */
  beginReconciling(): Promise<void> {
    return this.#begin(() => this.desk.reconcileAll())
  }

  /** Over the link goes one thing at a time. */
  async #begin(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#running !== undefined) return
    const { signal } = this.#stop
    const running = work(signal).catch((error: unknown) => {
      if (!signal.aborted) this.#note(error)
    })
    this.#running = running
    await this.#untilItWaits(running)
  }

  /** Lets the world's answer to the pending request in, and goes on to the next request or the end. */
  async settle(how: (pending: PendingRequest) => void): Promise<void> {
    const { pending } = this
    const running = this.#running
    if (pending === undefined || running === undefined) return
    this.pending = undefined
    const waiting = this.#untilItWaits(running)
    how(pending)
    await waiting
  }

  /** The power goes: what was committed is there again, what ran is not. */
  kill(): void {
    const folder = this.#life()
    this.#lives += 1
    copyAsAfterCrash(folder, this.#life())
    this.#abandon(folder)
    this.#open()
  }

  backUp(): void {
    this.#backup = join(this.#folder, 'backup')
    rmSync(this.#backup, { recursive: true, force: true })
    copyAsAfterCrash(this.#life(), this.#backup)
  }

  /** Goes back to the last backup; says whether there was one. */
  restore(): boolean {
    if (this.#backup === undefined) return false
    const folder = this.#life()
    const before = this.store.ledger.head().seq
    this.#lives += 1
    mkdirSync(this.#life(), { recursive: true })
    cpSync(this.#backup, this.#life(), { recursive: true })
    this.#abandon(folder)
    this.#open()
    if (this.store.ledger.head().seq < before) this.wasRestored = true
    return true
  }

  jumpClock(milliseconds: number): void {
    this.#clockOffMs = milliseconds
  }

  /** Lets the database grow no further, or again. */
  fillDisk(isFull: boolean): void {
    const { db } = this.store
    const { page_count: pages = 1 } = db.get<{ page_count: number }>('PRAGMA page_count') ?? {}
    db.all(`PRAGMA max_page_count = ${isFull ? pages : 0x7fffffff}`)
  }

  close(): void {
    this.#abandon(this.#life())
  }

  #life(): string {
    return join(this.#folder, `life-${this.#lives}`)
  }

  #open(): void {
    mkdirSync(this.#life(), { recursive: true })
    this.#store = openStore({
      file: join(this.#life(), 'station.db'),
      key: testKey,
      clock: this.clock,
      projectors: this.desk.projectors,
      reserveBytes: 0,
    })
  }

  /** What still ran waits for an answer that never comes. */
  #abandon(folder: string): void {
    this.#stop.abort()
    this.#stop = new AbortController()
    this.#store?.close()
    this.#store = undefined
    this.#client = undefined
    this.#running = undefined
    this.pending = undefined
    rmSync(folder, { recursive: true, force: true })
  }

  #transport(): Transport {
    const life = this.#lives
    return {
      close: () => undefined,
      send: (request) =>
        new Promise((resolve, reject) => {
          void wholeBody(request).then((body) => {
            if (life !== this.#lives) return
            const { method, path, headers } = request
            this.pending = {
              request: { method, path, headers, body },
              answer: resolve,
              cut: () => reject(unreachable('cut')),
            }
            this.#heard?.()
          }, reject)
        }),
    }
  }

  async #untilItWaits(running: Promise<void>): Promise<void> {
    const waits = new Promise<void>((resolve) => {
      this.#heard = resolve
    })
    const ended = running.then(() => {
      if (this.#running === running) this.#running = undefined
    })
    await Promise.race([waits, ended])
  }

  #note(error: unknown): void {
    if (!(error instanceof AppError)) this.bugs.push(error)
    else if (error.code === 'LEDGER_FORKED') this.isForked = true
    else if (!excused.has(error.code)) this.bugs.push(error)
  }
}

/** What a bad link, a full disk or a restored centre may make an exchange end with. */
const excused: ReadonlySet<string> = new Set(['CENTRE_UNREACHABLE', 'DISK_FULL', 'CENTRE_REFUSED'])

async function wholeBody({ body }: TransportRequest): Promise<Buffer | undefined> {
  if (body === undefined || Buffer.isBuffer(body)) return body
  const parts: Uint8Array[] = []
  for await (const part of body.stream) parts.push(part)
  return Buffer.concat(parts)
}
