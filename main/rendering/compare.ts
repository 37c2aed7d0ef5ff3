import pixelmatch from 'pixelmatch'
import { type Box, type DotBox, inDots, inMillimetres, type Mask, regionsOf } from './boxes.ts'
import type { OpenPage } from './open-documents.ts'
import type { Pdfium } from './pdfium.ts'
import { dotsThatFit, dotsToSee, draw, type Picture, type View } from './pictures.ts'

/** How two pages are compared. */
export type CompareOptions = {
  /** Where changes are expected, such as a later seal's: nothing in there counts, and it is framed in blue. */
  readonly ignore?: readonly Box[]
  /** Passes over differences of smoothed edges: for files made anew, not for revisions, which draw alike to the dot. */
  readonly forgiveSmoothing?: boolean
}

/** What differs between two pages. */
export type PageDifference = {
  /** The share of dots that differ, 0 to 1. */
  readonly share: number
  /** Rectangles around what differs, from the top. */
  readonly boxes: readonly Box[]
  readonly before: Picture
  readonly after: Picture
  /** The page as it is now, faded, with what differs in red and framed. */
  readonly difference: Picture
}

/** About 100 dots an inch: a changed digit of small print is several dots wide. */
const dotsPerMm = 100 / 25.4

/** Share of the greatest colour distance below which two dots are the same to the eye. */
const threshold = 0.02

/** Edges are smoothed, and placed on whole dots: this much around what is passed over is passed over with it. */
const marginMm = 0.5

const grown = (box: Box): Box => ({
  xMm: box.xMm - marginMm,
  yMm: box.yMm - marginMm,
  widthMm: box.widthMm + 2 * marginMm,
  heightMm: box.heightMm + 2 * marginMm,
})

/** What a page that is missing on one side is drawn as. */
const noPage = 0xff808080

/**
 * Compares two pages, as shown and as printed. A page that only one side has differs everywhere; so do pages of
 * different sizes where they do not overlap.
 */
export function comparePages(
  pdfium: Pdfium,
  pages: { readonly before: OpenPage | undefined; readonly after: OpenPage | undefined },
  options: CompareOptions,
): PageDifference {
  const shown = [pages.before, pages.after].filter((page) => page !== undefined)
  const size = {
    widthMm: Math.max(...shown.map(({ widthMm }) => widthMm)),
    heightMm: Math.max(...shown.map(({ heightMm }) => heightMm)),
  }
  const dots = dotsThatFit(size, dotsToSee(size, dotsPerMm))
  const pictures = (view: View) => sameSize(shownOrNothing(pages.before, view), shownOrNothing(pages.after, view))
  const shownOrNothing = (page: OpenPage | undefined, view: View) =>
    page === undefined ? undefined : draw(pdfium, page, dots, view)
  const [before, after] = pictures('screen')
  const ignored = (options.ignore ?? []).map((box) => inDots(grown(box), dots, after))
  const differs = new Uint8Array(after.width * after.height)
  mark(differs, before, after, options)
  mark(differs, ...pictures('print'), options)
  for (const box of ignored) clear(differs, box, after.width)
  const regions = regionsOf(maskOf(differs, after))
  return {
    share: differs.reduce((sum, one) => sum + one, 0) / differs.length,
    boxes: regions.map((region) => inMillimetres(region, dots)),
    before,
    after,
    difference: drawDifference(after, differs, regions, ignored),
  }
}

/** What differs within a mask of ones and zeroes. */
export function maskOf(dots: Uint8Array, { width, height }: { width: number; height: number }): Mask {
  return { width, height, has: (at) => dots[at] === 1 }
}

function mark(differs: Uint8Array, before: Picture, after: Picture, options: CompareOptions): void {
  const { width, height } = after
  const found = new Uint8ClampedArray(after.data.length)
  const includeAA = options.forgiveSmoothing !== true
  pixelmatch(before.data, after.data, found, width, height, {
    threshold,
    includeAA,
    diffMask: true,
    checkerboard: false,
  })
  for (let at = 0; at < differs.length; at++) if (found[at * 4 + 3] !== 0) differs[at] = 1
}

function clear(dots: Uint8Array, { left, top, right, bottom }: DotBox, width: number): void {
  for (let y = top; y < bottom; y++) dots.fill(0, y * width + left, y * width + right)
}

/** Both pictures on sheets of one size; where a page does not reach, the sheet is grey. */
function sameSize(before: Picture | undefined, after: Picture | undefined): [Picture, Picture] {
  const width = Math.max(before?.width ?? 0, after?.width ?? 0)
  const height = Math.max(before?.height ?? 0, after?.height ?? 0)
  const onSheet = (picture: Picture | undefined): Picture => {
    if (picture?.width === width && picture.height === height) return picture
    const sheet = new Uint32Array(width * height).fill(noPage)
    if (picture !== undefined) {
      const dots = new Uint32Array(picture.data.buffer)
      for (let y = 0; y < picture.height; y++)
        sheet.set(dots.subarray(y * picture.width, (y + 1) * picture.width), y * width)
    }
    return { width, height, data: new Uint8ClampedArray(sheet.buffer) }
  }
  return [onSheet(before), onSheet(after)]
}

/** Alpha, blue, green, red. */
const [red, blue] = [0xff1f1fd4, 0xffd07716]
const frameGap = 4

function drawDifference(
  after: Picture,
  differs: Uint8Array,
  regions: readonly DotBox[],
  ignored: readonly DotBox[],
): Picture {
  const faded = after.data.map((value, at) => (at % 4 === 3 ? 255 : 165 + Math.round(value * 0.353)))
  const picture = { width: after.width, height: after.height, data: faded }
  const dots = new Uint32Array(faded.buffer)
  for (let at = 0; at < dots.length; at++) if (differs[at] === 1) dots[at] = red
  for (const box of ignored) frame(picture, box, 1, blue)
  for (const box of regions) frame(picture, outset(box, frameGap), 2, red)
  return picture
}

const outset = (box: DotBox, by: number): DotBox => ({
  left: box.left - by,
  top: box.top - by,
  right: box.right + by,
  bottom: box.bottom + by,
})

/** Draws a frame inside `box`, cut off at the picture's edge. */
function frame({ width, height, data }: Picture, box: DotBox, thickness: number, colour: number): void {
  const dots = new Uint32Array(data.buffer)
  const [left, top] = [Math.max(0, box.left), Math.max(0, box.top)]
  const [right, bottom] = [Math.min(width, box.right), Math.min(height, box.bottom)]
  for (let y = top; y < bottom; y++) {
    const isEdge = y < top + thickness || y >= bottom - thickness
    if (isEdge) dots.fill(colour, y * width + left, y * width + right)
    else {
      dots.fill(colour, y * width + left, y * width + Math.min(right, left + thickness))
      dots.fill(colour, y * width + Math.max(left, right - thickness), y * width + right)
    }
  }
}
