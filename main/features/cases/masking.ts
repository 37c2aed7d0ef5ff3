import type { Answers } from '../../../preload/contract/entries.ts'
import { maskAccount, maskIdNumber, maskPhone } from '../../../preload/contract/masking.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'

type Json = Answers[string]

const masks: Record<string, (text: string) => string> = {
  idNumber: maskIdNumber,
  phone: maskPhone,
  bankAccount: maskAccount,
}

/** Answers as a screen may show them: identity numbers, telephone numbers and account numbers masked, by the form's own account of which field is which; without it everything with many digits. */
export function maskAnswers(answers: Answers, standard: MatterStandard | undefined): Answers {
  if (standard === undefined) return mapTexts(answers, maskDigits) as Answers
  const { idNumber, phone } = standard.form.applicant
  const ui: Record<string, Json> = standard.form.ui
  return Object.fromEntries(
    Object.entries(answers).map(([name, value]) => {
      if (name === idNumber) return [name, maskValue(value, maskIdNumber)]
      if (name === phone) return [name, maskValue(value, maskPhone)]
      return [name, maskByWidget(value, ui[name])]
    }),
  )
}

/** Without the standard nobody knows which field is which: whatever has as many digits as a telephone number is masked. */
function maskDigits(text: string): string {
  return (text.match(/\d/g)?.length ?? 0) >= 7 ? maskAccount(text) : text
}

function mapTexts(value: Json, mask: (text: string) => string): Json {
  if (typeof value === 'string') return mask(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, mask))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapTexts(part, mask)]))
}

function maskByWidget(value: Json, ui: Json | undefined): Json {
  if (!isRecord(ui)) return value
  const widget = ui['ui:widget']
  const mask = typeof widget === 'string' && Object.hasOwn(masks, widget) ? masks[widget] : undefined
  if (mask) return maskValue(value, mask)
  if (Array.isArray(value)) return value.map((item) => maskByWidget(item, ui.items))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, maskByWidget(part, ui[name])]))
}

function maskValue(value: Json, mask: (text: string) => string): Json {
  return typeof value === 'string' ? mask(value) : value
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
