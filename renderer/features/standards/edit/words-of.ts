import i18next from 'i18next'
import type { DocumentKind } from '../../../../preload/contract/standards/documents.ts'
import { fieldWords } from '../../../../preload/contract/standards/field-words.ts'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import { codeWordsInEnglish } from '../../../messages/code-words-en.ts'
import { fieldWordsInEnglish } from '../../../messages/field-words-en.ts'
import { type JsonValue, objectOf, type Path, stepsOf, textOf, valueAt } from './json-edit.ts'

type Words = (typeof fieldWords)[DocumentKind]

const isEnglish = () => i18next.language === 'en'

/** A field's words by its path, in the window's language; its name where it has none. */
export function wordFor(kind: DocumentKind, path: Path): string {
  let words: Words | undefined = (isEnglish() ? fieldWordsInEnglish : fieldWords)[kind]
  let word = ''
  for (const step of path) {
    if (typeof step === 'number') continue
    const found: Words[string] | undefined = words !== undefined && Object.hasOwn(words, step) ? words[step] : undefined
    word = found === undefined ? step : typeof found === 'string' ? found : found[0]
    words = typeof found === 'object' ? found[1] : undefined
  }
  return word
}

/** A code set's words in the window's language. */
export function codeWordsOf(codes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return (isEnglish() ? codeWordsInEnglish.get(codes) : undefined) ?? codes
}

// An id made by the program is nobody's name: a part without one is called by its place.
const nameFields = ['name', 'text', 'title', 'question', 'item', 'paper', 'templateId']

/** What people call a part of a list; '' for one without a name. */
export function nameOfPart(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  const named = objectOf(value)
  return nameFields.map((field) => textOf(named[field])).find((text) => text !== '') ?? ''
}

/** The place of a finding in the window's language: what the desk says is Chinese. */
export function placeOf(finding: Finding, kind: DocumentKind, value: JsonValue | undefined): string {
  return isEnglish() ? placeInEnglish(kind, stepsOf(finding.pointer), value) : finding.place
}

/**
 * Where in a document a path leads, in English.
 *
 * @example placeInEnglish('matter', ['materials', 2, 'name'], value) // 'Materials 3 (护理情况说明) · Name'
 */
export function placeInEnglish(kind: DocumentKind, path: Path, value: JsonValue | undefined): string {
  let words: Words | undefined = fieldWordsInEnglish[kind]
  const told: string[] = []
  path.forEach((step, at) => {
    if (typeof step === 'number' && !(kind === 'calendar' && at === 1)) {
      const name = nameOfPart(valueAt(value, path.slice(0, at + 1)))
      told.push(`${told.pop() ?? ''} ${step + 1}${name === '' ? '' : ` (${name})`}`)
      return
    }
    const found: Words[string] | undefined = words !== undefined && Object.hasOwn(words, step) ? words[step] : undefined
    told.push(found === undefined ? String(step) : typeof found === 'string' ? found : found[0])
    // A year of a calendar is named by itself: the words below stay those of its lists.
    if (found !== undefined || kind !== 'calendar') words = typeof found === 'object' ? found[1] : undefined
  })
  return told.length === 0 ? 'The whole file' : told.join(' · ')
}
