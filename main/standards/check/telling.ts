import { type fieldWords, placeInWords } from '../../../preload/contract/standards/field-words.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'

/** A place in a document: names and numbers of places in lists, from the document down. */
export type Path = readonly (string | number)[]

/** Notes one thing that is wrong at a place. */
export type Tell = (
  severity: Finding['severity'],
  path: Path,
  problem: string,
  remedy: string,
  /** Where the place has better words than its fields' names. */
  place?: string,
) => void

/** What a document is told by. */
export type Telling = { readonly findings: Finding[]; readonly tell: Tell }

/** The most findings of a severity that are told of one document: what is behind them is found by the next check. None that must be mended hides behind those that need not. */
const mostFindings = 200
const nameFields = ['name', 'title', 'text', 'question', 'item', 'itemId', 'id']

/** Collects what is wrong with one document. */
export function tellingOf(document: string, kind: keyof typeof fieldWords, json: unknown): Telling {
  const findings: Finding[] = []
  const told = { must: 0, should: 0 }
  const tell: Tell = (severity, path, problem, remedy, place) => {
    if (told[severity]++ >= mostFindings) return
    const words = place ?? placeInWords(kind, path, (at) => nameOf(valueAt(json, at)))
    findings.push({ document, severity, pointer: pointerOf(path), place: words, problem, remedy })
  }
  return { findings, tell }
}

/** A path as a JSON Pointer (RFC 6901). */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** A JSON Pointer as a path; digits are places in lists. */
export function pathOf(pointer: string): Path {
  const steps = pointer.split('/').slice(1)
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')))
}

/** What stands at a path of a JSON value; undefined where it ends early. */
export function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  let found: unknown = json
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined
    found = (found as Readonly<Record<PropertyKey, unknown>>)[step]
  }
  return found
}

/** How a part of a list is called, shortened to what fits into a line. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return short(value)
  const named = nameFields.map((field) => valueAt(value, [field])).find((name) => typeof name === 'string')
  return typeof named === 'string' ? short(named) : ''
}

/** A text of at most 24 characters, in one line. */
export function short(text: string): string {
  const plain = text.replaceAll(/\s+/gu, ' ').trim()
  return [...plain].length > 24 ? `${[...plain].slice(0, 23).join('')}…` : plain
}
