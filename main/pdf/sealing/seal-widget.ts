import { type PDFDict, PDFHexString, PDFName, PDFRawStream, type PDFRef } from 'pdf-lib'
import type { PackedDrawing } from '../drawing/seal-drawing.ts'
import type { PdfFile } from '../reading/reader.ts'
import type { PdfUpdate } from '../writing/update.ts'

/** A drawn form: which part of the drawing shows, and how it is turned. */
type FormBox = { readonly box: readonly number[]; readonly matrix: readonly number[] }

/** Widgets are printed, and a viewer does not let them be moved. */
const printAndLocked = 4 + 128

/** The seal as a form XObject: the part of it within `box` shows, and what `box` has around the seal stays empty. */
export function sealForm(file: PdfFile, update: PdfUpdate, drawing: PackedDrawing, { box, matrix }: FormBox): PDFRef {
  const dict = file.context.obj({
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [...box],
    Matrix: [...matrix],
    // Ink does not hide what was printed before it (骑年盖月: the date stays readable).
    Resources: { ExtGState: { Ink: { BM: 'Multiply' } } },
    Filter: 'FlateDecode',
  })
  return update.add(PDFRawStream.of(dict, drawing.flate))
}

/** A form that shows part of another one: the strip of a seam seal. */
export function windowForm(file: PdfFile, update: PdfUpdate, whole: PDFRef, { box, matrix }: FormBox): PDFRef {
  const dict = file.context.obj({
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [...box],
    Matrix: [...matrix],
    Resources: { XObject: { Seal: whole } },
  })
  return update.add(PDFRawStream.of(dict, Buffer.from('/Seal Do')))
}

/** A form that draws nothing, for a slot that waits for its seal. */
export function emptyForm(file: PdfFile, update: PdfUpdate, sidePoints: number): PDFRef {
  const dict = file.context.obj({ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, sidePoints, sidePoints] })
  return update.add(PDFRawStream.of(dict, new Uint8Array()))
}

/** A widget of a signature field; a field by itself once it has a name (`withName`). */
export function widgetDictionary(
  file: PdfFile,
  widget: { readonly page: PDFRef; readonly rect: readonly number[]; readonly appearance: PDFRef | undefined },
): PDFDict {
  const dict = file.context.obj({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    Rect: [...widget.rect],
    F: printAndLocked,
    P: widget.page,
  })
  if (widget.appearance !== undefined) dict.set(PDFName.of('AP'), file.context.obj({ N: widget.appearance }))
  return dict
}

/** Gives a field its name and, where it is signed at once, its value. Changes and returns `field`. */
export function withName(field: PDFDict, name: string, signature?: PDFRef): PDFDict {
  field.set(PDFName.of('T'), PDFHexString.fromText(name))
  if (signature !== undefined) field.set(PDFName.of('V'), signature)
  return field
}
