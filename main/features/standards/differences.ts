import { documentName, readDocument, type StandardDocument } from '../../../preload/contract/standards/documents.ts'
import type { Change } from '../../../preload/contract/standards/findings.ts'
import { compareDocuments, type NamesOf } from '../../standards/index.ts'
import { type DeskGround, documentOf, releasesOut } from './ground.ts'
import { selectCopies } from './store.ts'

/** What changed from one document to another, the members of a theme by the names that people know. */
export function differencesBetween(ground: DeskGround, before: StandardDocument, after: StandardDocument): Change[] {
  return compareDocuments(before, after, (kind, id) => nameHere(ground, kind, id))
}

/** As it is being written, else as the newest release called it that had it. */
function nameHere(ground: DeskGround, ...[kind, id]: Parameters<NamesOf>): string | undefined {
  const copy = selectCopies(ground.context.store.db).find((one) => one.kind === kind && one.documentId === id)
  const written = copy && readDocument(copy.body)
  if (written?.ok === true && documentName(written.document) !== '') return documentName(written.document)
  for (const { manifest } of releasesOut(ground)) {
    const ref = manifest.documents.find((one) => one.kind === kind && one.id === id)
    if (ref !== undefined) return documentName(documentOf(ground, ref))
  }
  return undefined
}
