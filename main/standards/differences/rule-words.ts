import type { Json, JsonObject } from '../form/questions.ts'
import { asObject } from '../form/questions.ts'

/** A rule in words, as far as it is one that people would write: what it is about, and what is asked of it. */
type Told = { readonly about: string; readonly asked: string }

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
const ageWords: Readonly<Record<string, (years: string) => string>> = {
  '>=': (years) => `满 ${years} 周岁`,
  '>': (years) => `超过 ${years} 周岁`,
  '<': (years) => `不满 ${years} 周岁`,
  '<=': (years) => `不超过 ${years} 周岁`,
}

/**
 * A rule in words; a rule that is none of the usual kinds is given as it is written.
 * @param questions the form's questions by name, for their titles and options.
 *
 * @example ruleInWords({ '>=': [{ var: 'age' }, 80] }, {}) // '年龄满 80 周岁'
 */
export function ruleInWords(rule: Json | undefined, questions: JsonObject): string {
  if (rule === undefined) return '由窗口人工核对'
  const told = tell(rule, questions)
  return told === undefined ? (JSON.stringify(rule) ?? '') : `${told.about}${told.asked}`
}

/** How a rule changed: `年龄由满 80 周岁改为满 79 周岁` where both are about the same. */
export function ruleChangeInWords(before: Json | undefined, after: Json | undefined, questions: JsonObject): string {
  const [was, is] = [before, after].map((rule) => (rule === undefined ? undefined : tell(rule, questions)))
  if (was !== undefined && is !== undefined && was.about === is.about && was.about !== '')
    return `${was.about}由${was.asked}改为${is.asked}`
  return `核对办法由“${ruleInWords(before, questions)}”改为“${ruleInWords(after, questions)}”`
}

function tell(rule: Json, questions: JsonObject): Told | undefined {
  const [operation, parts] = partsOf(rule)
  if (operation === 'and' || operation === 'or') {
    const told = parts.map((part) => tell(part, questions))
    if (told.some((one) => one === undefined)) return undefined
    const joiner = operation === 'and' ? '，并且' : '，或者'
    return { about: '', asked: told.map((one) => `${one?.about}${one?.asked}`).join(joiner) }
  }
  if (operation === '!' || operation === '!!') {
    const name = variableOf(parts[0])
    return name === undefined
      ? undefined
      : { about: titleOf(name, questions), asked: operation === '!' ? '没有填' : '填了' }
  }
  if (operation === 'in') return tellIn(parts, questions)
  return tellComparison(operation, parts, questions)
}

function tellIn(parts: readonly Json[], questions: JsonObject): Told | undefined {
  const name = variableOf(parts[0])
  const [, list] = parts
  if (name === undefined || !Array.isArray(list)) return undefined
  return {
    about: titleOf(name, questions),
    asked: `是${list.map((value) => wordOfValue(name, value, questions)).join('、')}之一`,
  }
}

function tellComparison(operation: string, parts: readonly Json[], questions: JsonObject): Told | undefined {
  const [first, second] = parts
  const [one, other] = [variableOf(first), variableOf(second)]
  const words = Object.hasOwn(comparisons, operation) ? comparisons[operation] : undefined
  if (words === undefined || parts.length !== 2) return undefined
  if (one === undefined) {
    const back = Object.hasOwn(turned, operation) ? turned[operation] : operation
    return other === undefined || back === undefined
      ? undefined
      : tellComparison(back, [second ?? null, first ?? null], questions)
  }
  if (other !== undefined)
    return { about: titleOf(one, questions), asked: `${words}“${titleOf(other, questions)}”里填的` }
  if (typeof second === 'object' && second !== null) return undefined
  const ofAge = one === 'age' && Object.hasOwn(ageWords, operation) ? ageWords[operation] : undefined
  if (ofAge !== undefined) return { about: '年龄', asked: ofAge(String(second)) }
  return { about: titleOf(one, questions), asked: `${words}${wordOfValue(one, second ?? null, questions)}` }
}

function partsOf(rule: Json): readonly [operation: string, parts: readonly Json[]] {
  const [entry, ...more] = Object.entries(asObject(rule))
  if (entry === undefined || more.length > 0) return ['', []]
  return [entry[0], Array.isArray(entry[1]) ? entry[1] : [entry[1]]]
}

function variableOf(part: Json | undefined): string | undefined {
  if (part === undefined) return undefined
  const [operation, parts] = partsOf(part)
  return operation === 'var' && typeof parts[0] === 'string' ? parts[0] : undefined
}

const questionOf = (name: string, questions: JsonObject) => asObject(questions[name.split('.')[1] ?? ''])

function titleOf(name: string, questions: JsonObject): string {
  if (name === 'age') return '年龄'
  if (name === 'today') return '办理当天'
  const { title } = questionOf(name, questions)
  return typeof title === 'string' ? title : name
}

function wordOfValue(name: string, value: Json, questions: JsonObject): string {
  const { oneOf } = questionOf(name, questions)
  const option = (Array.isArray(oneOf) ? oneOf : []).map(asObject).find((one) => one.const === value)
  if (typeof option?.title === 'string') return `“${option.title}”`
  return typeof value === 'string' ? `“${value}”` : String(value)
}
