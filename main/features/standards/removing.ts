import {
  documentKindWords,
  documentName,
  identityOf,
  readDocument,
  type StandardDocument,
} from '../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../preload/contract/standards/findings.ts'
import type { CopyRow } from './store.ts'

/** Each document that would miss the one that goes: it has to be changed, or go too. */
export function removalFindings(copy: CopyRow, others: readonly StandardDocument[]): Finding[] {
  const read = readDocument(copy.body)
  if (!read.ok) return []
  const { kind } = read.document
  const { id } = identityOf(read.document)
  return others
    .filter((other) => namesOf(other).some((named) => named.kind === kind && named.id === id))
    .map((other) => {
      const who = `${documentKindWords[other.kind]}“${documentName(other)}”`
      return {
        ...{ document: copy.copyId, severity: 'must', pointer: '', place: '去掉这一份' },
        problem: `${who}还在用它`,
        remedy: `先把${who}里的改掉，或把那一份也去掉；要留着就选“不去掉了”`,
      }
    })
}

/** Which others a document names: templates of papers and blank forms, members of a theme. */
function namesOf(document: StandardDocument): { readonly kind: string; readonly id: string }[] {
  if (document.kind === 'theme') return document.value.members.map(({ kind, id }) => ({ kind, id }))
  if (document.kind !== 'matter') return []
  const { templates, materials } = document.value
  return [...templates.map(({ templateId }) => templateId), ...materials.map(({ blankForm }) => blankForm)].map(
    (id) => ({ kind: 'template', id }),
  )
}
