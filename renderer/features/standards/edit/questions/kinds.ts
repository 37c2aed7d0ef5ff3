// Owns: how a question can be answered, as people choose it, and what stands for each way in JSON Schema and UI schema.
// Does not own: where a question stands in its form (form-reading.ts), drawing it (ui/form).
// Start here: `kindOfQuestion`, `answerOfKind`.
import { longestSignature } from '../../../../../preload/contract/standards/signature.ts'
import {
  isSameJson,
  type JsonObject,
  type JsonValue,
  listOf,
  objectOf,
  plainText,
  textOf,
  withPart,
} from '../json-edit.ts'

/** The ways to answer, in the order in which they are offered. */
export const questionKinds = [
  'text',
  'textarea',
  'number',
  'date',
  'yesNo',
  'radio',
  'select',
  'several',
  'table',
  'idNumber',
  'uscc',
  'phone',
  'division',
  'bankAccount',
  'signature',
] as const
type WrittenKind = (typeof questionKinds)[number]

/** How a question is answered; `other` for what only its source can write. */
export type QuestionKind = WrittenKind | 'other'

/** Kinds that a widget of the same name draws. */
const drawn = new Set<string>([
  ...['textarea', 'date', 'radio', 'select', 'idNumber', 'uscc', 'phone', 'division', 'bankAccount', 'signature'],
])

/** Kinds with a list to choose from. */
export const isChoiceKind = (kind: QuestionKind): boolean => ['radio', 'select', 'several'].includes(kind)

/** How a question is answered, by its schema and its look. */
export function kindOfQuestion(property: JsonObject, look: JsonObject): QuestionKind {
  const { type } = property
  if (type === 'array') return kindOfList(property)
  if (type === 'boolean') return 'yesNo'
  if (hasChoices(property)) return choicesOf(property) === undefined ? 'other' : choiceLook(look)
  const widget = textOf(look['ui:widget'])
  if (type === 'string' && drawn.has(widget) && !['radio', 'select'].includes(widget)) return widget as QuestionKind
  if (type === 'string') return property.format === 'date' ? 'date' : 'text'
  return type === 'number' || type === 'integer' ? 'number' : 'other'
}

const hasChoices = (property: JsonObject) => property.oneOf !== undefined || property.enum !== undefined
const choiceLook = (look: JsonObject) => (look['ui:widget'] === 'select' ? 'select' : 'radio')

function kindOfList(property: JsonObject): QuestionKind {
  const items = objectOf(property.items)
  if (items.type === 'object') return 'table'
  return property.uniqueItems === true && hasChoices(items) && choicesOf(items) !== undefined ? 'several' : 'other'
}

/** A choice: what is kept, and what is shown. */
export type QuestionChoice = { readonly value: JsonValue; readonly title: string }

/** The choices of a question; undefined where it has a list that is none of plain choices. */
function choicesOf(property: JsonObject): QuestionChoice[] | undefined {
  if (property.oneOf === undefined) {
    const values = listOf(property.enum)
    return values.every(isPlainValue) ? values.map((value) => ({ value, title: plainText(value) })) : undefined
  }
  const choices = listOf(property.oneOf).map(objectOf)
  const isPlain = Array.isArray(property.oneOf) && choices.every(({ const: value }) => isPlainValue(value))
  return isPlain
    ? choices.map(({ const: value = null, title }) => ({ value, title: typeof title === 'string' ? title : '' }))
    : undefined
}

const isPlainValue = (value: JsonValue | undefined) =>
  value !== undefined && (typeof value !== 'object' || value === null)

/** The choices that a question offers, also of several answers at once; empty where anything may be answered. */
export function offeredChoices(property: JsonObject): QuestionChoice[] {
  return choicesOf(property.type === 'array' ? objectOf(property.items) : property) ?? []
}

/** The question with other choices. What else is written beside one that stays, stays. */
export function withChoices(property: JsonObject, choices: readonly QuestionChoice[]): JsonObject {
  if (isSameJson(offeredChoices(property), choices)) return property
  if (property.type === 'array') return withPart(property, 'items', withChoices(objectOf(property.items), choices))
  const before = listOf(property.oneOf).map(objectOf)
  const oneOf = choices.map(({ value, title }) => ({
    ...before.find((one) => one.const === value),
    ...{ const: value, title },
  }))
  return withPart(withPart(property, 'enum', undefined), 'oneOf', oneOf)
}

const yesAndNo: readonly QuestionChoice[] = [
  { value: 'yes', title: '是' },
  { value: 'no', title: '否' },
]
const inSchema = (choices: readonly QuestionChoice[]) => choices.map(({ value, title }) => ({ const: value, title }))

/** What a question of a kind asks for at first: its words stay, and its choices where there still are any. */
export function answerOfKind(kind: WrittenKind, before: JsonObject): JsonObject {
  const { title = '', description } = before
  const offered = offeredChoices(before)
  const choices = inSchema(offered.length === 0 ? yesAndNo : offered)
  const told: JsonObject = { title, ...(description === undefined ? {} : { description }) }
  switch (kind) {
    case 'radio':
    case 'select':
      return { ...told, type: 'string', oneOf: choices }
    case 'several':
      return { ...told, type: 'array', uniqueItems: true, items: { type: 'string', oneOf: choices } }
    case 'yesNo':
      return { ...told, type: 'boolean' }
    case 'number':
      return { ...told, type: 'integer', minimum: 0 }
    case 'date':
      return { ...told, type: 'string', format: 'date' }
    case 'idNumber':
    case 'uscc':
      return { ...told, type: 'string', minLength: 18, maxLength: 18 }
    case 'division':
      return { ...told, type: 'string', pattern: '^[0-9]{12}$' }
    case 'bankAccount':
      return { ...told, type: 'string', pattern: '^[0-9]{12,25}$', maxLength: 25 }
    case 'phone':
      return { ...told, type: 'string', maxLength: 20 }
    case 'signature':
      return { ...told, type: 'string', maxLength: longestSignature }
    case 'textarea':
      return { ...told, type: 'string', maxLength: 500 }
    case 'text':
      return { ...told, type: 'string', minLength: 1, maxLength: 100 }
    case 'table':
      return { ...told, type: 'array', maxItems: 20, items: { type: 'object', properties: {}, required: [] } }
  }
}

/** The look of a question of a kind: its widget, and nothing that only another kind has. */
export function lookOfKind(kind: WrittenKind, look: JsonObject): JsonObject {
  const withWidget = withPart(look, 'ui:widget', drawn.has(kind) ? kind : undefined)
  if (kind === 'table') return withWidget
  const options = objectOf(look['ui:options'])
  const bare = withPart(withWidget, 'items', undefined)
  return Object.hasOwn(options, 'addLabel')
    ? withPart(bare, 'ui:options', withPart(options, 'addLabel', undefined))
    : bare
}
