import { PDFDict, type PDFObject, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import type { PdfFile } from '../reading/reader.ts'
import type { PdfHistory, PdfRevision } from '../reading/revisions.ts'
import { type BoxToSee, change, type FoundChange } from './change.ts'
import { explain, explainProperties } from './explain.ts'
import { explainOthers } from './explain-others.ts'
import { explainSeals } from './explain-seals.ts'
import { sameObject } from './same.ts'
import { SeeThroughProofs } from './see-through.ts'
import { fieldsByNumber, type Growth, isRefTo, pagesByNumber, raw, type Step } from './step.ts'
import { readable, type Touched, touchedObjects } from './touched.ts'
import { UseIndex } from './uses.ts'

/** Something that a later revision did. */
export type LaterChange = Omit<FoundChange, 'boxes'> & {
  readonly revision: number
  /** What has to be looked at before it counts as harmless. */
  readonly toSee: readonly BoxToSee[]
  /** It concerns every seal, whichever revision it is told under. */
  readonly isSurplus: boolean
}

/** More changes of one revision are not listed one by one. */
const maxListed = 100

type Pair = { readonly from: PdfRevision; readonly to: PdfRevision; readonly touched: Touched }

/**
 * What every revision after the `first` did, the oldest first, in the order of the file. Compared revision by revision
 * and object by object, through the cross-references; whatever is not understood is 'other' and never harmless.
 */
export function changesAfter(file: PdfFile, history: PdfHistory, first: number): LaterChange[] {
  const last = history.revisions.at(-1)
  const found: LaterChange[] = []
  if (history.isTooLong && (last?.number ?? 0) > first) {
    const sentence = '这份文件盖章后改动的次数或内容太多，没有逐一核对。'
    return [later(change('other', { sentence }), history.revisions.length)]
  }
  const pairs = readPairs(history, first, found)
  for (const one of comparePairs(pairs)) found.push(one)
  const surplus = file.bytes.length - (last?.end ?? 0)
  if (surplus > 0) {
    found.push(
      later(change('other', { sentence: `文件末尾多出 ${surplus} 个字节，不属于任何一次修改。` }), last?.number ?? 1),
    )
  }
  return found.sort((a, b) => a.revision - b.revision)
}

const later = ({ boxes: _, ...facts }: FoundChange, revision: number): LaterChange => ({
  ...facts,
  revision,
  toSee: [],
  isSurplus: true,
})

/** Revisions that can be read, each with the one before it; one that cannot be read is a change by itself. */
function readPairs(history: PdfHistory, first: number, found: LaterChange[]): Pair[] {
  const pairs: Pair[] = []
  let from = history.revisions.find(({ number }) => number === first)
  for (const to of history.revisions.slice(first)) {
    if (from?.file === undefined || to.file === undefined) {
      found.push(later(change('other', { sentence: '有一次修改后的文件读不出来。' }), to.number))
      from = to.file === undefined ? from : to
      continue
    }
    pairs.push({ from, to, touched: touchedObjects(from.file, to.file) })
    from = to
  }
  return pairs
}

function comparePairs(pairs: readonly Pair[]): LaterChange[] {
  const [oldest] = pairs
  if (oldest?.from.file === undefined) return []
  const uses = new UseIndex(oldest.from.file, numbersOfInterest(pairs))
  const proofs = new SeeThroughProofs()
  let pages: Step['pages'] = pagesByNumber(oldest.from.file)
  return pairs.flatMap(({ from, to, touched }) => {
    const [before, after] = [from.file, to.file]
    if (before === undefined || after === undefined) return []
    const found = guarded(() => {
      const step = { before, after, touched, uses, pages, proofs, fields: fieldsByNumber(before) }
      return explainStep(step)
    })
    if (found.some(({ kind, isHarmless }) => kind === 'pages' && !isHarmless)) {
      for (const one of comparePages(pages, pagesByNumber(after))) found.push(one)
    }
    for (const number of [...touched.added, ...touched.changed.keys()]) uses.take(after, number)
    for (const number of touched.freed) uses.put(number, undefined)
    uses.put(0, after.trailer)
    pages = pagesAfter(
      { pages, after, touched },
      found.every(({ isHarmless }) => isHarmless),
    )
    return shortened(found).map((one) => withRevision(one, from, to))
  })
}

function numbersOfInterest(pairs: readonly Pair[]): Set<number> {
  const numbers = new Set<number>()
  for (const { touched } of pairs) {
    for (const number of [...touched.added, ...touched.changed.keys(), ...touched.freed]) numbers.add(number)
  }
  return numbers
}

/** A state that can be opened may still hold objects that cannot be read. */
function guarded(work: () => FoundChange[]): FoundChange[] {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return [change('other', { sentence: '有一次修改后的文件读不完整。' })]
    throw error
  }
}

function explainStep(step: Step): FoundChange[] {
  const { touched, uses } = step
  const growth: Growth = { fields: [], widgets: [], slots: new Set() }
  const found = explainTrailer(step)
  if (touched.isAmbiguous) found.push(change('hidden-content', { sentence: ambiguous }))
  const others: number[] = []
  for (const number of touched.changed.keys()) {
    const explained = explain(step, number, growth)
    if (explained === undefined) others.push(number)
    else for (const one of explained) found.push(one)
  }
  for (const one of [...explainOthers(step, others), ...explainSeals(step, growth)]) found.push(one)
  for (const number of touched.added) {
    if (uses.of(number).length > 0) found.push(change('hidden-content', { sentence: filledGap }))
  }
  for (const number of touched.freed) {
    const field = step.fields.get(number)?.name
    if (uses.of(number).length > 0)
      found.push(field === undefined ? change('other') : change('removed-field', { field }))
  }
  return found
}

const ambiguous = '这次修改的写法会让不同的软件看到不同的内容，或改动太多，没有逐一核对。'
const filledGap = '盖章前留空的地方，盖章后补上了内容。'

/** Keys that every update writes anew, and those of a cross-reference stream. */
const trailerKeys = new Set('Size Prev ID Info Root Type W Index Filter DecodeParms Length'.split(' '))

function explainTrailer({ before, after }: Step): FoundChange[] {
  const found: FoundChange[] = []
  if (!isRefTo(raw(after.trailer, 'Root'), before.catalogRef.objectNumber)) {
    found.push(change('other', { sentence: '整个文件的目录被换掉，看到的可能是另一份文件。' }))
  }
  for (const key of after.trailer.keys().map((name) => name.decodeText())) {
    const isKept = sameObject(raw(before.trailer, key), raw(after.trailer, key))
    if (!trailerKeys.has(key) && !isKept) found.push(change('other'))
  }
  const [oldInfo, info] = [raw(before.trailer, 'Info'), raw(after.trailer, 'Info')]
  const isSameInfo = info === undefined || (oldInfo instanceof PDFRef && isRefTo(info, oldInfo.objectNumber))
  if (!isSameInfo) found.push(...newProperties(before.resolve(oldInfo), after.resolve(info), after))
  return found
}

function newProperties(old: PDFObject | undefined, current: PDFObject | undefined, after: PdfFile): FoundChange[] {
  const nothing = PDFDict.withContext(after.context)
  return [...(explainProperties(old ?? nothing, current ?? nothing) ?? [change('other')])]
}

/** Which pages came, went or changed places. */
function comparePages(before: Step['pages'], after: Step['pages']): FoundChange[] {
  const added = [...after].filter(([number]) => !before.has(number)).map(([, page]) => page.number)
  const removed = [...before].filter(([number]) => !after.has(number)).map(([, page]) => page.number)
  const [was, is] = [[...before.keys()].filter((n) => after.has(n)), [...after.keys()].filter((n) => before.has(n))]
  const found = added.map((page) => change('pages', { page, sentence: `插进了第 ${page} 页。` }))
  for (const page of removed) found.push(change('pages', { sentence: `原来的第 ${page} 页被去掉。` }))
  if (was.join() !== is.join()) found.push(change('pages', { sentence: '页面的次序被调换。' }))
  return found
}

/** The pages after an update: a harmless one leaves the tree as it was, so only pages that it wrote are read anew. */
function pagesAfter(step: Pick<Step, 'pages' | 'after' | 'touched'>, isHarmless: boolean): Step['pages'] {
  const { pages, after, touched } = step
  if (!isHarmless) return pagesByNumber(after)
  const changed = [...touched.changed.keys()].filter((number) => pages.has(number))
  if (changed.length === 0) return pages
  const next = new Map(pages)
  for (const number of changed) {
    const [known, dict] = [pages.get(number), readable(after, number)]
    if (known !== undefined && dict instanceof PDFDict) next.set(number, { ...known, page: { ...known.page, dict } })
  }
  return next
}

function shortened(found: readonly FoundChange[]): FoundChange[] {
  const seen = new Set<string>()
  const distinct = found.filter(({ kind, page, field, sentence }) => {
    const key = JSON.stringify([kind, page, field, sentence])
    return !seen.has(key) && seen.add(key)
  })
  if (distinct.length <= maxListed) return distinct
  const rest = change('other', { sentence: `还有 ${distinct.length - maxListed} 处改动没有逐一列出。` })
  return [...distinct.slice(0, maxListed), rest]
}

function withRevision({ boxes, ...facts }: FoundChange, from: PdfRevision, to: PdfRevision): LaterChange {
  const range = { revision: to.number, bytesBefore: from.end, bytesAfter: to.end }
  return { ...facts, revision: to.number, toSee: boxes.map((box) => ({ ...box, ...range })), isSurplus: false }
}
