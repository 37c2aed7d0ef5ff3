import { isRealDate } from '../identity.ts'

/** Values of rules, compared and turned into one another as JsonLogic does it, without ever calling a method of a value. */

/** Any JSON value. */
export type RuleValue = string | number | boolean | null | readonly RuleValue[] | { readonly [name: string]: RuleValue }

/** JsonLogic's truth: '', 0, null, false, NaN and an empty list are false. */
export function truthy(value: RuleValue): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

/** A plain value as a text; lists and objects are ''. */
export function textValue(value: RuleValue): string {
  return typeof value === 'object' ? '' : String(value)
}

/** A plain value as a number; a text that is none, lists and objects are NaN. */
export function toNumber(value: RuleValue): number {
  if (value === null) return 0
  return typeof value === 'object' ? Number.NaN : Number(value)
}

/** JavaScript's `==` over plain values: `1 == "1"`. Lists and objects are equal to nothing. */
export function sameLoosely(one: RuleValue, other: RuleValue): boolean {
  if (one === null || other === null) return one === other
  if (typeof one === 'object' || typeof other === 'object') return false
  return typeof one === typeof other ? one === other : Number(one) === Number(other)
}

/** Full months from one date to another (YYYY-MM-DD), negative backwards; null where either is no date. The 31st meets the end of a shorter month. */
export function monthsBetween(from: string, to: string): number | null {
  if (!isRealDate(from) || !isRealDate(to)) return null
  if (to < from) return 0 - (monthsBetween(to, from) ?? 0)
  const [year, month, day] = from.split('-').map(Number) as [number, number, number]
  const [toYear, toMonth, toDay] = to.split('-').map(Number) as [number, number, number]
  const lastOfMonth = new Date(Date.UTC(toYear, toMonth, 0)).getUTCDate()
  const months = (toYear - year) * 12 + toMonth - month
  return toDay >= Math.min(day, lastOfMonth) ? months : months - 1
}
