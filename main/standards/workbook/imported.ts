import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { checkDocuments, isMust } from '../check.ts'
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
  for (const { kind, id, json, places } of candidates) {
    const bytes = bytesOf(json)
    const name = id === '' ? '没有标识的文件' : id
    if (bytes === undefined) findings.tellFile(`“${name}”里有不成对的字符，存不下来`, '删去乱码，重新填写')
    else {
      const text = bytes.toString('utf8')
      texts.push({ name, text })
      made.push({ kind, id, bytes })
      for (const finding of checkDocuments([{ name, text }], false).findings) findings.tellDocument(finding, places)
    }
    await pace.rest()
  }
  // Dangling names are told of the whole catalogue, not of what is brought into it.
  const between = checkDocuments(texts, false).findings.filter(isMust)
  for (const finding of between) {
    findings.tellDocument(finding, candidates.find(({ id }) => id === finding.document)?.places ?? [])
  }
  const all = [...findings.all.filter(isMust), ...findings.all.filter((finding) => !isMust(finding))]
  return { documents: all.some(isMust) ? [] : made, findings: all }
}

/** Canonical bytes; undefined for halves of characters, which RFC 8785 cannot write. */
function bytesOf(json: Json): Buffer | undefined {
  try {
    return canonicalBytes(json)
  } catch {
    return undefined
  }
}
