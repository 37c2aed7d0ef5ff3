import type { ErrorDetails } from './errors.ts'

/** What a person reads of a failure: what happened, then what is safe and what to do. */
export type Sentence = { readonly title: string; readonly remedy: string }

/** The sentence of a code, from its details. */
export type Words = (details: ErrorDetails) => Sentence

/** A sentence that names no details. */
export const say =
  (title: string, remedy: string): Words =>
  () => ({ title, remedy })

/** A detail as text; `otherwise` where it is not there. */
export const text = (details: ErrorDetails, key: string, otherwise: string): string => {
  const value = details[key]
  if (value === undefined || value === '') return otherwise
  return typeof value === 'object' ? value.join('、') : String(value)
}
