import type { DraftCheck } from '../../../preload/contract/views.ts'

/** How many things the applicant or the clerk still has to bring right before 收件. */
export function lackCount(check: DraftCheck): number {
  return (
    check.form.length +
    check.conditions.filter(({ state }) => state === 'unmet').length +
    check.materials.filter(({ state }) => state === 'missing').length
  )
}

/** What stands in the way of 收件 in one breath: `身份证号、银行账号等 6 项`. At most `longest` names. */
export function lackInWords(check: DraftCheck, longest = 4): string {
  const names = [
    ...check.form.map(({ title }) => title),
    ...check.conditions.filter(({ state }) => state === 'unmet').map(({ text }) => text),
    ...check.materials.filter(({ state }) => state === 'missing').map(({ name }) => name),
  ]
  const told = names.slice(0, longest).join('、')
  return names.length > longest ? `${told}等 ${names.length} 项` : told
}

/** The top-level answers to mark in the form: what is missing, by property name. */
export function missingAnswers(check: DraftCheck): ReadonlySet<string> {
  return new Set(check.form.filter(({ kind }) => kind === 'missing').map(({ path }) => path.split('/')[1] ?? ''))
}

/** The desk's sentences for wrong answers, by path. */
export function wrongInWords(check: DraftCheck): ReadonlyMap<string, string> {
  return new Map(check.form.filter(({ kind }) => kind === 'wrong').map(({ path, text }) => [path, text]))
}
