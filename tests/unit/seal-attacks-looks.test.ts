import { PDFDocument, PDFName, PDFNumber, rgb, StandardFonts } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRenderer } from '../../main/rendering/index.ts'
import { overlaid } from '../helpers/overlays.ts'
import { fixture, sealed, soundFixtures } from '../helpers/seals.ts'

const renderer = openRenderer()
afterAll(() => renderer.close())

const unitsPerMm = 72 / 25.4
const white = [1, 1, 1] as const

/** A paper whose amounts stand 100 mm from its upper edge; its width and height in millimetres. */
async function paperOf(sizeMm: number): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  const font = await document.embedFont(StandardFonts.Helvetica)
  const page = document.addPage([sizeMm * unitsPerMm, sizeMm * unitsPerMm])
  const y = (sizeMm - 100) * unitsPerMm
  const write = (text: string, xMm: number, shade = 0, size = 12) =>
    page.drawText(text, { x: xMm * unitsPerMm, y, size, font, color: rgb(shade, shade, shade) })
  write('-500', 20)
  write('1.000', 60)
  write('8', 100)
  write('500', 140, 0.7)
  write('500', 160, 0, 5)
  page.drawRectangle({ x: 180 * unitsPerMm, y, width: 4 * unitsPerMm, height: 0.35 * unitsPerMm })
  return document.save({ useObjectStreams: false })
}

let paper: Uint8Array
beforeAll(async () => {
  paper = await paperOf(297)
})

async function isHidden(pdf: Uint8Array, xMm: number, widthMm: number): Promise<boolean> {
  const covered = overlaid(pdf, { page: 1, xMm, yMm: 95, widthMm, heightMm: 7, colour: white })
  const box = { xMm: Math.max(0, xMm - 20), yMm: 75, widthMm: 60, heightMm: 60 }
  return (await renderer.findHidden(pdf, covered, 1, box)).isHidden
}

describe('an opaque patch in a later seal is told where it hides', () => {
  test.for([
    ['a minus', 19, 2.6],
    ['a decimal point', 62.35, 1.15],
    ['the left half of an eight, which leaves a three', 99.5, 0.95],
    ['grey digits', 139, 12],
    ['digits of five points', 159, 8],
    ['a thin stroke, as of 一', 179, 6],
  ] as const)('%s', async ([, xMm, widthMm]) => {
    expect(await isHidden(paper, xMm, widthMm)).toBe(true)
  })

  test('and not where it lies on bare paper', async () => {
    expect(await isHidden(paper, 80, 12)).toBe(false)
  })

  test('on a page that says it is half a millimetre wide, and is shown as wide as the window', async () => {
    const document = await PDFDocument.create()
    const font = await document.embedFont(StandardFonts.Helvetica)
    const page = document.addPage([600, 600])
    page.drawText('Amount: 100', { x: 60, y: 280, size: 60, font })
    page.node.set(PDFName.of('UserUnit'), PDFNumber.of(0.0025))
    const pdf = await document.save({ useObjectStreams: false })
    const covered = overlaid(pdf, { page: 1, xMm: 0, yMm: 0, widthMm: 211, heightMm: 211, colour: white })
    const box = { xMm: 0, yMm: 0, widthMm: 0.53, heightMm: 0.53 }
    expect((await renderer.findHidden(pdf, covered, 1, box)).isHidden).toBe(true)
    expect((await renderer.difference(pdf, covered, 1)).share).toBeGreaterThan(0)
  })

  test('on a page of five metres as well', async () => {
    expect(await isHidden(await paperOf(5000), 62.35, 1.15)).toBe(true)
  })
})

test('seals that darken hide nothing of any page', async () => {
  const at = { xMm: 60, yMm: 50 }
  for (const name of soundFixtures.slice(0, 12)) {
    const pdf = fixture(name)
    const { pdf: over } = await sealed(pdf, { page: 1, ...at })
    const found = await renderer.findHidden(pdf, over, 1, { ...at, widthMm: 42, heightMm: 42 })
    expect({ name, ...found }).toEqual({ name, isHidden: false, boxes: [] })
  }
})
