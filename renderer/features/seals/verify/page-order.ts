import type { PageComparison } from '../../../../preload/contract/seals.ts'
import type { CheckedSeal, PdfVerdict } from '../../../../preload/contract/verification.ts'

/** So many pages are compared by themselves; more only when somebody looks at them. */
const mostByItself = 60

/** What is known of a page since a seal. */
export type PageState = 'waiting' | 'same' | 'changed' | 'sealed' | 'added' | 'removed'

/** How a compared page stands; `waiting` while it is not compared. */
export function pageState(comparison: PageComparison | undefined): PageState {
  if (comparison === undefined) return 'waiting'
  if (!comparison.before) return 'added'
  if (!comparison.after) return 'removed'
  if (comparison.boxes.length > 0) return 'changed'
  return comparison.sealBoxes.length > 0 ? 'sealed' : 'same'
}

/** The pages that a change since the seal names, what is not allowed first. */
function namedPages(seal: CheckedSeal): readonly number[] {
  const changes = [...seal.changes].sort((one, other) => Number(one.allowed) - Number(other.allowed))
  return [...new Set(changes.flatMap(({ page }) => (page === null ? [] : [page])))]
}

/** How many pages there are to look at: those of now, and those that a change names. */
export function pagesToShow(verdict: PdfVerdict, seal: CheckedSeal): number {
  return Math.max(1, verdict.pages, ...namedPages(seal))
}

/** In which order pages are compared: those with changes first, then from the front; none where nothing came after. */
export function orderOfPages(verdict: PdfVerdict, seal: CheckedSeal): readonly number[] {
  if (seal.coversWholeFile) return []
  const pages = Array.from({ length: pagesToShow(verdict, seal) }, (_, index) => index + 1)
  return [...new Set([...namedPages(seal), ...pages])].slice(0, mostByItself)
}

/** The seal to look at first: the first after which something was changed, else the first that is not valid, else the oldest. */
export function sealToShow(verdict: PdfVerdict): number {
  const changed = verdict.seals.findIndex((seal) => seal.changes.some(({ allowed }) => !allowed))
  const bad = verdict.seals.findIndex((seal) => seal.verdict !== 'valid' && seal.kind !== 'timestamp')
  return Math.max(0, changed >= 0 ? changed : bad)
}
