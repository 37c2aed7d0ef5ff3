import { paperWords } from '../../../../preload/contract/standards/code-words.ts'
import { ownWords } from '../../../../preload/contract/standards/own-words.ts'
import { type JsonObject, type JsonValue, listOf, textOf } from './json-edit.ts'

/** A kind of paper. */
export type Paper = keyof typeof paperWords

/** The paper that a template is for; undefined for none that is known. */
export function paperOf(template: JsonObject): Paper | undefined {
  return (Object.keys(paperWords) as Paper[]).find((one) => one === template.paper)
}

/** Whether no paragraph was written. */
export function hasNoWords(template: JsonObject): boolean {
  return listOf(template.paragraphs).every((text) => textOf(text).trim() === '')
}

/** The template with the program's own words of its paper. */
export function withOwnWords(template: JsonObject, paper: Paper): JsonObject {
  const { title, paragraphs } = ownWords[paper]
  return { ...template, title, paragraphs: [...paragraphs] }
}

/**
 * A template after its paper was chosen anew: words that are the program's own of the paper before, untouched, become
 * those of the new one. What somebody wrote stays.
 */
export function afterPaper(before: JsonObject, after: JsonObject): JsonObject {
  const [was, is] = [paperOf(before), paperOf(after)]
  if (was === undefined || is === undefined || was === is) return after
  const { title, paragraphs } = ownWords[was]
  const isUntouched = after.title === title && isSame(after.paragraphs, paragraphs)
  return isUntouched ? withOwnWords(after, is) : after
}

const isSame = (one: JsonValue | undefined, other: readonly string[]) => JSON.stringify(one) === JSON.stringify(other)

const textsOf = (paper: Paper): readonly string[] => [ownWords[paper].title, ...ownWords[paper].paragraphs]

/** Another paper of whose own words some stand in a template that no other paper has; undefined for none. */
export function strangerIn(template: JsonObject): Paper | undefined {
  const own = paperOf(template)
  if (own === undefined) return undefined
  const written = new Set([template.title, ...listOf(template.paragraphs)].map(textOf))
  const papers = Object.keys(ownWords) as Paper[]
  const isOf = (paper: Paper, text: string) => papers.every((one) => textsOf(one).includes(text) === (one === paper))
  return papers.find((paper) => paper !== own && textsOf(paper).some((text) => written.has(text) && isOf(paper, text)))
}
