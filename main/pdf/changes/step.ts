import { PDFArray, type PDFDict, PDFName, type PDFObject, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { formFields } from '../reading/fields.ts'
import type { PdfFile, PdfPage } from '../reading/reader.ts'
import type { SeeThroughProofs } from './see-through.ts'
import type { Touched } from './touched.ts'
import type { UseIndex } from './uses.ts'

/** A page of a state, with its number from 1. */
export type NumberedPage = { readonly page: PdfPage; readonly number: number }

/** A terminal field or one of its widgets, as the state before an update had it. */
export type KnownField = { readonly name: string; readonly type: string; readonly isSigned: boolean }

/** One update: the state before, the state after, and what is known of both. */
export type Step = {
  readonly before: PdfFile
  readonly after: PdfFile
  readonly touched: Touched
  /** Who referred to the touched objects before. */
  readonly uses: UseIndex
  /** The pages before, by object number. */
  readonly pages: ReadonlyMap<number, NumberedPage>
  /** The fields before, and their widgets, by object number. */
  readonly fields: ReadonlyMap<number, KnownField>
  readonly proofs: SeeThroughProofs
}

/** What an update seems to add; `explainSeals` says whether it is seals and nothing else. */
export type Growth = {
  /** References appended to the form's fields. */
  readonly fields: PDFRef[]
  /** References appended to the annotations of pages. */
  readonly widgets: { readonly ref: PDFRef; readonly page: NumberedPage }[]
  /** Names of empty signature fields that were signed. */
  readonly slots: Set<string>
}

/** The pages of a state by object number; what comes after a damaged place is left out. */
export function pagesByNumber(file: PdfFile): Map<number, NumberedPage> {
  const pages = new Map<number, NumberedPage>()
  try {
    for (const page of file.pages()) pages.set(page.ref.objectNumber, { page, number: pages.size + 1 })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
  return pages
}

/** The terminal fields of a state and their widgets, by object number. */
export function fieldsByNumber(file: PdfFile): Map<number, KnownField> {
  const found = new Map<number, KnownField>()
  for (const { name, ref, dict, type } of formFields(file)) {
    const known = { name, type, isSigned: file.dict(dict, 'V') !== undefined }
    if (ref !== undefined) found.set(ref.objectNumber, known)
    for (const kid of file.array(dict, 'Kids')?.asArray() ?? []) {
      if (kid instanceof PDFRef) found.set(kid.objectNumber, known)
    }
  }
  return found
}

/** The items of an array, `[]` of nothing, `undefined` of anything else. */
export function itemsOf(file: PdfFile, value: PDFObject | undefined): readonly PDFObject[] | undefined {
  const array = file.resolve(value)
  if (array === undefined) return []
  return array instanceof PDFArray ? array.asArray() : undefined
}

/** The value of a key as it is written, references not followed. */
export const raw = (dict: PDFDict | undefined, key: string): PDFObject | undefined => dict?.get(PDFName.of(key))

/** True where an object is a reference to a number. */
export const isRefTo = (value: PDFObject | undefined, number: number): boolean =>
  value instanceof PDFRef && value.objectNumber === number
