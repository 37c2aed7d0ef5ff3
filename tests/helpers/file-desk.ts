import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Database } from '../../central/database.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import type { DeskContext } from '../../main/desk/feature.ts'
import { createFiles, type Files } from '../../main/features/files/index.ts'
import { hallProjector } from '../../main/features/hall/projection.ts'
import { createExchange } from '../../main/features/sync/exchange.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { openBlobs, type Projector, type Store } from '../../main/store/index.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { createHttpTransport } from '../../main/wire/transport/http-transport.ts'
import type { Material, StoredFile } from '../../preload/contract/entries.ts'
import { receivedCase } from './centre.ts'
import { appendAll, draftOf, newStationStore, openTestStore, settableClock, testKey } from './store.ts'

/** A station's store with its files feature, without the rest of a desk. */
export type FileDesk = {
  readonly store: Store
  readonly files: Files
  readonly clock: ReturnType<typeof settableClock>
  readonly context: DeskContext
  /** Stores random bytes as a file. */
  readonly keep: (sizeBytes: number, name?: string) => Promise<StoredFile>
  /** 收件 with these files as materials. */
  readonly receive: (files: readonly StoredFile[], promisedDate?: string | null) => string
  readonly append: (kind: string, version: number, subject: string, payload: unknown) => void
  /** A line to the centre that the station is enrolled at, by any address. */
  readonly line: (url: string, stallMs?: number) => CentreClient
  readonly enrol: (database: Database, url: string) => Promise<void>
  readonly enrolWith: (code: string, url: string) => Promise<void>
  /** Sends the entries. */
  readonly exchange: (url: string) => Promise<void>
  /** Sends all files that may go. */
  readonly send: (url: string, options?: Partial<Parameters<Files['run']>[1]>) => Promise<void>
  readonly close: () => void
}

/** Opens a station's store in a folder, made where none is; `more` projectors beside those of files. */
export function openFileDesk(folder: string, isNew = true, more: readonly Projector[] = []): FileDesk {
  const clock = settableClock(new Date().toISOString())
  let context: DeskContext
  const files = createFiles(new Proxy({} as DeskContext, { get: (_, name) => context[name as keyof DeskContext] }), {
    copyFetched: async () => undefined,
    wake: () => undefined,
  })
  const open = isNew ? newStationStore : openTestStore
  const store = open(folder, { clock, projectors: [...more, ...files.projectors, hallProjector] })
  const blobs = openBlobs({ folder: join(folder, 'blobs'), key: testKey })
  context = {
    ...{ store, blobs, clock, emit: () => undefined, log: () => undefined },
    ...{ newId: randomUUID, today: () => '2025-03-03', nowUtc: () => clock.now().toISOString() },
    ...{ dataFolder: folder, resources: '' },
    station: { stationId: '440282104208-1', mode: 'live', townName: '', villageName: '', windowName: '' },
  }
  const line = (url: string, stallMs = 10_000) => {
    const { id: stationId, centre } = store.station.read()
    const transport = createHttpTransport(url, { stallMs, environment: {} })
    const sign = store.station.sign
    return createCentreClient({ baseUrl: url, stationId, sign, centrePublicKey: centre?.publicKey, transport })
  }
  const append = (kind: string, version: number, subject: string, payload: unknown) =>
    void appendAll(store, [draftOf({ kind, version, subject, payload, at: clock.now().toISOString() })])
  const withLine = async (url: string, work: (client: CentreClient) => Promise<void>) => {
    const client = line(url)
    await work(client).finally(() => client.close())
  }
  const enrolWith = (code: string, url: string) =>
    withLine(url, async (client) => {
      const { publicKey } = store.station.read()
      const reply = await client.enrol({ code, windowName: '一号窗口', publicKey })
      store.station.setCentre({ id: reply.centreId, url, publicKey: reply.centrePublicKey })
    })
  return {
    ...{ store, files, clock, context, line, append, enrolWith },
    keep: async (sizeBytes, name = '照片.jpg') => {
      const blob = await blobs.put([randomBytes(sizeBytes)], { limitBytes: 100 << 20 })
      return { ...blob, name, mediaType: 'image/jpeg' }
    },
    receive: (kept, promisedDate = '2026-03-30') => {
      const caseId = randomUUID()
      const materials: Material[] = kept.map((file) => ({
        ...{ materialId: randomUUID(), requirementId: 'photo', file, addedAtUtc: clock.now().toISOString() },
      }))
      const whole = receivedCase(caseId, `测-20250303-${randomInt(1_000, 1_000_000_000)}`)
      const promised = { ...whole.promised, date: promisedDate }
      append('case.received', 1, caseId, { ...whole, materials, promised })
      return caseId
    },
    enrol: async (database, url) => {
      const { code } = await makeEnrolmentCode(database, store.station.read().id, new Date())
      await enrolWith(code, url)
    },
    exchange: (url) =>
      withLine(url, (client) => createExchange(ledgerTail(store)).run(client, new AbortController().signal)),
    send: (url, options = {}) => {
      const signal = new AbortController().signal
      const bounds = { signal, shouldYield: () => false, originalsAllowed: true, ...options }
      return withLine(url, (client) => files.run(client, bounds))
    },
    close: () => store.close(),
  }
}
