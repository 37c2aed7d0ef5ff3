// Owns: a machine that takes the place of a pair's station, with its real store and features.
// Does not own: the pair (reconciling.ts), desks in processes of their own (desk.ts).
// Start here: `replaceStation`.
import { makeEnrolmentCode } from '../../central/stations/enrolment.ts'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { createExchange } from '../../main/features/sync/exchange.ts'
import { ledgerTail } from '../../main/features/sync/service.ts'
import { newStationKeys } from '../../main/store/index.ts'
import { type CentreClient, createCentreClient } from '../../main/wire/centre-client.ts'
import { makeKeyPair, signerOf } from '../../main/wire/signatures.ts'
import { signerWith } from './catalogues.ts'
import { openStation, type Pair, stationId } from './reconciling.ts'

/** The machine in the lost one's place. */
export type Successor = {
  readonly station: OpenFeatures
  readonly client: CentreClient
  /** Sends and fetches until both ends agree. */
  exchange(): Promise<void>
  stop(): Promise<void>
}

/** The id of the successor; nobody real. */
export const successorId = '440282104208-2'

/** Enrols a new machine in the place of the pair's station. Without the sample catalogue it knows no matter. */
export async function replaceStation(
  pair: Pair,
  folder: string,
  { withCatalogue = true, centreUrl = pair.gateway.url } = {},
): Promise<Successor> {
  const station = openStation(folder, pair.clock, successorId)
  const { store } = station.context
  const keys = newStationKeys()
  store.station.create({ id: successorId, name: '测试村', divisionCode: '440282104208', windowName: '二号窗口' }, keys)
  if (withCatalogue) await station.catalogue.releaseSample(signerWith(makeKeyPair()))
  const line = (centrePublicKey: string | undefined) =>
    createCentreClient({
      ...{ baseUrl: centreUrl, stationId: successorId, centrePublicKey, sign: signerOf(keys.privateKey) },
      now: () => pair.clock.now().getTime(),
    })
  const { code } = await makeEnrolmentCode(pair.database, successorId, pair.clock.now(), stationId)
  const first = line(undefined)
  const reply = await first.enrol({ code, windowName: '二号窗口', publicKey: keys.publicKey })
  first.close()
  store.station.setCentre({ id: reply.centreId, url: centreUrl, publicKey: reply.centrePublicKey })
  const client = line(reply.centrePublicKey)
  return {
    station,
    client,
    exchange: () => createExchange(ledgerTail(store)).run(client, new AbortController().signal),
    stop: async () => {
      client.close()
      await station.close()
    },
  }
}
