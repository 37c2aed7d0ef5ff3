import { listOperations, ruleBounds, ruleOperations } from './rule.ts'

/** What is wrong with a rule itself, before any answer is there. */
export type RuleFault = {
  readonly why: 'too-many-parts' | 'too-deep' | 'unknown-operation' | 'shape' | 'parts' | 'endless'
  /** JSON Pointer into the rule. */
  readonly pointer: string
  readonly operation: string
}

/** How many parts an operation takes, where that is bounded: the least and the most. */
const partCounts: Readonly<Record<string, readonly [least: number, most: number]>> = {
  var: [0, 2],
  missing_some: [2, 2],
  '==': [2, 2],
  '!=': [2, 2],
  '===': [2, 2],
  '!==': [2, 2],
  '<': [2, 3],
  '<=': [2, 3],
  '>': [2, 2],
  '>=': [2, 2],
  '!': [1, 1],
  '!!': [1, 1],
  '-': [1, 2],
  '/': [2, 2],
  '%': [2, 2],
  in: [2, 2],
  substr: [2, 3],
  monthsBetween: [2, 2],
  filter: [2, 2],
  map: [2, 2],
  reduce: [2, 3],
  all: [2, 2],
  none: [2, 2],
  some: [2, 2],
}
const needOne = new Set(['if', '?:', 'and', 'or', '+', '*', 'min', 'max', 'cat', 'merge', 'missing'])

/** Operations that may make more than they were given: in `reduce` their outcome could grow with every item. */
const growing = new Set(['merge', 'cat', 'map', 'filter', 'reduce', '*'])
/** How many rows a list of answers is taken to have where the rule is weighed. */
const assumedRows = 50

type Walk = { parts: number; readonly faults: RuleFault[]; readonly operations: ReadonlySet<string> }

/**
 * What is wrong with a rule: unknown operations, wrong numbers of parts, too large, too deep, or so many steps that it
 * might never be answered (lists within lists, or a `reduce` that grows). An empty list says that evaluating it ends
 * within the bounds on any form of usual size. Never throws; a rule that is huge is left after the bound.
 */
export function ruleFaults(rule: unknown): RuleFault[] {
  const walk: Walk = { parts: 0, faults: [], operations: new Set(ruleOperations) }
  const cost = weigh(rule, '', 0, false, walk)
  const isWhole = walk.faults.every(({ why }) => why !== 'too-many-parts')
  if (isWhole && cost > ruleBounds.steps) walk.faults.push({ why: 'endless', pointer: '', operation: '' })
  return walk.faults.slice(0, 20)
}

/** How many steps evaluating takes at most, as far as it can be told; faults are noted on the way. */
function weigh(rule: unknown, pointer: string, depth: number, isReduced: boolean, walk: Walk): number {
  const tell = (why: RuleFault['why'], operation = '') => {
    walk.faults.push({ why, pointer, operation })
    return 0
  }
  if (++walk.parts > ruleBounds.parts) {
    return walk.faults.some(({ why }) => why === 'too-many-parts') ? 0 : tell('too-many-parts')
  }
  if (depth > ruleBounds.depth) return tell('too-deep')
  if (Array.isArray(rule)) {
    return rule.reduce<number>((sum, item, index) => {
      return walk.parts > ruleBounds.parts ? sum : sum + weigh(item, `${pointer}/${index}`, depth + 1, isReduced, walk)
    }, 1)
  }
  if (typeof rule !== 'object' || rule === null) return rule === undefined ? tell('shape') : 1
  const names = Object.keys(rule)
  const [operation = ''] = names
  if (names.length !== 1) return tell('shape')
  if (!walk.operations.has(operation)) return tell('unknown-operation', operation)
  const given = (rule as Record<string, unknown>)[operation]
  const parts = Array.isArray(given) ? given : [given]
  const [least, most] = partCounts[operation] ?? [needOne.has(operation) ? 1 : 0, Number.POSITIVE_INFINITY]
  if (parts.length < least || parts.length > most) tell('parts', operation)
  if (isReduced && growing.has(operation)) tell('endless', operation)
  const base = `${pointer}/${operation.replaceAll('~', '~0').replaceAll('/', '~1')}`
  let cost = 1
  parts.forEach((part, index) => {
    if (walk.parts > ruleBounds.parts) return
    const isBody = index === 1 && listOperations.has(operation)
    const at = Array.isArray(given) ? `${base}/${index}` : base
    const own = weigh(part, at, depth + 1, isReduced || (isBody && operation === 'reduce'), walk)
    cost += isBody ? own * rowsOf(parts[0]) : own
  })
  return cost
}

/** How many items a list may have: a written one as many as it has, any other as many as a table of answers. */
function rowsOf(list: unknown): number {
  return Array.isArray(list) ? list.length : assumedRows
}

/**
 * Names that a rule looks up in the answers; inside map, filter and the like only the list itself is looked up here. A
 * name that the rule computes is not among them. Meant for rules without faults.
 *
 * @example variablesOf({ '>=': [{ var: 'age' }, 80] }) // ['age']
 */
export function variablesOf(rule: unknown): string[] {
  if (Array.isArray(rule)) return rule.flatMap(variablesOf)
  if (typeof rule !== 'object' || rule === null) return []
  return Object.entries(rule).flatMap(([operation, given]) => {
    const parts: readonly unknown[] = Array.isArray(given) ? given : [given]
    if (operation === 'var') return typeof parts[0] === 'string' && parts[0] !== '' ? [parts[0]] : []
    if (operation === 'missing' || operation === 'missing_some') return []
    return listOperations.has(operation) ? variablesOf(parts[0] ?? null) : parts.flatMap(variablesOf)
  })
}

/** As `variablesOf`, but only names for which the rule has no value of its own to take instead: without them it says nothing. */
export function neededVariablesOf(rule: unknown): string[] {
  if (Array.isArray(rule)) return rule.flatMap(neededVariablesOf)
  if (typeof rule !== 'object' || rule === null) return []
  return Object.entries(rule).flatMap(([operation, given]) => {
    const parts: readonly unknown[] = Array.isArray(given) ? given : [given]
    if (operation === 'var') return parts.length === 1 ? variablesOf(rule) : []
    if (operation === 'missing' || operation === 'missing_some') return []
    return listOperations.has(operation) ? neededVariablesOf(parts[0] ?? null) : parts.flatMap(neededVariablesOf)
  })
}
