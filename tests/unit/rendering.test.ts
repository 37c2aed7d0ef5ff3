import { decode } from 'fast-png'
import { PDFDocument } from 'pdf-lib'
import { afterAll, describe, expect, test } from 'vitest'
import { type Box, openRenderer } from '../../main/rendering/index.ts'
import { onePage } from '../helpers/hostile-pdfs.ts'
import { overlaid } from '../helpers/overlays.ts'
import { fixture, sealed } from '../helpers/seals.ts'

const renderer = openRenderer()
afterAll(() => renderer.close())

const page = { page: 1, xMm: 60, yMm: 100, widthMm: 30, heightMm: 12 } as const
const white = [1, 1, 1] as const
const black = [0, 0, 0] as const
const paper = fixture('pdf-lib-chinese.pdf')

/** How far the sides of two rectangles lie apart at most. */
function deviation(a: Box | undefined, b: Box): number {
  if (a === undefined) return Number.POSITIVE_INFINITY
  const sides = (box: Box) => [box.xMm, box.yMm, box.xMm + box.widthMm, box.yMm + box.heightMm]
  return Math.max(...sides(a).map((side, at) => Math.abs(side - (sides(b)[at] ?? 0))))
}

/** Red, green and blue of a dot, its place in shares of the picture's sides. */
function colourAt(png: Uint8Array, across: number, down: number): number[] {
  const { width, height, data, channels } = decode(png)
  const at = (Math.floor(down * height) * width + Math.floor(across * width)) * channels
  return Array.from(data.subarray(at, at + 3))
}

/** The largest rectangle of the page's text, so that something lies under a patch. */
async function someText(pdf: Uint8Array): Promise<Box> {
  const [found] = await renderer.findText(pdf, '年')
  if (found === undefined) throw new Error('the paper has lost its text')
  return { xMm: found.xMm - 3, yMm: found.yMm - 1, widthMm: 10, heightMm: found.heightMm + 2 }
}

describe('a page', () => {
  test('has the size at which it is shown: turned, cropped, in units of its own', async () => {
    const turned = await renderer.pageSizes(fixture('pdf-lib-turned.pdf'))
    expect(turned.map(({ widthMm, heightMm }) => [Math.round(widthMm), Math.round(heightMm)])).toEqual([
      [247, 176],
      [297, 210],
      [210, 297],
      [420, 594],
    ])
    const large = onePage('/MediaBox [0 0 200 300] /UserUnit 2', '')
    const [size] = await renderer.pageSizes(large)
    expect(size?.widthMm).toBeCloseTo(141.11, 1)
  })

  test('is drawn as wide as asked, with its content where it belongs', async () => {
    const pdf = onePage('/MediaBox [0 0 200 100]', '1 0 0 rg 0 50 100 50 re f')
    const png = await renderer.picture(pdf, 1, 400)
    const { width, height } = decode(png)
    expect([width, height]).toEqual([400, 200])
    expect(colourAt(png, 0.25, 0.25)).toEqual([255, 0, 0])
    expect(colourAt(png, 0.75, 0.25)).toEqual([255, 255, 255])
    expect(colourAt(png, 0.25, 0.75)).toEqual([255, 255, 255])
  })

  test('shows its annotations and its seals', async () => {
    const stamped = overlaid(paper, { ...page, colour: [0, 0, 1] })
    const stamp = await renderer.difference(paper, stamped, 1)
    expect(deviation(stamp.boxes[0], page)).toBeLessThan(1)
    const { pdf } = await sealed(paper, { page: 1, xMm: 100, yMm: 120 })
    const seal = await renderer.difference(paper, pdf, 1)
    expect(deviation(seal.boxes[0], { xMm: 100, yMm: 120, widthMm: 42, heightMm: 42 })).toBeLessThan(1)
  })

  test('that names Chinese fonts without carrying them is drawn with fonts of this program', async () => {
    const font = (name: string) => [
      `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>`,
      `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /${name} /DW 1000 /FontDescriptor 7 0 R
        /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>`,
      `<< /Type /FontDescriptor /FontName /${name} /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 859
        /Descent -140 /CapHeight 683 /StemV 80 >>`,
    ]
    const text = Buffer.from('村民', 'utf16le').swap16().toString('hex')
    const entries = '/MediaBox [0 0 100 50] /Resources << /Font << /F 5 0 R >> >>'
    const draws = (name: string) => onePage(entries, `BT /F 40 Tf 10 10 Td <${text}> Tj ET`, font(name))
    const empty = onePage(entries, '', font('SimSun'))
    const song = await renderer.difference(empty, draws('STSong-Light'), 1)
    // Glyphs and not the hollow boxes of a missing font: those have far less ink.
    expect(song.share).toBeGreaterThan(0.12)
    expect((await renderer.difference(draws('STSong-Light'), draws('SimHei'), 1)).share).toBeGreaterThan(0.02)
  })
})

describe('a comparison', () => {
  test('finds nothing between a file and itself', async () => {
    const { share, boxes } = await renderer.compare(paper, Buffer.from(paper), 1)
    expect({ share, boxes }).toEqual({ share: 0, boxes: [] })
  })

  test('tells what a revision after the seal changed within a millimetre, and frames it', async () => {
    const { pdf } = await sealed(paper, { page: 1, xMm: 120, yMm: 200 })
    const tampered = overlaid(pdf, { ...page, colour: [0.9, 0.9, 0.7] })
    const found = await renderer.compareRevisions(tampered, pdf.length, 1)
    expect(found.boxes).toHaveLength(1)
    expect(deviation(found.boxes[0], page)).toBeLessThan(1)
    expect(colourAt(found.afterPng, 75 / 210, 106 / 297)).toEqual([230, 230, 179])
    expect(colourAt(found.differencePng, 75 / 210, 106 / 297)).toEqual([212, 31, 31])
  })

  test('places a change on turned pages as they are shown', async () => {
    const turn = (degrees: number, content: string) => onePage(`/MediaBox [0 0 200 400] /Rotate ${degrees}`, content)
    // 50 × 20 points whose lower left corner is at 10, 30 of the unturned page.
    const box = async (degrees: number) =>
      (await renderer.difference(turn(degrees, ''), turn(degrees, '10 30 50 20 re f'), 1)).boxes[0]
    const points = (x: number, y: number, width: number, height: number): Box => {
      const [xMm = 0, yMm = 0, widthMm = 0, heightMm = 0] = [x, y, width, height].map((side) => (side * 25.4) / 72)
      return { xMm, yMm, widthMm, heightMm }
    }
    expect(deviation(await box(0), points(10, 350, 50, 20))).toBeLessThan(0.6)
    expect(deviation(await box(90), points(30, 10, 20, 50))).toBeLessThan(0.6)
    expect(deviation(await box(180), points(140, 30, 50, 20))).toBeLessThan(0.6)
    expect(deviation(await box(270), points(350, 140, 20, 50))).toBeLessThan(0.6)
  })

  test('passes over what it is told to expect', async () => {
    const { pdf } = await sealed(paper, { page: 1, xMm: 100, yMm: 120 })
    const seal = { xMm: 100, yMm: 120, widthMm: 42, heightMm: 42 }
    expect((await renderer.difference(paper, pdf, 1, { ignore: [seal] })).boxes).toEqual([])
    const tampered = overlaid(pdf, { ...page, colour: black })
    expect((await renderer.difference(paper, tampered, 1, { ignore: [seal] })).boxes).toHaveLength(1)
  })

  test('sees what is on paper alone, and what is on the screen alone', async () => {
    const [noView, noPrint] = [4 | 32, 0]
    const onPaper = overlaid(paper, { ...page, colour: black, flags: noView })
    const onScreen = overlaid(paper, { ...page, colour: black, flags: noPrint })
    expect(deviation((await renderer.difference(paper, onPaper, 1)).boxes[0], page)).toBeLessThan(1)
    expect(deviation((await renderer.difference(paper, onScreen, 1)).boxes[0], page)).toBeLessThan(1)
  })

  test('of a page that one file lacks differs everywhere, and of a page that both lack is refused', async () => {
    const document = await PDFDocument.create()
    document.addPage([200, 200])
    const one = await document.save()
    document.addPage([200, 200])
    const two = await document.save()
    expect(await renderer.difference(one, two, 2)).toMatchObject({ share: 1 })
    expect(await renderer.difference(two, one, 2)).toMatchObject({ share: 1 })
    await expect(renderer.difference(one, two, 3)).rejects.toMatchObject({ code: 'PDF_PAGE_NOT_FOUND' })
  })
})

describe('hidden content', () => {
  test.for([
    { under: 'a white patch', colour: white },
    { under: 'a black patch', colour: black },
    { under: 'a red patch', colour: [0.8, 0, 0] as const },
  ])('is found under $under', async ({ colour }) => {
    const box = await someText(paper)
    const covered = overlaid(paper, { page: 1, ...box, colour })
    const found = await renderer.findHidden(paper, covered, 1, box)
    expect(found.isHidden).toBe(true)
    expect(found.boxes.every((hidden) => hidden.xMm >= box.xMm - 0.5 && hidden.yMm >= box.yMm - 0.5)).toBe(true)
  })

  test('is none under a seal, which multiplies with what it lies on', async () => {
    const { xMm, yMm } = await someText(paper)
    const { pdf } = await sealed(paper, { page: 1, xMm: Math.max(0, xMm - 20), yMm: yMm - 20 })
    const seal = { xMm: Math.max(0, xMm - 20), yMm: yMm - 20, widthMm: 42, heightMm: 42 }
    expect(await renderer.findHidden(paper, pdf, 1, seal)).toEqual({ isHidden: false, boxes: [] })
  })

  test('is found where only the printed page hides it', async () => {
    const box = await someText(paper)
    const covered = overlaid(paper, { page: 1, ...box, colour: white, flags: 4 | 32 })
    expect((await renderer.findHidden(paper, covered, 1, box)).isHidden).toBe(true)
  })
})
