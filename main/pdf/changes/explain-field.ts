import { PDFDict, type PDFObject, PDFRef } from 'pdf-lib'
import { change, type FoundChange } from './change.ts'
import type { Explanation } from './explain.ts'
import { explainOtherRoles } from './roles.ts'
import { differentKeys } from './same.ts'
import { type Growth, type KnownField, raw, type Step } from './step.ts'

/** Keys that a seal writes into the empty slot that waited for it. */
const slotKeys = new Set(['V', 'AP', 'M'])

const lookKeys = new Set(['AP', 'AS', 'MK', 'DA', 'BS', 'Border', 'C', 'F', 'OC', 'Q', 'H', 'MaxLen', 'Opt'])

/** Says what the change of a form field, of its widget, or of another annotation means; `undefined` for all else. */
export function explainField(
  step: Step,
  number: number,
  old: PDFObject,
  current: PDFObject,
  growth: Growth,
): Explanation {
  const field = step.fields.get(number)
  if (!(old instanceof PDFDict) || !(current instanceof PDFDict)) return undefined
  const keys = differentKeys(old, current)
  if (field !== undefined) return explainKeys(step, number, { field, keys, growth })
  const isAnnotation = raw(old, 'Rect') !== undefined && raw(old, 'Subtype') !== undefined
  return isAnnotation ? [change('annotation', { page: pageOf(step, number) })] : undefined
}

type FieldChange = { readonly field: KnownField; readonly keys: readonly string[]; readonly growth: Growth }

function explainKeys(step: Step, number: number, { field, keys, growth }: FieldChange): FoundChange[] {
  const facts = { field: field.name, page: pageOf(step, number) }
  const isSeal = field.type === 'Sig'
  const isSlot = isSeal && !field.isSigned
  if (isSlot && keys.some((key) => slotKeys.has(key))) growth.slots.add(field.name)
  const isFilled = !isSeal && keys.includes('V')
  const roles = isSlot ? explainOtherRoles(step, number, 'slot') : []
  const found = keys.flatMap((key) => {
    if (isSlot && slotKeys.has(key)) return []
    if (key === 'V' && isSeal) return change('removed-field', { ...facts, sentence: removedSeal(field.name) })
    if (key === 'V') return change('form-fill', facts)
    if (key === 'Rect') return change('moved-widget', facts)
    if (lookKeys.has(key)) return isFilled && (key === 'AP' || key === 'AS') ? [] : change('appearance', facts)
    if (key === 'A' || key === 'AA') return change('other', { ...facts, sentence: '表单项的自动动作被改动。' })
    return change('other', { ...facts, sentence: `表单项“${field.name}”的设置被改动。` })
  })
  return [...found, ...roles]
}

const removedSeal = (field: string): string => `印章“${field}”被去掉或换成了别的。`

/** The page that an annotation stands on, by what it says itself, or by the pages' lists. */
export function pageOf(step: Step, number: number): number | null {
  const dict = step.before.object(number)
  const own = dict instanceof PDFDict ? raw(dict, 'P') : undefined
  const direct = own instanceof PDFRef ? step.pages.get(own.objectNumber) : undefined
  if (direct !== undefined) return direct.number
  const holder = step.uses.of(number).find(({ path }) => path === 'Annots')?.holder
  return holder === undefined ? null : (step.pages.get(holder)?.number ?? null)
}
