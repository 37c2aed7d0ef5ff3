import { identityOf, readDocument, type StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { KnownDocuments } from '../../../preload/contract/standards/writing.ts'
import { placeOf } from '../../wire/catalogue/manifest.ts'
import { documentOf, newestRelease, type StandardsGround } from './ground.ts'
import { selectCopies } from './store.ts'

/** The documents that the next release would hold: the newest one's, with those being written in their places as far as they can be read, without those that are to go. */
export function nextDocuments(ground: StandardsGround): StandardDocument[] {
  const documents = new Map(
    (newestRelease(ground)?.manifest.documents ?? []).map((ref) => [placeOf(ref), documentOf(ground, ref)]),
  )
  for (const { body, removes } of selectCopies(ground.context.store.db)) {
    const read = readDocument(body)
    if (!read.ok) continue
    const place = placeOf({ kind: read.document.kind, ...identityOf(read.document) })
    if (removes === 1) documents.delete(place)
    else documents.set(place, read.document)
  }
  return [...documents.values()]
}

/** What a document can name: other documents and reuse keys, by the names that people know. */
export function knownDocuments(ground: StandardsGround): KnownDocuments {
  const documents = nextDocuments(ground)
  const known: KnownDocuments = { matters: [], themes: [], templates: [], reuseKeys: [] }
  const names = new Map<string, Set<string>>()
  for (const document of documents) {
    const { kind, value } = document
    const { id } = identityOf(document)
    if (kind === 'theme') known.themes.push({ id, name: value.name })
    if (kind === 'template') known.templates.push({ id, name: value.name, paper: value.paper })
    if (kind !== 'matter') continue
    known.matters.push({ id, name: value.name })
    for (const { reuseKey, name } of value.materials)
      if (reuseKey !== undefined) names.set(reuseKey, (names.get(reuseKey) ?? new Set()).add(name))
  }
  const reuseKeys = [...names].map(([key, all]) => ({ key, names: [...all].slice(0, 5) }))
  return { ...known, reuseKeys: reuseKeys.toSorted((a, b) => (a.key < b.key ? -1 : 1)) }
}
