import { type PDFArray, PDFDict, PDFHexString, PDFName, PDFRef, PDFString } from 'pdf-lib'
import { AppError } from '../../preload/contract/errors.ts'
import type { PdfFile } from './reader.ts'
import { damaged } from './syntax.ts'

/** A signature field of a form: its full name, its dictionary, and its value where it has been signed. */
export type SealField = {
  readonly name: string
  readonly ref: PDFRef | undefined
  readonly dict: PDFDict
  readonly value: PDFDict | undefined
}

type FormField = {
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

/** What is to be signed: a field that is there and empty, or one that is added. */
export type SealingPlan = {
  readonly fieldName: string
  readonly isSlot: boolean
  readonly openSlots: readonly string[]
}

/**
 * Refuses what a new seal would break: a certified document (PDF_CERTIFIED_NO_CHANGES, with the certification's
 * `permission` 1, 2 or 3 and the `slots` that may still be sealed: P=1 allows nothing, the others allow to sign fields
 * that are there, none a new one), and a signature that locked every field or the field's name (PDF_FIELD_LOCKED).
 * ISO 32000-1, 12.8.2.2 and 12.8.2.4; the /Lock of a signed field counts even where no FieldMDP repeats it.
 */
export function refuseWhereSealsForbid(file: PdfFile, { fieldName, isSlot, openSlots }: SealingPlan): void {
  const permission = grantedPermission(file)
  if (permission === 1 || (permission !== undefined && !isSlot)) {
    const isLocked = (name: string): boolean => fieldLocks(file).some((lock) => locks(file, lock, name))
    const slots = permission === 1 ? [] : openSlots.filter((name) => !isLocked(name))
    throw new AppError('PDF_CERTIFIED_NO_CHANGES', { permission, slots })
  }
  if (fieldLocks(file).some((lock) => locks(file, lock, fieldName))) {
    throw new AppError('PDF_FIELD_LOCKED', { field: fieldName })
  }
}

/** What the certification allows: 1 nothing, 2 form and seals, 3 notes too; `undefined` in a file that is not certified. */
export function grantedPermission(file: PdfFile): number | undefined {
  const certified = signatureTransforms(file).flatMap(({ method, parameters }) =>
    method === 'DocMDP' ? [(parameters && file.number(parameters, 'P')) ?? 2] : [],
  )
  const narrowed = fieldLocks(file).flatMap((lock) => file.number(lock, 'P') ?? [])
  const all = [...certified, ...narrowed]
  return all.length === 0 ? undefined : Math.min(...all)
}

function signatureTransforms(file: PdfFile) {
  const permissions = file.dict(file.catalog, 'Perms')
  const certification = permissions === undefined ? undefined : file.dict(permissions, 'DocMDP')
  const signed = sealFields(file).flatMap((field) => (field.value === undefined ? [] : [field.value]))
  const all = certification === undefined ? signed : [certification, ...signed]
  return all.flatMap((value) => transforms(file, value))
}

function transforms(file: PdfFile, signature: PDFDict) {
  const references = file.array(signature, 'Reference')?.asArray() ?? []
  return references.flatMap((item) => {
    const reference = file.resolve(item)
    if (!(reference instanceof PDFDict)) return []
    return [{ method: file.name(reference, 'TransformMethod'), parameters: file.dict(reference, 'TransformParams') }]
  })
}

/** Every lock that a signature holds. */
function fieldLocks(file: PdfFile): PDFDict[] {
  const own = sealFields(file).flatMap(({ value, dict }) =>
    value === undefined ? [] : (file.dict(dict, 'Lock') ?? []),
  )
  const held = signatureTransforms(file).flatMap(({ method, parameters }) =>
    method === 'FieldMDP' ? (parameters ?? []) : [],
  )
  return [...held, ...own]
}

/** A lock on a name is one on all fields below it. */
function locks(file: PdfFile, lock: PDFDict, fieldName: string): boolean {
  const action = file.name(lock, 'Action')
  const items = file.array(lock, 'Fields')?.asArray() ?? []
  const isListed = items.some((item) => {
    const name = text(file.resolve(item))
    return name !== undefined && (fieldName === name || fieldName.startsWith(`${name}.`))
  })
  if (action === 'Include') return isListed
  return action === 'All' || (action === 'Exclude' && !isListed)
}
