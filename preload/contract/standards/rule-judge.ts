import { evaluateRule, lookUp } from './rule.ts'
import { neededVariablesOf } from './rule-check.ts'
import type { RuleValue } from './rule-values.ts'

/** What a condition's rule says of answers. */
export type RuleVerdict = 'met' | 'unmet' | 'unknown'

/**
 * What a condition's rule says about `{answers, age, today}`; blanks are left out of the answers before. `unknown` where
 * an answer is missing that the rule needs, and where the rule gives none: a newer standard, or one too large. Never
 * throws.
 */
export function judgeRule(rule: RuleValue, data: RuleValue): RuleVerdict {
  const result = evaluateRule(rule, data)
  if (!result.ok || neededVariablesOf(rule).some((name) => (lookUp(data, name) ?? null) === null)) return 'unknown'
  return result.truth ? 'met' : 'unmet'
}
