import type { StandardForm } from '../../../preload/contract/standard.ts'
import {
  type FormFault,
  formBounds,
  formFaults,
  formFormats,
  formKeywords,
} from '../../../preload/contract/standards/form-limits.ts'
import { danglingUiNames } from '../../../preload/contract/standards/form-names.ts'
import { longestSignature } from '../../../preload/contract/standards/signature.ts'
import { asObject, type JsonObject, propertiesOf, textOf } from '../form/questions.ts'
import { checkLook } from './look.ts'
import { branchReach, choicesOf } from './reach.ts'
import { type Path, pathOf, type Tell, valueAt } from './telling.ts'

const base: Path = ['form', 'schema']

const faultWords: Readonly<Record<FormFault['why'], (detail: string) => readonly [problem: string, remedy: string]>> = {
  keyword: (detail) => [`不认识的关键字“${detail}”`, `只能用：${formKeywords.join('、')}`],
  reference: (detail) => [`引用了别处的定义“${detail}”，不允许`, '把被引用的内容写在这里'],
  format: (detail) => [`不认识的格式“${detail}”`, `只能用：${formFormats.join('、')}；电话、身份证号用 ui:widget`],
  type: (detail) => [`不认识的类型“${detail}”`, '只能是 object、array、string、integer、number、boolean 中的一种'],
  name: (detail) => [`题目名“${detail}”不能用`, '题目名以字母开头，只含字母、数字、下划线，不超过 60 个字'],
  shape: (detail) => [`“${detail}”的写法不对`, '对照说明里这个关键字的写法改'],
  'too-deep': () => [`题目套得太深，超过 ${formBounds.depth} 层`, '把题目提到上面几层'],
  'too-many-parts': () => ['题目太多', `一张表单最多 ${formBounds.properties} 题，请分成几个事项`],
  'pattern-too-long': () => ['正则表达式太长', '缩短，或改用 ui:widget'],
  'pattern-syntax': (detail) => [`正则表达式写错了：${detail}`, '检查括号和转义'],
  'pattern-not-allowed': (detail) => [
    `正则表达式用了不允许的写法：${detail}`,
    '只能用字符、字符类、分组、或、重复；不能用前后查找和反向引用',
  ],
  'pattern-explodes': (detail) => [
    `正则表达式可能要算很久，会卡住窗口：${detail}`,
    '不要在重复里再套重复；用 {最少,最多} 代替 * 和 +；给题目写上 maxLength',
  ],
}

/** Tells what is wrong with a form: what lies outside the understood part of JSON Schema, what leads nowhere, what can never be asked. */
export function checkForm(form: StandardForm, tell: Tell): void {
  const faults = formFaults(form.schema)
  for (const { why, pointer, detail } of faults) {
    const [problem, remedy] = faultWords[why](detail)
    tell('must', [...base, ...pathOf(pointer)], problem, remedy, placeOf(form, pointer))
  }
  if (faults.length > 0) return
  checkParts(form, asObject(form.schema), '', true, tell)
  checkBranches(form, asObject(form.schema), '', tell)
  checkReferences(form, tell)
  checkLook(form, tell)
}

/** A pointer into the schema in words: the titles of the questions on the way. */
function placeOf(form: StandardForm, pointer: string): string {
  const path = pathOf(pointer)
  const titles = path.flatMap((step, at) => {
    if (path[at - 1] !== 'properties') return []
    const { title } = asObject(valueAt(form.schema, path.slice(0, at + 1)) as never)
    return [typeof title === 'string' ? title : String(step)]
  })
  return titles.length === 0 ? '表单·题目' : `表单·“${titles.join('·')}”`
}

function checkParts(form: StandardForm, schema: JsonObject, pointer: string, isTop: boolean, tell: Tell): void {
  const say = (severity: 'must' | 'should', at: string, problem: string, remedy: string) =>
    tell(severity, [...base, ...pathOf(at)], problem, remedy, placeOf(form, at))
  const properties = propertiesOf(schema)
  const required = Array.isArray(schema.required) ? schema.required.map(textOf) : []
  required.forEach((name, at) => {
    const isThere = Object.hasOwn(properties, name) || (!isTop && Object.hasOwn(propertiesOf(form.schema), name))
    if (!isThere)
      say('must', `${pointer}/required/${at}`, `必填的“${name}”没有这一题，永远填不上`, '加上这一题，或从必填里删去')
  })
  for (const [name, value] of Object.entries(asObject(schema.properties))) {
    const at = `${pointer}/properties/${name}`
    checkQuestion(asObject(value), (severity, tail, problem, remedy) => say(severity, `${at}${tail}`, problem, remedy))
    const inner = asObject(value)
    if (inner.items !== undefined) checkParts(form, asObject(inner.items), `${at}/items`, true, tell)
    if (inner.properties !== undefined) checkParts(form, inner, at, true, tell)
  }
  for (const [keyword, branch] of branchesOf(schema)) {
    checkParts(form, branch, `${pointer}/${keyword}`, false, tell)
  }
}

function branchesOf(schema: JsonObject): (readonly [string, JsonObject])[] {
  const all = Array.isArray(schema.allOf) ? schema.allOf : []
  return [
    ...(['then', 'else'] as const).flatMap((keyword) =>
      schema[keyword] === undefined ? [] : [[keyword, asObject(schema[keyword])] as const],
    ),
    ...all.map((branch, at) => [`allOf/${at}`, asObject(branch)] as const),
  ]
}

type Say = (severity: 'must' | 'should', tail: string, problem: string, remedy: string) => void

function checkQuestion(schema: JsonObject, say: Say): void {
  if (typeof schema.title !== 'string' || schema.title.trim() === '') say('should', '', '题目没有标题', '写上 title')
  if (typeof schema.type !== 'string') say('must', '', '题目没有写类型', '写上 type')
  // Several answers at once are chosen from what each of them may be.
  const choices = choicesOf(schema.type === 'array' ? asObject(schema.items) : schema)
  if (new Set(choices).size < choices.length) say('must', '', '选项里有重复的值', '每个选项的 const 要不同')
  const pairs = [
    ['minLength', 'maxLength', '字数'],
    ['minimum', 'maximum', '数值'],
    ['minItems', 'maxItems', '行数'],
  ] as const
  for (const [least, most, what] of pairs) {
    const [low, high] = [schema[least], schema[most]]
    if (typeof low === 'number' && typeof high === 'number' && low > high)
      say('must', `/${least}`, `${what}的下限 ${low} 大于上限 ${high}，谁也填不对`, '核对上下限')
  }
  if (
    schema.default !== undefined &&
    schema.type !== 'array' &&
    choices.length > 0 &&
    !choices.includes(schema.default)
  )
    say('must', '/default', '默认值不在选项里', '改成其中一个选项的 const，或删去默认值')
  const isLong = schema.type === 'string' && choices.length === 0 && schema.format === undefined
  if (isLong && schema.maxLength === undefined && schema.pattern === undefined)
    say('should', '', '文字题没有写最多几个字', `写上 maxLength，不写按 ${formBounds.characters} 个字算`)
}

/** Branches that no answer leads to: their questions are never asked. */
function checkBranches(form: StandardForm, schema: JsonObject, pointer: string, tell: Tell): void {
  if (schema.if !== undefined) {
    const reach = branchReach(asObject(schema.if), propertiesOf(form.schema))
    for (const branch of ['then', 'else'] as const) {
      if (schema[branch] === undefined || (branch === 'then' ? reach.met : reach.unmet)) continue
      const titles = Object.entries(asObject(asObject(schema[branch]).properties)).map(([name, value]) => {
        const { title } = asObject(value)
        return typeof title === 'string' ? title : name
      })
      const what = titles.length === 0 ? '这一支' : `“${titles.join('”、“')}”`
      const at = `${pointer}/${branch}`
      tell(
        'must',
        [...base, ...pathOf(at)],
        `${what}永远不会问到：没有答案能满足它前面的条件`,
        '核对 if 里写的题目名和值，要和表单的选项一致',
        '表单·条件题',
      )
    }
  }
  for (const [keyword, branch] of branchesOf(schema)) checkBranches(form, branch, `${pointer}/${keyword}`, tell)
}

/** Names that lead nowhere, and the applicant's questions. */
function checkReferences(form: StandardForm, tell: Tell): void {
  for (const name of danglingUiNames(form)) {
    const [first = '', second = ''] = name.split('/')
    if (first === 'applicant')
      tell('must', ['form', 'applicant'], `申请人指向的题目“${second}”，表单里没有`, '改成表单里有的题目名')
    else tell('must', ['form', 'ui'], `样子里写了“${name.slice(1)}”，题目里没有这一题`, '核对题目名，或删去')
  }
  const properties = propertiesOf(form.schema)
  for (const [part, name] of Object.entries(form.applicant)) {
    const question = asObject(properties[name])
    if (Object.hasOwn(properties, name) && question.type !== 'string')
      tell('must', ['form', 'applicant', part], `申请人指向的题目“${name}”不是文字题`, '这一题的 type 要是 string')
  }
  const { idNumber } = form.applicant
  const widget = asObject(form.ui[idNumber])['ui:widget']
  if (Object.hasOwn(properties, idNumber) && widget !== 'idNumber' && widget !== 'uscc')
    tell(
      'should',
      ['form', 'ui', idNumber],
      '申请人的证件号码没有用身份证号的控件，填错了看不出来',
      '写上 "ui:widget": "idNumber"',
    )
  for (const [name, look] of Object.entries(form.ui)) {
    const most = asObject(properties[name]).maxLength
    if (asObject(look)['ui:widget'] === 'signature' && typeof most === 'number' && most < longestSignature)
      tell(
        'must',
        [...base, 'properties', name, 'maxLength'],
        '签名存不下',
        `maxLength 写 ${longestSignature} 以上，或不写`,
      )
  }
}
