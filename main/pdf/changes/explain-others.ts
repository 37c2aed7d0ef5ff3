import { PDFArray, PDFDict, PDFName, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import type { PdfFile } from '../reading/reader.ts'
import { change, type FoundChange } from './change.ts'
import { type NumberedPage, raw, type Step } from './step.ts'
import { readable } from './touched.ts'

/** More objects are not visited to find the page that a change shows on; it is a change all the same. */
const maxVisits = 200_000

const layerTypes = new Set(['OCG', 'OCMD'])

/** More of one update are told as one. */
const maxTold = 500

/** What is told of changed objects that are neither page, form, field nor growth: content, looks, layers, or other. */
export function explainOthers(step: Step, numbers: readonly number[]): FoundChange[] {
  if (numbers.length === 0) return []
  const places = placesOnPages(step, new Set(numbers))
  const found = numbers.slice(0, maxTold).map((number) => {
    const object = step.before.object(number)
    const dict = object instanceof PDFRawStream ? object.dict : object instanceof PDFDict ? object : undefined
    const type = dict?.get(PDFName.of('Type'))
    const name = type instanceof PDFName ? type.decodeText() : ''
    if (name === 'Pages' || name === 'Page') return change('pages')
    if (layerTypes.has(name) || step.uses.of(number).some(({ path }) => path.startsWith('OCProperties'))) {
      return change('hidden-content', { sentence: '图层的设置被改动，可能有内容被藏起来或显出来。' })
    }
    const place = places.get(number)
    if (place !== undefined) return change(place.kind, { page: place.page, field: place.field })
    if (step.uses.of(number).some(({ path }) => /(?:^|\/)(?:JS|JavaScript|A|AA|OpenAction|Next)(?:\/|$)/.test(path))) {
      return change('other', { sentence: '文件里的脚本或自动动作被改动。' })
    }
    return change('other')
  })
  return numbers.length > maxTold ? [...found, change('other')] : found
}

type Place = { readonly kind: 'page-content' | 'appearance'; readonly page: number; readonly field: string }

/** Looks through each page's own content first, then through the looks of what stands on it. */
function placesOnPages(step: Step, wanted: ReadonlySet<number>): Map<number, Place> {
  const found = new Map<number, Place>()
  const search = new Search(step, wanted)
  for (const page of step.pages.values()) {
    const note = (number: number): unknown =>
      found.has(number) || found.set(number, { kind: 'page-content', page: page.number, field: '' })
    for (const [key, value] of page.page.dict.entries()) {
      if (key !== PDFName.of('Annots') && key !== PDFName.of('Parent')) search.below(value, note)
    }
    for (let above = raw(page.page.dict, 'Parent'), hop = 0; above !== undefined && hop < 20; hop++) {
      const node = step.before.resolve(above)
      above = node instanceof PDFDict ? raw(node, 'Parent') : undefined
      if (node instanceof PDFDict) search.below(raw(node, 'Resources'), note)
    }
  }
  for (const page of step.pages.values()) searchAnnotations(step, page, search, found)
  return found
}

function searchAnnotations(step: Step, { page, number }: NumberedPage, search: Search, found: Map<number, Place>) {
  for (const item of step.before.array(page.dict, 'Annots')?.asArray() ?? []) {
    const dict = step.before.resolve(item)
    const field = item instanceof PDFRef ? (step.fields.get(item.objectNumber)?.name ?? '') : ''
    if (!(dict instanceof PDFDict)) continue
    search.below(
      raw(dict, 'AP'),
      (one) => found.has(one) || found.set(one, { kind: 'appearance', page: number, field }),
    )
  }
}

/** One by one: an array with more items than a call takes arguments would end the program. */
function pushAll(open: PDFObject[], items: readonly PDFObject[]): void {
  for (const item of items) open.push(item)
}

/** A walk that enters each object once, stops at pages, and ends after a number of visits. */
class Search {
  readonly #file: PdfFile
  readonly #pages: Step['pages']
  readonly #wanted: ReadonlySet<number>
  readonly #seen = new Set<number>()

  constructor(step: Step, wanted: ReadonlySet<number>) {
    this.#file = step.before
    this.#pages = step.pages
    this.#wanted = wanted
  }

  below(start: PDFObject | undefined, note: (number: number) => unknown): void {
    const open: PDFObject[] = start === undefined ? [] : [start]
    for (let object = open.pop(); object !== undefined; object = open.pop()) {
      if (object instanceof PDFRef) {
        const { objectNumber } = object
        if (this.#wanted.has(objectNumber)) note(objectNumber)
        if (this.#seen.has(objectNumber) || this.#pages.has(objectNumber) || this.#seen.size > maxVisits) continue
        this.#seen.add(objectNumber)
        const target = readable(this.#file, objectNumber)
        if (target !== undefined) open.push(target)
      } else if (object instanceof PDFArray) pushAll(open, object.asArray())
      else if (object instanceof PDFDict) pushAll(open, object.values())
      else if (object instanceof PDFRawStream) pushAll(open, object.dict.values())
    }
  }
}
