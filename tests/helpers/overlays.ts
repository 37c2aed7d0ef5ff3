// Owns: revisions that paint something over a page, as a forger would: an annotation appended to any PDF.
// Does not own: the pages below (seals.ts, fixtures).
// Start here: overlaid.
import { PDFArray, PDFDict, PDFName, PDFRawStream } from 'pdf-lib'
import { PdfFile } from '../../main/pdf/index.ts'
import { PdfUpdate } from '../../main/pdf/writing/update.ts'

/** A painted rectangle, in millimetres from the upper left corner of an upright page that begins at 0, 0. */
export type Paint = {
  readonly page: number
  readonly xMm: number
  readonly yMm: number
  readonly widthMm: number
  readonly heightMm: number
  /** Red, green and blue from 0 to 1. */
  readonly colour: readonly [number, number, number]
  /** Darkens what lies below instead of covering it. */
  readonly multiplies?: boolean
  /** Bits of ISO 32000-1, table 165; 4 (Print) unless said. */
  readonly flags?: number
}

const pointsPerMm = 72 / 25.4

/** The PDF with one more revision that paints a rectangle by an annotation. */
export function overlaid(pdf: Uint8Array, paint: Paint): Buffer {
  const file = PdfFile.open(pdf)
  const update = new PdfUpdate(file)
  const { context } = file
  const page = [...file.pages()][paint.page - 1]
  if (page === undefined) throw new Error(`no page ${paint.page}`)
  const box = file.resolve(page.inherited.get('MediaBox'))
  const [, , , top = 0] = box instanceof PDFArray ? box.asArray().map((value) => Number(value.toString())) : []
  const [width, height] = [paint.widthMm * pointsPerMm, paint.heightMm * pointsPerMm]
  const [left, upper] = [paint.xMm * pointsPerMm, top - paint.yMm * pointsPerMm]
  const appearance = context.obj({
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, width, height],
    Resources: { ExtGState: { Blend: { BM: paint.multiplies === true ? 'Multiply' : 'Normal' } } },
  })
  const content = Buffer.from(`/Blend gs ${paint.colour.join(' ')} rg 0 0 ${width} ${height} re f`)
  appearance.set(PDFName.of('Length'), context.obj(content.length))
  const annotation = context.obj({
    Type: 'Annot',
    Subtype: 'Stamp',
    Rect: [left, upper - height, left + width, upper],
    F: paint.flags ?? 4,
    AP: { N: update.add(PDFRawStream.of(appearance, content)) },
  })
  const changed = update.editable(page.ref)
  if (!(changed instanceof PDFDict)) throw new Error('the page is no dictionary')
  const annotations = file.resolve(page.dict.get(PDFName.of('Annots')))
  const list = annotations instanceof PDFArray ? annotations.clone(context) : PDFArray.withContext(context)
  list.push(update.add(annotation))
  changed.set(PDFName.of('Annots'), list)
  update.replace(page.ref, changed)
  return Buffer.concat([pdf, update.write().bytes])
}
