import { type Box, inDots, inMillimetres, regionsOf } from './boxes.ts'
import { maskOf } from './compare.ts'
import type { OpenPage } from './open-documents.ts'
import type { Pdfium } from './pdfium.ts'
import { dotsThatFit, dotsToSee, drawPart, fullPage, type Picture, type View } from './pictures.ts'

/** What was to be read in a rectangle before and is not to be read any more. */
export type HiddenContent = { readonly isHidden: boolean; readonly boxes: readonly Box[] }

/** 200 dots an inch: the strokes of small print are two dots wide. */
const dotsPerMm = 200 / 25.4
/** Dots this far apart that differed much were the edge of a stroke. */
const edgeReach = 2
/** Colour differences from 0 to 255, in the channel where they are greatest. */
const [edgeContrast, lostContrast] = [64, 24]
/** Brightness from 0 to 255: what was darker than the first and gained the second has been painted over or taken away. */
const [darkBelow, lighterBy] = [128, 48]
/** Smaller losses are single dots; a decimal point or the stroke of a digit is larger. */
const smallestDots = 1.9

/**
 * Finds what stood under `box` and can no longer be read: dark dots that became lighter, and edges of strokes that are
 * gone, as under an opaque patch of any colour. A seal drawn to multiply with what lies under it hides nothing.
 * Looks at the page as shown and as printed.
 */
export function findHidden(pdfium: Pdfium, before: OpenPage, after: OpenPage, box: Box): HiddenContent {
  // By the size of what is looked at: on a page of five metres it would be a speck.
  const dots = dotsThatFit(box, dotsToSee(before, dotsPerMm))
  const part = inDots(box, dots, fullPage(before, dots))
  if (part.right <= part.left || part.bottom <= part.top) return { isHidden: false, boxes: [] }
  const picture = (page: OpenPage, view: View) => drawPart(pdfium, page, part, fullPage(page, dots), view)
  const lost = new Uint8Array((part.right - part.left) * (part.bottom - part.top))
  for (const view of ['screen', 'print'] as const) markLost(lost, picture(before, view), picture(after, view))
  const boxes = regionsOf(maskOf(lost, { width: part.right - part.left, height: part.bottom - part.top }))
    .map((region) => inMillimetres(region, dots))
    .filter(({ widthMm, heightMm }) => widthMm * dots >= smallestDots && heightMm * dots >= smallestDots)
    .map((region) => ({ ...region, xMm: region.xMm + part.left / dots, yMm: region.yMm + part.top / dots }))
  return { isHidden: boxes.length > 0, boxes }
}

function markLost(lost: Uint8Array, before: Picture, after: Picture): void {
  const { width, height } = before
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const right = x + edgeReach < width ? at + edgeReach : at
      const below = y + edgeReach < height ? at + edgeReach * width : at
      if (becameLighter(before, after, at) || lostEdge(before, after, at, right) || lostEdge(before, after, at, below))
        lost[at] = 1
    }
  }
}

function becameLighter(before: Picture, after: Picture, at: number): boolean {
  const was = brightness(before, at)
  return was < darkBelow && brightness(after, at) > was + lighterBy
}

function lostEdge(before: Picture, after: Picture, a: number, b: number): boolean {
  return contrast(before, a, b) >= edgeContrast && contrast(after, a, b) < lostContrast
}

/** Brightness of a dot by ITU-R BT.601. */
function brightness({ data }: Picture, at: number): number {
  return 0.299 * (data[at * 4] ?? 0) + 0.587 * (data[at * 4 + 1] ?? 0) + 0.114 * (data[at * 4 + 2] ?? 0)
}

function contrast({ data }: Picture, a: number, b: number): number {
  let most = 0
  for (let channel = 0; channel < 3; channel++)
    most = Math.max(most, Math.abs((data[a * 4 + channel] ?? 0) - (data[b * 4 + channel] ?? 0)))
  return most
}
