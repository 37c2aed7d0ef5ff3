import { join } from 'node:path'
import type { OpenFeatures } from '../../main/desk/compose.ts'
import { readSample } from '../../main/features/catalogue/sample.ts'
import { newStationKeys } from '../../main/store/index.ts'
import type { makeKeyPair } from '../../main/wire/signatures.ts'
import { packOf, releaseAfter, type TestRelease } from './catalogues.ts'
import { resourcesFolder } from './desk.ts'
import { openStation, stationId } from './reconciling.ts'
import type { settableClock } from './store.ts'

/** A new station in a folder, the samples in force there as release 1 of a publisher. Gives that release too: the next one follows it. */
export async function openSampleStation(
  folder: string,
  clock: ReturnType<typeof settableClock>,
  publisher: ReturnType<typeof makeKeyPair>,
): Promise<{ readonly station: OpenFeatures; readonly first: TestRelease }> {
  const station = openStation(join(folder, 'station'), clock)
  const facts = { id: stationId, name: '测试村', divisionCode: stationId.slice(0, 12), windowName: '一号窗口' }
  station.context.store.station.create(facts, newStationKeys())
  station.catalogue.pin(publisher.publicKey)
  const first = releaseAfter(null, readSample(resourcesFolder).documents, publisher)
  await station.catalogue.take(await packOf(first), 'clerk')
  return { station, first }
}
