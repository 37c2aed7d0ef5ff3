// Owns: questions of a form as they are written in the editor: read from JSON Schema and UI schema, put back into them.
// Does not own: drawing the form (ui/form), what is wrong with it (the desk's check).
// Start here: `topQuestions`.
import { type JsonObject, type JsonValue, listOf, objectOf, textOf } from './json-edit.ts'

/** How a question is answered, as people choose it. */
export const questionKinds = [
  'text',
  'textarea',
  'number',
  'date',
  'radio',
  'select',
  'idNumber',
  'uscc',
  'phone',
  'division',
  'bankAccount',
  'signature',
] as const
export type QuestionKind = (typeof questionKinds)[number] | 'table' | 'other'

/** A choice: what is kept, and what is shown. */
export type QuestionChoice = { readonly value: string; readonly title: string }

/** A question of a form's top level. */
export type TopQuestion = {
  readonly name: string
  readonly title: string
  readonly kind: QuestionKind
  readonly group: string
  readonly help: string
  readonly isRequired: boolean
  readonly choices: readonly QuestionChoice[]
  /** It is asked on a condition (`then`, `else`, `allOf`): written in the source alone. */
  readonly isConditional: boolean
}

/** The questions of a form's top level in the order in which they are shown. */
export function topQuestions(form: JsonObject): TopQuestion[] {
  const schema = objectOf(form.schema)
  const ui = objectOf(form.ui)
  const own = objectOf(schema.properties)
  const required = listOf(schema.required).map(textOf)
  const all = { ...own, ...conditional(schema) }
  const order = listOf(ui['ui:order']).map(textOf)
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  return Object.keys(all)
    .toSorted((a, b) => place(a) - place(b))
    .map((name) => {
      const [property, look] = [objectOf(all[name]), objectOf(ui[name])]
      return {
        ...{ name, title: textOf(property.title) || name, kind: kindOfQuestion(property, look) },
        ...{ group: textOf(objectOf(look['ui:options']).group), help: textOf(look['ui:help']) },
        ...{
          isRequired: required.includes(name),
          choices: choicesOf(property),
          isConditional: !Object.hasOwn(own, name),
        },
      }
    })
}

function conditional(schema: JsonObject): JsonObject {
  const branches = [schema.then, schema.else, ...listOf(schema.allOf)].map(objectOf)
  return Object.assign({}, ...branches.map((branch) => ({ ...objectOf(branch.properties), ...conditionalOf(branch) })))
}

const conditionalOf = (branch: JsonObject): JsonObject => (Object.keys(branch).length === 0 ? {} : conditional(branch))

function kindOfQuestion(property: JsonObject, look: JsonObject): QuestionKind {
  const widget = textOf(look['ui:widget'])
  const known = questionKinds.find((kind) => kind === widget)
  if (known !== undefined) return known
  if (property.type === 'array') return 'table'
  if (property.oneOf !== undefined || property.enum !== undefined) return 'radio'
  if (property.format === 'date') return 'date'
  if (property.type === 'number' || property.type === 'integer') return 'number'
  return property.type === 'string' ? 'text' : 'other'
}

function choicesOf(property: JsonObject): QuestionChoice[] {
  if (property.oneOf !== undefined)
    return listOf(property.oneOf).map((one) => {
      const { const: value, title } = objectOf(one)
      return { value: String(value ?? ''), title: textOf(title) || String(value ?? '') }
    })
  return listOf(property.enum).map((one) => ({ value: String(one), title: String(one) }))
}

/** The form with one of its questions written otherwise. */
export function withQuestion(form: JsonObject, name: string, change: Partial<TopQuestion>): JsonObject {
  const schema = objectOf(form.schema)
  const ui = objectOf(form.ui)
  const before = topQuestions(form).find((one) => one.name === name)
  if (before === undefined) return form
  const property = objectOf(objectOf(schema.properties)[name])
  const nextProperty = withAnswer({ ...property, title: change.title ?? before.title }, before, change)
  const required = listOf(schema.required).map(textOf)
  const isRequired = change.isRequired ?? before.isRequired
  const others = required.filter((one) => one !== name)
  return {
    ...form,
    schema: {
      ...schema,
      properties: { ...objectOf(schema.properties), [name]: nextProperty },
      required: isRequired ? (required.includes(name) ? required : [...required, name]) : others,
    },
    ui: { ...ui, [name]: withLook(objectOf(ui[name]), before, change) },
  }
}

function withAnswer(property: JsonObject, before: TopQuestion, change: Partial<TopQuestion>): JsonObject {
  const kind = change.kind ?? before.kind
  if (change.kind === undefined && change.choices === undefined) return property
  const { title = '' } = property
  const choices = change.choices ?? before.choices
  const offered =
    choices.length === 0
      ? [
          { value: 'yes', title: '是' },
          { value: 'no', title: '否' },
        ]
      : choices
  switch (kind) {
    case 'radio':
    case 'select':
      return {
        title,
        type: 'string',
        oneOf: offered.map(({ value, title: shown }) => ({ const: value, title: shown })),
      }
    case 'number':
      return { title, type: 'number', minimum: 0 }
    case 'date':
      return { title, type: 'string', format: 'date' }
    case 'idNumber':
    case 'uscc':
      return { title, type: 'string', minLength: 18, maxLength: 18 }
    case 'division':
      return { title, type: 'string', pattern: '^[0-9]{12}$' }
    case 'bankAccount':
      return { title, type: 'string', pattern: '^[0-9]{12,25}$' }
    case 'phone':
      return { title, type: 'string', maxLength: 20 }
    case 'textarea':
      return { title, type: 'string', maxLength: 500 }
    case 'text':
      return { title, type: 'string', minLength: 1, maxLength: 100 }
    default:
      return property
  }
}

function withLook(look: JsonObject, before: TopQuestion, change: Partial<TopQuestion>): JsonObject {
  const kind = change.kind ?? before.kind
  const group = change.group ?? before.group
  const help = change.help ?? before.help
  const { 'ui:widget': _widget, 'ui:help': _help, 'ui:options': options, ...rest } = look
  const { group: _group, ...otherOptions } = objectOf(options)
  const isPlain = kind === 'text' || kind === 'number' || kind === 'table' || kind === 'other'
  const widget: JsonValue | undefined = change.kind === undefined ? look['ui:widget'] : isPlain ? undefined : kind
  return {
    ...rest,
    'ui:options': group === '' ? otherOptions : { ...otherOptions, group },
    ...(widget === undefined ? {} : { 'ui:widget': widget }),
    ...(help === '' ? {} : { 'ui:help': help }),
  }
}

/** The form with a new question of one line at its end, in the group of the last; and its name. */
export function withNewQuestion(form: JsonObject, title: string): { readonly form: JsonObject; readonly name: string } {
  const schema = objectOf(form.schema)
  const ui = objectOf(form.ui)
  const questions = topQuestions(form)
  const taken = new Set(questions.map(({ name }) => name))
  let number = questions.length + 1
  while (taken.has(`question${number}`)) number += 1
  const name = `question${number}`
  const group = questions.at(-1)?.group ?? ''
  const order = listOf(ui['ui:order']).filter((one) => one !== '*')
  return {
    name,
    form: {
      ...form,
      schema: {
        ...schema,
        properties: { ...objectOf(schema.properties), [name]: { title, type: 'string', minLength: 1, maxLength: 100 } },
      },
      ui: { ...ui, 'ui:order': [...order, name], [name]: { 'ui:options': group === '' ? {} : { group } } },
    },
  }
}

/** The form without a question. */
export function withoutQuestion(form: JsonObject, name: string): JsonObject {
  const schema = objectOf(form.schema)
  const ui = objectOf(form.ui)
  const { [name]: _property, ...properties } = objectOf(schema.properties)
  const { [name]: _look, ...looks } = ui
  const order = listOf(ui['ui:order'])
  return {
    ...form,
    schema: { ...schema, properties, required: listOf(schema.required).filter((one) => one !== name) },
    ui: { ...looks, ...(order.length === 0 ? {} : { 'ui:order': order.filter((one) => one !== name) }) },
  }
}

/** The form with a question a place earlier (-1) or later (1). */
export function withQuestionMoved(form: JsonObject, name: string, by: -1 | 1): JsonObject {
  const order = topQuestions(form).map((one) => one.name)
  const at = order.indexOf(name)
  const to = at + by
  if (at < 0 || to < 0 || to >= order.length) return form
  order.splice(at, 1)
  order.splice(to, 0, name)
  return { ...form, ui: { ...objectOf(form.ui), 'ui:order': order } }
}

/** Choices from lines: a line that says the same as before keeps what is kept for it, one that was reworded in its place too. */
export function choicesFrom(lines: readonly string[], before: readonly QuestionChoice[]): QuestionChoice[] {
  const stays = (title: string) => before.find((one) => one.title === title)
  const taken = new Set(lines.flatMap((title) => stays(title)?.value ?? []))
  const fresh = (at: number) => {
    const here = before[at]
    if (here !== undefined && !taken.has(here.value)) return here.value
    let number = at + 1
    while (taken.has(`choice${number}`)) number += 1
    return `choice${number}`
  }
  return lines.map((title, at) => {
    const value = stays(title)?.value ?? fresh(at)
    taken.add(value)
    return { title, value }
  })
}
