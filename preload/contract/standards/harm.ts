import type { StandardDocument } from './documents.ts'
import { formFaults } from './form-limits.ts'
import { ruleFaults } from './rule-check.ts'

/**
 * JSON Pointers to the parts of a document that could hurt whoever runs them: rules that are unknown, too large or
 * endless, forms outside the part of JSON Schema that is understood. A receiver refuses a document with any; what is
 * wrong with them in words is told by main/standards. An empty list for a document that is harmless.
 */
export function harmfulParts({ kind, value }: StandardDocument): string[] {
  if (kind !== 'matter') return []
  const rules = value.conditions.flatMap(({ rule }, at) =>
    rule === undefined ? [] : ruleFaults(rule).map(({ pointer }) => `/conditions/${at}/rule${pointer}`),
  )
  return [...rules, ...formFaults(value.form.schema).map(({ pointer }) => `/form/schema${pointer}`)]
}
