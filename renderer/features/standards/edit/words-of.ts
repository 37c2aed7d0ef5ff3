import type { DocumentKind } from '../../../../preload/contract/standards/documents.ts'
import { fieldWords } from '../../../../preload/contract/standards/field-words.ts'
import { type JsonValue, objectOf, type Path, textOf } from './json-edit.ts'

type Words = (typeof fieldWords)[DocumentKind]

/** A field's words by its path; its name where it has none. */
export function wordFor(kind: DocumentKind, path: Path): string {
  let words: Words | undefined = fieldWords[kind]
  let word = ''
  for (const step of path) {
    if (typeof step === 'number') continue
    const found: Words[string] | undefined = words !== undefined && Object.hasOwn(words, step) ? words[step] : undefined
    word = found === undefined ? step : typeof found === 'string' ? found : found[0]
    words = typeof found === 'object' ? found[1] : undefined
  }
  return word
}

// An id made by the program is nobody's name: a part without one is called by its place.
const nameFields = ['name', 'text', 'title', 'question', 'item', 'paper', 'templateId']

/** What people call a part of a list; '' for one without a name. */
export function nameOfPart(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  const named = objectOf(value)
  return nameFields.map((field) => textOf(named[field])).find((text) => text !== '') ?? ''
}
