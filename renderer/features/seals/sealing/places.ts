import type { Paper, Placement, SealingPlaces } from '../../../../preload/contract/seals.ts'
import type { PageBox } from '../../../../preload/contract/verification.ts'

/** A page as it is shown, in millimetres of paper. */
export type PageSize = { readonly widthMm: number; readonly heightMm: number }

/** The upper left corner of a seal's square on its page, in millimetres. */
export type Corner = { readonly xMm: number; readonly yMm: number }

/** How much higher than its date's middle a receipt has the seal's. */
const receiptRiseMm = 1.5
/** How far down the seal the date's middle lies. */
const dateDepth = 0.62
/** How near the date a seal is drawn onto it. */
const snapMm = 6
/** Narrower strips would be lost in the cut of the paper; the desk shares seals out over pages in the same way. */
const leastStripMm = 1.5
const mostStrips = 20

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(value, Math.max(least, most)))

/** Tenths of a millimetre: finer than anybody places a stamp. */
const tidy = (mm: number) => Math.round(mm * 10) / 10

/** Millimetres of paper behind a point of the screen, where the page stands at `rect` (CSS pixels). */
export function toMillimetres(
  point: { readonly clientX: number; readonly clientY: number },
  rect: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  page: PageSize,
): Corner {
  return {
    xMm: ((point.clientX - rect.left) / rect.width) * page.widthMm,
    yMm: ((point.clientY - rect.top) / rect.height) * page.heightMm,
  }
}

/** The nearest place at which the whole seal lies on the page. */
export function onPage(corner: Corner, page: PageSize, diameterMm: number): Corner {
  return {
    xMm: tidy(within(corner.xMm, 0, page.widthMm - diameterMm)),
    yMm: tidy(within(corner.yMm, 0, page.heightMm - diameterMm)),
  }
}

/** A seal moved by an arrow key: 1 mm, with Shift 10 mm; null for any other key. */
export function nudged(
  corner: Corner,
  event: { readonly key: string; readonly shiftKey: boolean },
  page: PageSize,
  diameterMm: number,
): Corner | null {
  const step = event.shiftKey ? 10 : 1
  const moves: Record<string, readonly [number, number]> = {
    ArrowLeft: [-step, 0],
    ArrowRight: [step, 0],
    ArrowUp: [0, -step],
    ArrowDown: [0, step],
  }
  const move = moves[event.key]
  if (move === undefined) return null
  return onPage({ xMm: corner.xMm + move[0], yMm: corner.yMm + move[1] }, page, diameterMm)
}

/** The corner of a seal whose middle lies on the middle of a box. */
export function centredOn(box: Omit<PageBox, 'page'>, diameterMm: number): Corner {
  return {
    xMm: tidy(box.xMm + box.widthMm / 2 - diameterMm / 2),
    yMm: tidy(box.yMm + box.heightMm / 2 - diameterMm / 2),
  }
}

/** Over the date of the 落款, so that it lies a little below the seal's middle (GB/T 9704-2012, 7.3.5). The desk does the same. */
export function overDate(date: Omit<PageBox, 'page'>, diameterMm: number): Corner {
  const { xMm } = centredOn(date, diameterMm)
  return { xMm: Math.max(0, xMm), yMm: Math.max(0, tidy(date.yMm + date.heightMm / 2 - diameterMm * dateDepth)) }
}

/** A seal drawn onto the date of the 落款 where it is near: each way by itself, so that a guide line can show which. */
export function snapped(
  corner: Corner,
  date: PageBox | null,
  page: number,
  diameterMm: number,
): { readonly corner: Corner; readonly across: boolean; readonly down: boolean } {
  if (date === null || date.page !== page) return { corner, across: false, down: false }
  const aim = overDate(date, diameterMm)
  const across = Math.abs(corner.xMm - aim.xMm) <= snapMm
  const down = Math.abs(corner.yMm - aim.yMm) <= snapMm
  return { corner: { xMm: across ? aim.xMm : corner.xMm, yMm: down ? aim.yMm : corner.yMm }, across, down }
}

/** Where a seal goes on a page when nobody says: the lower right, as under a date. The desk does the same. */
export function lowerRight(page: PageSize, diameterMm: number): Corner {
  return onPage({ xMm: page.widthMm - diameterMm - 25, yMm: page.heightMm - diameterMm - 30 }, page, diameterMm)
}

/** The strip of a page (page from 1): the `index`th of `count` that make one whole seal. More than 20 pages make several seals. */
export function seamStrip(
  page: number,
  pages: number,
  diameterMm: number,
): { readonly index: number; readonly count: number } {
  const most = Math.max(2, Math.min(mostStrips, Math.floor(diameterMm / leastStripMm)))
  const rounds = Math.max(1, Math.ceil(pages / most))
  let first = 1
  for (let round = 0; round < rounds; round++) {
    const count = Math.floor(pages / rounds) + (round < pages % rounds ? 1 : 0)
    if (page < first + count) return { index: page - first, count }
    first += count
  }
  return { index: 0, count: 1 }
}

/** A seal as it will show on one page. `strip` is there for a 骑缝章. */
export type Mark = {
  /** Its number among the placements. */
  readonly index: number
  readonly page: number
  readonly corner: Corner
  readonly strip: { readonly index: number; readonly count: number; readonly side: 'left' | 'right' } | null
}

/** What is known of a paper: its places, and where a text stands in it. */
export type KnownPaper = {
  readonly kind: Paper['kind']
  readonly places: SealingPlaces
  readonly found: readonly PageBox[]
}

/** The page on which a placement shows; null where it has none in this paper, or shows on all. */
export function pageOf(placement: Placement, known: KnownPaper): number | null {
  const { places } = known
  switch (placement.kind) {
    case 'page':
      return placement.page <= places.pages.length ? placement.page : null
    case 'date':
      return places.date?.page ?? null
    case 'anchor':
      return anchorBox(placement.occurrence, known.found)?.page ?? null
    case 'slot':
      return places.slots.find(({ field }) => field === placement.field)?.page ?? null
    case 'usual':
      return places.date?.page ?? places.pages.length
    case 'seam':
      return null
  }
}

const anchorBox = (occurrence: 'first' | 'last', found: readonly PageBox[]) =>
  occurrence === 'first' ? found[0] : found.at(-1)

/** Where a placement shows on a page of a paper; null where it does not. */
export function markOn(
  page: number,
  placement: Placement,
  index: number,
  known: KnownPaper,
  diameterMm: number,
): Mark | null {
  const size = known.places.pages[page - 1]
  if (size === undefined) return null
  if (placement.kind === 'seam') return seamMark(page, placement, index, known, diameterMm)
  if (pageOf(placement, known) !== page) return null
  const corner = cornerOf(placement, known, size, diameterMm)
  return corner === null ? null : { index, page, corner: onPage(corner, size, diameterMm), strip: null }
}

type OnePage = Exclude<Placement, { kind: 'seam' }>

function cornerOf(placement: OnePage, known: KnownPaper, size: PageSize, diameterMm: number): Corner | null {
  const { date, slots } = known.places
  switch (placement.kind) {
    case 'page':
      return placement
    case 'date':
      return date === null ? null : overDate(date, diameterMm)
    case 'usual':
      return usualCorner(known, size, diameterMm)
    case 'slot': {
      const slot = slots.find(({ field }) => field === placement.field)
      return slot === undefined ? null : centredOn(slot, diameterMm)
    }
    case 'anchor': {
      const box = anchorBox(placement.occurrence, known.found)
      if (box === undefined) return null
      const middle = centredOn(box, diameterMm)
      return { xMm: middle.xMm + placement.rightMm, yMm: middle.yMm + placement.downMm }
    }
  }
}

/** A receipt has its seal on the middle of its date, another paper over it; without one the lower right. */
function usualCorner({ kind, places: { date } }: KnownPaper, size: PageSize, diameterMm: number): Corner {
  if (date === null) return lowerRight(size, diameterMm)
  if (kind === 'own') return overDate(date, diameterMm)
  const { xMm, yMm } = centredOn(date, diameterMm)
  return { xMm, yMm: yMm - receiptRiseMm }
}

function seamMark(
  page: number,
  placement: Extract<Placement, { kind: 'seam' }>,
  index: number,
  { places }: KnownPaper,
  diameterMm: number,
): Mark | null {
  const size = places.pages[page - 1]
  if (size === undefined || places.pages.length < 2) return null
  const strip = seamStrip(page, places.pages.length, diameterMm)
  const widthMm = diameterMm / strip.count
  const yMm = within(placement.yMm ?? (size.heightMm - diameterMm) / 2, 0, size.heightMm - diameterMm)
  const xMm = placement.side === 'left' ? 0 : size.widthMm - widthMm
  const shown = placement.side === 'left' ? strip.count - 1 - strip.index : strip.index
  return { index, page, corner: { xMm, yMm }, strip: { index: shown, count: strip.count, side: placement.side } }
}

/** The same placement after its seal was moved to `corner` on `page`. What has no place of its own becomes a place on the page; a field stays. */
export function movedTo(
  placement: Placement,
  page: number,
  corner: Corner,
  known: KnownPaper,
  diameterMm: number,
): Placement {
  if (placement.kind === 'slot') return placement
  if (placement.kind === 'seam') return { ...placement, yMm: corner.yMm }
  const box = placement.kind === 'anchor' ? anchorBox(placement.occurrence, known.found) : undefined
  if (placement.kind === 'anchor' && box !== undefined) {
    const middle = centredOn(box, diameterMm)
    return { ...placement, rightMm: tidy(corner.xMm - middle.xMm), downMm: tidy(corner.yMm - middle.yMm) }
  }
  return { kind: 'page', page, xMm: corner.xMm, yMm: corner.yMm }
}

/** What a paper suggests: its first empty field, else the date of its 落款, else where its kind is sealed. */
export function suggestedPlacement(places: SealingPlaces): Placement {
  const slot = places.slots[0]
  if (places.certified && slot !== undefined) return { kind: 'slot', field: slot.field }
  return places.date === null ? { kind: 'usual' } : { kind: 'date' }
}
