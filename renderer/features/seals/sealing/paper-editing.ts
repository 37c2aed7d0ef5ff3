import type { SealSlot } from '../../../../preload/contract/seals.ts'
import type { PageBox } from '../../../../preload/contract/verification.ts'
import { activePlacement, type Choices, withPlacement } from './choices.ts'
import { type Corner, type KnownPaper, movedTo, onPage } from './places.ts'

/** What the page offers to the hand: where the date and the fields are, and what moving, taking and laying do. */
export type PaperEditing = {
  readonly active: number
  readonly following: boolean
  readonly laying: boolean
  /** A click on the bare page puts the active seal there. */
  readonly canPut: boolean
  readonly date: PageBox | null
  readonly slots: readonly (PageBox & { readonly name: string })[]
  readonly onMove: (index: number, page: number, corner: Corner) => void
  readonly onTake: (index: number) => void
  readonly onSlot: (page: number, point: Corner) => void
}

const slotSizeMm = 42
const mostSlots = 20

/** The empty fields that are in the paper, and those that the first seal is to lay. */
function slotsOf(known: KnownPaper, laid: readonly SealSlot[]): PaperEditing['slots'] {
  const there = known.places.slots.map((slot) => ({ ...slot, name: slot.field }))
  const planned = laid.map(({ page, xMm, yMm, sizeMm, name }) => ({
    page,
    xMm,
    yMm,
    widthMm: sizeMm,
    heightMm: sizeMm,
    name,
  }))
  return [...there, ...planned]
}

/** One more field around a point, named by `name`; as it was when there are 20 or the page is unknown. */
export function withSlot(choices: Choices, known: KnownPaper, page: number, point: Corner, name: string): Choices {
  const size = known.places.pages[page - 1]
  if (size === undefined || choices.slots.length >= mostSlots) return choices
  const corner = onPage({ xMm: point.xMm - slotSizeMm / 2, yMm: point.yMm - slotSizeMm / 2 }, size, slotSizeMm)
  return { ...choices, slots: [...choices.slots, { page, ...corner, sizeMm: slotSizeMm, name }] }
}

/** Ties the choices to the page: everything that a hand does on it. */
export function editingOf(
  known: KnownPaper,
  choices: Choices,
  diameterMm: number,
  change: (next: (choices: Choices) => Choices) => void,
  slotName: (number: number) => string,
): PaperEditing {
  const placement = activePlacement(choices)
  return {
    active: choices.active,
    following: choices.following,
    laying: choices.laying,
    canPut: placement.kind === 'page',
    date: known.places.date,
    slots: slotsOf(known, choices.certify ? choices.slots : []),
    onMove: (index, page, corner) =>
      change((now) => {
        const moved = now.placements[index]
        if (moved === undefined) return now
        const next = movedTo(moved, page, corner, known, diameterMm)
        return { ...withPlacement(now, index, next), following: false }
      }),
    onTake: (index) => change((now) => (now.following || now.active === index ? now : { ...now, active: index })),
    onSlot: (page, point) => change((now) => withSlot(now, known, page, point, slotName(now.slots.length + 1))),
  }
}
