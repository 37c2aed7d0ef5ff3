import type { SealView } from '../../../preload/contract/seals.ts'
import type { StationStatus } from '../../../preload/contract/views.ts'

/** Whether a seal is the village's own committee's, by the name on it. */
export function isOwnSeal({ organisation }: SealView, { townName, villageName }: StationStatus): boolean {
  return organisation.includes(`${townName}${villageName.replace(/[村居]委会$/u, '')}`)
}

/** The village's own seals before those of others, each kind in the order it came in. */
export function ownFirst(seals: readonly SealView[], station: StationStatus): readonly SealView[] {
  return [true, false].flatMap((own) => seals.filter((seal) => isOwnSeal(seal, station) === own))
}

/**
 * The PIN that may stand on the screen: in training, of the seal that the first start made for the station's own committee.
 * Null for every other seal, whose PIN only its maker knows.
 */
export function trainingPinOf(seal: SealView, station: StationStatus): string | null {
  return station.training !== null && isOwnSeal(seal, station) ? station.training.sealPin : null
}
