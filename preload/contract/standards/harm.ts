import type { StandardDocument } from './documents.ts'
import { formFaults, isAnswerName } from './form-limits.ts'
import { danglingUiNames } from './form-names.ts'
import { ruleFaults } from './rule-check.ts'

/**
 * JSON Pointers to the parts of a document that could hurt whoever runs them: rules that are unknown, too large or
 * endless, forms outside the part of JSON Schema that is understood, forms that name questions which they do not have (no
 * window draws them), a theme that calls questions by names that are none. A receiver refuses a document with any; what is
 * wrong with them in words is told by main/standards. An empty list for a document that is harmless by itself; what it
 * refers to is looked at with the whole catalogue (main/wire/catalogue/references.ts).
 */
export function harmfulParts({ kind, value }: StandardDocument): string[] {
  if (kind === 'theme')
    return value.members.flatMap(({ answers }, at) =>
      Object.values(answers).every(isAnswerName) ? [] : [`/members/${at}/answers`],
    )
  if (kind !== 'matter') return []
  const rules = value.conditions.flatMap(({ rule }, at) =>
    rule === undefined ? [] : ruleFaults(rule).map(({ pointer }) => `/conditions/${at}/rule${pointer}`),
  )
  const form = formFaults(value.form.schema).map(({ pointer }) => `/form/schema${pointer}`)
  // Names are read off a form only once it is known to be a small one.
  const dangling = form.length > 0 ? [] : danglingUiNames(value.form).map(pointerOfName)
  return [...rules, ...form, ...dangling]
}

const pointerOfName = (name: string) => (name.startsWith('/') ? `/form/ui${name}` : `/form/${name}`)
