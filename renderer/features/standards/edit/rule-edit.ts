import { type JsonValue, listOf, objectOf, type Path } from './json-edit.ts'

/** A value that a rule compares with, and where it stands in the rule. */
export type RuleLiteral = { readonly path: Path; readonly value: string | number }

/** Texts and numbers that a rule compares with, in the order in which they are written; names of variables are none. */
export function literalsOf(rule: JsonValue | undefined, path: Path = []): RuleLiteral[] {
  if (typeof rule === 'number' || typeof rule === 'string') return [{ path, value: rule }]
  if (Array.isArray(rule)) return rule.flatMap((one, at) => literalsOf(one, [...path, at]))
  return Object.entries(objectOf(rule)).flatMap(([operation, parts]) => {
    if (operation === 'var') return []
    return Array.isArray(parts)
      ? listOf(parts).flatMap((one, at) => literalsOf(one, [...path, operation, at]))
      : literalsOf(parts, [...path, operation])
  })
}

/** The applicant is so old, at least or below. */
export const ageRule = (which: '>=' | '<', years: number): JsonValue => ({ [which]: [{ var: 'age' }, years] })

/** A question is answered by a value. */
export const answerRule = (name: string, value: string): JsonValue => ({ '==': [{ var: `answers.${name}` }, value] })

/** A literal of the same kind as before, from what was typed. */
export const literalFrom = (typed: string, before: string | number): string | number =>
  typeof before === 'number' && /^-?\d+(\.\d+)?$/.test(typed.trim()) ? Number(typed) : typed
