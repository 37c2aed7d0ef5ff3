import type { Finding } from '../../../preload/contract/standards/findings.ts'
import type { Imported, ImportedDocument } from './imported.ts'

/** What one of several files gave. */
export type ImportedFile<T extends Imported = Imported> = { readonly file: string; readonly imported: T }

/** Files that are imported together: a document that two of them hold must be mended in each, since nobody says which counts. */
export function importedTogether(files: readonly ImportedFile[]): ImportedFile[] {
  const seen = new Map<string, number>()
  for (const { imported } of files) {
    for (const one of imported.documents) seen.set(keyOf(one), (seen.get(keyOf(one)) ?? 0) + 1)
  }
  const isTwice = (one: ImportedDocument) => (seen.get(keyOf(one)) ?? 0) > 1
  return files.map(({ file, imported }) => {
    const twice = imported.documents.filter(isTwice)
    if (twice.length === 0) return { file, imported }
    const documents = imported.documents.filter((one) => !isTwice(one))
    const faulty = [...imported.faulty, ...twice.map(({ id }) => id)]
    return {
      file,
      imported: { documents, faulty, findings: [...twice.map((one) => told(file, one)), ...imported.findings] },
    }
  })
}

const keyOf = ({ kind, id }: ImportedDocument) => `${kind} ${id}`

function told(file: string, { id }: ImportedDocument): Finding {
  const [place, problem, remedy] = ['整个文件', `“${id}”在几个文件里都有`, '只留一个']
  return { document: file, severity: 'must', pointer: '', place, problem, remedy }
}
