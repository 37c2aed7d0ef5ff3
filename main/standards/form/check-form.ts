import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'
import type { Answers } from '../../../preload/contract/entries.ts'
import { checkIdNumber, idNumberFaultInWords, isCreditCode, isPhone } from '../../../preload/contract/identity.ts'
import type { StandardForm } from '../../../preload/contract/standard.ts'
import { boundedAnswers } from '../../../preload/contract/standards/form-limits.ts'
import { isSignature } from '../../../preload/contract/standards/signature.ts'
import type { DraftCheck } from '../../../preload/contract/views.ts'
import { asObject, findQuestion, type Json, type Question, questionsOf, titleOf } from './questions.ts'

type Fault = DraftCheck['form'][number]

/**
 * What is missing or wrong in a form's answers, by its JSON Schema (interpreted, never compiled) and, by their widgets, the
 * rules of identity and telephone numbers, credit codes and signatures; in the order of the form. Blank answers count as
 * missing.
 */
export function checkForm(form: StandardForm, answers: Answers, today: string): Fault[] {
  const questions = questionsOf(form)
  const given = asObject(boundedAnswers(form.schema, withoutBlanks(answers) ?? {}))
  const faults = new Map<string, Fault>()
  const tell = (path: string, kind: Fault['kind'], text: string) => {
    if (!faults.has(path)) faults.set(path, { path, title: titleOf(questions, path), kind, text })
  }
  for (const path of answerPaths(given, '')) {
    const text = widgetFault(findQuestion(questions, path)?.widget ?? '', valueAt(given, path), today)
    if (text !== '') tell(path, 'wrong', text)
  }
  for (const { path, text } of idContradictions(form, given, today)) tell(path, 'wrong', text)
  const validator = new Validator(form.schema as Schema, '2020-12', false)
  for (const unit of validator.validate(given).errors.filter(isLeaf)) {
    const at = unit.instanceLocation.slice(1)
    if (unit.keyword === 'required') tell(`${at}/${missingName(unit)}`, 'missing', '')
    else tell(at, 'wrong', faultInWords(unit, findQuestion(questions, at)))
  }
  return [...faults.values()].toSorted((a, b) => placeOf(questions, a.path) - placeOf(questions, b.path))
}

/** Answers as they count: blank texts, nulls and empty rows are no answers, texts lose outer spaces. Undefined where nothing is left. */
export function withoutBlanks(value: Json): Json | undefined {
  if (value === null) return undefined
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  if (Array.isArray(value)) return value.map((item) => withoutBlanks(item) ?? {})
  if (typeof value !== 'object') return value
  const kept = Object.entries(value).flatMap(([name, item]) => {
    const left = withoutBlanks(item)
    return left === undefined ? [] : [[name, left] as const]
  })
  return Object.fromEntries(kept)
}

function* answerPaths(value: Json, base: string): Generator<string> {
  if (typeof value !== 'object' || value === null) yield base
  else for (const [name, item] of Object.entries(value)) yield* answerPaths(item, `${base}/${name}`)
}

function valueAt(value: Json, path: string): Json | undefined {
  let found: Json | undefined = value
  for (const part of path.split('/').slice(1)) {
    found = Array.isArray(found) ? found[Number(part)] : asObject(found)[part]
  }
  return found
}

function widgetFault(widget: string, value: Json | undefined, today: string): string {
  if (typeof value !== 'string') return ''
  if (widget === 'phone') return isPhone(value) ? '' : '应为 11 位手机号，或带区号的座机号'
  if (widget === 'uscc') return isCreditCode(value) ? '' : '统一社会信用代码应为 18 位，请对着执照核对，有一位抄错了'
  if (widget === 'signature') return isSignature(value) ? '' : '签名不完整，请重新签一次'
  if (widget !== 'idNumber') return ''
  const check = checkIdNumber(value, today)
  return check.ok ? '' : idNumberFaultInWords(value, check.why)
}

/** Birth date and sex beside a right identity number must say the same (GB 11643); they are found by their names. */
function idContradictions(form: StandardForm, given: { readonly [key: string]: Json }, today: string) {
  const number = given[form.applicant.idNumber]
  const id = checkIdNumber(typeof number === 'string' ? number : '', today)
  if (!id.ok) return []
  const found: { readonly path: string; readonly text: string }[] = []
  if (given.birthDate !== undefined && given.birthDate !== id.birthDate) {
    found.push({ path: '/birthDate', text: '与身份证号里的出生日期不一致' })
  }
  if (given.sex !== undefined && given.sex !== id.sex) {
    found.push({ path: '/sex', text: '与身份证号里的性别不一致' })
  }
  return found
}

const containers = new Set([
  'properties',
  'items',
  'prefixItems',
  'if',
  'allOf',
  'anyOf',
  '$ref',
  'additionalProperties',
])

/** Only what is wrong itself, not the parents that say so again, nor the alternatives of a choice. */
function isLeaf(unit: OutputUnit): boolean {
  return !containers.has(unit.keyword) && !/\/(oneOf|anyOf)\/\d/.test(unit.keywordLocation)
}

function missingName(unit: OutputUnit): string {
  return /"(.*)"/su.exec(unit.error)?.[1] ?? ''
}

function faultInWords(unit: OutputUnit, question: Question | undefined): string {
  const limit = (keyword: string): string => String(question?.schema[keyword] ?? '')
  switch (unit.keyword) {
    case 'minLength':
      return `至少 ${limit('minLength')} 个字`
    case 'maxLength':
      return `最多 ${limit('maxLength')} 个字`
    case 'minimum':
      return `不能小于 ${limit('minimum')}`
    case 'maximum':
      return `不能大于 ${limit('maximum')}`
    case 'minItems':
      return `至少 ${limit('minItems')} 行`
    case 'maxItems':
      return `最多 ${limit('maxItems')} 行`
    case 'format':
      return limit('format') === 'date' ? '不是日历上有的日期' : '格式不对'
    case 'pattern':
      return question?.widget === 'bankAccount' ? '银行账号应为 12 到 25 位数字' : '格式不对'
    case 'oneOf':
    case 'enum':
    case 'const':
      return '请从给出的选项里选'
    case 'type':
      return limit('type') === 'integer' || limit('type') === 'number' ? '应填数字' : '填写的格式不对'
    default:
      return '填写的内容不合要求'
  }
}

function placeOf(questions: readonly Question[], path: string): number {
  const question = findQuestion(questions, path)
  return question === undefined ? questions.length : questions.indexOf(question)
}
