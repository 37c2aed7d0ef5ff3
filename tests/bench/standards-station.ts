// Owns: a station of the standards' benches: a folder, a store and a key of its own, every feature of the desk, enrolled at a centre.
// Does not own: desks in processes of their own (tests/helpers/desk.ts).
// Start here: `openBenchStation`.
import { mkdirSync } from 'node:fs'
import { type OpenFeatures, openFeatures } from '../../main/desk/compose.ts'
import { enrolAt } from '../../main/desk/joining.ts'
import { newStationKeys } from '../../main/store/index.ts'
import type { CatalogueStatus } from '../../preload/contract/catalogue.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { resourcesFolder } from '../helpers/desk.ts'
import { testKey } from '../helpers/store.ts'

/** Which village's window a station is. */
export type BenchPlace = { readonly stationId: string; readonly villageName: string; readonly townName: string }

/** A place for benches of one station. */
export const onePlace: BenchPlace = { stationId: '440282104208-1', villageName: '测试村', townName: '测试镇' }

/** Opens a station in a folder of its own, which may be new; nothing runs by itself yet. What it logs goes to `log`. */
export function openBenchStation(
  folder: string,
  place: BenchPlace,
  log: (what: string, error?: unknown) => void = () => undefined,
): OpenFeatures {
  mkdirSync(folder, { recursive: true })
  const station = { ...place, mode: 'live', windowName: '一号窗口' } as const
  const ground = { clock: systemClock, emit: () => undefined, log, dataFolder: folder, resources: resourcesFolder }
  const features = openFeatures({ ...ground, station }, testKey)
  const divisionCode = place.stationId.slice(0, 12)
  const facts = { id: place.stationId, name: place.villageName, divisionCode, windowName: station.windowName }
  const { station: row } = features.context.store
  if (row.find() === undefined) row.create(facts, newStationKeys())
  return features
}

/** Lets it in at the centre by a one-time code; from then on the centre's publisher counts here. */
export async function enrolBenchStation(
  { context, catalogue }: Pick<OpenFeatures, 'context' | 'catalogue'>,
  place: { readonly centreUrl: string; readonly code: string },
): Promise<void> {
  const { publisherKey } = await enrolAt(context, place)
  if (typeof publisherKey !== 'string') throw new Error('the centre has no publisher')
  catalogue.pin(publisherKey)
}

/** What the station's own window would show of the catalogue. */
export function statusOf({ handlers }: Pick<OpenFeatures, 'handlers'>): CatalogueStatus {
  const status = handlers['catalogue.status']?.({}, null)
  if (status === undefined || status instanceof Promise) throw new Error('the catalogue answers at once')
  return status
}
