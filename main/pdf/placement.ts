import { PDFArray, PDFNumber } from 'pdf-lib'
import { AppError } from '../../preload/contract/errors.ts'
import type { PdfFile, PdfPage } from './reader.ts'
import { pointsPerMm } from './seal-drawing.ts'
import { damaged } from './syntax.ts'

/**
 * Where a seal's square (its sides the seal's diameter) lies on a page as the page is shown: `page` from 1, `xMm` and
 * `yMm` from the page's upper left corner to the square's upper left corner.
 */
export type SealPlace = { readonly page: number; readonly xMm: number; readonly yMm: number }

/** A page as it is shown: after CropBox, /Rotate and /UserUnit. */
export type PageSize = { readonly widthMm: number; readonly heightMm: number }

type Box = readonly [left: number, bottom: number, right: number, top: number]

/** The size of a page as shown, in millimetres of paper. Throws PDF_DAMAGED for a page without a usable box. */
export function pageSize(file: PdfFile, page: PdfPage): PageSize {
  const [left, bottom, right, top] = visibleBox(page)
  const perMm = unitsPerMm(file, page)
  const [width, height] = [(right - left) / perMm, (top - bottom) / perMm]
  return turns(page) % 2 === 0 ? { widthMm: width, heightMm: height } : { widthMm: height, heightMm: width }
}

/**
 * The annotation rectangle in the page's own units, and the matrix that turns the seal upright where the page is shown
 * turned (ISO 32000-1, 12.5.5: the viewer moves the turned box into the rectangle).
 */
export function placeOnPage(file: PdfFile, page: PdfPage, place: SealPlace, diameterMm: number) {
  const [left, bottom, right, top] = visibleBox(page)
  const perMm = unitsPerMm(file, page)
  const [across, down, side] = [place.xMm * perMm, place.yMm * perMm, diameterMm * perMm]
  const point = diameterMm * pointsPerMm
  const round = (values: readonly number[]): readonly number[] => values.map((value) => Math.round(value * 1e4) / 1e4)
  switch (turns(page)) {
    case 1:
      return {
        rect: round([left + down, bottom + across, left + down + side, bottom + across + side]),
        matrix: round([0, 1, -1, 0, point, 0]),
      }
    case 2:
      return {
        rect: round([right - across - side, bottom + down, right - across, bottom + down + side]),
        matrix: round([-1, 0, 0, -1, point, point]),
      }
    case 3:
      return {
        rect: round([right - down - side, top - across - side, right - down, top - across]),
        matrix: round([0, -1, 1, 0, 0, point]),
      }
    default:
      return {
        rect: round([left + across, top - down - side, left + across + side, top - down]),
        matrix: [1, 0, 0, 1, 0, 0],
      }
  }
}

function unitsPerMm(file: PdfFile, page: PdfPage): number {
  const userUnit = file.number(page.dict, 'UserUnit') ?? 1
  return pointsPerMm / (userUnit > 0 ? userUnit : 1)
}

/** Quarter turns clockwise, 0 to 3. */
function turns(page: PdfPage): number {
  const rotate = page.inherited.get('Rotate')
  const degrees = rotate instanceof PDFNumber ? rotate.asNumber() : 0
  return (((Math.round(degrees / 90) % 4) + 4) % 4) as 0 | 1 | 2 | 3
}

/** CropBox within MediaBox: what a viewer shows. */
function visibleBox(page: PdfPage): Box {
  const media = box(page.inherited.get('MediaBox')) ?? [0, 0, 612, 792]
  const crop = box(page.inherited.get('CropBox')) ?? media
  const shown: Box = [
    Math.max(media[0], crop[0]),
    Math.max(media[1], crop[1]),
    Math.min(media[2], crop[2]),
    Math.min(media[3], crop[3]),
  ]
  return shown[2] > shown[0] && shown[3] > shown[1] ? shown : media
}

function box(value: unknown): Box | undefined {
  if (!(value instanceof PDFArray)) return undefined
  const numbers = value.asArray().map((item) => (item instanceof PDFNumber ? item.asNumber() : Number.NaN))
  const [a, b, c, d] = numbers
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw damaged('page box')
  if (numbers.some((number) => !Number.isFinite(number))) throw damaged('page box')
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
}

/** Where a seal goes when nobody says: the lower right of a page, as under a date (落款). */
export function lowerRight(size: PageSize, page: number, diameterMm: number): SealPlace {
  const marginMm = { right: 25, bottom: 30 }
  return {
    page,
    xMm: Math.max(0, size.widthMm - diameterMm - marginMm.right),
    yMm: Math.max(0, size.heightMm - diameterMm - marginMm.bottom),
  }
}

/** Throws INPUT_INVALID where the middle of the seal is off the page: nobody would see it. */
export function refuseOffPage(size: PageSize, place: SealPlace, diameterMm: number): void {
  const [x, y] = [place.xMm + diameterMm / 2, place.yMm + diameterMm / 2]
  const isOnPage = x >= 0 && x <= size.widthMm && y >= 0 && y <= size.heightMm
  if (!isOnPage) throw new AppError('INPUT_INVALID', { field: '印章的位置在页面之外' })
}
