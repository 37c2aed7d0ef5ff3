import type { MatterStandard } from '../../../preload/contract/standard.ts'
import type { paperWords } from '../../../preload/contract/standards/code-words.ts'
import { ownWords } from '../../../preload/contract/standards/own-words.ts'
import {
  fillText,
  type Passage,
  type Template,
  type TemplateValues,
} from '../../../preload/contract/standards/template.ts'

/** A template that is in force, with the SHA-256 of its bytes. */
export type KnownTemplate = { readonly value: Template; readonly sha256: string }

/** The template in force under an id; undefined for none. */
export type TemplateInForce = (templateId: string) => KnownTemplate | undefined

/** A paper's words with their names filled in, and whose words they are. */
export type PaperWords = {
  readonly title: string
  readonly passages: readonly Passage[]
  /** Null for the program's own words. */
  readonly template: { readonly templateId: string; readonly version: number; readonly sha256: string } | null
  /** Why the template that the standard names was not used; '' where it was, or none is named. */
  readonly templateFailed: string
}

/**
 * The words of a paper: of the template that the standard names, in the version in force now, else the program's own. A
 * template that cannot be used never stops a paper.
 */
export function wordsOf(
  paper: keyof typeof paperWords,
  standard: Pick<MatterStandard, 'templates'> | undefined,
  inForce: TemplateInForce,
  values: TemplateValues,
): PaperWords {
  const named = standard?.templates.find((one) => one.paper === paper)
  if (named === undefined) return ownWordsOf(paper, values, '')
  const { templateId } = named
  const found = inForce(templateId)
  if (found === undefined) return ownWordsOf(paper, values, `文书模板“${templateId}”现在没有在用的版本`)
  const { value, sha256 } = found
  const said = `文书模板“${value.name}”第 ${value.version} 版`
  if (value.paper !== paper) return ownWordsOf(paper, values, `${said}是另一种文书的`)
  const filled = fillText(value, values)
  if ('unknown' in filled)
    return ownWordsOf(paper, values, `${said}里有这个程序不认识的名字：${filled.unknown.join('、').slice(0, 100)}`)
  return { ...filled, template: { templateId, version: value.version, sha256 }, templateFailed: '' }
}

function ownWordsOf(paper: keyof typeof paperWords, values: TemplateValues, templateFailed: string): PaperWords {
  const filled = fillText(ownWords[paper], values)
  if ('unknown' in filled) throw new Error(`the program's own words of ${paper} have unknown names`)
  return { ...filled, template: null, templateFailed }
}
