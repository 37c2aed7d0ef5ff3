import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decideCase, listCases } from '../../central/cases/cases.ts'
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import { createExchange } from '../../main/features/sync/exchange.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys, type Store } from '../../main/store/index.ts'
import { createCentreClient } from '../../main/wire/centre-client.ts'
import { signerOf } from '../../main/wire/signatures.ts'
import { createHttpTransport, type Transport, type TransportRequest } from '../../main/wire/transport/http-transport.ts'
import { unreachable } from '../../main/wire/transport/link-failures.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { receivedCase } from '../helpers/centre.ts'
import { embeddedCentre } from '../helpers/centre-databases.ts'
import { appendAll, draftOf, openTestStore, temporaryFolder } from '../helpers/store.ts'

const embedded = embeddedCentre()
let count = 0

/** What a bad link does to one request. */
type Fault = 'none' | 'request lost' | 'answer lost' | 'doubled' | 'an older one comes again'

/** A real transport whose requests meet the faults given, one after the other; afterwards the link is good. */
function faultyTransport(url: string, faults: Fault[]): Transport {
  const real = createHttpTransport(url)
  const sent: TransportRequest[] = []
  return {
    close: () => real.close(),
    send: async (request) => {
      const fault = faults.shift() ?? 'none'
      if (fault === 'request lost') throw unreachable('cut')
      const older = sent[0]
      if (fault === 'an older one comes again' && older) await real.send(older)
      sent.push(request)
      const { signal: _, ...again } = request
      const [reply] = await Promise.all([real.send(request), fault === 'doubled' ? real.send(again) : undefined])
      if (fault === 'answer lost') throw unreachable('cut')
      // Of two equal requests the centre answers one; which of the two answers comes back is the link's choice.
      if (fault === 'doubled' && reply.status === 409) throw unreachable('cut')
      return reply
    },
  }
}

type Step =
  | { readonly kind: 'receive'; readonly cases: number }
  | { readonly kind: 'decide' }
  | { readonly kind: 'exchange'; readonly faults: Fault[] }

const faults = fc.array(
  fc.constantFrom<Fault>('none', 'request lost', 'answer lost', 'doubled', 'an older one comes again'),
  { maxLength: 4 },
)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('receive' as const), cases: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('decide' as const) }),
    fc.record({ kind: fc.constant('exchange' as const), faults }),
  ),
  { minLength: 1, maxLength: 12 },
)

async function enrolledStore(folder: string): Promise<Store> {
  const store = openTestStore(folder, { clock: systemClock })
  const id = `440282104208-${++count}`
  const keys = newStationKeys()
  store.station.create({ id, name: '测试村', divisionCode: '440282104208', windowName: '一号窗口' }, keys)
  const { code } = await makeEnrolmentCode(embedded.database, id, new Date())
  const client = createCentreClient({ baseUrl: embedded.url, stationId: id, sign: signerOf(keys.privateKey) })
  const reply = await client.enrol({ code, windowName: '一号窗口', publicKey: keys.publicKey })
  client.close()
  store.station.setCentre({ id: reply.centreId, url: embedded.url, publicKey: reply.centrePublicKey })
  return store
}

async function exchangeOver(store: Store, met: Fault[]): Promise<void> {
  const { id, centre } = store.station.read()
  const client = createCentreClient({
    ...{ baseUrl: embedded.url, stationId: id, centrePublicKey: centre?.publicKey },
    sign: (bytes) => store.station.sign(bytes),
    transport: faultyTransport(embedded.url, met),
  })
  try {
    await createExchange(ledgerTail(store)).run(client, new AbortController().signal)
  } finally {
    client.close()
  }
}

async function play(store: Store, step: Step): Promise<void> {
  const stationId = store.station.read().id
  if (step.kind === 'receive') {
    for (let index = 0; index < step.cases; index++) {
      const caseId = crypto.randomUUID()
      const payload = receivedCase(caseId, `${stationId}/${store.ledger.head().seq}`)
      appendAll(store, [draftOf({ kind: 'case.received', subject: caseId, payload })])
    }
  } else if (step.kind === 'decide') {
    const open = (await listCases(embedded.database, 10_000)).find(
      (one) => one.stationId === stationId && one.state === 'received',
    )
    const accepted = { decision: 'accepted', reason: '', officer: '测试员' } as const
    if (open !== undefined) await decideCase(embedded.database, open.caseId, accepted, new Date())
  } else {
    const failure = await exchangeOver(store, [...step.faults]).catch((error: { code?: string }) => error.code)
    expect([undefined, 'CENTRE_UNREACHABLE']).toContain(failure)
  }
}

test('whatever the link does, in the end both sides hold the same entries and decisions, each once', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (played) => {
      using folder = temporaryFolder()
      const store = await enrolledStore(folder.path)
      try {
        for (const step of played) await play(store, step)
        await exchangeOver(store, [])
        const stationId = store.station.read().id
        const atCentre = await embedded.database.query(
          'select seq, hash from entries where station_id = $1 order by seq',
          [stationId],
        )
        const ours = store.ledger.readEntries({ limit: 10_000 })
        const sentDown = await embedded.database.query<{ cursor: number }>(
          'select cursor from feed where station_id = $1 order by cursor',
          [stationId],
        )
        const applied = store.db.all('SELECT cursor FROM feed_items ORDER BY cursor')
        const cases = (await listCases(embedded.database, 10_000)).filter((one) => one.stationId === stationId)
        expect(atCentre).toEqual(ours.map(({ seq, hash }) => ({ seq, hash })))
        expect(applied).toEqual(sentDown)
        expect(cases).toHaveLength(ours.filter(({ kind }) => kind === 'case.received').length)
        expect(store.ledger).toSatisfy(
          (ledger: Store['ledger']) => ledger.verify().ok && ledger.acknowledged().seq === ours.length,
        )
      } finally {
        store.close()
      }
    }),
    { numRuns: 40 },
  )
})
