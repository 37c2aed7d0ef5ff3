import type { EditedQuestion } from '../questions/form-reading.ts'
import type { CompareSign, Operand, RuleNode } from './rule-tree.ts'

/** How something is looked at, as people choose it. */
export type RuleWay = 'eq' | 'ne' | 'ge' | 'gt' | 'le' | 'lt' | 'between' | 'among' | 'ticked' | 'filled' | 'empty'

const signs: Readonly<Partial<Record<RuleWay, CompareSign>>> = {
  eq: '==',
  ne: '!=',
  ge: '>=',
  gt: '>',
  le: '<=',
  lt: '<',
}

/** What kind of thing is looked at: it says which ways there are and which words they have. */
export type AboutKind = 'age' | 'months' | 'number' | 'date' | 'choice' | 'yesNo' | 'several' | 'text'

const waysByKind: Readonly<Record<AboutKind, readonly RuleWay[]>> = {
  age: ['ge', 'lt', 'gt', 'le', 'between', 'eq'],
  months: ['ge', 'lt', 'gt', 'le', 'eq'],
  number: ['ge', 'le', 'gt', 'lt', 'between', 'eq', 'ne', 'filled', 'empty'],
  date: ['le', 'ge', 'lt', 'gt', 'eq', 'filled', 'empty'],
  choice: ['eq', 'ne', 'among', 'filled', 'empty'],
  yesNo: ['eq'],
  several: ['ticked', 'filled', 'empty'],
  text: ['eq', 'ne', 'filled', 'empty'],
}

/** A comparison by itself: everything but groups, cases and what only the source can write. */
export type SimpleNode = Extract<RuleNode, { kind: 'compare' | 'between' | 'among' | 'ticked' | 'filled' }>

/** What a comparison is about. */
export const aboutOf = (node: SimpleNode): Operand => (node.kind === 'compare' ? node.left : node.about)

/** The kind of what is looked at. */
export function aboutKind(operand: Operand, questions: readonly EditedQuestion[]): AboutKind {
  if (operand.is === 'age' || operand.is === 'months') return operand.is
  if (operand.is === 'today') return 'date'
  const question = operand.is === 'answer' ? questions.find(({ name }) => name === operand.name) : undefined
  switch (question?.kind) {
    case 'number':
    case 'date':
    case 'yesNo':
    case 'several':
      return question.kind
    case 'radio':
    case 'select':
      return 'choice'
    default:
      return 'text'
  }
}

/** The ways to look at a kind of thing, the usual one first. */
export const waysOf = (kind: AboutKind): readonly RuleWay[] => waysByKind[kind]

/** The way of a comparison. */
export function wayOf(node: SimpleNode): RuleWay {
  switch (node.kind) {
    case 'compare': {
      const sign = node.sign === '===' ? '==' : node.sign === '!==' ? '!=' : node.sign
      return (Object.keys(signs) as RuleWay[]).find((way) => signs[way] === sign) ?? 'eq'
    }
    case 'filled':
      return node.isFilled ? 'filled' : 'empty'
    default:
      return node.kind
  }
}

/** The comparison of something in a way, with what it was compared with where that still fits. */
export function nodeOf(
  about: Operand,
  way: RuleWay,
  questions: readonly EditedQuestion[],
  before?: SimpleNode,
): SimpleNode {
  const kind = aboutKind(about, questions)
  const [first] = choicesOf(about, questions)
  const right = before?.kind === 'compare' ? before.right : undefined
  const value: Operand = { is: 'value', value: startOf(kind, first) }
  switch (way) {
    case 'between':
      return { kind: 'between', low: { is: 'value', value: 0 }, about, high: right?.is === 'value' ? right : value }
    case 'among':
      return {
        kind: 'among',
        about,
        values: right?.is === 'value' ? [right.value] : first === undefined ? [] : [first],
      }
    case 'ticked':
      return { kind: 'ticked', about, value: first ?? '' }
    case 'filled':
    case 'empty':
      return { kind: 'filled', about, isFilled: way === 'filled' }
    default: {
      const [one] = before?.kind === 'among' ? before.values : []
      const kept: Operand | undefined = typeof one === 'string' ? { is: 'value', value: one } : right
      return { kind: 'compare', sign: signs[way] ?? '==', left: about, right: kept ?? value }
    }
  }
}

function startOf(kind: AboutKind, first: string | number | boolean | undefined): string | number | boolean {
  if (kind === 'age') return 60
  if (kind === 'months') return 12
  if (kind === 'number') return 0
  return kind === 'yesNo' ? true : (first ?? '')
}

/** The values that a question offers. */
export function choicesOf(about: Operand, questions: readonly EditedQuestion[]): (string | number | boolean)[] {
  const question = about.is === 'answer' ? questions.find(({ name }) => name === about.name) : undefined
  return (question?.choices ?? []).flatMap(({ value }) => (value === null || typeof value === 'object' ? [] : [value]))
}
