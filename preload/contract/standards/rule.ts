// Owns: rules of conditions (JsonLogic, jsonlogic.com): what may be written, and what one says about answers, within bounds.
// Does not own: which answers a form has (main/standards), what an unmet condition means for a draft (main/features/matters).
// Start here: evaluateRule for running one, rule-check.ts for refusing one.
import { monthsBetween, type RuleValue, sameLoosely, textValue, toNumber, truthy } from './rule-values.ts'

/** Bounds of a rule: parts in it, how deep they nest, steps of one evaluation, items of a list, characters of a text. */
export const ruleBounds = { parts: 400, depth: 20, steps: 20_000, items: 500, characters: 5000 } as const

/** Why a rule gives no answer. */
export type RuleFailure = 'too-many-parts' | 'too-deep' | 'too-many-steps' | 'too-long' | 'unknown-operation' | 'shape'

/** What a rule gave. `truth` is JsonLogic's: an empty list counts as false. */
export type RuleResult =
  | { readonly ok: true; readonly value: RuleValue; readonly truth: boolean }
  | { readonly ok: false; readonly why: RuleFailure; readonly pointer: string }

class Stop extends Error {
  readonly why: RuleFailure
  readonly pointer: string
  constructor(why: RuleFailure, pointer: string) {
    super(why)
    this.why = why
    this.pointer = pointer
  }
}

type Scope = { readonly data: RuleValue; readonly count: { steps: number } }

/**
 * What a rule says about data, by JsonLogic's meaning, but bounded: no operation reaches a prototype or calls a method,
 * nothing is logged, lists and texts stay within `ruleBounds`. Whatever the rule is, this ends after at most
 * `ruleBounds.steps` steps and never throws: a rule that is unknown, too large or endless gives `ok: false` with the
 * place (JSON Pointer into the rule). Lists and objects are equal to nothing, unlike in JavaScript.
 * One operation is our own: `{"monthsBetween": [from, to]}`, full months between two dates YYYY-MM-DD.
 *
 * @example evaluateRule({ '>=': [{ var: 'age' }, 80] }, { age: 80 }) // { ok: true, value: true, truth: true }
 */
export function evaluateRule(rule: unknown, data: RuleValue): RuleResult {
  try {
    const value = run(rule, { data, count: { steps: 0 } }, '', 0)
    return { ok: true, value, truth: truthy(value) }
  } catch (error) {
    if (error instanceof Stop) return { ok: false, why: error.why, pointer: error.pointer }
    throw error
  }
}

function run(rule: unknown, scope: Scope, at: string, depth: number): RuleValue {
  if (++scope.count.steps > ruleBounds.steps) throw new Stop('too-many-steps', at)
  if (depth > ruleBounds.depth) throw new Stop('too-deep', at)
  if (Array.isArray(rule)) {
    const made = rule.map((item, index) => run(item, scope, `${at}/${index}`, depth + 1))
    return bounded(made, at)
  }
  if (typeof rule !== 'object') return plain(rule, at)
  if (rule === null) return null
  const [operation, ...more] = Object.keys(rule)
  if (operation === undefined || more.length > 0) throw new Stop('shape', at)
  const given = (rule as Record<string, unknown>)[operation]
  const step: Step = {
    parts: Array.isArray(given) ? given : [given],
    at: Array.isArray(given) ? `${at}/${escaped(operation)}/` : `${at}/${escaped(operation)}`,
    hasList: Array.isArray(given),
    scope,
    depth: depth + 1,
  }
  const lazy = Object.hasOwn(lazyOperations, operation) ? lazyOperations[operation] : undefined
  if (lazy !== undefined) return lazy(step)
  const eager = Object.hasOwn(operations, operation) ? operations[operation] : undefined
  if (eager === undefined) throw new Stop('unknown-operation', at)
  const values = step.parts.map((_, index) => part(step, index))
  scope.count.steps += values.reduce<number>((sum, value) => sum + sizeOf(value), 0)
  return bounded(eager(values, scope.data), at)
}

/** What going through a value takes: an item is a step, and so are so many characters. */
function sizeOf(value: RuleValue): number {
  if (Array.isArray(value)) return value.length
  return typeof value === 'string' ? Math.floor(value.length / charactersAStep) : 0
}

const charactersAStep = 128

type Step = {
  readonly parts: readonly unknown[]
  /** Pointer of the parts: with the index behind it where they are a list. */
  readonly at: string
  readonly hasList: boolean
  readonly scope: Scope
  readonly depth: number
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
const placeOf = (step: Step, index: number) => (step.hasList ? `${step.at}${index}` : step.at)
const part = (step: Step, index: number, scope = step.scope): RuleValue =>
  run(step.parts[index] ?? null, scope, placeOf(step, index), step.depth)

function plain(value: unknown, at: string): RuleValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  throw new Stop('shape', at)
}

function bounded(value: RuleValue, at: string): RuleValue {
  if (Array.isArray(value) && value.length > ruleBounds.items) throw new Stop('too-long', at)
  if (typeof value === 'string' && value.length > ruleBounds.characters) throw new Stop('too-long', at)
  return value
}

/** A list that the step goes through, and its body for one item. */
function each(step: Step): { readonly list: readonly RuleValue[]; readonly body: (data: RuleValue) => RuleValue } {
  const first = bounded(part(step, 0), placeOf(step, 0))
  return {
    list: Array.isArray(first) ? first : [],
    body: (data) => part(step, 1, { data, count: step.scope.count }),
  }
}

function choose(step: Step): RuleValue {
  for (let index = 0; index + 1 < step.parts.length; index += 2) {
    if (truthy(part(step, index))) return part(step, index + 1)
  }
  return step.parts.length % 2 === 1 ? part(step, step.parts.length - 1) : null
}

function firstWhere(step: Step, isWanted: (value: RuleValue) => boolean): RuleValue {
  let value: RuleValue = null
  for (let index = 0; index < step.parts.length; index++) {
    value = part(step, index)
    if (isWanted(value)) return value
  }
  return value
}

function reduce(step: Step): RuleValue {
  const { list, body } = each(step)
  let accumulator = step.parts.length > 2 ? part(step, 2) : null
  for (const current of list) accumulator = body({ current, accumulator })
  return accumulator
}

/** Operations that judge their parts themselves: not all of them, or once an item of a list. */
const lazyOperations: Readonly<Record<string, (step: Step) => RuleValue>> = {
  if: choose,
  '?:': choose,
  and: (step) => firstWhere(step, (value) => !truthy(value)),
  or: (step) => firstWhere(step, truthy),
  filter: (step) => {
    const { list, body } = each(step)
    return list.filter((item) => truthy(body(item)))
  },
  map: (step) => {
    const { list, body } = each(step)
    return list.map(body)
  },
  reduce,
  all: (step) => {
    const { list, body } = each(step)
    return list.length > 0 && list.every((item) => truthy(body(item)))
  },
  none: (step) => {
    const { list, body } = each(step)
    return !list.some((item) => truthy(body(item)))
  },
  some: (step) => {
    const { list, body } = each(step)
    return list.some((item) => truthy(body(item)))
  },
}

type Operation = (values: readonly RuleValue[], data: RuleValue) => RuleValue

const numbers = (values: readonly RuleValue[]) => values.map(toNumber)
const parsed = (value: RuleValue | undefined) => Number.parseFloat(textValue(value ?? null))

/** Both as texts in their order, else as numbers; lists and objects are in no order. */
function isBelow(one: RuleValue | undefined, other: RuleValue | undefined, orEqual: boolean): boolean {
  if (typeof one === 'string' && typeof other === 'string') return orEqual ? one <= other : one < other
  const [a, b] = [toNumber(one ?? null), toNumber(other ?? null)]
  return orEqual ? a <= b : a < b
}

/** A plain value in a list, or a text in a text. */
function isIn(needle: RuleValue = null, place: RuleValue = null): boolean {
  if (typeof needle === 'object' && needle !== null) return false
  if (typeof place === 'string') return needle !== null && place.includes(String(needle))
  return Array.isArray(place) && place.includes(needle)
}

function sliceOf(text: string, start: number, length: number | undefined): string {
  const from = start < 0 ? Math.max(0, text.length + start) : start
  if (length === undefined) return text.slice(from)
  return length < 0 ? text.slice(from).slice(0, length) : text.slice(from, from + length)
}

/** Looks a dotted name up, own parts only. The name is read as far as it leads: a long one that leads nowhere costs nothing. */
export function lookUp(data: RuleValue, name: RuleValue | undefined): RuleValue | undefined {
  if (name === undefined || name === null || name === '') return data
  const path = textValue(name)
  let found: RuleValue | undefined = data
  for (let at = 0; at <= path.length; ) {
    const dot = path.indexOf('.', at)
    const end = dot === -1 ? path.length : dot
    const step = path.slice(at, end)
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Readonly<Record<string, RuleValue>>)[step]
    at = end + 1
  }
  return found
}

function missing(values: readonly RuleValue[], data: RuleValue): RuleValue[] {
  const names = Array.isArray(values[0]) ? values[0] : values
  return names.filter((name) => {
    const found = lookUp(data, name)
    return found === undefined || found === null || found === ''
  })
}

/** Operations whose parts are all judged first. */
const operations: Readonly<Record<string, Operation>> = {
  var: ([name, instead], data) => {
    const found = lookUp(data, name)
    return found === undefined ? (instead ?? null) : found
  },
  missing,
  missing_some: ([needed, names], data) => {
    const list = Array.isArray(names) ? names : []
    const lacking = missing([list], data)
    return list.length - lacking.length >= toNumber(needed ?? null) ? [] : lacking
  },
  '==': ([a, b]) => sameLoosely(a ?? null, b ?? null),
  '!=': ([a, b]) => !sameLoosely(a ?? null, b ?? null),
  '===': ([a, b]) => a === b && (typeof a !== 'object' || a === null),
  '!==': ([a, b]) => a !== b || (typeof a === 'object' && a !== null),
  '<': ([a, b, c]) => isBelow(a, b, false) && (c === undefined || isBelow(b, c, false)),
  '<=': ([a, b, c]) => isBelow(a, b, true) && (c === undefined || isBelow(b, c, true)),
  '>': ([a, b]) => isBelow(b, a, false),
  '>=': ([a, b]) => isBelow(b, a, true),
  '!': ([a]) => !truthy(a ?? null),
  '!!': ([a]) => truthy(a ?? null),
  '+': (values) => values.reduce<number>((sum, value) => sum + parsed(value), 0),
  '*': (values) => values.reduce<number>((product, value) => product * parsed(value), 1),
  '-': ([a, b]) => (b === undefined ? -toNumber(a ?? null) : toNumber(a ?? null) - toNumber(b)),
  '/': ([a, b]) => toNumber(a ?? null) / toNumber(b ?? null),
  '%': ([a, b]) => toNumber(a ?? null) % toNumber(b ?? null),
  min: (values) => Math.min(...numbers(values)),
  max: (values) => Math.max(...numbers(values)),
  in: ([needle, place]) => isIn(needle, place),
  cat: (values) => values.map(textValue).join(''),
  substr: ([text, start, length]) =>
    sliceOf(textValue(text ?? null), toNumber(start ?? 0), length === undefined ? undefined : toNumber(length)),
  merge: (values) => values.flatMap((value) => (Array.isArray(value) ? value : [value])),
  monthsBetween: ([from, to]) => monthsBetween(textValue(from ?? null), textValue(to ?? null)),
}

/** Every operation that is understood. */
export const ruleOperations: readonly string[] = [...Object.keys(lazyOperations), ...Object.keys(operations)]

/** Operations whose second part is judged once an item of the first. */
export const listOperations: ReadonlySet<string> = new Set(['filter', 'map', 'reduce', 'all', 'none', 'some'])
