import type { SealView } from '../../../preload/contract/seals.ts'
import type { StationStatus } from '../../../preload/contract/views.ts'

/**
 * The PIN that may stand on the screen: in training, of the seal that the first start made for the station's own committee.
 * Null for every other seal, whose PIN only its maker knows.
 */
export function trainingPinOf(seal: SealView, { training, townName, villageName }: StationStatus): string | null {
  const village = villageName.replace(/[村居]委会$/u, '')
  return training !== null && seal.organisation.includes(`${townName}${village}`) ? training.sealPin : null
}
