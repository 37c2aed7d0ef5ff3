// Owns: a condition's rule as the editor shows it: groups, comparisons, lists, cases; read from JsonLogic, put back into it.
// Does not own: what a rule says of answers (preload/contract/standards/rule.ts), its words (rule-words.ts there).
// Start here: `readRule`.
import { isSameJson, type JsonValue, listOf, objectOf } from '../json-edit.ts'

/** What is compared. `source`: in a way that only the source can write. */
export type Operand =
  | { readonly is: 'age' }
  | { readonly is: 'today' }
  | { readonly is: 'answer'; readonly name: string }
  | { readonly is: 'value'; readonly value: string | number | boolean }
  /** Full months from one date to another. */
  | { readonly is: 'months'; readonly from: Operand; readonly to: Operand }
  | { readonly is: 'source'; readonly written: JsonValue }

export const compareSigns = ['==', '!=', '>=', '>', '<=', '<', '===', '!=='] as const
export type CompareSign = (typeof compareSigns)[number]

/** A rule, or a part of one. */
export type RuleNode =
  | { readonly kind: 'group'; readonly join: 'and' | 'or'; readonly parts: readonly RuleNode[] }
  | { readonly kind: 'not'; readonly part: RuleNode }
  | { readonly kind: 'compare'; readonly sign: CompareSign; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly low: Operand; readonly about: Operand; readonly high: Operand }
  /** One of several values. */
  | { readonly kind: 'among'; readonly about: Operand; readonly values: readonly JsonValue[] }
  /** Of several answers at once, one is this. */
  | { readonly kind: 'ticked'; readonly about: Operand; readonly value: JsonValue }
  | { readonly kind: 'filled'; readonly about: Operand; readonly isFilled: boolean }
  /** The first case that is met says what is asked; `otherwise` where none is. */
  | {
      readonly kind: 'cases'
      readonly cases: readonly { readonly when: RuleNode; readonly ask: RuleNode }[]
      readonly otherwise: RuleNode | undefined
    }
  /** Always met, or never. */
  | { readonly kind: 'fixed'; readonly value: boolean }
  | { readonly kind: 'source'; readonly written: JsonValue }

/** A rule as a tree. Whatever it is, `writeRule` gives the very same again: a part that could not be shown whole is `source`. */
export function readRule(rule: JsonValue): RuleNode {
  const node = readKnown(rule)
  return node !== undefined && isSameJson(writeRule(node), rule) ? node : { kind: 'source', written: rule }
}

function readKnown(rule: JsonValue): RuleNode | undefined {
  if (typeof rule === 'boolean') return { kind: 'fixed', value: rule }
  const [entry, ...more] = Object.entries(objectOf(rule))
  if (entry === undefined || more.length > 0 || !Array.isArray(entry[1])) return undefined
  const [operation, parts] = [entry[0], listOf(entry[1])]
  const [first = null, second = null, third = null] = parts
  switch (operation) {
    case 'and':
    case 'or':
      return { kind: 'group', join: operation, parts: parts.map(readRule) }
    case '!':
      return isVariable(first) ? filled(first, false) : { kind: 'not', part: readRule(first) }
    case '!!':
      return isVariable(first) ? filled(first, true) : undefined
    case 'if':
      return readCases(parts)
    case 'in':
      if (Array.isArray(second))
        return second.every(isPlain) ? { kind: 'among', about: readOperand(first), values: second } : undefined
      return isPlain(first) ? { kind: 'ticked', about: readOperand(second), value: first } : undefined
    default: {
      if (operation === '<=' && parts.length === 3)
        return { kind: 'between', low: readOperand(first), about: readOperand(second), high: readOperand(third) }
      const sign = compareSigns.find((one) => one === operation)
      if (sign === undefined) return undefined
      return { kind: 'compare', sign, left: readOperand(first), right: readOperand(second) }
    }
  }
}

const isPlain = (part: JsonValue) => typeof part !== 'object'
const isVariable = (part: JsonValue) => Object.keys(objectOf(part))[0] === 'var'
const filled = (part: JsonValue, isFilled: boolean): RuleNode => ({
  kind: 'filled',
  about: readOperand(part),
  isFilled,
})

function readCases(parts: readonly JsonValue[]): RuleNode | undefined {
  if (parts.length < 2) return undefined
  const nodes = parts.map(readRule)
  const cases = nodes.flatMap((ask, at) => {
    const when = nodes[at - 1]
    return at % 2 === 1 && when !== undefined ? [{ when, ask }] : []
  })
  return { kind: 'cases', cases, otherwise: nodes.length % 2 === 1 ? nodes.at(-1) : undefined }
}

function readOperand(part: JsonValue): Operand {
  const operand = readKnownOperand(part)
  return operand !== undefined && isSameJson(writeOperand(operand), part) ? operand : { is: 'source', written: part }
}

function readKnownOperand(part: JsonValue): Operand | undefined {
  if (typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean')
    return { is: 'value', value: part }
  const { var: variable, monthsBetween } = objectOf(part)
  if (variable === 'age' || variable === 'today') return { is: variable }
  if (typeof variable === 'string' && variable.startsWith('answers.') && !variable.slice(8).includes('.'))
    return { is: 'answer', name: variable.slice(8) }
  const [from = null, to = null] = listOf(monthsBetween)
  return Array.isArray(monthsBetween) ? { is: 'months', from: readOperand(from), to: readOperand(to) } : undefined
}

/** The JsonLogic of a tree. */
export function writeRule(node: RuleNode): JsonValue {
  switch (node.kind) {
    case 'group':
      return { [node.join]: node.parts.map(writeRule) }
    case 'not':
      return { '!': [writeRule(node.part)] }
    case 'compare':
      return { [node.sign]: [writeOperand(node.left), writeOperand(node.right)] }
    case 'between':
      return { '<=': [node.low, node.about, node.high].map(writeOperand) }
    case 'among':
      return { in: [writeOperand(node.about), node.values] }
    case 'ticked':
      return { in: [node.value, writeOperand(node.about)] }
    case 'filled':
      return { [node.isFilled ? '!!' : '!']: [writeOperand(node.about)] }
    case 'cases': {
      const cases = node.cases.flatMap(({ when, ask }) => [writeRule(when), writeRule(ask)])
      return { if: node.otherwise === undefined ? cases : [...cases, writeRule(node.otherwise)] }
    }
    case 'fixed':
      return node.value
    case 'source':
      return node.written
  }
}

/** The JsonLogic of an operand. */
export function writeOperand(operand: Operand): JsonValue {
  switch (operand.is) {
    case 'age':
    case 'today':
      return { var: operand.is }
    case 'answer':
      return { var: `answers.${operand.name}` }
    case 'value':
      return operand.value
    case 'months':
      return { monthsBetween: [writeOperand(operand.from), writeOperand(operand.to)] }
    case 'source':
      return operand.written
  }
}
