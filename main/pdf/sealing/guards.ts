import { PDFDict } from 'pdf-lib'
import { AppError } from '../../../preload/contract/errors.ts'
import { sealFields } from '../reading/fields.ts'
import type { PdfFile } from '../reading/reader.ts'
import { isLocked, readLock } from '../reading/seal-records.ts'

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
    const slots = permission === 1 ? [] : openSlots.filter((name) => !isLockedIn(file, name))
    throw new AppError('PDF_CERTIFIED_NO_CHANGES', { permission, slots })
  }
  if (isLockedIn(file, fieldName)) throw new AppError('PDF_FIELD_LOCKED', { field: fieldName })
}

const isLockedIn = (file: PdfFile, field: string): boolean =>
  fieldLocks(file).some((lock) => isLocked(readLock(file, lock), field))

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
