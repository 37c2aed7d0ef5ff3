import { PDFArray, PDFDict, PDFDocument, PDFName, type PDFNumber } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { PdfFile, readPageCount, readPageSizes, sealPdf, sealRecords } from '../../main/pdf/index.ts'
import {
  allFixtures,
  appearance,
  fixture,
  now,
  organisation,
  sealed,
  soundFixtures,
  trainingSigner,
} from '../helpers/seals.ts'

const pointsPerMm = 72 / 25.4

/** The rectangle of the only seal's widget on a page, read by pdf-lib. */
async function rectangle(pdf: Uint8Array, page: number): Promise<number[]> {
  const document = await PDFDocument.load(pdf)
  const annotations = document.getPage(page - 1).node.lookup(PDFName.of('Annots'), PDFArray)
  const widget = annotations.lookup(annotations.size() - 1, PDFDict)
  return widget
    .lookup(PDFName.of('Rect'), PDFArray)
    .asArray()
    .map((item) => (item as PDFNumber).asNumber())
}

describe('sealing a PDF', () => {
  it.each(soundFixtures)('keeps every earlier byte of %s and appends one update', async (name) => {
    const before = fixture(name)
    const { pdf, resaved } = await sealed(before, { page: 1, xMm: 60, yMm: 60 })
    expect(Buffer.from(pdf).subarray(0, before.length).equals(before)).toBe(true)
    expect(resaved).toBe(false)
    expect(Buffer.from(pdf).subarray(before.length).toString('latin1').match(/%%EOF/g)).toHaveLength(1)
  })

  it.each(soundFixtures)('writes the same kind of cross-references as %s has, and keeps its trailer', async (name) => {
    const before = PdfFile.open(fixture(name))
    const after = PdfFile.open((await sealed(before.bytes, { page: 1, xMm: 60, yMm: 60 })).pdf)
    const kept = ['Root', 'Info', 'ID'].map((key) => String(after.trailer.get(PDFName.of(key))))
    expect(after.crossReferences.kind).toBe(before.crossReferences.kind)
    expect(kept).toEqual(['Root', 'Info', 'ID'].map((key) => String(before.trailer.get(PDFName.of(key)))))
    expect(after.trailer.has(PDFName.of('XRefStm'))).toBe(false)
  })

  it('gives each seal on one file a field of its own', async () => {
    const once = await sealed(fixture('pdf-lib-form.pdf'))
    const twice = await sealed(once.pdf, { page: 1 })
    expect(sealRecords(PdfFile.open(twice.pdf)).map(({ field }) => field)).toEqual(['Seal1', 'Seal2'])
  })

  it('puts reason, place and the time by the clock that it was given into the signature', async () => {
    const { signer } = await trainingSigner()
    const request = {
      pdf: fixture('pdf-lib-table.pdf'),
      signer,
      appearance,
      now,
      reason: '收件凭证',
      location: '演练村',
    }
    const [record] = sealRecords(PdfFile.open((await sealPdf(request)).pdf))
    const seconds = `${now.toISOString().slice(0, 19)}.000Z`
    expect(record).toMatchObject({ reason: '收件凭证', location: '演练村', claimedAt: seconds })
  })

  it('measures millimetres from the upper left corner of the page as it is shown', async () => {
    const { pdf } = await sealed(fixture('pdf-lib-table.pdf'), { page: 2, xMm: 20, yMm: 30 })
    const side = 42 * pointsPerMm
    const [left, top] = [20 * pointsPerMm, 841.89 - 30 * pointsPerMm]
    const expected = [left, top - side, left + side, top]
    expect((await rectangle(pdf, 2)).map((value) => value.toFixed(2))).toEqual(
      expected.map((value) => value.toFixed(2)),
    )
  })

  it('reckons with CropBox, rotation and user units', async () => {
    const sizes = readPageSizes(fixture('pdf-lib-turned.pdf')).map(({ widthMm, heightMm }) => [
      Math.round(widthMm),
      Math.round(heightMm),
    ])
    expect(sizes).toEqual([
      [247, 176],
      [297, 210],
      [210, 297],
      [420, 594],
    ])
    const { pdf } = await sealed(fixture('pdf-lib-turned.pdf'), { page: 1, xMm: 10, yMm: 20 })
    // Turned by 90 degrees: the shown upper left is the crop box's lower left, down is to its right.
    const [left, bottom] = [40 + 20 * pointsPerMm, 60 + 10 * pointsPerMm]
    const expected = [left, bottom, left + 42 * pointsPerMm, bottom + 42 * pointsPerMm]
    expect((await rectangle(pdf, 1)).map((value) => value.toFixed(2))).toEqual(
      expected.map((value) => value.toFixed(2)),
    )
  })

  it('seals the lower right of the last page when no place is named', async () => {
    const { place } = await sealed(fixture('pdf-lib-table.pdf'))
    expect([place.page, Math.round(place.xMm), Math.round(place.yMm)]).toEqual([2, 143, 225])
  })

  it('refuses a page that the file does not have and a place where nobody would see the seal', async () => {
    const pdf = fixture('pdf-lib-table.pdf')
    await expect(sealed(pdf, { page: 3 })).rejects.toMatchObject({
      code: 'PDF_PAGE_NOT_FOUND',
      details: { page: 3, pages: 2 },
    })
    await expect(sealed(pdf, { page: 0 })).rejects.toMatchObject({ code: 'PDF_PAGE_NOT_FOUND' })
    await expect(sealed(pdf, { xMm: 400, yMm: 10 })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })

  it('refuses a character that it cannot draw, and names it', async () => {
    const { signer } = await trainingSigner()
    const unknown = { ...appearance, organisation: `${organisation}\u{3134a}` }
    const request = { pdf: fixture('pdf-lib-table.pdf'), signer, appearance: unknown, now }
    await expect(sealPdf(request)).rejects.toMatchObject({
      code: 'GLYPHS_MISSING',
      details: { characters: '\u{3134a}' },
    })
  })

  it('counts the pages of every fixture as qpdf does', () => {
    const byQpdf = allFixtures.filter(({ sealing }) => sealing === 'as it is').map(({ file, pages }) => [file, pages])
    expect(byQpdf.map(([file]) => [file, readPageCount(fixture(String(file)))])).toEqual(byQpdf)
  })
})
