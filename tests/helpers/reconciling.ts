// Owns: a station with its real store and features, and a centre in this process, for what both hold of a day.
// Does not own: the link's loop (sync.test.ts), desks in processes of their own (desk.ts).
// Start here: `startPair`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, openEmbedded } from '../../central/database.ts'
import { migrate } from '../../central/migrations/index.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { type OpenFeatures, openFeatures } from '../../main/desk/compose.ts'
import { createExchange } from '../../main/features/sync/exchange.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { signerOf } from '../../main/wire/signatures.ts'
import type { Material } from '../../preload/contract/entries.ts'
import { receivedCase, startGateway, type TestGateway } from './centre.ts'
import { resourcesFolder } from './desk.ts'
import { settableClock, testKey } from './store.ts'

/** The station of these tests; nobody real. */
export const stationId = '440282104208-1'

/** A station and its centre on one clock. */
export type Pair = {
  readonly clock: ReturnType<typeof settableClock>
  database: Database
  gateway: TestGateway
  station: OpenFeatures
  client: CentreClient
  /** What the last questions cost: bytes of bodies in both directions, and how many questions. */
  readonly asked: { count: number; bytes: number }
  /** Sends and fetches until both ends agree. */
  exchange(): Promise<void>
  /** Puts a case into the station's ledger; tells its id. */
  receive(materials?: readonly Material[]): string
  stop(): Promise<void>
}

const stationFacts = {
  ...({ stationId, mode: 'training', townName: '乌迳镇', villageName: '测试村', windowName: '一号窗口' } as const),
}

/** Opens the station's folder with every feature; nothing runs by itself. */
export function openStation(
  folder: string,
  clock: Pair['clock'],
  id = stationId,
  resources = resourcesFolder,
): OpenFeatures {
  mkdirSync(folder, { recursive: true })
  const ground = { clock, emit: () => {}, log: () => {}, dataFolder: folder, resources }
  return openFeatures({ ...ground, station: { ...stationFacts, stationId: id } }, testKey)
}

/** Starts an enrolled station in `folder` and its centre, whose database is opened by `open`. */
export async function startPair(
  folder: string,
  start: string,
  open: () => Promise<Database> = openEmbedded,
): Promise<Pair> {
  const clock = settableClock(start)
  const database = await open()
  await migrate(database)
  const gateway = await startGateway(database, () => clock.now())
  const station = openStation(join(folder, 'station'), clock)
  const keys = newStationKeys()
  station.context.store.station.create(
    { id: stationId, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' },
    keys,
  )
  const { code } = await makeEnrolmentCode(database, stationId, clock.now())
  const first = createCentreClient({
    baseUrl: gateway.url,
    stationId,
    sign: signerOf(keys.privateKey),
    now: () => clock.now().getTime(),
  })
  const reply = await first.enrol({ code, windowName: '一号窗口', publicKey: keys.publicKey })
  first.close()
  const { store } = station.context
  store.station.setCentre({ id: reply.centreId, url: gateway.url, publicKey: reply.centrePublicKey })
  const pair: Pair = {
    ...{ clock, database, gateway, station, asked: { count: 0, bytes: 0 } },
    client: countingClient(() => pair),
    exchange: () =>
      createExchange(ledgerTail(pair.station.context.store)).run(pair.client, new AbortController().signal),
    receive: (materials = []) => receive(pair, materials),
    stop: async () => {
      pair.client.close()
      await pair.station.close()
      await pair.gateway.stop()
      await pair.database.close()
    },
  }
  return pair
}

/** A client to wherever the pair's gateway is now, which counts what is asked. */
function countingClient(pair: () => Pair): CentreClient {
  const clients = new Map<string, CentreClient>()
  const now = (): CentreClient => {
    const { gateway, station, clock } = pair()
    const { centre } = station.context.store.station.read()
    const client =
      clients.get(gateway.url) ??
      createCentreClient({
        ...{ baseUrl: gateway.url, stationId, centrePublicKey: centre?.publicKey },
        sign: (bytes) => pair().station.context.store.station.sign(bytes),
        now: () => clock.now().getTime(),
      })
    clients.set(gateway.url, client)
    return client
  }
  return new Proxy({} as CentreClient, {
    get: (_, name) => {
      if (name === 'close') return () => [...clients.values()].forEach((client) => void client.close())
      if (name !== 'send') return now()[name as keyof CentreClient]
      return async (request: Parameters<CentreClient['send']>[0]) => {
        const reply = await now().send(request)
        const { asked } = pair()
        asked.count += 1
        asked.bytes += (Buffer.isBuffer(request.body) ? request.body.byteLength : 0) + reply.body.byteLength
        return reply
      }
    },
  })
}

let numbers = 0

function receive({ station, clock }: Pair, materials: readonly Material[]): string {
  const { store, newId, today, nowUtc } = station.context
  const caseId = newId()
  numbers += 1
  const localNumber = `${stationId}-${today().replaceAll('-', '')}-${String(numbers).padStart(4, '0')}`
  const payload = { ...receivedCase(caseId, localNumber), receivedAtUtc: nowUtc(), materials }
  const draft = { kind: 'case.received', version: 1, subject: caseId, actor: 'clerk', at: clock.now().toISOString() }
  store.transaction(() => store.ledger.append([{ ...draft, payload }]))
  return caseId
}
