import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { isDivisionCode, placeDigits } from '../../../preload/contract/standards/scope.ts'
import type { Tell } from './telling.ts'

/** The places of a county with their names, by code: 6 digits for the county, 9 for a town, 12 for a village. */
export type Divisions = ReadonlyMap<string, string>

const remedy = '从本县的镇村里选，或删去；全县都收的，一个也不写'

/** Whether a place is one of the county's, or holds the county: its prefecture, its province. */
function isOurs(place: string, known: Divisions): boolean {
  return known.has(place) || (place.length < 6 && [...known.keys()].some((ours) => ours.startsWith(place)))
}

/** Tells of places that no window stands in: their matter would be taken in nowhere, without anybody saying why. */
export function checkScope({ divisions }: MatterStandard, tell: Tell, known: Divisions | undefined): void {
  const places = divisions.map(placeDigits)
  divisions.forEach((code, at) => {
    const place = placeDigits(code)
    if (!isDivisionCode(code) || (known !== undefined && !isOurs(place, known))) {
      tell('must', ['divisions', at], `“${code}”不是本县的镇村代码`, remedy)
      return
    }
    const nameOf = (digits: string) => known?.get(digits) ?? digits
    const around = places.find((other) => other !== place && isDivisionCode(other) && place.startsWith(other))
    if (places.indexOf(place) < at) tell('should', ['divisions', at], `${nameOf(place)}写了两次`, '删去一个')
    else if (around !== undefined)
      tell('should', ['divisions', at], `${nameOf(place)}已经在${nameOf(around)}里了`, '删去其中一个')
  })
}
