import type { StandardForm } from '../../../preload/contract/standard.ts'
import { asObject, type JsonObject, propertiesOf, textOf } from '../../../preload/contract/standards/form-names.ts'

export {
  asObject,
  type Json,
  type JsonObject,
  propertiesOf,
  textOf,
} from '../../../preload/contract/standards/form-names.ts'

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
  const order = Array.isArray(ui['ui:order']) ? ui['ui:order'].map(textOf) : []
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
      group: textOf(asObject(look['ui:options']).group ?? ''),
      schema: property,
    }
    const titles = [...above, title]
    const rows =
      property.items === undefined ? [] : collect(asObject(property.items), asObject(look.items), `${path}/*`, titles)
    const parts = property.properties === undefined ? [] : collect(property, look, path, titles)
    return [question, ...rows, ...parts]
  })
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
