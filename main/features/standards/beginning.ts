import { todayInShanghai } from '../../../preload/contract/calendar.ts'
import type { DocumentRef } from '../../../preload/contract/catalogue.ts'
import { documentInWords, identityOf, readDocument } from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import { checkBeginning } from '../../standards/index.ts'
import { type CatalogueDocument, documentFrom } from '../../wire/catalogue/documents.ts'
import { documentOf, releasesOut, type StandardsGround } from './ground.ts'
import type { CopyRow } from './store.ts'

/** What a release would hold, and when. */
export type Beginning = {
  readonly documents: readonly CatalogueDocument[]
  readonly copies: readonly CopyRow[]
  /** UTC; null for at once. */
  readonly effectiveAtUtc: string | null
}

/** What a release would close at every window until its version begins, against what is in force when it takes effect; named as `checkAll` names it. */
export function beginningFindings(
  ground: StandardsGround,
  { documents, copies, effectiveAtUtc }: Beginning,
): Finding[] {
  const at = effectiveAtUtc ?? ground.context.nowUtc()
  const until = releasesOut(ground).find(({ manifest }) => manifest.effectiveAtUtc <= at)
  const before = (ref: DocumentRef) =>
    until?.manifest.documents.find(({ kind, id }) => kind === ref.kind && id === ref.id)
  const names = new Map(copies.flatMap(namedCopy))
  const replacing = documents.flatMap((ref) => {
    const was = ref.kind === 'matter' || ref.kind === 'theme' ? before(ref) : undefined
    if (was === undefined || was.sha256 === ref.sha256) return []
    const name = names.get(`${ref.kind} ${ref.id}`) ?? documentInWords(ref)
    return [{ name, before: documentOf(ground, was), after: documentFrom(ref.bytes.toString('utf8')) }]
  })
  return checkBeginning(replacing, todayInShanghai(new Date(at)))
}

function namedCopy({ copyId, kind, body }: CopyRow): [place: string, name: string][] {
  const read = readDocument(body)
  return read.ok ? [[`${kind} ${identityOf(read.document).id}`, copyId]] : []
}
