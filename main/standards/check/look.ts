import type { StandardForm } from '../../../preload/contract/standard.ts'
import { formWidgets, uiKeys, uiOptions } from '../../../preload/contract/standards/widgets.ts'
import { asObject, type JsonObject, propertiesOf, textOf } from '../form/questions.ts'
import { type Path, short, type Tell } from './telling.ts'

/** Tells what of a form's look (`ui`) the window could not draw. */
export function checkLook(form: StandardForm, tell: Tell): void {
  level(asObject(form.schema), form.ui, ['form', 'ui'], tell)
}

function level(schema: JsonObject, ui: JsonObject, path: Path, tell: Tell): void {
  const properties = propertiesOf(schema)
  checkOrder(Object.keys(properties), ui['ui:order'], path, tell)
  for (const [name, value] of Object.entries(ui)) {
    const question = asObject(properties[name])
    if (name.startsWith('ui:') || !Object.hasOwn(properties, name)) continue
    const look = asObject(value)
    const at = [...path, name]
    const title = typeof question.title === 'string' ? question.title : name
    checkKeys(look, at, title, tell)
    checkWidget(look['ui:widget'], question, at, title, tell)
    if (question.items !== undefined) level(asObject(question.items), asObject(look.items), [...at, 'items'], tell)
    if (question.properties !== undefined) level(question, look, at, tell)
  }
}

/** RJSF refuses to draw a form whose order leaves a question out. */
function checkOrder(names: readonly string[], order: JsonObject[string] | undefined, path: Path, tell: Tell): void {
  if (order === undefined) return
  const listed = Array.isArray(order) ? order.map(textOf) : []
  const once = new Set(listed)
  const missing = once.has('*') ? [] : names.filter((name) => !once.has(name))
  if (missing.length > 0)
    tell('must', [...path, 'ui:order'], `顺序里漏了：${named(missing)}，表单会打不开`, '补上，或在末尾写 "*"')
  const twice = listed.filter((name) => !once.delete(name))
  if (twice.length > 0) tell('must', [...path, 'ui:order'], `顺序里重复了：${named(twice)}`, '每题只写一次')
}

/** As many names as fit into a sentence. */
const named = (names: readonly string[]) =>
  `${names.slice(0, 20).map(short).join('、')}${names.length > 20 ? ` 等 ${names.length} 题` : ''}`

function checkKeys(look: JsonObject, path: Path, title: string, tell: Tell): void {
  const place = `表单·“${title}”的样子`
  for (const key of Object.keys(look).filter((name) => name.startsWith('ui:') && !uiKeys.includes(name)))
    tell('must', [...path, key], `不认识的写法“${key}”`, `只能用：${uiKeys.join('、')}`, place)
  for (const key of Object.keys(asObject(look['ui:options'])).filter((name) => !uiOptions.includes(name)))
    tell('must', [...path, 'ui:options', key], `不认识的写法“${key}”`, `只能用：${uiOptions.join('、')}`, place)
  const { group, addLabel, wide } = asObject(look['ui:options'])
  const texts = [
    { value: look['ui:help'], at: ['ui:help'] },
    { value: look['ui:placeholder'], at: ['ui:placeholder'] },
    { value: group, at: ['ui:options', 'group'] },
    { value: addLabel, at: ['ui:options', 'addLabel'] },
  ]
  for (const { at } of texts.filter(({ value }) => value !== undefined && typeof value !== 'string'))
    tell('must', [...path, ...at], '这里要写文字，现在不是，表单会打不开', '写成带引号的文字', place)
  if (wide !== undefined && typeof wide !== 'boolean')
    tell('must', [...path, 'ui:options', 'wide'], '这里只能写是或否', '写 true 或 false', place)
}

function checkWidget(
  widget: JsonObject[string] | undefined,
  question: JsonObject,
  path: Path,
  title: string,
  tell: Tell,
): void {
  if (widget === undefined) return
  const place = `表单·“${title}”的控件`
  const known = typeof widget === 'string' && Object.hasOwn(formWidgets, widget) ? formWidgets[widget] : undefined
  const at = [...path, 'ui:widget']
  if (known === undefined)
    tell(
      'must',
      at,
      `没有“${textOf(widget)}”这种控件，表单会打不开`,
      `只能用：${Object.keys(formWidgets).join('、')}`,
      place,
    )
  else if (!known.includes(textOf(question.type)))
    tell(
      'must',
      at,
      `控件“${textOf(widget)}”不能用于类型 ${textOf(question.type)}`,
      `这种控件的 type 要是：${known.join('、')}`,
      place,
    )
  if ((widget === 'radio' || widget === 'select') && question.type !== 'boolean' && !hasChoices(question))
    tell('must', at, '选择题没有选项', '用 oneOf 写出选项，每项有 const 和 title', place)
}

const hasChoices = (question: JsonObject) => Array.isArray(question.oneOf) || Array.isArray(question.enum)
