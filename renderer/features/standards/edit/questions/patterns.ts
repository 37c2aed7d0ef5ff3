import { formBounds } from '../../../../../preload/contract/standards/form-limits.ts'
import { patternFault } from '../../../../../preload/contract/standards/pattern.ts'

/** Ways of writing that people ask for, so that they need not know patterns. */
export const patternChoices = [
  { key: 'digits', pattern: '^[0-9]+$' },
  { key: 'lettersDigits', pattern: '^[A-Za-z0-9]+$' },
  { key: 'chinese', pattern: '^[\\p{Script=Han}·]+$' },
  { key: 'post', pattern: '^[0-9]{6}$' },
  { key: 'mobile', pattern: '^1[0-9]{10}$' },
] as const

/** Whether an example fits a pattern; `refused`: the pattern itself may not be used, so nothing is tried. */
export function fitsPattern(pattern: string, example: string, longest: number): 'fits' | 'not' | 'refused' {
  const most = Number.isInteger(longest) && longest > 0 ? longest : formBounds.characters
  if (patternFault(pattern, most + 1) !== undefined) return 'refused'
  return new RegExp(pattern, 'u').test(example.slice(0, most + 1)) ? 'fits' : 'not'
}
