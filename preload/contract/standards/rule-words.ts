// Owns: what a condition's rule says, in words that people would use.
// Does not own: judging by it (rule.ts, rule-judge.ts), writing one (renderer/features/standards/edit/rules).
// Start here: ruleInWords.
import { dateInWords } from '../calendar.ts'
import type { RuleValue } from './rule-values.ts'

/** The questions that a rule may name, by their names: JSON Schema properties, for titles and options. */
export type RuleQuestions = { readonly [name: string]: RuleValue }

/** A rule in words: what it is about, and what is asked of it. `isGroup`: several parts joined. */
type Told = { readonly about: string; readonly asked: string; readonly isGroup?: boolean }

const comparisons: Readonly<Record<string, string>> = {
  '==': '是',
  '===': '是',
  '!=': '不是',
  '!==': '不是',
  '>=': '不小于',
  '>': '大于',
  '<=': '不大于',
  '<': '小于',
}
const turned: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>' }
const spans: Readonly<Record<string, string>> = { '>=': '满', '>': '超过', '<': '不满', '<=': '不超过' }
const dateSpans: typeof spans = { '>=': '不早于', '>': '晚于', '<': '早于', '<=': '不晚于' }
const joiners: Readonly<Record<string, string>> = { '+': '加', '-': '减', '*': '乘以', '/': '除以' }

/**
 * A rule in words; a rule, or a part of one, that is none of the usual kinds is given as it is written.
 * @param questions the form's questions by name, for their titles and options.
 *
 * @example ruleInWords({ '>=': [{ var: 'age' }, 80] }, {}) // '年龄满 80 周岁'
 */
export function ruleInWords(rule: RuleValue | undefined, questions: RuleQuestions): string {
  if (rule === undefined) return '由窗口人工核对'
  const told = tell(rule, questions)
  return told === undefined ? written(rule) : `${told.about}${told.asked}`
}

/** How a rule changed: `年龄由满 80 周岁改为满 79 周岁` where both are about the same. */
export function ruleChangeInWords(
  before: RuleValue | undefined,
  after: RuleValue | undefined,
  questions: RuleQuestions,
): string {
  const [was, is] = [before, after].map((rule) => (rule === undefined ? undefined : tell(rule, questions)))
  if (was !== undefined && is !== undefined && was.about === is.about && was.about !== '')
    return `${was.about}由${was.asked}改为${is.asked}`
  return `核对办法由“${ruleInWords(before, questions)}”改为“${ruleInWords(after, questions)}”`
}

const written = (rule: RuleValue) => JSON.stringify(rule) ?? ''

function tell(rule: RuleValue, questions: RuleQuestions): Told | undefined {
  if (typeof rule === 'boolean') return { about: '', asked: rule ? '都算符合' : '都算不符合' }
  const [operation, parts] = partsOf(rule)
  switch (operation) {
    case 'and':
    case 'or':
      return tellGroup(operation, parts, questions)
    case 'if':
    case '?:':
      return tellChoice(parts, questions)
    case '!':
    case '!!':
      return tellNot(operation, parts, questions)
    case 'in':
      return tellIn(parts, questions)
    case '<=':
    case '<':
      return parts.length === 3 ? tellBetween(operation, parts, questions) : tellComparison(operation, parts, questions)
    default:
      return tellComparison(operation, parts, questions)
  }
}

function tellGroup(operation: 'and' | 'or', parts: readonly RuleValue[], questions: RuleQuestions): Told | undefined {
  const told = parts.map((part) => tell(part, questions))
  if (told.some((one) => one === undefined)) return undefined
  const words = told.map((one) =>
    one?.isGroup === true ? `（${one.about}${one.asked}）` : `${one?.about}${one?.asked}`,
  )
  return { about: '', asked: words.join(operation === 'and' ? '，并且' : '，或者'), isGroup: parts.length > 1 }
}

/** `{"if": [a, x, b, y, z]}`: 如果 a，要 x；如果 b，要 y；都不是的，要 z. */
function tellChoice(parts: readonly RuleValue[], questions: RuleQuestions): Told | undefined {
  const told = parts.map((part) => tell(part, questions))
  if (told.some((one) => one === undefined) || parts.length < 2) return undefined
  const words = told.map((one) => `${one?.about}${one?.asked}`)
  const cases = words.flatMap((word, at) => (at % 2 === 1 ? [`如果${words[at - 1]}，要${word}`] : []))
  const last = words.length % 2 === 1 ? [`都不是的，要${words.at(-1)}`] : []
  return { about: '', asked: [...cases, ...last].join('；'), isGroup: true }
}

function tellNot(operation: '!' | '!!', parts: readonly RuleValue[], questions: RuleQuestions): Told | undefined {
  const name = variableOf(parts[0])
  if (name !== undefined) return { about: titleOf(name, questions), asked: operation === '!' ? '没有填' : '填了' }
  const told = parts[0] === undefined ? undefined : tell(parts[0], questions)
  if (told === undefined || operation === '!!') return told
  return { about: '', asked: `不是（${told.about}${told.asked}）` }
}

function tellIn(parts: readonly RuleValue[], questions: RuleQuestions): Told | undefined {
  const [first, list] = parts
  const name = variableOf(first)
  if (name !== undefined && Array.isArray(list))
    return { about: titleOf(name, questions), asked: `是${wordsOfValues(name, list, questions)}之一` }
  const place = variableOf(list)
  if (place === undefined || typeof first === 'object' || first === undefined) return undefined
  return { about: titleOf(place, questions), asked: `勾了${wordOfValue(place, first, questions)}` }
}

const wordsOfValues = (name: string, list: readonly RuleValue[], questions: RuleQuestions) =>
  list.map((value) => wordOfValue(name, value, questions)).join('、')

function tellBetween(operation: '<=' | '<', parts: readonly RuleValue[], questions: RuleQuestions): Told | undefined {
  const [low, middle, high] = parts.map((part) => tellOperand(part, questions))
  if (low === undefined || middle === undefined || high === undefined) return undefined
  const asked = operation === '<=' ? `在 ${low} 到 ${high} 之间` : `大于 ${low}、小于 ${high}`
  return { about: middle, asked }
}

function tellComparison(operation: string, parts: readonly RuleValue[], questions: RuleQuestions): Told | undefined {
  const [first = null, second = null] = parts
  const words = Object.hasOwn(comparisons, operation) ? comparisons[operation] : undefined
  if (words === undefined || parts.length !== 2) return undefined
  if (isConstant(first) && !isConstant(second)) {
    const back = Object.hasOwn(turned, operation) ? turned[operation] : operation
    return back === undefined ? undefined : tellComparison(back, [second, first], questions)
  }
  const about = tellOperand(first, questions)
  if (about === undefined) return undefined
  const span = Object.hasOwn(spans, operation) ? spans[operation] : undefined
  if (isConstant(second)) {
    const unit =
      first !== null && partsOf(first)[0] === 'monthsBetween' ? '个月' : variableOf(first) === 'age' ? '周岁' : ''
    if (unit !== '') return { about, asked: `${span ?? words} ${String(second)} ${unit}` }
    if (isDate(second) && Object.hasOwn(dateSpans, operation))
      return { about, asked: `${dateSpans[operation]}${dateInWords(second)}` }
    return { about, asked: `${words}${wordOfValue(variableOf(first) ?? '', second, questions)}` }
  }
  const other = variableOf(second)
  if (other !== undefined) return { about, asked: `${words}“${titleOf(other, questions)}”里填的` }
  const computed = tellOperand(second, questions)
  return computed === undefined ? undefined : { about, asked: `${words}${computed}` }
}

const isConstant = (part: RuleValue) => typeof part !== 'object' || part === null

/** What is compared, in words: a question, the age, months between two dates, a sum. */
function tellOperand(part: RuleValue, questions: RuleQuestions): string | undefined {
  if (isConstant(part)) return part === null ? undefined : readable(String(part))
  const name = variableOf(part)
  if (name !== undefined) return titleOf(name, questions)
  const [operation, parts] = partsOf(part)
  const told = parts.map((one) => tellOperand(one, questions))
  if (told.some((one) => one === undefined)) return undefined
  if (operation === 'monthsBetween' && parts.length === 2) {
    const [from, to] = parts.map((one, at) => (variableOf(one) === 'today' ? told[at] : `“${told[at]}”`))
    return `从${from}到${to}`
  }
  const joiner = Object.hasOwn(joiners, operation) ? joiners[operation] : undefined
  return joiner === undefined || parts.length < 2 ? undefined : told.join(joiner)
}

function partsOf(rule: RuleValue): readonly [operation: string, parts: readonly RuleValue[]] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return ['', []]
  const [entry, ...more] = Object.entries(rule)
  if (entry === undefined || more.length > 0) return ['', []]
  return [entry[0], Array.isArray(entry[1]) ? entry[1] : [entry[1]]]
}

function variableOf(part: RuleValue | undefined): string | undefined {
  if (part === undefined) return undefined
  const [operation, parts] = partsOf(part)
  return operation === 'var' && typeof parts[0] === 'string' ? parts[0] : undefined
}

const fieldsOf = (value: RuleValue | undefined): RuleQuestions =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RuleQuestions) : {}

const questionOf = (name: string, questions: RuleQuestions) => {
  const own = name.split('.')[1] ?? ''
  return fieldsOf(Object.hasOwn(questions, own) ? questions[own] : undefined)
}

function titleOf(name: string, questions: RuleQuestions): string {
  if (name === 'age') return '年龄'
  if (name === 'today') return '办理当天'
  const { title } = questionOf(name, questions)
  return typeof title === 'string' && title !== '' ? title : name
}

function wordOfValue(name: string, value: RuleValue, questions: RuleQuestions): string {
  const { oneOf, items } = questionOf(name, questions)
  const offered = oneOf ?? fieldsOf(items).oneOf
  const option = (Array.isArray(offered) ? offered : []).map(fieldsOf).find((one) => one.const === value)
  if (typeof option?.title === 'string') return `“${option.title}”`
  if (typeof value === 'boolean') return value ? '“是”' : '“否”'
  if (typeof value === 'object') return written(value)
  return typeof value === 'string' ? `“${readable(value)}”` : String(value)
}

/** A date as people write it; any other text as it is. */
const readable = (text: string) => (isDate(text) ? dateInWords(text) : text)

const isDate = (value: RuleValue): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
