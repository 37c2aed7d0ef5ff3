import { townOf } from './form/divisions.ts'

/** `乌迳镇 新田村 1 号窗口` of a station's id (division code, dash, number of the window); the id itself where no such division is known. */
export function divisionOfStation(stationId: string): string {
  const [code = '', window = ''] = stationId.split('-')
  const town = townOf(code)
  const village = town?.villages.find((found) => found.code === code)
  return village === undefined ? stationId : `${town?.name ?? ''} ${village.name} ${window} 号窗口`.trim()
}
