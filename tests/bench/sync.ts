import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openEmbedded } from '../../central/database.ts'
import { migrate } from '../../central/migrations/index.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { casesProjector } from '../../main/features/cases/projection.ts'
import { createLink } from '../../main/features/sync/link.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys, openStore, type Store } from '../../main/store/index.ts'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { startGateway } from '../helpers/centre.ts'
import { type LinkEmulator, type LinkShape, startLinkEmulator } from '../helpers/link-emulator.ts'
import type { Row } from './row.ts'
import { installPeers, type PeerDocument, type PeerResult, runPlainJson, runPouch } from './sync-peers.ts'
import { inventWireCase } from './wire-cases.ts'

/** A village's link: 16 kbit/s each way, 2 s round trip, everything cut every 30 s. */
const village: LinkShape = {
  upBytesPerSecond: 2000,
  downBytesPerSecond: 2000,
  delayMs: 1000,
  cutEveryMs: 30_000,
}

const cases = 500
/** Six minutes: what ours may take at most, and what each peer is given. */
const limitMs = 360_000

/**
 * 500 queued text cases of invented people over the village's link: ours (the real store, link and gateway, on PGlite), PouchDB
 * replicating to express-pouchdb, and a POST a case of plain JSON, each over a link of its own; ours first, so that no peer
 * takes the processor that its times are measured with, then the peers at the same time. A case is what a 收件 writes: a form of
 * 20 answers and its receipt's two entries; the peers are given the form alone.
 */
export async function benchSync(): Promise<Row[]> {
  const missing = installPeers()
  const documents = Array.from({ length: cases }, (_, number): PeerDocument => {
    const { received } = inventWireCase(number + 1, Date.parse('2026-11-23T00:31:07.412Z') + number * 120_000)
    return { _id: received.caseId, ...received }
  })
  const nothing: PeerResult = { arrived: 0, seconds: 0, upBytes: 0 }
  const ours = await runOurs()
  const [pouch, plain] = await Promise.all([
    missing === undefined ? runPouch(documents, village, limitMs) : nothing,
    runPlainJson(documents, village, limitMs),
  ])
  const ideal = ours.upBytes / 2000
  return [
    {
      what: `sync: ${cases} cases (${cases * 3} entries) over 16 kbit/s, 2 s round trip, cut every 30 s; ${ours.connections} connections, ${ours.twice} doubled`,
      median: `${ours.seconds.toFixed(0)} s, ${ours.arrived} arrived`,
      target: '< 360 s, all, once',
      met: ours.seconds < 360 && ours.arrived === cases && ours.twice === 0,
      peer: `PouchDB ${missing === undefined ? told(pouch) : `skipped: ${missing}`}; plain JSON ${told(plain)}`,
      ratio: `${rate(pouch, ours)}; ${rate(plain, ours)}`,
    },
    {
      what: 'sync: the same, against bytes ÷ bandwidth',
      median: (ours.seconds / ideal).toFixed(2),
      target: '≤ 1.5',
      met: ours.seconds / ideal <= 1.5,
    },
    {
      what: 'sync: bytes upwards a case, everything on the wire counted (headers, repeats after cuts, questions)',
      median: `${(ours.upBytes / cases).toFixed(0)} B`,
      target: '≤ 1,024 B',
      met: ours.upBytes / cases <= 1024,
      peer: `PouchDB ${perCase(pouch)}; plain JSON ${perCase(plain)}`,
      ratio: `${share(pouch, ours)}; ${share(plain, ours)}`,
    },
  ]
}

const told = ({ arrived, seconds }: PeerResult) => `${arrived} in ${seconds.toFixed(0)} s`
const perCase = ({ arrived, upBytes }: PeerResult) =>
  arrived === 0 ? 'none arrived' : `${(upBytes / arrived).toFixed(0)} B`
/** Cases a second of ours over the peer's. */
const rate = (peer: PeerResult, ours: PeerResult) =>
  peer.arrived === 0 ? '∞' : (ours.arrived / ours.seconds / (peer.arrived / peer.seconds)).toFixed(1)
const share = (peer: PeerResult, ours: PeerResult) =>
  peer.arrived === 0 ? '∞' : (peer.upBytes / peer.arrived / (ours.upBytes / ours.arrived)).toFixed(1)

type OurResult = PeerResult & { readonly twice: number; readonly connections: number }

async function runOurs(): Promise<OurResult> {
  const folder = mkdtempSync(join(tmpdir(), 'cunchuang-bench-'))
  const database = await openEmbedded()
  await migrate(database)
  const gateway = await startGateway(database)
  const emulator = await startLinkEmulator(gateway.url)
  const store = openStore({
    file: join(folder, 'station.db'),
    key: new Uint8Array(32).fill(7),
    clock: systemClock,
    projectors: [casesProjector({ calendars: () => [], standard: () => undefined })],
  })
  try {
    const id = '440282104208-1'
    const keys = newStationKeys()
    store.station.create({ id, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }, keys)
    const { code } = await makeEnrolmentCode(database, id, new Date())
    const stranger = createCentreClient({ baseUrl: gateway.url, stationId: id, sign: store.station.sign })
    const centre = await stranger.enrol({ code, windowName: '一号窗口', publicKey: keys.publicKey })
    stranger.close()
    const baseUrl = emulator.url
    const { centrePublicKey } = centre
    store.station.setCentre({ id: centre.centreId, url: baseUrl, publicKey: centrePublicKey })
    const client = createCentreClient({ baseUrl, stationId: id, centrePublicKey, sign: store.station.sign })
    await sendFirstBatch(store, () => client)
    queueCases(store)
    const result = await sendOverVillage(store, emulator, () => client)
    client.close()
    const [held] = await database.query<{ arrived: number; entries: number; different: number }>(
      `select (select count(*)::integer from cases where matter_code like 'SAMPLE-%') as arrived,
         count(*)::integer as entries, count(distinct seq)::integer as different from entries`,
    )
    return { ...result, arrived: held?.arrived ?? 0, twice: (held?.entries ?? 0) - (held?.different ?? 0) }
  } finally {
    store.close()
    await emulator.stop()
    await gateway.stop()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Client = () => ReturnType<typeof createCentreClient>

function linkOf(store: Store, client: Client) {
  return createLink({
    tail: ledgerTail(store),
    client,
    clock: systemClock,
    switchedOn: true,
    keepSwitch: () => undefined,
  })
}

/** The target is for what follows the first batch: station and catalogue are known to the centre by then. */
async function sendFirstBatch(store: Store, client: Client): Promise<void> {
  store.transaction(() => {
    const at = systemClock.now().toISOString()
    const payload = { account: 'clerk' }
    store.ledger.append([{ kind: 'session.opened', version: 1, subject: 'station', actor: 'clerk', at, payload }])
  })
  const link = linkOf(store, client)
  await link.sendNow()
  await link.stop()
}

/** What 500 收件 with their sealed receipts write. */
function queueCases(store: Store): void {
  for (let number = 1; number <= cases; number++) {
    const atMs = Date.parse('2026-11-23T00:31:07.412Z') + number * 120_000
    const { received, made, sealed } = inventWireCase(number, atMs)
    const subject = received.caseId
    const drafted = (kind: string, version: number, afterMs: number, payload: unknown) => ({
      ...{ kind, version, subject, actor: 'clerk', payload },
      at: new Date(atMs + afterMs).toISOString(),
    })
    store.transaction(() => {
      const [entry] = store.ledger.append([drafted('case.received', 1, 0, received)])
      const quotes = { quotesSeq: entry?.seq, quotesHash: entry?.hash }
      store.ledger.append([
        drafted('document.made', 1, 310 + (number % 97), { ...made, ...quotes }),
        drafted('document.sealed', 2, 420 + (number % 89), sealed),
      ])
    })
  }
}

async function sendOverVillage(
  store: Store,
  emulator: LinkEmulator,
  client: Client,
): Promise<{ seconds: number; upBytes: number; connections: number }> {
  emulator.cut()
  emulator.shape(village)
  const [upBefore, connectionsBefore] = [emulator.upBytes(), emulator.connections()]
  const link = linkOf(store, client)
  const started = performance.now()
  link.start()
  while (store.ledger.acknowledged().seq < store.ledger.head().seq && performance.now() - started < limitMs * 2)
    await wait(100)
  const seconds = (performance.now() - started) / 1000
  const upBytes = emulator.upBytes() - upBefore
  await link.stop()
  return { seconds, upBytes, connections: emulator.connections() - connectionsBefore }
}
