import { PDFDict, PDFNumber, PDFRef } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import type { PageBox } from '../../../preload/contract/verification.ts'
import { formFields, text } from '../reading/fields.ts'
import { pageSize, rectangle, shownBox } from '../reading/placement.ts'
import { isStraySeal } from '../reading/seal-records.ts'
import { change, type FoundChange } from './change.ts'
import { type Growth, type NumberedPage, raw, type Step } from './step.ts'

/** A later seal may be no larger: it shows a seal, not a page. */
const maxSealMm = 60
/** A strip of a seam seal is narrower than this, and lies at an edge. */
const maxStripMm = 31
const edgeToleranceMm = 1

const fieldKeys = new Set(
  'Type Subtype FT T TU TM V Rect F Ff P AP AS M MK BS Border Lock SV Parent Kids DA DR Q NM StructParent'.split(' '),
)
const flags = { hidden: 2, noZoom: 8, noRotate: 16, noView: 32, toggleNoView: 256 }

type NewSeal = {
  readonly name: string
  readonly ref: PDFRef
  readonly dict: PDFDict
  readonly isNewField: boolean
  readonly isStray: boolean
}
type Widget = { readonly dict: PDFDict; readonly page: NumberedPage; readonly box: PageBox }

/** Says of everything that an update added to form and pages whether it is seals, and whether they can hide anything. */
export function explainSeals(step: Step, growth: Growth): FoundChange[] {
  const { after } = step
  const claimed = new Set<number>()
  const found: FoundChange[] = []
  const appended = new Set(growth.fields.map(({ objectNumber }) => objectNumber))
  for (const { name, ref, dict, type } of formFields(after)) {
    if (ref === undefined) continue
    const isNewField = appended.delete(ref.objectNumber)
    if (!isNewField && !growth.slots.has(name)) continue
    const seal = { name, ref, dict, isNewField, isStray: false }
    for (const number of widgetNumbers(step, seal)) claimed.add(number)
    found.push(type === 'Sig' ? explainSeal(step, seal, growth) : change('other', { field: name, sentence: newField }))
  }
  for (const number of appended) found.push(change('other', { sentence: newField, field: nameOf(step, number) }))
  const strangers = growth.widgets.filter(({ ref }) => !claimed.has(ref.objectNumber))
  return [...found, ...strangers.map((stranger) => explainStranger(step, stranger, growth))]
}

/** What joined a page but not the form: a seal by itself, as some programs write it, or any annotation. */
function explainStranger(step: Step, { ref, page }: Growth['widgets'][number], growth: Growth): FoundChange {
  const dict = step.after.object(ref.objectNumber)
  if (!(dict instanceof PDFDict) || !isStraySeal(step.after, dict)) return change('annotation', { page: page.number })
  const name = nameOf(step, ref.objectNumber)
  return explainSeal(step, { name, ref, dict, isNewField: true, isStray: true }, growth)
}

const newField = '增加了不是印章的表单项。'

function nameOf({ after }: Step, number: number): string {
  const dict = after.object(number)
  return dict instanceof PDFDict ? (text(after.resolve(raw(dict, 'T'))) ?? '') : ''
}

function widgetNumbers({ after }: Step, { ref, dict }: NewSeal): number[] {
  const kids = after.array(dict, 'Kids')?.asArray() ?? []
  return [ref.objectNumber, ...kids.flatMap((item) => (item instanceof PDFRef ? [item.objectNumber] : []))]
}

function explainSeal(step: Step, seal: NewSeal, growth: Growth): FoundChange {
  const { after, touched } = step
  const { name: field, isNewField, isStray } = seal
  const value = raw(seal.dict, 'V')
  const signature = after.dict(seal.dict, 'V')
  const isFresh = value instanceof PDFRef && touched.added.has(value.objectNumber)
  if (signature === undefined || after.array(signature, 'ByteRange') === undefined) {
    return change('other', { field, sentence: `增加了没有盖章的印章位“${field}”，或印章没有签名。` })
  }
  if (!isFresh || (isNewField && !touched.added.has(seal.ref.objectNumber))) return change('other', { field })
  if (certifies(step, signature)) return change('other', { field, sentence: '盖章后又改了文件的认证权限。' })
  const kind = after.name(signature, 'SubFilter') === 'ETSI.RFC3161' ? 'timestamp' : 'new-seal'
  const shown = shownWidgets(step, seal, growth)
  if (typeof shown === 'string') return change('hidden-content', { field, sentence: shown })
  const page = shown[0]?.page.number ?? null
  const boxes = shown.filter((widget) => !isProven(step, widget)).map(({ box }) => box)
  return change(kind, { page, field, isHarmless: true, boxes, isNewField, isStray })
}

function certifies({ after }: Step, signature: PDFDict): boolean {
  const references = after.array(signature, 'Reference')?.asArray() ?? []
  return references.some((item) => {
    const reference = after.resolve(item)
    return reference instanceof PDFDict && after.name(reference, 'TransformMethod') === 'DocMDP'
  })
}

/** The widgets of a new seal that show, or a sentence where they could be anything but a seal. */
function shownWidgets(step: Step, seal: NewSeal, growth: Growth): Widget[] | string {
  const parts = widgetNumbers(step, seal).map((number) => ({ number, dict: step.after.object(number) }))
  const shown: Widget[] = []
  for (const { number, dict } of parts) {
    if (!(dict instanceof PDFDict)) return strange(seal.name)
    // A slot was laid before the seals, so what it says besides was there when they were put.
    if (seal.isNewField && dict.keys().some((key) => !fieldKeys.has(key.decodeText()))) return strange(seal.name)
    const isPart = number === seal.ref.objectNumber || step.after.name(dict, 'Subtype') === 'Widget'
    if (!isPart || (seal.isNewField && !step.touched.added.has(number))) return strange(seal.name)
    const pages = pagesOf(step, seal, number, growth)
    if (pages.length > 1) return strange(seal.name)
    const widget = shownWidget(step, dict, pages[0])
    if (typeof widget === 'string') return widget
    if (widget !== undefined) shown.push(widget)
  }
  return shown.length > 1 && !isSeam(step, shown) ? `印章“${seal.name}”在多处显示，又不是骑缝章。` : shown
}

const strange = (name: string): string => `印章“${name}”的写法不寻常，可能遮住或添加了内容。`

/** The pages whose annotations name a widget: those that it was appended to, and, for a slot, those that had it. */
function pagesOf(step: Step, seal: NewSeal, number: number, growth: Growth): NumberedPage[] {
  const appended = growth.widgets.filter(({ ref }) => ref.objectNumber === number).map(({ page }) => page)
  if (seal.isNewField) return appended
  const had = [...step.pages.values()].filter(({ page }) =>
    step.before
      .array(page.dict, 'Annots')
      ?.asArray()
      .some((item) => item instanceof PDFRef && item.objectNumber === number),
  )
  return [...had, ...appended]
}

function shownWidget(step: Step, dict: PDFDict, page: NumberedPage | undefined): Widget | string | undefined {
  const { after } = step
  const flag = after.number(dict, 'F') ?? 0
  if (page === undefined || raw(dict, 'Rect') === undefined || (flag & flags.hidden) !== 0) return undefined
  const where = `第 ${page.number} 页`
  const box = boxOf(step, dict, page)
  if (box === undefined) return `${where}上新盖的章位置读不出来。`
  if (box.widthMm === 0 || box.heightMm === 0) return undefined
  if ((flag & (flags.noZoom | (isTurned(page) ? flags.noRotate : 0) | flags.noView | flags.toggleNoView)) !== 0) {
    return `${where}上新盖的章有时显示有时不显示，或大小会变。`
  }
  if (!isOnPage(step, page, box)) return `${where}上新盖的章伸出了页面。`
  if (box.widthMm > maxSealMm + 0.5 || box.heightMm > maxSealMm + 0.5) {
    return `${where}上新盖的章太大（${Math.round(box.widthMm)}×${Math.round(box.heightMm)} 毫米），可能遮住或添加了内容。`
  }
  const looks = after.dict(dict, 'AP')
  if (looks?.keys().some((key) => key.decodeText() !== 'N')) return `${where}上新盖的章会随鼠标改变样子。`
  return { dict, page, box }
}

const isTurned = ({ page }: NumberedPage): boolean => {
  const rotate = page.inherited.get('Rotate')
  return rotate instanceof PDFNumber && rotate.asNumber() % 360 !== 0
}

/** Beyond these units of a page, viewers disagree about how large it is, and so is everything on it. */
const [leastUserUnit, mostUserUnit] = [0.001, 1000]

function boxOf({ after }: Step, dict: PDFDict, { page, number }: NumberedPage): PageBox | undefined {
  const userUnit = after.number(page.dict, 'UserUnit') ?? 1
  if (!(userUnit >= leastUserUnit && userUnit <= mostUserUnit)) return undefined
  try {
    const rect = rectangle(after, after.resolve(raw(dict, 'Rect')))
    return rect === undefined ? undefined : { page: number, ...shownBox(after, page, rect) }
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

function isOnPage({ before }: Step, { page }: NumberedPage, box: PageBox): boolean {
  const size = pageSize(before, page)
  const [right, bottom] = [box.xMm + box.widthMm, box.yMm + box.heightMm]
  const slack = maxSealMm / 2
  return box.xMm >= -slack && box.yMm >= -slack && right <= size.widthMm + slack && bottom <= size.heightMm + slack
}

/** A seam seal shows once on a page at most, each time as a narrow strip at the edge of the paper. */
function isSeam({ before }: Step, shown: readonly Widget[]): boolean {
  const pages = new Set(shown.map(({ page }) => page.number))
  return (
    pages.size === shown.length &&
    shown.every(({ page, box }) => {
      const size = pageSize(before, page.page)
      const gaps = [box.xMm, box.yMm, size.widthMm - box.xMm - box.widthMm, size.heightMm - box.yMm - box.heightMm]
      const isAtEdge = gaps.some((gap) => Math.abs(gap) <= edgeToleranceMm)
      return isAtEdge && Math.min(box.widthMm, box.heightMm) <= maxStripMm
    })
  )
}

function isProven(step: Step, { dict }: Widget): boolean {
  const looks = step.after.dict(dict, 'AP')
  const normal = looks === undefined ? undefined : step.after.resolve(raw(looks, 'N'))
  return step.proofs.isProven(step.after, normal)
}
