import type { CaseView } from '../../../preload/contract/views.ts'

/** Where the clerk stands in the queue. */
export type Place = { readonly view: CaseView; readonly query: string; readonly index: number }

let place: Place = { view: 'mine', query: '', index: 0 }

/** The place as it was left, for the way back from a case. Gone with the page. */
export function keptPlace(): Place {
  return place
}

/** Keeps a place and gives it back. */
export function keepPlace(next: Place): Place {
  place = next
  return next
}
