/**
 * The digits of a division code (GB/T 2260, 统计用区划代码) that name the place, without the zeros that say "all of it":
 * `440282113000` → `440282113` (a town), `440282000000` → `440282` (the county), `440200` → `4402` (the prefecture), `440000` → `44`
 * (the province). A place lies in another where its digits begin with the other's. Anything that is no code stays as it is: it
 * names nowhere.
 */
export function placeDigits(code: string): string {
  return isDivisionCode(code)
    ? code.replace(/(?<=^\d{6,})(000)+$/, '').replace(/(?<=^\d{2}|^\d{4})(00)+(?=$)/, '')
    : code
}

/** Whether a text has the form of a code: of a county and what holds it (6 digits), a town (9) or a village (12). */
export function isDivisionCode(code: string): boolean {
  return /^(\d{6}|\d{9}|\d{12})$/.test(code)
}

/**
 * Whether a matter is taken in at a window (收件的镇村): everywhere where its standard names no place by a code, else where a place that it
 * names holds the window's, and at a town hall's or the county's window where one lies in it: in an outage that works for all of them.
 * @param divisions codes of villages (12 digits), towns (9), counties and what holds them (6); what is no code says nothing.
 * @param division the window's own: a village's, a town's (`440282113000`) or the county's (`440282000000`).
 */
export function isTakenInAt(divisions: readonly string[], division: string): boolean {
  const places = divisions.filter(isDivisionCode).map(placeDigits)
  if (places.length === 0) return true
  const here = placeDigits(division)
  return places.some((place) => here.startsWith(place) || place.startsWith(here))
}

/** The division of a window by its id: `440282113201` of `440282113201-1`. */
export function divisionOf(stationId: string): string {
  return stationId.slice(0, 12)
}
