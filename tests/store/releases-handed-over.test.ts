import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nameDesk } from '../../central/standards/desks.ts'
import { registerPublisher } from '../../central/standards/publishers.ts'
import { publishRelease } from '../../central/standards/releases.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { enrolAt } from '../../main/desk/joining.ts'
import { createStandards } from '../../main/features/standards/index.ts'
import { createExchange } from '../../main/features/sync/exchange.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys } from '../../main/store/index.ts'
import type { CatalogueDocument } from '../../main/wire/catalogue/documents.ts'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { makeKeyPair } from '../../main/wire/signatures.ts'
import type { CatalogueManifest, CatalogueStatus } from '../../preload/contract/catalogue.ts'
import type { StandardsDesk } from '../../preload/contract/standards/publishing.ts'
import { changed, packOf, releaseAfter, sampleDocuments, type TestRelease, withChanged } from '../helpers/catalogues.ts'
import { startGateway, type TestGateway } from '../helpers/centre.ts'
import { databaseForFile } from '../helpers/file-database.ts'
import { openStation } from '../helpers/reconciling.ts'
import { failureOf, settableClock, temporaryFolder } from '../helpers/store.ts'

const start = '2026-03-02T12:00:00.000Z'
const later = '2026-03-10T16:00:00.000Z'
const id = '440282104208-2'
const [old, next, third] = [makeKeyPair(), makeKeyPair(), makeKeyPair()]
const documents = sampleDocuments(2)
const matter = documents.find(({ kind }) => kind === 'matter') as CatalogueDocument
const first = releaseAfter(null, documents, old, { madeAtUtc: start, effectiveAtUtc: start })

const files = databaseForFile()
let folder: ReturnType<typeof temporaryFolder>
let clock: ReturnType<typeof settableClock>
let gateway: TestGateway
let station: OpenFeatures

beforeEach(async () => {
  folder = temporaryFolder()
  clock = settableClock(start)
  gateway = await startGateway(files.database, () => clock.now())
  const order = { publicKey: old.publicKey, county: '440282', name: '县政数局', ifNone: false }
  await registerPublisher(files.database, order, clock.now())
})
afterEach(async () => {
  await station.close()
  await gateway.stop()
  expect(gateway.bugs).toEqual([])
  folder[Symbol.dispose]()
})

const renamed = (previous: TestRelease, name: string, by = old, more: Partial<CatalogueManifest> = {}) => {
  const before = previous.documents.find((one) => one.id === matter.id) as CatalogueDocument
  const changedOne = withChanged(previous.documents, changed(before, { name }))
  return releaseAfter(previous, changedOne, by, { madeAtUtc: start, effectiveAtUtc: start, ...more })
}
const publish = async (...releases: TestRelease[]) => {
  for (const release of releases) await publishRelease(files.database, await packOf(release), clock.now())
}
const status = () => station.catalogue.handlers['catalogue.status']?.({}, null) as CatalogueStatus
const codeOf = async (release: TestRelease) => {
  const { code, details } = await failureOf(async () => station.catalogue.take(await packOf(release), 'clerk'))
  return [code, details]
}

const nobody = () => Promise.reject(new Error('nobody is asked here'))

/** Lets a station in now, as a new machine is. */
async function letIn(): Promise<void> {
  station = openStation(join(folder.path, 'station'), clock, id)
  const facts = { id, name: '测试村', divisionCode: id.slice(0, 12), windowName: '二号窗口' }
  station.context.store.station.create(facts, newStationKeys())
  const { code } = await makeEnrolmentCode(files.database, id, clock.now())
  const reply = await enrolAt(station.context, { centreUrl: gateway.url, code })
  station.catalogue.pin(reply.publisherKey ?? '', reply.publisherBefore)
}

function centreLine() {
  const { store } = station.context
  return createCentreClient({
    ...{ baseUrl: gateway.url, stationId: id, centrePublicKey: store.station.read().centre?.publicKey },
    sign: (bytes) => store.station.sign(bytes),
    now: () => clock.now().getTime(),
  })
}

/** Hears what the centre has to say, and fetches it. */
async function hear(): Promise<void> {
  const { store } = station.context
  const client = centreLine()
  await createExchange(ledgerTail(store)).run(client, new AbortController().signal)
  const bounds = { signal: new AbortController().signal, shouldYield: () => false, onBytes: () => undefined }
  await station.catalogue.fetch({ send: client.send, route: 'centre' }, bounds)
  client.close()
}

describe('a station that was let in after the publisher handed over', () => {
  test('calls what he signed before an old release, what the old key signs since a stranger’s, and never takes that key back', async () => {
    const handover = renamed(first, '交接', old, { nextPublisherKey: next.publicKey })
    const again = renamed(handover, '又交接', next, { nextPublisherKey: third.publicKey })
    const fourth = renamed(again, '新密钥', third)
    await publish(first, handover, again, fourth)
    await letIn()
    await hear()
    const back = renamed(fourth, '又交回去', third, { nextPublisherKey: old.publicKey })
    const said = [
      await codeOf(first),
      await codeOf(again),
      await codeOf(renamed(again, '旧密钥又签', old)),
      await codeOf(renamed(again, '旧密钥又签', next)),
      await codeOf(back),
    ]
    expect(said).toEqual([
      ['RELEASE_OLD', { release: 1, inForce: 4 }],
      ['RELEASE_OLD', { release: 3, inForce: 4 }],
      ['RELEASE_FOREIGN_PUBLISHER', {}],
      ['RELEASE_FOREIGN_PUBLISHER', {}],
      ['RELEASE_KEY_USED', { release: 5 }],
    ])
    expect([status().inForce?.release, station.catalogue.kept.line()]).toEqual([4, old.publicKey])
  })

  test('has the catalogue where the handover is the newest release, and where it is still to come', async () => {
    const handover = renamed(first, '交接', old, { nextPublisherKey: next.publicKey, effectiveAtUtc: later })
    await publish(first, handover)
    await letIn()
    await hear()
    const before = [status().inForce?.release, status().waiting.map(({ release, state }) => [release, state])]
    clock.set(later)
    station.catalogue.start?.()
    await publish(renamed(handover, '新密钥签的', next, { madeAtUtc: later, effectiveAtUtc: later }))
    await hear()
    expect([before, status().inForce?.release, status().refused]).toEqual([[1, [[2, 'here']]], 3, []])
  })

  test('believes no stick that the old key signed and the centre never told of', async () => {
    const handover = renamed(first, '交接', old, { nextPublisherKey: next.publicKey })
    await publish(first, handover)
    await letIn()
    const forged = renamed(first, '偷了旧密钥的人签的', old)
    expect([await codeOf(forged), await codeOf(handover)]).toEqual([
      ['RELEASE_OLD', { release: 2, inForce: 0, handedOver: 2 }],
      ['RELEASE_OLD', { release: 2, inForce: 0, handedOver: 2 }],
    ])
    await hear()
    expect([status().inForce?.release, await codeOf(forged)]).toEqual([2, ['RELEASE_OLD', { release: 2, inForce: 2 }]])
  })

  test('can be the publishing desk: it fetches what was signed before, too', async () => {
    const handover = renamed(first, '交接', old, { nextPublisherKey: next.publicKey })
    await publish(first, handover, renamed(handover, '新密钥签的', next))
    await letIn()
    await hear()
    await nameDesk(files.database, { stationId: id, isDesk: true }, clock.now())
    const client = centreLine()
    const { catalogue, cases, drafts, matters, accounts } = station
    const standards = createStandards(station.context, {
      ...{ catalogue: catalogue.kept, take: catalogue.take, client: () => client, knowsYear: () => true },
      ...{ casesByVersion: cases.openByVersion, draftsByVersion: drafts.byVersion, draftsByTheme: drafts.byTheme },
      nameOf: matters.nameOf,
      ...{ roleOf: (account) => accounts.find(account)?.role, displayName: accounts.displayName },
      ...{ checkPin: nobody, nameOfStick: nobody, writeToStick: nobody },
    })
    const desk = standards.handlers['standards.desk'] as (input: object, who: object) => StandardsDesk
    const begin = standards.handlers['standards.begin'] as (input: object, who: object) => object
    begin({ kind: 'matter', id: matter.id, version: matter.version }, { account: 'clerk' })
    await standards.catchUp(client)
    client.close()
    expect(desk({}, {}).releases.map(({ release }) => release)).toEqual([3, 2, 1])
  })
})
