import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { type CheckedSet, checkSteps, isMust, type NamedText } from '../check.ts'
import type { CellPlace, Findings } from './cell-findings.ts'
import { Pace } from './pace.ts'
import type { Json } from './tables/json-parts.ts'

/** A document that was imported: canonical JSON (RFC 8785), by whose SHA-256 it is named. */
export type ImportedDocument = {
  readonly kind: DocumentKind
  readonly id: string
  readonly bytes: Buffer
}

/** What an import gave. Where anything must be mended there are no documents: an import is whole or not at all. */
export type Imported = { readonly documents: readonly ImportedDocument[]; readonly findings: readonly Finding[] }

/** A document that was read and is to be checked, with the cells in which its parts stand. */
export type Candidate = {
  readonly kind: DocumentKind
  readonly id: string
  readonly json: Json
  readonly places: readonly CellPlace[]
}

/**
 * Checks documents that were read, tells each finding with its cell, and gives the documents where nothing must be
 * mended. Works in short steps: a document each, then what lies between them.
 */
export async function checkImported(candidates: readonly Candidate[], findings: Findings): Promise<Imported> {
  const pace = new Pace()
  const texts: { name: string; text: string }[] = []
  const made: ImportedDocument[] = []
  const places = new Map<string, readonly CellPlace[]>()
  for (const { kind, id, json, places: own } of candidates) {
    // Two documents may have one id: each is called by a name of its own.
    const name = [id === '' ? '没有标识' : id, ...(places.has(id) ? [`（第 ${texts.length + 1} 项）`] : [])].join('')
    const bytes = bytesOf(json)
    if (bytes === undefined) findings.tellFile(`“${name}”里有不成对的字符，存不下来`, '删去乱码，重新填写')
    else {
      texts.push({ name, text: bytes.toString('utf8') })
      made.push({ kind, id, bytes })
      places.set(name, own)
    }
    await pace.rest()
  }
  const { findings: told, documents } = await checked(texts, pace)
  for (const finding of told) {
    // A document that cannot be read is there all the same: nobody is told that it is missing.
    const isDangling = finding.severity === 'should' && /^\/(?:members|templates)\//u.test(finding.pointer)
    if (isDangling && documents.length < candidates.length) continue
    findings.tellDocument(finding, places.get(finding.document) ?? [])
  }
  const all = [...findings.all.filter(isMust), ...findings.all.filter((finding) => !isMust(finding))]
  return { documents: all.some(isMust) ? [] : made, findings: all }
}

async function checked(texts: readonly NamedText[], pace: Pace): Promise<CheckedSet> {
  const steps = checkSteps(texts, false)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await pace.rest()
  }
}

/** Canonical bytes; undefined for halves of characters, which RFC 8785 cannot write. */
function bytesOf(json: Json): Buffer | undefined {
  try {
    return canonicalBytes(json)
  } catch {
    return undefined
  }
}
