import type { StandardForm } from '../../../preload/contract/standard.ts'
import { conditionInWords, readCondition } from '../../../preload/contract/standards/form-conditions.ts'
import { asObject, type Json, type JsonObject, propertiesOf, questionsOf, textOf } from '../form/questions.ts'
import type { AddChange } from './compare.ts'

/** A question as people see it. */
type Shown = {
  readonly path: string
  readonly title: string
  readonly facts: Readonly<Record<string, string | null>>
}

const widgetWords: Readonly<Record<string, string>> = {
  '': '普通',
  text: '文字',
  textarea: '多行文字',
  idNumber: '身份证号',
  uscc: '统一社会信用代码',
  phone: '电话',
  division: '镇、村（居）',
  bankAccount: '银行账号',
  date: '日期',
  signature: '签名',
  radio: '单选',
  select: '下拉选择',
  checkbox: '勾选',
}
const typeWords: Readonly<Record<string, string>> = {
  string: '文字',
  integer: '整数',
  number: '数字',
  boolean: '是否',
  array: '表格',
  object: '一组题目',
}

/** The differences of two forms, question by question. */
export function compareForms(before: StandardForm, after: StandardForm, add: AddChange): void {
  const [old, young] = [shownOf(before), shownOf(after)]
  const oldPaths = new Map(old.map((question) => [question.path, question]))
  const youngPaths = new Map(young.map((question) => [question.path, question]))
  for (const question of young) {
    const was = oldPaths.get(question.path)
    if (was === undefined) tellWhole('added', question, add)
    else compareQuestion(was, question, add)
  }
  for (const question of old) if (!youngPaths.has(question.path)) tellWhole('removed', question, add)
  compareConditions(before, after, add)
  compareOrder(old, young, add)
}

const part = '表单'

function tellWhole(kind: 'added' | 'removed', question: Shown, add: AddChange): void {
  const text = [question.title, ...Object.entries(question.facts).flatMap(([name, fact]) => factText(name, fact))]
  const told = text.join('；')
  const words = `${kind === 'added' ? '新增' : '删去'}题目：${question.title}`
  const [before, after] = kind === 'added' ? [null, told] : [told, null]
  add({ kind, part, path: ['form', 'schema'], place: placeOf(question), before, after, words })
}

const factText = (name: string, fact: string | null): string[] => (fact === null ? [] : [`${name}：${fact}`])
const placeOf = ({ title }: Shown) => `表单·“${title}”`

function compareQuestion(was: Shown, is: Shown, add: AddChange): void {
  const path = ['form', 'schema', 'properties', ...is.path.split('/').slice(1)]
  if (was.title !== is.title) {
    const words = `题目“${was.title}”改名为“${is.title}”`
    add({ kind: 'changed', part, path, place: placeOf(is), before: was.title, after: is.title, words })
  }
  for (const name of new Set([...Object.keys(was.facts), ...Object.keys(is.facts)])) {
    const [before, after] = [was.facts[name] ?? null, is.facts[name] ?? null]
    if (before === after) continue
    const change =
      before === null
        ? `写上了${name}：${after}`
        : after === null
          ? `去掉了${name}`
          : `的${name}由“${before}”改为“${after}”`
    const words = `题目“${is.title}”${change}`
    add({ kind: 'changed', part, path, place: `${placeOf(is)}·${name}`, before, after, words })
  }
}

function shownOf(form: StandardForm): Shown[] {
  const required = requiredPaths(asObject(form.schema), '', 0)
  return questionsOf(form).map(({ path, title, widget, group, schema }) => ({
    path,
    title,
    facts: {
      类型: typeWords[textOf(schema.type)] ?? null,
      控件: widgetWords[widget] ?? widget,
      分组: group === '' ? null : group,
      必填: required.has(path) ? '是' : '否',
      选项: optionsOf(schema),
      最少字数: numberOf(schema, 'minLength'),
      最多字数: numberOf(schema, 'maxLength'),
      最小值: numberOf(schema, 'minimum'),
      最大值: numberOf(schema, 'maximum'),
      最少行数: numberOf(schema, 'minItems'),
      最多行数: numberOf(schema, 'maxItems'),
      格式:
        typeof schema.pattern === 'string' ? schema.pattern : typeof schema.format === 'string' ? schema.format : null,
      默认值: schema.default === undefined ? null : JSON.stringify(schema.default),
      填写提示: lookOf(form, path),
    },
  }))
}

function lookOf(form: StandardForm, path: string): string | null {
  let look: JsonObject = form.ui
  for (const step of path.split('/').slice(1)) look = asObject(look[step === '*' ? 'items' : step])
  const texts = [look['ui:help'], look['ui:placeholder']].filter((text) => typeof text === 'string')
  return texts.length === 0 ? null : texts.join('；')
}

const numberOf = (schema: JsonObject, keyword: string) =>
  typeof schema[keyword] === 'number' ? String(schema[keyword]) : null

function optionsOf(schema: JsonObject): string | null {
  // Of several answers at once the options stand with what each of them may be.
  const { oneOf, enum: values } = { ...asObject(schema.items), ...schema }
  const options = Array.isArray(oneOf) ? oneOf.map((option) => textOf(asObject(option).title)) : []
  const all = [...options, ...(Array.isArray(values) ? values.map(textOf) : [])]
  return all.length === 0 ? null : all.join('、')
}

/** Paths of questions that have to be answered where they are asked. */
function requiredPaths(schema: JsonObject, base: string, depth: number): Set<string> {
  const paths = new Set(
    (Array.isArray(schema.required) ? schema.required : []).map((name) => `${base}/${textOf(name)}`),
  )
  if (depth > 12) return paths
  const more = (inner: Json | undefined, at: string) => {
    if (inner !== undefined) for (const path of requiredPaths(asObject(inner), at, depth + 1)) paths.add(path)
  }
  for (const [name, property] of Object.entries(asObject(schema.properties))) {
    more(asObject(property).items, `${base}/${name}/*`)
    more(property, `${base}/${name}`)
  }
  for (const branch of [schema.then, schema.else, ...(Array.isArray(schema.allOf) ? schema.allOf : [])])
    more(branch, base)
  return paths
}

/** When conditional questions are asked, branch by branch: in words, as it is written where it has none. */
function compareConditions(before: StandardForm, after: StandardForm, add: AddChange): void {
  const named = [before, after].map((form) => JSON.stringify(branchesIn(asObject(form.schema), 0).map(bareBranch)))
  if (named[0] === named[1]) return
  const [old = '', young = ''] = [before, after].map((form) => conditionLines(form).join('\n'))
  add({
    kind: 'changed',
    part,
    path: ['form', 'schema'],
    place: '表单·条件题',
    before: old === '' ? null : old,
    after: young === '' ? null : young,
    words: '什么时候要填条件题，有变化',
  })
}

/** A line for each branch: 只在“是否由他人代办”是“是”时问：代办人姓名、代办人电话. */
function conditionLines(form: StandardForm): string[] {
  const questions = questionsOf(form)
  const properties = propertiesOf(asObject(form.schema))
  return branchesIn(asObject(form.schema), 0).flatMap(({ condition, asked, otherwise }) => {
    const tests = readCondition(condition)
    const words = tests === undefined ? JSON.stringify(condition) : conditionInWords(tests, properties)
    const titles = (branch: JsonObject) =>
      questions
        .filter(({ path }) => Object.hasOwn(asObject(branch.properties), path.slice(1)))
        .map(({ title }) => title)
        .join('、')
    return [
      `只在${words}时问：${titles(asked)}`,
      ...(titles(otherwise) === '' ? [] : [`不是这样时问：${titles(otherwise)}`]),
    ]
  })
}

/** A branch without what its questions ask. */
const bareBranch = ({ condition, asked, otherwise }: Branch) => [
  condition,
  ...[asked, otherwise].map(({ properties }) => Object.keys(asObject(properties)).toSorted()),
]

type Branch = { readonly condition: Json; readonly asked: JsonObject; readonly otherwise: JsonObject }

function branchesIn(schema: JsonObject, depth: number): Branch[] {
  if (depth > 12) return []
  const [asked, otherwise] = [asObject(schema.then), asObject(schema.else)]
  const own = schema.if === undefined ? [] : [{ condition: schema.if, asked, otherwise }]
  const all = Array.isArray(schema.allOf) ? schema.allOf : []
  return [...own, ...[...all, asked, otherwise].flatMap((part) => branchesIn(asObject(part), depth + 1))]
}

function compareOrder(old: readonly Shown[], young: readonly Shown[], add: AddChange): void {
  const both = new Set(old.map(({ path }) => path).filter((path) => young.some((question) => question.path === path)))
  const [was, is] = [old, young].map((list) => list.filter(({ path }) => both.has(path)))
  const [before, after] = [was, is].map((list) => (list ?? []).map(({ title }) => title).join('、'))
  const isSame = (was ?? []).every(({ path }, at) => path === is?.[at]?.path)
  if (isSame) return
  add({
    kind: 'moved',
    part,
    path: ['form', 'ui', 'ui:order'],
    place: '表单·题目的顺序',
    before: before ?? null,
    after: after ?? null,
    words: '题目的顺序变了',
  })
}
