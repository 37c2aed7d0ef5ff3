import type { HallCase } from '../../../../preload/contract/sync.ts'

/** Who has a case of the hall in hand: nobody, this window, or another one. By the station: windows of a village may share a name. */
export function takenByOf(hallCase: HallCase, stationId: string): 'nobody' | 'mine' | 'others' {
  if (hallCase.takenBy === '') return 'nobody'
  return hallCase.takenById === stationId ? 'mine' : 'others'
}
