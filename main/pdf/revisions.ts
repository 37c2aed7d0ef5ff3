import { PDFArray, PDFDict, PDFName, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import type { CrossReferenceEntry } from './cross-reference.ts'
import type { PdfFile } from './reader.ts'

/** Values nested deeper than this count as changed: no seal writes such. */
const maxCompareDepth = 60

/**
 * True where all that lies between two revisions of a file is new seals: signature fields appended to the form, their
 * widgets appended to pages, and nothing else changed, freed, or put where an old reference pointed at nothing.
 * Whatever is not understood counts as a change.
 */
export function addsOnlySeals(before: PdfFile, after: PdfFile): boolean {
  if (!sameRef(before.trailer.get(PDFName.of('Root')), after.trailer.get(PDFName.of('Root')))) return false
  const added = new Set<number>()
  for (const [number, entry] of after.crossReferences.entries) {
    const old = before.crossReferences.entries.get(number)
    if (old !== undefined && sameEntry(old, entry)) continue
    if (old === undefined || old.kind === 'free') added.add(number)
    else if (!isSealingChange(before, after, number)) return false
  }
  return !pointsAt(before, added)
}

const sameRef = (a: PDFObject | undefined, b: PDFObject | undefined): boolean =>
  a instanceof PDFRef && b instanceof PDFRef && a.objectNumber === b.objectNumber

function sameEntry(a: CrossReferenceEntry, b: CrossReferenceEntry): boolean {
  if (a.kind === 'offset' && b.kind === 'offset') return a.offset === b.offset
  if (a.kind === 'packed' && b.kind === 'packed') return a.container === b.container && a.index === b.index
  return a.kind === 'free' && b.kind === 'free'
}

/** Catalogue, form and pages may grow by what a seal needs; any other object must say what it said. */
function isSealingChange(before: PdfFile, after: PdfFile, number: number): boolean {
  const [old, current] = [before.object(number), after.object(number)]
  const grown = (a: PDFObject | undefined, b: PDFObject | undefined) => growsBySeals(before, after, a, b)
  if (old instanceof PDFArray && current instanceof PDFArray) return grown(old, current)
  if (!(old instanceof PDFDict) || !(current instanceof PDFDict)) return same(old, current, 0)
  if (number === before.catalogRef.objectNumber) {
    return sameBut(old, current, ['AcroForm']) && formGrows(before, after, old, current)
  }
  const form = before.catalog.get(PDFName.of('AcroForm'))
  if (form instanceof PDFRef && form.objectNumber === number) return formChange(before, after, old, current)
  const isPage = old.get(PDFName.of('Type')) === PDFName.of('Page')
  const annotations = PDFName.of('Annots')
  return isPage
    ? sameBut(old, current, ['Annots']) && grown(old.get(annotations), current.get(annotations))
    : same(old, current, 0)
}

function formGrows(before: PdfFile, after: PdfFile, oldCatalog: PDFDict, newCatalog: PDFDict): boolean {
  const key = PDFName.of('AcroForm')
  const [old, current] = [oldCatalog.get(key), newCatalog.get(key)]
  if (old instanceof PDFRef) return sameRef(old, current)
  const form = after.resolve(current)
  const nothing = PDFDict.withContext(before.context)
  return form instanceof PDFDict && formChange(before, after, old instanceof PDFDict ? old : nothing, form)
}

function formChange(before: PdfFile, after: PdfFile, old: PDFDict, current: PDFDict): boolean {
  const fields = PDFName.of('Fields')
  return (
    sameBut(old, current, ['Fields', 'SigFlags']) && growsBySeals(before, after, old.get(fields), current.get(fields))
  )
}

/** The old items in their order, then references to signature fields only. */
function growsBySeals(before: PdfFile, after: PdfFile, old: PDFObject | undefined, current: PDFObject | undefined) {
  if (old instanceof PDFRef) return sameRef(old, current)
  const [oldItems, items] = [itemsOf(old), itemsOf(after.resolve(current))]
  if (oldItems === undefined || items === undefined || items.length < oldItems.length) return false
  if (!oldItems.every((item, i) => same(item, items[i], 0))) return false
  return items.slice(oldItems.length).every((item) => {
    if (!(item instanceof PDFRef) || before.object(item.objectNumber) !== undefined) return false
    const field = after.resolve(item)
    return field instanceof PDFDict && after.name(field, 'FT') === 'Sig'
  })
}

function itemsOf(value: PDFObject | undefined): readonly PDFObject[] | undefined {
  if (value === undefined) return []
  return value instanceof PDFArray ? value.asArray() : undefined
}

function sameBut(old: PDFDict, current: PDFDict, allowed: readonly string[]): boolean {
  const keys = new Set([...old.keys(), ...current.keys()].filter((key) => !allowed.includes(key.decodeText())))
  return [...keys].every((key) => same(old.get(key), current.get(key), 0))
}

function same(a: PDFObject | undefined, b: PDFObject | undefined, depth: number): boolean {
  if (a === undefined || b === undefined) return a === b
  if (depth > maxCompareDepth) return false
  if (a instanceof PDFRawStream && b instanceof PDFRawStream) {
    return same(a.dict, b.dict, depth + 1) && Buffer.from(a.contents).equals(Buffer.from(b.contents))
  }
  return a.constructor === b.constructor && !(a instanceof PDFRawStream) && a.toString() === b.toString()
}

/** True where the revision refers to one of the numbers: an object put there later would change what is shown. */
function pointsAt(file: PdfFile, numbers: ReadonlySet<number>): boolean {
  const seen = new Set<number>()
  const open: PDFObject[] = [file.trailer]
  for (let object = open.pop(); object !== undefined; object = open.pop()) {
    if (object instanceof PDFRef) {
      if (numbers.has(object.objectNumber)) return true
      if (seen.has(object.objectNumber)) continue
      seen.add(object.objectNumber)
      const target = file.object(object.objectNumber)
      if (target !== undefined) open.push(target)
    } else for (const part of partsOf(object)) open.push(part)
  }
  return false
}

function partsOf(object: PDFObject): readonly PDFObject[] {
  if (object instanceof PDFArray) return object.asArray()
  if (object instanceof PDFDict) return object.values()
  return object instanceof PDFRawStream ? object.dict.values() : []
}
