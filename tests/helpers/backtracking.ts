// Owns: a backtracking matcher that counts what it tries, for holding the bound on patterns against something real.
// Does not own: the bound (preload/contract/standards/pattern.ts).
// Start here: `anyExpression`, `triesOf`.
import fc from 'fast-check'

/** A regular expression of the part that a standard may use, as a tree. */
export type Expression =
  | { readonly kind: 'one'; readonly of: string }
  | { readonly kind: 'row' | 'choice'; readonly parts: readonly Expression[] }
  | {
      readonly kind: 'again'
      readonly inner: Expression
      readonly least: number
      readonly most: number
      readonly isLazy: boolean
    }

const again = fc.constantFrom<readonly [number, number]>(
  [0, Infinity],
  [1, Infinity],
  [0, 1],
  [2, 5],
  [3, 3],
  [0, 2],
  [2, Infinity],
)

/** Any of them, small and deep. */
export const anyExpression = fc.letrec<{ any: Expression }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', 'ab').map((of): Expression => ({ kind: 'one', of })),
    fc
      .tuple(tie('any'), again, fc.boolean())
      .map(([inner, [least, most], isLazy]): Expression => ({ kind: 'again', inner, least, most, isLazy })),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((parts): Expression => ({ kind: 'row', parts })),
    fc.array(tie('any'), { minLength: 2, maxLength: 3 }).map((parts): Expression => ({ kind: 'choice', parts })),
  ),
})).any

/** As it is written. */
export function patternOf(expression: Expression): string {
  switch (expression.kind) {
    case 'one':
      return expression.of.length === 1 ? expression.of : `[${expression.of}]`
    case 'row':
      return expression.parts.map(patternOf).join('')
    case 'choice':
      return `(?:${expression.parts.map(patternOf).join('|')})`
    case 'again': {
      const { inner, least, most, isLazy } = expression
      const count = most === Infinity ? `{${least},}` : least === most ? `{${least}}` : `{${least},${most}}`
      return `(?:${patternOf(inner)})${count}${isLazy ? '?' : ''}`
    }
  }
}

/** Whether an expression matches from a place on, and how often a character was looked at, as ECMAScript has it (22.2.2). Throws beyond `limit`. */
export function triesOf(expression: Expression, text: string, starts: readonly number[], limit: number) {
  let tries = 0
  const run = (one: Expression, at: number, then: (end: number) => boolean): boolean => {
    switch (one.kind) {
      case 'one':
        tries += 1
        if (tries > limit) throw new Error(`more than ${limit} tries`)
        return one.of.includes(text[at] ?? '-') && then(at + 1)
      case 'row':
        return runRow(one.parts, at, then)
      case 'choice':
        return one.parts.some((part) => run(part, at, then))
      case 'again':
        return repeat(one, at, 0, then)
    }
  }
  const runRow = (parts: readonly Expression[], at: number, then: (end: number) => boolean): boolean => {
    const [first, ...rest] = parts
    return first === undefined ? then(at) : run(first, at, (end) => runRow(rest, end, then))
  }
  const repeat = (
    one: Extract<Expression, { kind: 'again' }>,
    at: number,
    count: number,
    then: (end: number) => boolean,
  ): boolean => {
    const { inner, least, most, isLazy } = one
    // A repetition that must not be and takes nothing is none.
    const more = () =>
      count < most &&
      run(inner, at, (end) => (count >= least && end === at ? false : repeat(one, end, count + 1, then)))
    if (count < least) return more()
    return isLazy ? then(at) || more() : more() || then(at)
  }
  const isMatch = starts.some((start) => run(expression, start, () => true))
  return { isMatch, tries }
}
