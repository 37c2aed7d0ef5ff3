// Owns: files that were brought, read together: what each is, the documents in it, what is wrong with them.
// Does not own: the formats (main/standards/workbook), what stands in a release or a working copy (found.ts).
// Start here: `readTables`.
import { AppError } from '../../../../preload/contract/errors.ts'
import { identityOf, readDocument, type StandardDocument } from '../../../../preload/contract/standards/documents.ts'
import type { Finding } from '../../../../preload/contract/standards/findings.ts'
import type { TableFile, TableProgress } from '../../../../preload/contract/standards/tables.ts'
import {
  type Imported,
  type ImportedFile,
  importedTogether,
  importJson,
  importNational,
  importWorkbook,
  type KeptTable,
  Pace,
  recogniseTables,
  refusedBy,
  type TableForm,
  unpackTables,
} from '../../../standards/workbook/index.ts'
import { canonicalBytes } from '../../../wire/canonical.ts'

/** A file that was brought. */
export type BroughtFile = { readonly name: string; readonly bytes: Buffer }

/** A document that was read and has nothing that must be mended. */
export type ReadOne = {
  readonly file: string
  /** Canonical. */
  readonly bytes: Buffer
  readonly document: StandardDocument
}

/** What reading gave. */
export type ReadTables = {
  readonly files: readonly TableFile[]
  readonly documents: readonly ReadOne[]
  readonly findings: readonly Finding[]
  /** The national platform's tables as they were. */
  readonly kept: readonly KeptTable[]
}

type Recognised = BroughtFile & { readonly form: TableForm }
type Group = ImportedFile & {
  readonly form: TableForm
  readonly sizeBytes: number
  readonly kept: readonly KeptTable[]
}

/**
 * Reads files together, in short steps. A file that is not read says why and keeps no other from being read. Throws the
 * signal's reason when it is given.
 */
export async function readTables(
  files: readonly BroughtFile[],
  { signal, told }: { readonly signal: AbortSignal; readonly told: (progress: TableProgress) => void },
): Promise<ReadTables> {
  const refused: TableFile[] = []
  const orRefuse = async <T>(file: BroughtFile, step: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await refusedBy(file.name, step)
    } catch (error) {
      refused.push(refusedFile(file, error))
      return undefined
    }
  }
  const known: Recognised[] = []
  for (const file of files) {
    const unpacked = await orRefuse(file, async () => (await unpackTables(file)) ?? [file])
    for (const one of unpacked ?? []) {
      const form = await orRefuse(one, () => recogniseTables(one, new Pace({ signal })))
      if (form !== undefined) known.push({ ...one, form })
    }
  }
  const alone = known.filter(({ form }) => form !== 'national')
  const tables = known.filter(({ form }) => form === 'national')
  const steps = alone.length + (tables.length > 0 ? 1 : 0)
  const paceOf = (file: string, at: number) =>
    new Pace({ signal, told: (share) => told({ file, share: (at + share) / steps }) })
  const groups: Group[] = []
  for (const [at, file] of alone.entries()) {
    told({ file: file.name, share: at / steps })
    const read = file.form === 'json' ? importJson : importWorkbook
    const imported = await orRefuse(file, () => read(file.bytes, file.name, paceOf(file.name, at)))
    if (imported !== undefined) groups.push(groupOf([file], imported, []))
  }
  if (tables.length > 0) groups.push(...(await readNational(tables, paceOf(namesOf(tables), alone.length), refused)))
  return await joined(groups, refused, new Pace({ signal }))
}

/** The platform's tables belong together: one that cannot be read is left out, and the others are read without it. */
async function readNational(tables: readonly Recognised[], pace: Pace, refused: TableFile[]): Promise<Group[]> {
  let left = tables
  while (left.length > 0) {
    try {
      const { kept, ...imported } = await importNational(left, pace)
      return [groupOf(left, imported, kept)]
    } catch (error) {
      const at = left.findIndex(({ name }) => error instanceof AppError && error.details.name === name)
      const [file] = left.slice(at, at + 1)
      if (at === -1 || file === undefined) throw error
      refused.push(refusedFile(file, error))
      left = left.filter((one) => one !== file)
    }
  }
  return []
}

const namesOf = (files: readonly BroughtFile[]) => files.map(({ name }) => name).join('、')

function groupOf(files: readonly Recognised[], imported: Imported, kept: readonly KeptTable[]): Group {
  const sizeBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return { file: namesOf(files), form: files[0]?.form ?? 'workbook', sizeBytes, imported, kept }
}

/** Throws what is no refusal of the file. */
function refusedFile({ name, bytes }: BroughtFile, error: unknown): TableFile {
  if (!(error instanceof AppError) || error.code !== 'WORKBOOK_REFUSED') throw error
  const details = Object.fromEntries(
    Object.entries(error.details).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value]),
  )
  return { name, sizeBytes: bytes.length, form: null, sound: 0, faulty: [], refusal: { code: error.code, details } }
}

async function joined(groups: readonly Group[], refused: readonly TableFile[], pace: Pace): Promise<ReadTables> {
  const together = importedTogether(groups)
  const documents: ReadOne[] = []
  const files: TableFile[] = []
  for (const [at, { file, imported }] of together.entries()) {
    for (const { bytes } of imported.documents) {
      documents.push(...yearsOf(bytes).map((one) => ({ file, ...one })))
      await pace.rest()
    }
    const { form, sizeBytes } = groups[at] ?? { form: null, sizeBytes: 0 }
    const counts = { sound: imported.documents.length, faulty: [...imported.faulty] }
    files.push({ name: file, sizeBytes, form, ...counts, refusal: null })
  }
  const findings = together.flatMap(({ imported }) => imported.findings)
  const musts = findings.filter(({ severity }) => severity === 'must')
  return {
    files: [...refused, ...files],
    documents,
    findings: [...musts, ...findings.filter(({ severity }) => severity !== 'must')],
    kept: groups.flatMap(({ kept }) => kept),
  }
}

/** A document as it is published: of a calendar each year is one of its own. */
function yearsOf(bytes: Buffer): Omit<ReadOne, 'file'>[] {
  const read = readDocument(bytes.toString('utf8'))
  if (!read.ok) throw new Error('an imported document cannot be read')
  if (read.document.kind !== 'calendar') return [{ bytes, document: read.document }]
  const { source, years } = read.document.value
  return Object.entries(years).map(([year, days]) => {
    const value = { source, years: { [year]: days } }
    return { bytes: canonicalBytes(value), document: { kind: 'calendar', value } }
  })
}

/** What names a document within an import, and beside releases and working copies. */
export function keyOfDocument(document: StandardDocument): string {
  const { id, version } = identityOf(document)
  return document.kind === 'calendar' ? `calendar ${version}` : `${document.kind} ${id}`
}
