// Owns: what is wrong with working copies: each among the documents that the next release would hold.
// Does not own: the rules themselves (main/standards).
// Start here: `checkCopy`, `checkAll`.
import {
  type DocumentKind,
  documentInWords,
  documentKinds,
  identityOf,
  readDocument,
  type StandardDocument,
} from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { knownDivisions } from '../../desk/divisions.ts'
import { checkDocuments, isMust, type NamedText } from '../../standards/index.ts'
import { placeOf } from '../../wire/catalogue/manifest.ts'
import { clashFindings } from './clashes.ts'
import { bodyOf, newestRelease, newestVersion, type StandardsGround } from './ground.ts'
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
  // A theme stands on its members, a matter on the templates that it names; nothing else can dangle.
  const kinds: DocumentKind[] = copy.kind === 'theme' ? ['matter', 'theme'] : copy.kind === 'matter' ? ['template'] : []
  const others = copies.filter(({ copyId }) => copyId !== copy.copyId)
  const own = document && placeOfDocument(document)
  const around = textsOf(ground, others, kinds).filter(({ place }) => place !== own)
  const { findings } = checkDocuments([{ name: copy.copyId, text: copy.body }, ...around], true, placesOf(ground))
  const said = findings.filter((finding) => finding.document === copy.copyId)
  return { findings: [...placeFindings(ground, copy, document), ...said], document }
}

/** What is wrong with everything that the next release would hold; findings are named by working copy, or by document in words. */
export function checkAll(ground: StandardsGround, copies: readonly CopyRow[]): Finding[] {
  const taken = new Set(
    copies.flatMap(({ body }) => {
      const read = readDocument(body)
      return read.ok ? [placeOfDocument(read.document)] : []
    }),
  )
  const others = textsOf(ground, [], documentKinds).filter(({ place }) => !taken.has(place))
  const texts: NamedText[] = [...copies.map(({ copyId, body }) => ({ name: copyId, text: body })), ...others]
  const versions = copies.flatMap((copy) => {
    const read = readDocument(copy.body)
    return placeFindings(ground, copy, read.ok ? read.document : undefined)
  })
  return [...versions, ...checkDocuments(texts, true, placesOf(ground)).findings]
}

/** Findings of which any keeps a release from being made. */
export const mustsOf = (findings: readonly Finding[]): Finding[] => findings.filter(isMust)

const placesOf = ({ context }: StandardsGround) => knownDivisions(context.resources)

function placeOfDocument(document: StandardDocument): string {
  return placeOf({ kind: document.kind, ...identityOf(document) })
}

type PlacedText = NamedText & { readonly place: string }

/** The documents of these kinds in the newest release, those that a working copy replaces by the copy. */
function textsOf(ground: StandardsGround, copies: readonly CopyRow[], kinds: readonly DocumentKind[]): PlacedText[] {
  const placed = copies
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap((copy): PlacedText[] => {
      const read = readDocument(copy.body)
      if (!read.ok) return []
      return [{ name: copy.copyId, text: copy.body, place: placeOfDocument(read.document) }]
    })
  const replaced = new Set(placed.map(({ place }) => place))
  const refs = (newestRelease(ground)?.manifest.documents ?? []).filter(({ kind }) => kinds.includes(kind))
  const base = refs.map((ref): PlacedText => {
    const text = bodyOf(ground, ref.sha256)?.toString('utf8') ?? ''
    return { name: documentInWords(ref), text, place: placeOf(ref) }
  })
  return [...placed, ...base.filter(({ place }) => !replaced.has(place))]
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
