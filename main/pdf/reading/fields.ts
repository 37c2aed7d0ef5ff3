import { type PDFArray, PDFDict, PDFHexString, PDFName, PDFRef, PDFString } from 'pdf-lib'
import type { PdfFile } from './reader.ts'
import { damaged } from './syntax.ts'

/** A signature field of a form: its full name, its dictionary, and its value where it has been signed. */
export type SealField = {
  readonly name: string
  readonly ref: PDFRef | undefined
  readonly dict: PDFDict
  readonly value: PDFDict | undefined
}

/** A terminal field of a form; its type is its own or that of a field above it. */
export type FormField = {
  readonly name: string
  readonly ref: PDFRef | undefined
  readonly dict: PDFDict
  readonly type: string
}

const maxFields = 100_000

/** Every terminal field of the form with its full name (ISO 32000-1, 12.7.3). Throws PDF_DAMAGED for a looping tree. */
export function formFields(file: PdfFile): FormField[] {
  const form = file.dict(file.catalog, 'AcroForm')
  const roots = form === undefined ? undefined : file.array(form, 'Fields')
  const found: FormField[] = []
  const seen = new Set<number>()
  const visit = (kids: PDFArray, prefix: string, type: string): void => {
    for (const item of kids.asArray()) {
      const ref = item instanceof PDFRef ? item : undefined
      if (ref !== undefined && seen.has(ref.objectNumber)) throw damaged('field tree loop')
      if (ref !== undefined) seen.add(ref.objectNumber)
      if (seen.size > maxFields) throw damaged('field tree')
      const dict = file.resolve(item)
      if (!(dict instanceof PDFDict)) continue
      const own = text(file.resolve(dict.get(PDFName.of('T'))))
      const name = own === undefined ? prefix : prefix === '' ? own : `${prefix}.${own}`
      const ownType = file.name(dict, 'FT') ?? type
      const below = file.array(dict, 'Kids')
      const hasNamedKids = below?.asArray().some((kid) => isNamed(file, kid)) ?? false
      if (below !== undefined && hasNamedKids) visit(below, name, ownType)
      else found.push({ name, ref, dict, type: ownType })
    }
  }
  if (roots !== undefined) visit(roots, '', '')
  return found
}

/** Every name that a new field must not have: those of fields, and of the groups that they stand in. */
export function takenNames(file: PdfFile): ReadonlySet<string> {
  return new Set(formFields(file).flatMap(({ name }) => [name, name.split('.')[0] ?? name]))
}

function isNamed(file: PdfFile, kid: Parameters<PdfFile['resolve']>[0]): boolean {
  const dict = file.resolve(kid)
  return dict instanceof PDFDict && dict.has(PDFName.of('T'))
}

/** The text of a string object, `undefined` for anything else. */
export function text(value: unknown): string | undefined {
  return value instanceof PDFString || value instanceof PDFHexString ? value.decodeText() : undefined
}

/** Every signature field of the form, signed or not, in the form's order. */
export function sealFields(file: PdfFile): SealField[] {
  return formFields(file)
    .filter((field) => field.type === 'Sig')
    .map(({ name, ref, dict }) => ({ name, ref, dict, value: file.dict(dict, 'V') }))
}
