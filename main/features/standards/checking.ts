// Owns: what is wrong with working copies: each among the documents that the next release would hold.
// Does not own: the rules themselves (main/standards).
// Start here: `checkCopy`, `checkAll`.
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import {
  type DocumentKind,
  documentInWords,
  documentName,
  identityOf,
  readDocument,
  type StandardDocument,
} from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { knownDivisions } from '../../desk/divisions.ts'
import { checkDocuments, isMust, type NamedText } from '../../standards/index.ts'
import type { CatalogueDocument } from '../../wire/catalogue/documents.ts'
import { placeOf } from '../../wire/catalogue/manifest.ts'
import { clashFindings } from './clashes.ts'
import { documentOf, newestRelease, newestVersion, type StandardsGround, textOf } from './ground.ts'
import { nextDocuments } from './known.ts'
import { removalFindings } from './removing.ts'
import type { CopyRow } from './store.ts'

/** What a check says of one working copy. */
export type CheckedCopy = {
  readonly findings: Finding[]
  /** Undefined where it cannot be read. */
  readonly document: StandardDocument | undefined
}

/** What is wrong with one working copy, by itself and with what it refers to. */
export function checkCopy(ground: StandardsGround, copy: CopyRow, copies: readonly CopyRow[]): CheckedCopy {
  const read = readDocument(copy.body)
  const document = read.ok ? read.document : undefined
  if (copy.removes === 1) {
    const others = nextDocuments(ground)
    return { findings: [...clashFindings(ground, copy), ...removalFindings(copy, others)], document }
  }
  // A theme stands on its members, a matter on the templates that it names; nothing else can dangle.
  const kinds: DocumentKind[] = copy.kind === 'theme' ? ['matter', 'theme'] : copy.kind === 'matter' ? ['template'] : []
  const others = copies.filter(({ copyId }) => copyId !== copy.copyId)
  const own = document && placeOfDocument(document)
  const around = textsOf(ground, others, kinds).filter(({ place }) => place !== own)
  const { findings } = checkDocuments([{ name: copy.copyId, text: copy.body }, ...around], true, divisionsOf(ground))
  const said = findings.filter((finding) => finding.document === copy.copyId)
  return { findings: [...placeFindings(ground, copy, document), ...said], document }
}

/**
 * What is wrong with everything that a release would hold; findings are named by working copy, or by document in words. What
 * misses a document that is taken out is told by who takes it out.
 */
export function checkAll(
  ground: StandardsGround,
  copies: readonly CopyRow[],
  documents: readonly CatalogueDocument[],
): Finding[] {
  const [going, written] = [
    copies.filter(({ removes }) => removes === 1),
    copies.filter(({ removes }) => removes === 0),
  ]
  const taken = new Set(placesOf(written))
  const held = documents.filter((ref) => !taken.has(placeOf(ref)))
  const texts: NamedText[] = [
    ...written.map(({ copyId, body }) => ({ name: copyId, text: body })),
    ...held.map((ref) => namedIn(ground, ref, ref.bytes.toString('utf8'))),
    ...going.map(({ copyId, body }) => ({ name: copyId, text: body })),
  ]
  const places = written.flatMap((copy) => {
    const read = readDocument(copy.body)
    return placeFindings(ground, copy, read.ok ? read.document : undefined)
  })
  const next = [...written.map(({ body }) => body), ...held.map(({ bytes }) => bytes.toString('utf8'))].flatMap(
    (text) => {
      const read = readDocument(text)
      return read.ok ? [read.document] : []
    },
  )
  const removals = going.flatMap((copy) => [...clashFindings(ground, copy), ...removalFindings(copy, next)])
  const gone = new Set(going.map(({ copyId }) => copyId))
  const found = checkDocuments(texts, true, divisionsOf(ground)).findings.filter(({ document }) => !gone.has(document))
  return [...places, ...removals, ...found]
}

const placesOf = (copies: readonly CopyRow[]): string[] =>
  copies.flatMap(({ body }) => {
    const read = readDocument(body)
    return read.ok ? [placeOfDocument(read.document)] : []
  })

/** Findings of which any keeps a release from being made. */
export const mustsOf = (findings: readonly Finding[]): Finding[] => findings.filter(isMust)

const divisionsOf = ({ context }: StandardsGround) => knownDivisions(context.resources)

function placeOfDocument(document: StandardDocument): string {
  return placeOf({ kind: document.kind, ...identityOf(document) })
}

type PlacedText = NamedText & { readonly place: string }

/** The documents of these kinds in the newest release, those that a working copy replaces by the copy. */
function textsOf(ground: StandardsGround, copies: readonly CopyRow[], kinds: readonly DocumentKind[]): PlacedText[] {
  const gone = new Set(placesOf(copies.filter(({ removes }) => removes === 1)))
  const placed = copies
    .filter(({ kind, removes }) => kinds.includes(kind) && removes === 0)
    .flatMap((copy): PlacedText[] => {
      const read = readDocument(copy.body)
      if (!read.ok) return []
      return [{ name: copy.copyId, text: copy.body, place: placeOfDocument(read.document) }]
    })
  const replaced = new Set(placed.map(({ place }) => place))
  const refs = (newestRelease(ground)?.manifest.documents ?? []).filter(({ kind }) => kinds.includes(kind))
  const base = refs.map((ref): PlacedText => {
    return { ...namedIn(ground, ref, textOf(ground, ref)), place: placeOf(ref) }
  })
  return [...placed, ...base.filter(({ place }) => !replaced.has(place) && !gone.has(place))]
}

/** A document by what people call it. */
function namedIn(ground: StandardsGround, ref: DocumentRef, text: string): { name: string; text: string } {
  return { name: documentInWords(ref, documentName(documentOf(ground, ref))), text }
}

/** What is wrong with a working copy's place among what is out; until a clash is settled its version says nothing. */
function placeFindings(ground: StandardsGround, copy: CopyRow, document: StandardDocument | undefined): Finding[] {
  const clash = clashFindings(ground, copy)
  return clash.length > 0 ? clash : usedUp(ground, copy, document)
}

/** A version says one thing for ever: another text needs another number. */
function usedUp(ground: StandardsGround, copy: CopyRow, document: StandardDocument | undefined): Finding[] {
  if (document === undefined || document.kind === 'calendar') return []
  const { id, version } = identityOf(document)
  const newest = newestVersion(ground, document.kind, id)
  if (version > newest) return []
  return [
    {
      document: copy.copyId,
      severity: 'must',
      pointer: '/version',
      place: '版本',
      problem: `第 ${version} 版已经用过，最新的是第 ${newest} 版`,
      remedy: `把版本改为 ${newest + 1}`,
    },
  ]
}
