import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { documentName, readDocument, type StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import { placeName } from '../../desk/divisions.ts'
import { compareDocuments, type NamesOf } from '../../standards/index.ts'
import type { SignedManifest } from '../../wire/catalogue/manifest.ts'
import { type DeskGround, documentOf, releasesOut } from './ground.ts'
import { type CopyRow, selectCopies } from './store.ts'

/** What changed from one document to another, the members of a theme by the names that people know. */
export function differencesBetween(ground: DeskGround, before: StandardDocument, after: StandardDocument): Change[] {
  return compareDocuments(before, after, namesHere(ground))
}

/** As a document is being written, else as the newest release called it that had it; both are read once, when first asked. */
function namesHere(ground: DeskGround): NamesOf {
  let copies: readonly CopyRow[] | undefined
  let releases: readonly SignedManifest[] | undefined
  return (kind, id) => {
    if (kind === 'division') return placeName(ground.context.resources, id)
    copies ??= selectCopies(ground.context.store.db)
    const copy = copies.find((one) => one.kind === kind && one.documentId === id)
    const written = copy && readDocument(copy.body)
    if (written?.ok === true && documentName(written.document) !== '') return documentName(written.document)
    releases ??= releasesOut(ground)
    const isMeant = (ref: DocumentRef) => ref.kind === kind && ref.id === id
    const ref = releases.map(({ manifest }) => manifest.documents.find(isMeant)).find((found) => found !== undefined)
    return ref && documentName(documentOf(ground, ref))
  }
}
