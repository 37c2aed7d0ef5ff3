import { type Schema, Validator } from '@cfworker/json-schema'
import { evaluateRule } from '../../../preload/contract/standards/rule.ts'
import { variablesOf } from '../../../preload/contract/standards/rule-check.ts'
import type { RuleValue } from '../../../preload/contract/standards/rule-values.ts'
import { asObject, type Json, type JsonObject, textOf } from '../form/questions.ts'

/**
 * Whether a condition can be met at all, as far as trying can tell: every answer is tried with the values that the form
 * offers, or with those around the constants that are compared. What would take too many tries, or uses more than
 * comparisons, is left as possible: nothing is called unreachable on a guess.
 */

/** The values that an answer may have: a whole list, or bounds of a number; `open` where anything may be typed. */
type Domain =
  | { readonly kind: 'list'; readonly values: readonly RuleValue[] }
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  | { readonly kind: 'open' }

/** Domains by the name that a rule uses: `age`, `answers.name`. */
export type Domains = ReadonlyMap<string, Domain>

const mostTries = 4000
/** The most that all tries of one check may cost, in characters of rules that are judged. */
const mostWork = 2_000_000
const plainOperations = new Set([
  'and',
  'or',
  '!',
  '!!',
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'if',
  '?:',
  'var',
] as const)

/** The domains of a form's questions and of the applicant's age. */
export function domainsOf(questions: JsonObject): Domains {
  const domains = new Map<string, Domain>([['age', { kind: 'number', least: 0, most: 130 }]])
  for (const [name, schema] of Object.entries(questions)) domains.set(`answers.${name}`, domainOf(asObject(schema)))
  return domains
}

function domainOf(schema: JsonObject): Domain {
  const choices = choicesOf(schema)
  if (choices.length > 0) return { kind: 'list', values: choices }
  if (schema.type === 'boolean') return { kind: 'list', values: [true, false] }
  if (schema.type !== 'integer' && schema.type !== 'number') return { kind: 'open' }
  const bound = (keyword: string, otherwise: number) =>
    typeof schema[keyword] === 'number' ? Number(schema[keyword]) : otherwise
  return { kind: 'number', least: bound('minimum', -1e12), most: bound('maximum', 1e12) }
}

/** The values that a question offers; empty where it is open. */
export function choicesOf(schema: JsonObject): RuleValue[] {
  if (schema.const !== undefined) return [schema.const]
  if (Array.isArray(schema.enum)) return [...schema.enum]
  const options = Array.isArray(schema.oneOf) ? schema.oneOf.map((option) => asObject(option).const) : []
  return options.filter((value): value is Exclude<Json, undefined> => value !== undefined)
}

/** Whether all the rules can be met by one and the same set of answers. */
export function canBeMet(rules: readonly unknown[], domains: Domains): 'perhaps' | 'never' {
  if (!rules.every(isPlain)) return 'perhaps'
  const names = [...new Set(rules.flatMap(variablesOf))]
  const constants = rules.flatMap(constantsOf)
  const candidates = names.map((name) => valuesOf(domains.get(name) ?? { kind: 'open' }, constants))
  const tries = candidates.reduce((product, values) => product * values.length, 1)
  if (tries > mostTries || tries * sizeOf(rules) > mostWork) return 'perhaps'
  for (let at = 0; at < tries; at++) {
    const data = dataOf(names, pick(candidates, at))
    if (rules.every((rule) => isMet(rule, data))) return 'perhaps'
  }
  return 'never'
}

const sizeOf = (part: unknown): number => (JSON.stringify(part) ?? '').length

function isMet(rule: unknown, data: RuleValue): boolean {
  const result = evaluateRule(rule, data)
  return !result.ok || result.truth
}

function isPlain(rule: unknown): boolean {
  if (Array.isArray(rule)) return rule.every(isPlain)
  if (typeof rule !== 'object' || rule === null) return true
  return Object.entries(rule).every(
    ([operation, parts]) => (plainOperations as ReadonlySet<string>).has(operation) && isPlain(parts),
  )
}

function constantsOf(rule: unknown): RuleValue[] {
  if (Array.isArray(rule)) return rule.flatMap(constantsOf)
  if (typeof rule === 'object' && rule !== null)
    return Object.entries(rule).flatMap(([operation, parts]) => (operation === 'var' ? [] : constantsOf(parts)))
  return rule === undefined ? [] : [rule as RuleValue]
}

function valuesOf(domain: Domain, constants: readonly RuleValue[]): RuleValue[] {
  if (domain.kind === 'list') return [...domain.values]
  const numbers = constants.filter((value) => typeof value === 'number')
  if (domain.kind === 'number') {
    const around = numbers.flatMap((value) => [value - 1, value, value + 1])
    const tried = [domain.least, domain.most, ...around]
    return [...new Set(tried)].filter((value) => value >= domain.least && value <= domain.most)
  }
  const around = numbers.flatMap((value) => [value - 1, value + 1])
  return [...new Set<RuleValue>([...constants, ...around, '其他', ''])]
}

/** The `at`-th of all ways to take one value of each list. */
function pick(lists: readonly (readonly RuleValue[])[], at: number): RuleValue[] {
  let rest = at
  return lists.map((values) => {
    const value = values[rest % values.length] ?? null
    rest = Math.floor(rest / values.length)
    return value
  })
}

function dataOf(names: readonly string[], values: readonly RuleValue[]): RuleValue {
  const answers = names.flatMap((name, at) => {
    const [first, second] = name.split('.')
    return first === 'answers' && second !== undefined ? [[second, values[at] ?? null] as const] : []
  })
  const age = values[names.indexOf('age')]
  return { answers: Object.fromEntries(answers), ...(age === undefined ? {} : { age }) }
}

/** Whether a condition can be met, and whether it can fail to be. */
export type BranchReach = { readonly met: boolean; readonly unmet: boolean }

/** Whether the `if` of a schema can be true and can be false for answers that the form lets one give. */
export function branchReach(condition: JsonObject, questions: JsonObject): BranchReach {
  const named = Object.keys(asObject(condition.properties))
  const needed = Array.isArray(condition.required) ? condition.required.map(textOf) : []
  const names = [...new Set([...named, ...needed])]
  const constants = named.flatMap((name) => choicesOf(asObject(asObject(condition.properties)[name])))
  const lists = names.map((name): RuleValue[] => {
    if (!Object.hasOwn(questions, name)) return [nothing]
    return [nothing, ...valuesOf(domainOf(asObject(questions[name])), [...constants, ...boundsOf(condition, name)])]
  })
  const tries = lists.reduce((product, values) => product * values.length, 1)
  if (tries > mostTries || tries * sizeOf(condition) > mostWork || !isTriable(condition))
    return { met: true, unmet: true }
  const validator = new Validator(condition as Schema, '2020-12', true)
  const reached = { met: false, unmet: false }
  for (let at = 0; at < tries; at++) {
    const values = pick(lists, at)
    const given = names.flatMap((name, place) => (values[place] === nothing ? [] : [[name, values[place]] as const]))
    reached[validator.validate(Object.fromEntries(given)).valid ? 'met' : 'unmet'] = true
  }
  return reached
}

/** Stands for a question that was not answered: no answer of a form is this text. */
const nothing = '\u0000'

function boundsOf(condition: JsonObject, name: string): RuleValue[] {
  const asked = asObject(asObject(condition.properties)[name])
  return Object.values(asked).filter((value) => typeof value === 'number')
}

/** Trying tells of choices and bounds alone; of lengths, patterns and the like it does not. */
function isTriable(condition: JsonObject): boolean {
  const told = new Set(['const', 'enum', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'type', 'title'])
  const isPlainProperty = (schema: Json) => Object.keys(asObject(schema)).every((keyword) => told.has(keyword))
  const isPlainCondition = Object.keys(condition).every((keyword) =>
    ['properties', 'required', 'type'].includes(keyword),
  )
  return isPlainCondition && Object.values(asObject(condition.properties)).every(isPlainProperty)
}
