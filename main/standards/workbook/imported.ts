import type { DocumentKind } from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { canonicalBytes } from '../../wire/canonical.ts'
import { type CheckedSet, checkSteps, isMust, type NamedText } from '../check.ts'
import type { CellPlace, Findings } from './cell-findings.ts'
import type { Pace } from './pace.ts'
import { type Json, partOf } from './tables/json-parts.ts'

/** A document that was imported: canonical JSON (RFC 8785), by whose SHA-256 it is named. */
export type ImportedDocument = {
  readonly kind: DocumentKind
  readonly id: string
  readonly bytes: Buffer
}

/** What an import gave: the documents in which nothing must be mended, and what is wrong with the others. */
export type Imported = {
  readonly documents: readonly ImportedDocument[]
  /** What those are called in which something must be mended: by their names, or by what else tells them apart. */
  readonly faulty: readonly string[]
  readonly findings: readonly Finding[]
}

/** A document that was read and is to be checked, with the cells in which its parts stand. */
export type Candidate = {
  readonly kind: DocumentKind
  readonly id: string
  readonly json: Json
  readonly places: readonly CellPlace[]
  /** The rows that it was read from, as `rowKey` names them. */
  readonly rows: ReadonlySet<string>
}

type Named = Candidate & { readonly name: string; readonly bytes: Buffer | undefined }

/**
 * Checks documents that were read, tells each finding with its cell, and gives those in which nothing must be mended.
 * What cannot be laid to one document (a row that belongs to none, a sheet without its heads) may lack in any of them:
 * then there are none. Works in short steps: a document each, then what lies between them.
 */
export async function checkImported(
  candidates: readonly Candidate[],
  findings: Findings,
  pace: Pace,
): Promise<Imported> {
  const named = await inBytes(candidates, pace)
  const places = new Map(named.map((one) => [one.name, one.places]))
  const texts = named.flatMap(({ name, bytes }) =>
    bytes === undefined ? [] : [{ name, text: bytes.toString('utf8') }],
  )
  const { findings: told, documents } = await checked(texts, pace)
  const faulty = faultyOf(named, findings.faultyRows)
  for (const { name, bytes } of named) {
    if (bytes === undefined) findings.tellFile(`“${name}”里有不成对的字符，存不下来`, '删去乱码，重新填写')
  }
  for (const finding of told) {
    // A document that cannot be read is there all the same: nobody is told that it is missing.
    const isDangling = finding.severity === 'should' && /^\/(?:members|templates)\//u.test(finding.pointer)
    if (isDangling && documents.length < candidates.length) continue
    if (isMust(finding)) faulty.add(finding.document)
    findings.tellDocument(finding, places.get(finding.document) ?? [])
  }
  return {
    documents: named.flatMap(({ name, kind, id, bytes }) =>
      bytes === undefined || faulty.has(name) ? [] : [{ kind, id, bytes }],
    ),
    faulty: named.filter(({ name, bytes }) => bytes === undefined || faulty.has(name)).map(titleOf),
    findings: [...findings.all.filter(isMust), ...findings.all.filter((finding) => !isMust(finding))],
  }
}

function titleOf({ json, name }: Named): string {
  const title = partOf(json, 'name')
  return typeof title === 'string' && title !== '' ? title : name
}

/** Documents with their bytes. Two may have one id: each is called by a name of its own. */
async function inBytes(candidates: readonly Candidate[], pace: Pace): Promise<Named[]> {
  const named: Named[] = []
  const seen = new Set<string>()
  for (const one of candidates) {
    const plain = one.id === '' ? '没有标识' : one.id
    const name = seen.has(plain) ? `${plain}（第 ${named.length + 1} 项）` : plain
    seen.add(plain)
    named.push({ ...one, name, bytes: bytesOf(one.json) })
    await pace.rest()
  }
  return named
}

/** Names of documents that were read from rows in which something must be mended, and of all that share kind and id. */
function faultyOf(named: readonly Named[], rows: ReadonlySet<string>): Set<string> {
  const known = new Set(named.flatMap((one) => [...one.rows]))
  const isAnywhere = [...rows].some((row) => !known.has(row))
  const counts = new Map<string, number>()
  for (const { kind, id } of named) counts.set(`${kind} ${id}`, (counts.get(`${kind} ${id}`) ?? 0) + 1)
  const isFaulty = ({ kind, id, rows: own }: Named) =>
    isAnywhere || (counts.get(`${kind} ${id}`) ?? 0) > 1 || [...own].some((row) => rows.has(row))
  return new Set(named.filter(isFaulty).map(({ name }) => name))
}

async function checked(texts: readonly NamedText[], pace: Pace): Promise<CheckedSet> {
  const steps = checkSteps(texts, false)
  for (let done = 0; ; done++) {
    const step = steps.next()
    if (step.done === true) return step.value
    pace.tell(0.5 + done / texts.length / 2)
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
