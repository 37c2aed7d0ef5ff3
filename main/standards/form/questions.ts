import type { Answers } from '../../../preload/contract/entries.ts'
import type { StandardForm } from '../../../preload/contract/standard.ts'

/** Any JSON value. */
export type Json = Answers[string]
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json }

/** One question of a form. */
export type Question = {
  /** JSON Pointer of the answer, with `*` for any row of a table: e.g. the name in `household`. */
  readonly path: string
  readonly title: string
  /** `ui:widget`, empty for the default one. */
  readonly widget: string
  /** Title of its group (`ui:options.group`), empty without one. */
  readonly group: string
  readonly schema: JsonObject
}

/** Every question of a form in the order of its `ui:order`, questions of `then`, `else`, `allOf` and table rows included. */
export function questionsOf(form: StandardForm): Question[] {
  return collect(asObject(form.schema), asObject(form.ui), '', [])
}

function collect(schema: JsonObject, ui: JsonObject, base: string, above: readonly string[]): Question[] {
  const properties = propertiesOf(schema)
  const order = Array.isArray(ui['ui:order']) ? ui['ui:order'].map(String) : []
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const names = Object.keys(properties).toSorted((a, b) => place(a) - place(b))
  return names.flatMap((name) => {
    const property = asObject(properties[name])
    const look = asObject(ui[name])
    const title = typeof property.title === 'string' ? property.title : name
    const path = `${base}/${name}`
    const question: Question = {
      path,
      title: [...above, title].join('·'),
      widget: typeof look['ui:widget'] === 'string' ? look['ui:widget'] : '',
      group: String(asObject(look['ui:options']).group ?? ''),
      schema: property,
    }
    const titles = [...above, title]
    const rows =
      property.items === undefined ? [] : collect(asObject(property.items), asObject(look.items), `${path}/*`, titles)
    const parts = property.properties === undefined ? [] : collect(property, look, path, titles)
    return [question, ...rows, ...parts]
  })
}

/** The properties of an object schema, those of its conditional parts included. */
export function propertiesOf(schema: JsonObject): JsonObject {
  const branches = [schema.then, schema.else, ...(Array.isArray(schema.allOf) ? schema.allOf : [])]
  const parts = branches.filter((branch) => branch !== undefined).map((branch) => propertiesOf(asObject(branch)))
  return Object.assign({}, asObject(schema.properties), ...parts)
}

/** The question that a concrete answer path belongs to: `/household/0/name` finds that of any row. */
export function findQuestion(questions: readonly Question[], path: string): Question | undefined {
  const pattern = path.replaceAll(/\/\d+(?=\/|$)/gu, '/*')
  return questions.find((question) => question.path === pattern)
}

/** A concrete path in words: `共同生活的家庭成员（第 2 行）·姓名`. */
export function titleOf(questions: readonly Question[], path: string): string {
  const parts = path.split('/').slice(1)
  let words = ''
  parts.forEach((part, at) => {
    if (/^\d+$/.test(part)) {
      words += `（第 ${Number(part) + 1} 行）`
      return
    }
    const own =
      findQuestion(questions, `/${parts.slice(0, at + 1).join('/')}`)
        ?.title.split('·')
        .at(-1) ?? part
    words += words === '' ? own : `·${own}`
  })
  return words
}

/** Names of `ui` that no question has: dangling references of a standard. */
export function danglingUiNames(form: StandardForm): string[] {
  const check = (schema: JsonObject, ui: JsonObject, base: string): string[] => {
    const properties = propertiesOf(schema)
    const order = Array.isArray(ui['ui:order']) ? ui['ui:order'].map(String) : []
    const named = [...order.filter((name) => name !== '*'), ...Object.keys(ui).filter((key) => !key.startsWith('ui:'))]
    const wrong = named.filter((name) => !Object.hasOwn(properties, name)).map((name) => `${base}/${name}`)
    const below = Object.keys(properties).flatMap((name) => {
      const property = asObject(properties[name])
      const look = asObject(ui[name])
      return property.items === undefined
        ? []
        : check(asObject(property.items), asObject(look.items), `${base}/${name}/*`)
    })
    return [...new Set([...wrong, ...below])]
  }
  const { items: _, ...ui } = asObject(form.ui)
  const applicant = Object.values(form.applicant).filter(
    (name) => !Object.hasOwn(propertiesOf(asObject(form.schema)), name),
  )
  return [...check(asObject(form.schema), ui, ''), ...applicant.map((name) => `applicant/${name}`)]
}

/** A JSON value as an object; an empty one for anything else. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
