import { inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFNumber, PDFRawStream } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { PdfFile, type SealRequest, sealPdf, sealRecords, seamStrips } from '../../main/pdf/index.ts'
import { appearance, fixture, now, sealed, trainingSigner } from '../helpers/seals.ts'
import { pagesOf, pdfOf } from '../helpers/small-pdf.ts'
import { workedMs } from '../helpers/work-time.ts'

async function seam(pdf: Uint8Array, request: Partial<SealRequest> = {}) {
  const { signer } = await trainingSigner()
  return sealPdf({ pdf, signer, appearance, now, target: { kind: 'seam' }, ...request })
}

const numbersOf = (array: PDFArray): number[] => array.asArray().map((item) => (item as PDFNumber).asNumber())

/** Each page's strip as pdf-lib reads it: its rectangle on the page, and which part of the seal shows. */
async function strips(pdf: Uint8Array) {
  const document = await PDFDocument.load(pdf)
  return document.getPages().map((page) => {
    const annotations = page.node.lookup(PDFName.of('Annots'), PDFArray)
    const widget = annotations.lookup(annotations.size() - 1, PDFDict)
    const form = widget.lookup(PDFName.of('AP'), PDFDict).lookup(PDFName.of('N'))
    if (!(form instanceof PDFRawStream)) throw new Error('a strip without a picture')
    const [left = 0, , right = 0] = numbersOf(form.dict.lookup(PDFName.of('BBox'), PDFArray))
    return { rect: numbersOf(widget.lookup(PDFName.of('Rect'), PDFArray)), shows: [left, right], widget, form }
  })
}

describe('a seam seal', () => {
  it('is one field with a widget on every page, and /V and /FT on all of them', async () => {
    const { pdf, field, places } = await seam(pdfOf(pagesOf(3)))
    const file = PdfFile.open(pdf)
    const found = await strips(pdf)
    expect(sealRecords(file).map((record) => record.field)).toEqual([field])
    expect(places.map(({ page }) => page)).toEqual([1, 2, 3])
    const said = found.map(({ widget }) => [String(widget.get(PDFName.of('FT'))), widget.has(PDFName.of('V'))])
    expect(said).toEqual([1, 2, 3].map(() => ['/Sig', true]))
  })

  it.each([
    ['right', (shows: readonly number[][]) => shows],
    ['left', (shows: readonly number[][]) => shows.toReversed()],
  ] as const)('on the %s shows strips that together make the whole seal', async (side, inOrder) => {
    const found = await strips((await seam(pdfOf(pagesOf(5)), { target: { kind: 'seam', side } })).pdf)
    const shown = inOrder(found.map(({ shows }) => shows))
    const whole = (42 * 72) / 25.4
    expect(shown.flat().map((at) => at.toFixed(3))).toEqual(
      [0, 1, 2, 3, 4].flatMap((i) => [(whole * i) / 5, (whole * (i + 1)) / 5]).map((at) => at.toFixed(3)),
    )
    const edge = found.map(({ rect }) => rect[side === 'right' ? 2 : 0]?.toFixed(2))
    expect(edge).toEqual(found.map(() => (side === 'right' ? '595.28' : '0.00')))
  })

  it('holds the drawing once, however many pages there are', async () => {
    const before = pdfOf(pagesOf(12))
    const { parts } = await seam(before)
    const update = Buffer.from(parts[1] ?? []).toString('latin1')
    expect(update.match(/\/Filter \/FlateDecode/g)).toHaveLength(1)
    const found = await strips(Buffer.concat(parts))
    expect(new Set(found.map(({ form }) => Buffer.from(form.contents).toString()))).toEqual(new Set(['/Seal Do']))
  })

  it('can certify the file, and lays slots beside it', async () => {
    const place = { page: 1, xMm: 20, yMm: 20 }
    const { pdf } = await seam(fixture('pdf-lib-table.pdf'), { certify: { slots: [{ place, name: 'Next' }] } })
    const { signer } = await trainingSigner()
    const next = await sealPdf({ pdf, signer, appearance, now, target: { kind: 'slot', field: 'Next' } })
    expect(sealRecords(PdfFile.open(next.pdf)).map(({ field }) => field)).toEqual(['Seal1', 'Next'])
  })

  it('follows an ordinary seal, and is followed by one', async () => {
    const first = await sealed(fixture('pdf-lib-table.pdf'))
    const third = await sealed((await seam(first.pdf)).pdf, { page: 1 })
    expect(sealRecords(PdfFile.open(third.pdf)).map(({ field }) => field)).toEqual(['Seal1', 'Seal2', 'Seal3'])
  })

  it('needs two pages', async () => {
    await expect(seam(pdfOf(pagesOf(1)))).rejects.toMatchObject({ code: 'SEAL_PLACE_UNKNOWN' })
  })

  it('of ten thousand pages is laid within seconds', async () => {
    const begun = process.cpuUsage()
    const { places } = await seam(pdfOf(pagesOf(10_000)))
    expect(places).toHaveLength(10_000)
    expect(workedMs(begun)).toBeLessThan(10_000)
  })
})

describe('the strips of a seam', () => {
  it('are no narrower than 1.5 mm and no more than 20 to a seal; every round is a whole seal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3000 }), fc.constantFrom(10, 42, 45), (pages, diameterMm) => {
        const all = seamStrips(pages, diameterMm)
        const rounds = all.filter(({ index }) => index === 0).map(({ count }) => count)
        return (
          all.length === pages &&
          rounds.reduce((sum, count) => sum + count, 0) === pages &&
          Math.max(...rounds) <= 20 &&
          Math.max(...rounds) - Math.min(...rounds) <= 1 &&
          diameterMm / Math.max(...rounds) >= 1.5 &&
          all.every(
            ({ index, count }, i) => index < count && (index + 1 === count) === (all[i + 1]?.index !== index + 1),
          )
        )
      }),
    )
  })
})

describe('the drawing of a seam', () => {
  it('is the one that other seals have', async () => {
    const [page, over] = await Promise.all([sealed(pdfOf(pagesOf(2))), seam(pdfOf(pagesOf(2)))])
    const drawing = (pdf: Uint8Array): string => {
      const text = Buffer.from(pdf).toString('latin1')
      const start = text.indexOf('stream\n', text.indexOf('/Filter /FlateDecode')) + 'stream\n'.length
      return inflateSync(Buffer.from(text.slice(start, text.indexOf('\nendstream', start)), 'latin1')).toString()
    }
    expect(drawing(over.pdf)).toBe(drawing(page.pdf))
  })
})
