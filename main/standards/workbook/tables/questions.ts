import { isAnswerName } from '../../../../preload/contract/standards/form-limits.ts'
import {
  anyNumber,
  type CellFault,
  type Codec,
  choice,
  isCellText,
  json,
  short,
  text,
  textOf,
  yesNo,
} from './codecs.ts'
import { isSame, type Json, type JsonObject, named, objectOf, partOf } from './json-parts.ts'
import type { Column, Columns } from './rows.ts'

/** One question of a form as a row of the sheet 表单: its schema and its look, either way, nothing lost. */

/** What a question is: its type in words. */
const kindWords = {
  text: '文字',
  date: '日期',
  integer: '整数',
  number: '数字',
  boolean: '是或否',
  table: '表格',
} as const
type Kind = keyof typeof kindWords

const widgetWords = {
  text: '单行文字',
  textarea: '多行文字',
  idNumber: '身份证号',
  uscc: '统一社会信用代码',
  phone: '电话',
  division: '镇村',
  bankAccount: '银行账号',
  date: '日期',
  signature: '签名',
  radio: '单选',
  select: '下拉',
  checkbox: '勾选',
} as const

const read = (parse: (value: string) => Json | CellFault): Codec['read'] => {
  return (cell) => {
    const found = textOf(cell)
    if ('fault' in found) return found
    const value = parse(found.text)
    const fault = objectOf(value as Json)
    return fault !== undefined && 'problem' in fault ? { fault: value as CellFault } : { value: value as Json }
  }
}

/** Choices of a question, one a line: `male＝男`, or the words alone where they are the value. */
const choiceLines: Codec = {
  kind: 'text',
  write(value) {
    const written = Array.isArray(value) ? value.map(choiceLine) : [undefined]
    const whole = written.includes(undefined) ? '' : written.join('\n')
    return isCellText(whole) ? whole : undefined
  },
  read: read((value) =>
    value
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [, code = '', title = ''] = /^([^＝=]*)[＝=](.*)$/u.exec(line) ?? [undefined, line, line]
        return { const: code.trim(), title: title.trim() }
      }),
  ),
}

function choiceLine(one: Json): string | undefined {
  const [code, title] = [partOf(one, 'const'), partOf(one, 'title')]
  if (typeof code !== 'string' || typeof title !== 'string' || Object.keys(objectOf(one) ?? {}).length !== 2)
    return undefined
  const isPlain = (value: string) => value === value.trim() && value !== '' && !value.includes('\n')
  if (!isPlain(code) || !isPlain(title) || /[＝=]/u.test(code)) return undefined
  return code === title ? code : `${code}＝${title}`
}

/** When a question is asked: another one's name and values, `agent＝yes`, several values with 、 between them. */
const condition: Codec = {
  kind: 'text',
  write: (value) => (typeof value === 'string' ? value : undefined),
  read: read((value) => {
    const [, name, given = ''] = /^([A-Za-z]\w{0,59})\s*[＝=]\s*(.+)$/su.exec(value) ?? []
    const values = given.split(/[、,，]/u).map((one) => one.trim())
    if (name !== undefined && values.every((one) => one !== '')) return `${name}＝${values.join('、')}`
    return {
      problem: `“${short(value)}”看不出在什么时候问`,
      remedy: '写成 题目名＝选项的值，如 agent＝yes；几个值用顿号隔开',
    }
  }),
}

const column = (head: string, path: string, codec: Codec, hint: string, width = 14): Column => ({
  head,
  hint,
  path: [path],
  codec,
  width,
})

/** The columns of the sheet 表单. */
export const questionColumns: Columns = {
  columns: [
    column('题目名', 'name', text, '必填。字母开头，只含字母、数字、下划线；表格里的列写成 表格名.列名。', 22),
    column('标题', 'title', text, '必填。印在表单上的字。', 22),
    column('题型', 'kind', choice(kindWords), '从列表里选。', 10),
    column('控件', 'widget', choice(widgetWords), '不选按题型的。', 14),
    column('必填', 'required', yesNo, '留空按否算。', 8),
    column('分组', 'group', text, '同一组的写同样的字。', 14),
    column('选项', 'choices', choiceLines, '一行一个：值＝显示的字。', 22),
    column('默认值', 'default', text, '选择题写选项的值。', 10),
    column('最少', 'least', anyNumber, '字数、数值或行数。', 8),
    column('最多', 'most', anyNumber, '字数、数值或行数。', 8),
    column('格式（正则）', 'pattern', text, '没有的留空。', 18),
    column('提示', 'help', text, '题目下面的小字。', 28),
    column('占位文字', 'placeholder', text, '没有的留空。', 14),
    column('添加按钮', 'addLabel', text, '表格的：如 添加家庭成员。', 14),
    column('什么时候问', 'when', condition, '都问的留空；否则写 题目名＝值，如 agent＝yes。', 20),
    column('表格其他（JSON）', 'items', json, '程序写的，一般不用改。', 12),
  ],
}

/** A question's parts as its columns name them; what no column names is in `property` and `ui`. */
export type Question = JsonObject

type Move = readonly [from: string, to: string, isFit: (value: Json) => boolean]
const isText = (value: Json) => typeof value === 'string'
const isNumber = (value: Json) => typeof value === 'number'

const bounds: Readonly<Record<Kind, readonly [least: string, most: string] | undefined>> = {
  text: ['minLength', 'maxLength'],
  integer: ['minimum', 'maximum'],
  number: ['minimum', 'maximum'],
  table: ['minItems', 'maxItems'],
  date: undefined,
  boolean: undefined,
}

function schemaMoves(kind: Kind | undefined): Move[] {
  const limit = kind === undefined ? undefined : bounds[kind]
  return [
    ['title', 'title', isText],
    ['pattern', 'pattern', isText],
    ['default', 'default', isText],
    ['oneOf', 'choices', Array.isArray],
    ...(limit === undefined
      ? []
      : ([
          [limit[0], 'least', isNumber],
          [limit[1], 'most', isNumber],
        ] as const)),
  ]
}

const lookMoves: readonly Move[] = [
  ['ui:widget', 'widget', isText],
  ['ui:help', 'help', isText],
  ['ui:placeholder', 'placeholder', isText],
]
const optionMoves: readonly Move[] = [
  ['group', 'group', isText],
  ['addLabel', 'addLabel', isText],
]

/** Takes what fits out of an object. `rest` is undefined where nothing is left of what was there. */
function moveOut(
  fields: JsonObject,
  moves: readonly Move[],
): { readonly taken: JsonObject; readonly rest: JsonObject | undefined } {
  const taken: [string, Json][] = []
  const fits = (name: string) => moves.find(([from, , isFit]) => from === name && isFit(fields[name] ?? null))
  const rest = Object.entries(fields).filter(([name, value]) => {
    const move = fits(name)
    if (move !== undefined) taken.push([move[1], value])
    return move === undefined
  })
  return { taken: named(taken), rest: rest.length === 0 && taken.length > 0 ? undefined : named(rest) }
}

function moveIn(fields: JsonObject | undefined, moves: readonly Move[], question: Question): JsonObject | undefined {
  const put = moves.flatMap(([to, from]): [string, Json][] => {
    const value = partOf(question, from)
    return value === undefined ? [] : [[to, value]]
  })
  return fields === undefined && put.length === 0 ? undefined : named([...Object.entries(fields ?? {}), ...put])
}

function kindOf(property: JsonObject): Kind | undefined {
  const { type, format, items } = property
  if (type === 'string') return format === 'date' ? 'date' : 'text'
  if (type === 'array')
    return partOf(items, 'type') === 'object' && objectOf(partOf(items, 'properties')) !== undefined
      ? 'table'
      : undefined
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : undefined
}

const typesOf: Readonly<Record<Kind, JsonObject>> = {
  text: { type: 'string' },
  date: { type: 'string', format: 'date' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  table: { type: 'array' },
}

/** A question's columns from its schema and its look; for a table the columns of its rows are left to the caller (`items`, and `items` of the look). */
export function questionOf(name: string, property: Json, look: Json | undefined): Question {
  const fields = objectOf(property)
  const kind = fields === undefined ? undefined : kindOf(fields)
  const typed = kind === undefined ? [] : Object.keys(typesOf[kind])
  const known = Object.entries(fields ?? {}).filter(
    ([key]) => !typed.includes(key) && !(kind === 'table' && key === 'items'),
  )
  const schema = moveOut(named(known), schemaMoves(kind))
  const rest = fields === undefined ? property : known.length === 0 ? undefined : schema.rest
  const seen = lookOf(look, kind === 'table')
  return named([
    ['name', name],
    ...Object.entries(schema.taken),
    ...Object.entries(seen.taken),
    ...(kind === undefined ? [] : ([['kind', kind]] as const)),
    ...(rest === undefined ? [] : ([['property', rest]] as const)),
    ...(seen.rest === undefined ? [] : ([['ui', seen.rest]] as const)),
  ])
}

function lookOf(
  look: Json | undefined,
  isTable: boolean,
): { readonly taken: JsonObject; readonly rest: Json | undefined } {
  const fields = objectOf(look)
  if (fields === undefined) return { taken: {}, rest: look }
  const isOwn = (key: string) => isTable && key === 'items' && Object.keys(objectOf(fields.items) ?? {}).length > 0
  const own = named(Object.entries(fields).filter(([key]) => !isOwn(key)))
  const outer = moveOut(own, lookMoves)
  const options = objectOf(outer.rest?.['ui:options'])
  const inner = options === undefined ? undefined : moveOut(options, optionMoves)
  const left = Object.entries(outer.rest ?? {}).flatMap(([key, value]): [string, Json][] => {
    if (key !== 'ui:options' || inner === undefined) return [[key, value]]
    return inner.rest === undefined ? [] : [[key, inner.rest]]
  })
  const taken = { ...outer.taken, ...inner?.taken }
  const isTold = Object.keys(taken).length > 0 || Object.keys(own).length < Object.keys(fields).length
  return { taken, rest: left.length === 0 && isTold ? undefined : named(left) }
}

/** A question's schema and look from its columns; `items` of a table are put in by the caller. */
export function partsOf(question: Question): { readonly property: Json; readonly look: Json | undefined } {
  const kind = partOf(question, 'kind') as Kind | undefined
  const [rest, ui] = [partOf(question, 'property'), partOf(question, 'ui')]
  const typed = kind === undefined ? {} : typesOf[kind]
  const known = moveIn(objectOf(rest), schemaMoves(kind), question)
  const property = rest !== undefined && objectOf(rest) === undefined ? rest : { ...known, ...typed }
  const options = moveIn(objectOf(partOf(ui, 'ui:options')), optionMoves, question)
  const outer = moveIn(objectOf(ui), lookMoves, question)
  const look =
    ui !== undefined && objectOf(ui) === undefined
      ? ui
      : options === undefined
        ? outer
        : { ...outer, 'ui:options': options }
  return { property, look }
}

/** Whether a question of this name can have a row of its own. */
export function isRowName(name: string): boolean {
  return isAnswerName(name)
}

/** The condition of a branch as its column says it; undefined for what it cannot say. */
export function conditionText(test: Json): string | undefined {
  const [name, ...more] = Object.keys(objectOf(partOf(test, 'properties')) ?? {})
  if (name === undefined || more.length > 0 || !isRowName(name)) return undefined
  const asked = partOf(partOf(test, 'properties'), name)
  const values = Array.isArray(partOf(asked, 'enum'))
    ? (partOf(asked, 'enum') as readonly Json[])
    : [partOf(asked, 'const') ?? null]
  const told = values.map((value) => (typeof value === 'string' ? value : ''))
  const isSayable = told.every((value) => value !== '' && value === value.trim() && !/[、,，\n＝=]/u.test(value))
  const text = `${name}＝${told.join('、')}`
  return isSayable && isCellText(text) && isSame(test, conditionOf(text)) ? text : undefined
}

/** The condition that a column's text means: `agent＝yes` as JSON Schema. */
export function conditionOf(text: string): JsonObject {
  const [name = '', given = ''] = text.split('＝')
  const values = given.split('、')
  const asked = values.length === 1 ? { const: values[0] ?? '' } : { enum: values }
  return { properties: { [name]: asked }, required: [name] }
}
