/** A rectangle on a page as it is shown, in millimetres from the page's upper left corner. */
export type Box = { readonly xMm: number; readonly yMm: number; readonly widthMm: number; readonly heightMm: number }

/** A rectangle of dots; `right` and `bottom` lie just outside. */
export type DotBox = { left: number; top: number; right: number; bottom: number }

/** Dots nearer than about this many cells belong to one region. */
const cellDots = 4

/** More regions than this are told as the one rectangle around them all: nobody looks at fifty frames. */
const mostRegions = 50

/** Says of each dot whether it counts. */
export type Mask = { readonly width: number; readonly height: number; readonly has: (at: number) => boolean }

/** The rectangles around what is set in a mask: neighbours within a few dots are one region, overlapping rectangles one. */
export function regionsOf(mask: Mask): DotBox[] {
  const across = Math.ceil(mask.width / cellDots)
  const cells = cellBoxes(mask, across)
  const regions: DotBox[] = []
  for (const start of cells.keys()) {
    const region = takeRegion(cells, start, across)
    if (region !== undefined) regions.push(region)
  }
  const merged = mergeOverlapping(regions)
  return merged.length > mostRegions
    ? [merged.reduce(around)]
    : merged.toSorted((a, b) => a.top - b.top || a.left - b.left)
}

function cellBoxes(mask: Mask, across: number): Map<number, DotBox> {
  const cells = new Map<number, DotBox>()
  for (let y = 0, at = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, at++) {
      if (!mask.has(at)) continue
      const cell = Math.floor(y / cellDots) * across + Math.floor(x / cellDots)
      const dot = { left: x, top: y, right: x + 1, bottom: y + 1 }
      const box = cells.get(cell)
      cells.set(cell, box === undefined ? dot : around(box, dot))
    }
  }
  return cells
}

/** Takes a cell and all that touch it, and those that touch them, out of `cells`. */
function takeRegion(cells: Map<number, DotBox>, start: number, across: number): DotBox | undefined {
  const first = cells.get(start)
  if (first === undefined) return undefined
  let region = first
  const waiting = [start]
  cells.delete(start)
  for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
    const column = cell % across
    for (const [dx, dy] of neighbours) {
      if (column + dx < 0 || column + dx >= across) continue
      const next = cell + dy * across + dx
      const box = cells.get(next)
      if (box === undefined) continue
      cells.delete(next)
      waiting.push(next)
      region = around(region, box)
    }
  }
  return region
}

const neighbours = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy] as const))

/** The smallest rectangle that holds both. */
export function around(a: DotBox, b: DotBox): DotBox {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

const overlap = (a: DotBox, b: DotBox): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

function mergeOverlapping(regions: readonly DotBox[]): DotBox[] {
  // Thousands of specks are one change of the whole page; comparing each with each would take minutes.
  if (regions.length > 1000) return [regions.reduce(around)]
  let boxes = [...regions]
  for (let count = Number.POSITIVE_INFINITY; boxes.length < count; ) {
    count = boxes.length
    const merged: DotBox[] = []
    for (const box of boxes) {
      const at = merged.findIndex((other) => overlap(other, box))
      const other = merged[at]
      if (other === undefined) merged.push(box)
      else merged[at] = around(other, box)
    }
    boxes = merged
  }
  return boxes
}

/** Dots to millimetres. */
export function inMillimetres({ left, top, right, bottom }: DotBox, dotsPerMm: number): Box {
  return {
    xMm: left / dotsPerMm,
    yMm: top / dotsPerMm,
    widthMm: (right - left) / dotsPerMm,
    heightMm: (bottom - top) / dotsPerMm,
  }
}

/** Millimetres to the dots that they touch, kept within the picture. */
export function inDots(box: Box, dotsPerMm: number, picture: { width: number; height: number }): DotBox {
  const clamp = (value: number, most: number): number => Math.min(most, Math.max(0, value))
  return {
    left: clamp(Math.floor(box.xMm * dotsPerMm), picture.width),
    top: clamp(Math.floor(box.yMm * dotsPerMm), picture.height),
    right: clamp(Math.ceil((box.xMm + box.widthMm) * dotsPerMm), picture.width),
    bottom: clamp(Math.ceil((box.yMm + box.heightMm) * dotsPerMm), picture.height),
  }
}
