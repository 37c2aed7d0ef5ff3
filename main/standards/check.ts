import { type ReadDocument, readDocument, type StandardDocument } from '../../preload/contract/standards/documents.ts'
import type { Finding } from '../../preload/contract/standards/findings.ts'
import { checkMatter } from './check/matter.ts'
import { checkCalendar, checkTemplate, checkThemeNames } from './check/others.ts'
import type { Divisions } from './check/scope.ts'
import { checkSet, type Member } from './check/set.ts'
import { tellRefusal } from './check/shape.ts'
import { type Tell, tellingOf } from './check/telling.ts'
import { checkUnseen } from './check/unseen.ts'

/** A document to check: how it is called among the others, and its text, or why a file has none: it is too large to be read, or not UTF-8. */
export type NamedText =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly tooLargeBytes: number }
  | { readonly name: string; readonly isForeign: true }

type Unnamed<T> = T extends unknown ? Omit<T, 'name'> : never

/** What a check found, and the documents that could be read. */
export type CheckedSet = {
  readonly findings: readonly Finding[]
  readonly documents: readonly { readonly name: string; readonly document: StandardDocument; readonly json: unknown }[]
}

/**
 * Everything that is wrong with documents, each by itself and between them, in Chinese with place and remedy; what must
 * be mended first. Never throws, whatever the texts are, and ends soon: what is too large, too deep or endless is refused
 * before it could take time.
 * @param isWhole whether the set is a whole catalogue, so that what a document refers to has to be in it.
 * @param divisions the county's places; without them a place that does not exist is not found.
 */
export function checkDocuments(texts: readonly NamedText[], isWhole: boolean, divisions?: Divisions): CheckedSet {
  const steps = checkSteps(texts, isWhole, divisions)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The same in steps, a document each: who runs them may do other work in between. */
export function* checkSteps(
  texts: readonly NamedText[],
  isWhole: boolean,
  divisions?: Divisions,
): Generator<void, CheckedSet> {
  const findings: Finding[][] = []
  const documents: { name: string; document: StandardDocument; json: unknown }[] = []
  const members: Member[] = []
  for (const { name, ...given } of texts) {
    const read = readGiven(given)
    const kind = read.ok ? read.document.kind : read.refusal.why === 'shape' ? read.refusal.kind : 'matter'
    const telling = tellingOf(name, kind, read.json)
    findings.push(telling.findings)
    if (!read.ok) {
      tellRefusal(read.refusal, read.json, telling.tell)
      continue
    }
    documents.push({ name, document: read.document, json: read.json })
    members.push({ name, document: read.document, tell: telling.tell })
    checkOne(read.document, telling.tell, divisions)
    checkUnseen(read.json, telling.tell)
    yield
  }
  checkSet(members, isWhole)
  const all = findings.flat()
  return { findings: [...all.filter(isMust), ...all.filter((finding) => !isMust(finding))], documents }
}

/** Whether a finding keeps a document out of a release. */
export function isMust({ severity }: Finding): boolean {
  return severity === 'must'
}

function readGiven(given: Unnamed<NamedText>): ReadDocument {
  if ('text' in given) return readDocument(given.text)
  if ('isForeign' in given) return { ok: false, refusal: { why: 'not-utf8' } }
  return { ok: false, refusal: { why: 'too-large', sizeBytes: given.tooLargeBytes } }
}

/** What a theme is made of is checked with its members. */
function checkOne(document: StandardDocument, tell: Tell, divisions: Divisions | undefined): void {
  if (document.kind === 'matter') checkMatter(document.value, tell, divisions)
  else if (document.kind === 'theme') checkThemeNames(document.value, tell)
  else if (document.kind === 'template') checkTemplate(document.value, tell)
  else if (document.kind === 'calendar') checkCalendar(document.value, tell)
}
