import type { Answers } from '../../../preload/contract/entries.ts'
import { maskIdNumber } from '../../../preload/contract/masking.ts'
import type { MatterStandard } from '../../../preload/contract/standard.ts'
import { dateInChinese } from '../../ui/form/typed-text.ts'

type Json = MatterStandard['form']['schema'][string]

/** One answer to read: a plain value, a value of the applicant that is masked, or a table (e.g. of household members). */
export type AnswerRow =
  | { readonly kind: 'value'; readonly key: string; readonly label: string; readonly value: string | boolean | null }
  | { readonly kind: 'signature'; readonly key: string; readonly label: string; readonly text: string }
  | { readonly kind: 'masked'; readonly key: string; readonly label: string; readonly field: 'idNumber' | 'phone' }
  | {
      readonly kind: 'table'
      readonly key: string
      readonly label: string
      readonly columns: readonly string[]
      readonly rows: readonly (readonly (string | boolean | null)[])[]
    }

type Fields = { readonly [key: string]: Json }

const fieldsOf = (value: Json | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

/** Masks an 18-digit ID number wherever it stands in a text. */
export function maskIdNumbers(text: string): string {
  return text.replace(/(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])/g, maskIdNumber)
}

/** A value as its schema names it: the title of a chosen constant, else the value itself. */
function shownValue(schema: Fields, value: Json | undefined): string | boolean | null {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) return null
  if (typeof value === 'boolean') return value
  const choices = [...listOf(schema.oneOf), ...listOf(schema.anyOf)].map(fieldsOf)
  const chosen = choices.find((choice) => choice.const === value)
  if (chosen !== undefined) return textOf(chosen.title) || String(value)
  if (Array.isArray(value)) return value.map((item) => String(shownValue(fieldsOf(schema.items), item))).join('、')
  if (typeof value === 'object') return Object.values(value).map(String).join(' ')
  if (schema.format === 'date') return dateInChinese(String(value))
  return maskIdNumbers(String(value))
}

/** The questions of a schema, those of its conditional parts included. */
function propertiesOf(schema: Fields): Fields {
  const branches = [schema.then, schema.else, ...listOf(schema.allOf)].filter((branch) => branch !== undefined)
  const parts = branches.map((branch) => propertiesOf(fieldsOf(branch)))
  return Object.fromEntries([...parts, fieldsOf(schema.properties)].flatMap(Object.entries))
}

/** The property names in the order that the form shows them: `ui:order` first, `*` for the rest. */
function ordered(names: readonly string[], order: readonly Json[]): readonly string[] {
  const wanted = order.filter((name): name is string => typeof name === 'string')
  const known = new Set(names)
  const rest = names.filter((name) => !wanted.includes(name))
  const out = wanted.flatMap((name) => (name === '*' ? rest : known.has(name) ? [name] : []))
  return wanted.includes('*') ? out : [...out, ...rest]
}

function tableRow(key: string, label: string, items: Fields, value: Json | undefined): AnswerRow {
  const cells = fieldsOf(items.properties)
  const names = Object.keys(cells)
  return {
    kind: 'table',
    key,
    label,
    columns: names.map((name) => textOf(fieldsOf(cells[name]).title) || name),
    rows: listOf(value).map((row) => names.map((name) => shownValue(fieldsOf(cells[name]), fieldsOf(row)[name]))),
  }
}

/**
 * A case's answers in the order and words of the standard that it was taken in under. Answers that the form does not
 * know (any more) stay, under their own names, so that nothing that was typed is hidden. `divisionName` names a division
 * code in words.
 */
export function answerRows(
  form: MatterStandard['form'],
  answers: Answers,
  divisionName: (code: string) => string,
): readonly AnswerRow[] {
  return rowsOf(fieldsOf(form.schema), form.ui, answers, { ...form.applicant, divisionName }, '')
}

type Around = MatterStandard['form']['applicant'] & { readonly divisionName: (code: string) => string }

function rowsOf(schema: Fields, ui: Fields, answers: Fields, around: Around, prefix: string): readonly AnswerRow[] {
  const properties = propertiesOf(schema)
  const always = fieldsOf(schema.properties)
  // A question that depends on another answer was not asked where there is no answer to it.
  const asked = Object.keys(properties).filter((name) => name in always || answers[name] !== undefined)
  const known = ordered(asked, listOf(ui['ui:order']))
  const strangers = Object.keys(answers).filter((name) => !(name in properties))
  return [...known, ...strangers].flatMap((name): readonly AnswerRow[] => {
    const property = fieldsOf(properties[name])
    const label = textOf(property.title) || name
    const key = `${prefix}${name}`
    if (prefix === '' && name === around.idNumber) return [{ kind: 'masked', key, label, field: 'idNumber' }]
    if (prefix === '' && name === around.phone) return [{ kind: 'masked', key, label, field: 'phone' }]
    if (property.type === 'object') {
      return rowsOf(property, fieldsOf(ui[name]), fieldsOf(answers[name]), around, `${key}/`)
    }
    const items = fieldsOf(property.items)
    if (property.type === 'array' && items.type === 'object') return [tableRow(key, label, items, answers[name])]
    const value = shownValue(property, answers[name])
    const isSigned = fieldsOf(ui[name])['ui:widget'] === 'signature' && typeof answers[name] === 'string'
    if (isSigned) return [{ kind: 'signature', key, label, text: textOf(answers[name]) }]
    const isDivision = fieldsOf(ui[name])['ui:widget'] === 'division' && typeof value === 'string'
    return [{ kind: 'value', key, label, value: isDivision ? around.divisionName(value) : value }]
  })
}
