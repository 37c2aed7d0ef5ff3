import type { FoundChange } from './change.ts'
import { change } from './change.ts'
import { isRefTo, raw, type Step } from './step.ts'

/**
 * A change where the catalogue, the form or an empty slot also serves as something else, as a list of resources: what a
 * seal writes into it would then be drawn. Nothing where it is only what it seems.
 */
export function explainOtherRoles(step: Step, number: number, role: 'catalogue' | 'form' | 'slot'): FoundChange[] {
  const isUsual = step.uses.of(number).every(({ holder, path }) => {
    if (role === 'catalogue') return path === 'Root'
    if (role === 'form') return holder === step.before.catalogRef.objectNumber && path === 'AcroForm'
    return slotUse.test(path) || (path === '' && isListOfWidgets(step, holder))
  })
  return isUsual ? [] : [change('other', { sentence: '表单或目录的一部分同时被当作别的内容来用。' })]
}

/** Lists of fields, annotations and kids, and what the structure of the text says of a widget. */
const slotUse = /^(?:AcroForm\/Fields|Fields|Annots|Kids|Parent|K\/Obj|Obj|K\/K\/Obj)$/

function isListOfWidgets({ before, pages }: Step, holder: number): boolean {
  const form = before.dict(before.catalog, 'AcroForm')
  if (isRefTo(raw(form, 'Fields'), holder)) return true
  return [...pages.values()].some(({ page }) => isRefTo(raw(page.dict, 'Annots'), holder))
}
