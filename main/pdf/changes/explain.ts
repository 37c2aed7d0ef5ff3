import { PDFArray, PDFDict, PDFName, type PDFObject, PDFRawStream, PDFRef } from 'pdf-lib'
import { formFields, text } from '../reading/fields.ts'
import type { PdfFile } from '../reading/reader.ts'
import { change, type FoundChange } from './change.ts'
import { explainField } from './explain-field.ts'
import { explainOtherRoles } from './roles.ts'
import { differentKeys, sameObject } from './same.ts'
import { type Growth, isRefTo, itemsOf, type NumberedPage, raw, type Step } from './step.ts'

/** What came of one changed object; `undefined` where it is not understood. */
export type Explanation = readonly FoundChange[] | undefined

/**
 * Says what the change of one object means. Growth that may be a seal's goes into `growth` and is judged later;
 * changes that show nowhere (an object that nothing refers to, dates in the file's properties) are no change.
 */
export function explain(step: Step, number: number, growth: Growth): Explanation {
  const { before, uses } = step
  const { old, current } = step.touched.changed.get(number) ?? {}
  if (old === undefined || current === undefined) return undefined
  const page = step.pages.get(number)
  if (number === before.catalogRef.objectNumber) return explainCatalogue(step, old, current, growth)
  if (isRefTo(raw(before.catalog, 'AcroForm'), number)) {
    const found = explainForm(step, old, current, growth)
    return found && [...found, ...explainOtherRoles(step, number, 'form')]
  }
  if (page !== undefined) return explainPage(step, page, old, current, growth)
  const places = uses.of(number)
  if (places.length === 0) return []
  if (isValidationData(step, number)) return [change('validation-data', { isHarmless: true })]
  if (places.every(({ holder, path }) => holder === 0 && path === 'Info')) return explainProperties(old, current)
  if (isMetadata(step, number, current)) return []
  if (old instanceof PDFArray && current instanceof PDFArray) return explainArray(step, number, growth)
  return explainField(step, number, old, current, growth)
}

/** Changes of these keys of the catalogue, each with its own words. */
const catalogueChanges: Readonly<Record<string, () => FoundChange>> = {
  DSS: () => change('validation-data', { isHarmless: true }),
  Pages: () => change('pages'),
  PageLabels: () => change('pages', { sentence: '页码的写法被改动。' }),
  OCProperties: () => change('hidden-content', { sentence: '图层的显示设置被改动，可能有内容被藏起来或显出来。' }),
  OpenAction: () => change('other', { sentence: '打开文件时要做的动作被改动。' }),
  AA: () => change('other', { sentence: '文件里的自动动作被改动。' }),
  Names: () => change('other', { sentence: '文件里的脚本、附件或目录名被改动。' }),
  Perms: () => change('other', { sentence: '文件的认证权限被改动。' }),
}

function explainCatalogue(step: Step, old: PDFObject, current: PDFObject, growth: Growth): Explanation {
  if (!(old instanceof PDFDict) || !(current instanceof PDFDict)) return undefined
  const found = differentKeys(old, current).flatMap((key) => {
    if (key === 'AcroForm') {
      const [oldForm, form] = [step.before.dict(old, key), step.after.dict(current, key)]
      return form === undefined ? [removedForm()] : explainFormKeys(step, oldForm, form, growth)
    }
    if (key === 'Extensions' || (key === 'Version' && isVersion(step.after.name(current, key)))) return []
    if (key === 'Metadata' && isNewMetadata(step, raw(current, key))) return []
    return catalogueChanges[key]?.() ?? change('other', { sentence: '文件的总体设置被改动。' })
  })
  return [...found, ...explainOtherRoles(step, step.before.catalogRef.objectNumber, 'catalogue')]
}

const removedForm = (): FoundChange => change('removed-field', { sentence: '整个表单被去掉，其中的印章也不再显示。' })

const isVersion = (name: string | undefined): boolean => /^[12]\.\d$/.test(name ?? '')

function explainForm(step: Step, old: PDFObject, current: PDFObject, growth: Growth): Explanation {
  if (!(old instanceof PDFDict) || !(current instanceof PDFDict)) return undefined
  return explainFormKeys(step, old, current, growth)
}

function explainFormKeys(step: Step, old: PDFDict | undefined, current: PDFDict, growth: Growth): FoundChange[] {
  const nothing = PDFDict.withContext(step.before.context)
  return differentKeys(old ?? nothing, current).flatMap((key) => {
    if (key === 'Fields') return explainFields(step, raw(old, key), raw(current, key), growth)
    if (key === 'SigFlags') return keepsFlags(step, old, current) ? [] : [change('other')]
    // A form that was not there has no fields that these could change.
    if ((key === 'DA' || key === 'DR') && old === undefined) return []
    if (key === 'DR' && growsInNames(step, old, current)) return []
    if (key === 'DA' || key === 'DR') {
      return [change('appearance', { sentence: '表单公用的字体或样子被改动，表单项可能显示得不一样。' })]
    }
    if (key === 'NeedAppearances') {
      return [change('appearance', { sentence: '文件改成由软件重画表单，表单项可能显示得不一样。' })]
    }
    return [change('other', { sentence: '表单的设置被改动。' })]
  })
}

/**
 * True where the shared fonts of a form only gained new names (programs that seal add their font), and no viewer is
 * told to draw fields anew with them.
 */
function growsInNames({ before, after }: Step, old: PDFDict | undefined, current: PDFDict): boolean {
  if (old === undefined || after.resolve(raw(current, 'NeedAppearances')) !== undefined) return false
  if (!formFields(before).every(({ dict, type }) => type === 'Sig' || hasLook(before, dict))) return false
  const nothing = PDFDict.withContext(before.context)
  const [oldFonts, fonts] = [before.dict(old, 'DR') ?? nothing, after.dict(current, 'DR') ?? nothing].map(
    (shared, i) => ({
      others: shared.keys().filter((key) => key.decodeText() !== 'Font'),
      shared,
      fonts: (i === 0 ? before : after).dict(shared, 'Font') ?? nothing,
    }),
  )
  if (oldFonts === undefined || fonts === undefined || fonts.others.length !== oldFonts.others.length) return false
  const keepsOthers = oldFonts.others.every((key) => sameObject(oldFonts.shared.get(key), fonts.shared.get(key)))
  return keepsOthers && oldFonts.fonts.keys().every((key) => sameObject(oldFonts.fonts.get(key), fonts.fonts.get(key)))
}

/** A field without a look of its own is drawn by the viewer, with whatever font its name leads to now. */
function hasLook(file: PdfFile, field: PDFDict): boolean {
  const widgets = raw(field, 'Rect') === undefined ? (file.array(field, 'Kids')?.asArray() ?? []) : [field]
  return widgets.every((item) => {
    const widget = file.resolve(item)
    return widget instanceof PDFDict && file.dict(widget, 'AP') !== undefined
  })
}

function keepsFlags({ before, after }: Step, old: PDFDict | undefined, current: PDFDict): boolean {
  const had = (old && before.number(old, 'SigFlags')) ?? 0
  const has = after.number(current, 'SigFlags') ?? 0
  return has >= 0 && has <= 3 && (has & had) === had
}

function explainFields(step: Step, old: PDFObject | undefined, current: PDFObject | undefined, growth: Growth) {
  const appended = appendedRefs(step, old, current)
  if (appended !== undefined) {
    for (const ref of appended) growth.fields.push(ref)
    return []
  }
  const removed = removedRefs(step, old, current).map((number) => {
    const field = step.fields.get(number)?.name ?? ''
    return change('removed-field', { field })
  })
  return removed.length > 0 ? removed : [change('other', { sentence: '表单项的次序或名单被改动。' })]
}

/** The references that follow the old items; `undefined` where the old items do not all stand first, unchanged. */
function appendedRefs(step: Step, old: PDFObject | undefined, current: PDFObject | undefined): PDFRef[] | undefined {
  const [oldItems, items] = [itemsOf(step.before, old), itemsOf(step.after, current)]
  if (oldItems === undefined || items === undefined || items.length < oldItems.length) return undefined
  if (!oldItems.every((item, i) => sameObject(item, items[i]))) return undefined
  const appended = items.slice(oldItems.length)
  const refs = appended.filter((item) => item instanceof PDFRef)
  return refs.length === appended.length ? refs : undefined
}

function removedRefs(step: Step, old: PDFObject | undefined, current: PDFObject | undefined): number[] {
  const numbers = (file: PdfFile, value: PDFObject | undefined) =>
    (itemsOf(file, value) ?? []).flatMap((item) => (item instanceof PDFRef ? [item.objectNumber] : []))
  const left = new Set(numbers(step.after, current))
  return numbers(step.before, old).filter((number) => !left.has(number))
}

const boxKeys = new Set(['MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox', 'UserUnit'])

function explainPage(step: Step, page: NumberedPage, old: PDFObject, current: PDFObject, growth: Growth): Explanation {
  const shown = page.number
  if (!(old instanceof PDFDict) || !(current instanceof PDFDict)) return [change('page-content', { page: shown })]
  return differentKeys(old, current).flatMap((key) => {
    if (key === 'Annots') return explainAnnotations(step, page, raw(old, key), raw(current, key), growth)
    if (isPlainNote(key, step.after.resolve(raw(current, key)))) return []
    if (key === 'Rotate') return [change('pages', { page: shown, sentence: `第 ${shown} 页被旋转。` })]
    if (boxKeys.has(key)) return [change('pages', { page: shown, sentence: `第 ${shown} 页的大小或裁切被改动。` })]
    if (key === 'Parent' || key === 'Type') return [change('pages', { page: shown })]
    if (key === 'AA') return [change('other', { page: shown, sentence: `第 ${shown} 页的自动动作被改动。` })]
    return [change('page-content', { page: shown })]
  })
}

/** What a page says of itself that shows nowhere: the order of its fields, and when it was changed. */
const isPlainNote = (key: string, value: PDFObject | undefined): boolean =>
  (key === 'Tabs' && (value === undefined || /^\/[RCSAW]$/.test(String(value)))) ||
  (key === 'LastModified' && (value === undefined || text(value) !== undefined))

function explainAnnotations(
  step: Step,
  page: NumberedPage,
  old: PDFObject | undefined,
  current: PDFObject | undefined,
  growth: Growth,
): FoundChange[] {
  const appended = appendedRefs(step, old, current)
  if (appended !== undefined) {
    for (const ref of appended) growth.widgets.push({ ref, page })
    return []
  }
  const removed = removedRefs(step, old, current).flatMap((number) => step.fields.get(number) ?? [])
  if (removed.length === 0) return [change('annotation', { page: page.number })]
  return removed.map(({ name }) => change('removed-field', { page: page.number, field: name }))
}

function explainArray(step: Step, number: number, growth: Growth): Explanation {
  const places = step.uses.of(number)
  const [first] = places
  const { old, current } = step.touched.changed.get(number) ?? {}
  if (first === undefined) return undefined
  const formRef = raw(step.before.catalog, 'AcroForm')
  const isFields = places.every(({ holder, path }) =>
    isRefTo(formRef, holder)
      ? path === 'Fields'
      : holder === step.before.catalogRef.objectNumber && path === 'AcroForm/Fields',
  )
  if (isFields) return explainFields(step, old, current, growth)
  const page = step.pages.get(first.holder)
  const isAnnotations = places.every(({ holder, path }) => holder === first.holder && path === 'Annots')
  if (page !== undefined && isAnnotations) return explainAnnotations(step, page, old, current, growth)
  return undefined
}

/** Certificates, revocation lists and OCSP answers kept in the file (ETSI EN 319 142-1, 5.4): they show nowhere. */
function isValidationData({ before, uses }: Step, number: number): boolean {
  const catalogue = before.catalogRef.objectNumber
  const dss = before.dict(before.catalog, 'DSS')
  const vri = dss && before.dict(dss, 'VRI')
  const isStore = (holder: number): boolean =>
    isRefTo(raw(before.catalog, 'DSS'), holder) ||
    isRefTo(raw(dss, 'VRI'), holder) ||
    (vri?.values().some((value) => isRefTo(value, holder)) ?? false)
  return uses.of(number).every(({ holder, path }) => {
    if (holder === catalogue) return path === 'DSS' || path.startsWith('DSS/')
    return isStore(holder) && storeKeys.test(path)
  })
}

const storeKeys = /^(?:(?:VRI|Certs|CRLs|OCSPs|Cert|CRL|OCSP|[0-9A-F]{40})(?:\/|$))+/

const editorKeys = new Set(['ModDate', 'Producer', 'Creator', 'CreationDate'])

/** Editing programs write their name and the time; title, author and the like are the document's own. */
export function explainProperties(old: PDFObject, current: PDFObject): Explanation {
  if (!(old instanceof PDFDict) || !(current instanceof PDFDict)) return undefined
  const others = differentKeys(old, current).filter((key) => !editorKeys.has(key))
  return others.length === 0 ? [] : [change('other', { sentence: '文件属性（标题、作者等）被改动。' })]
}

function isMetadata(step: Step, number: number, current: PDFObject): boolean {
  const catalogue = step.before.catalogRef.objectNumber
  const isOnlyThat = step.uses.of(number).every(({ holder, path }) => holder === catalogue && path === 'Metadata')
  return isOnlyThat && isMetadataStream(current)
}

function isNewMetadata({ after, touched }: Step, value: PDFObject | undefined): boolean {
  return value instanceof PDFRef && touched.added.has(value.objectNumber) && isMetadataStream(after.resolve(value))
}

const isMetadataStream = (object: PDFObject | undefined): boolean =>
  object instanceof PDFRawStream && object.dict.get(PDFName.of('Type')) === PDFName.of('Metadata')
