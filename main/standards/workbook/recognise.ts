import { Findings } from './cell-findings.ts'
import { findNational } from './national/read-tables.ts'
import { Pace } from './pace.ts'
import { openZip } from './package/read-zip.ts'
import { refusal } from './package/refusal.ts'
import { documentSheets } from './sheet-list.ts'
import { openWorkbook } from './sheets/read-workbook.ts'

/** What a file that was given is, by what stands in it rather than by its name. */

/** How standards lie in a file: our workbook, JSON, or the national platform's tables. */
export type TableForm = 'workbook' | 'json' | 'national'
type NamedBytes = { readonly name: string; readonly bytes: Buffer }

const zipSignature = 'PK'
const tableNames = /\.(?:csv|tsv|txt|xlsx|json)$/iu
const packedFiles = 200

/**
 * Which form a file has. Throws WORKBOOK_REFUSED for a workbook that is not read, for an empty file, and for one that is
 * none of all.
 */
export async function recogniseTables({ name, bytes }: NamedBytes, pace: Pace = new Pace()): Promise<TableForm> {
  if (bytes.length === 0) throw refusal('empty')
  const first = bytes.toString('latin1', 0, 64).replace(/^(?:\xef\xbb\xbf)?\s*/u, '')
  if (/^[{[]/u.test(first)) return 'json'
  const isBinary = first.startsWith(zipSignature) || bytes.subarray(0, 4096).includes(0)
  if (!isBinary && /\.json$/iu.test(name)) return 'json'
  if (!isBinary && /\.(?:csv|tsv|txt)$/iu.test(name)) return 'national'
  const book = await openWorkbook(bytes, pace)
  const own = new Set(documentSheets.map(({ main }) => main.sheet))
  if (book.sheetNames.some((sheet) => own.has(sheet.trim()))) return 'workbook'
  for (const sheet of book.sheetNames) {
    if (findNational(await book.read(sheet), book.is1904, new Findings(name)) !== undefined) return 'national'
  }
  return 'workbook'
}

/**
 * The files in a ZIP that is no workbook: tables and JSON, each called by the ZIP's name and its own. Undefined for
 * everything else. Throws WORKBOOK_REFUSED: `damaged`, `bomb`, `password`, `no-tables` for one that holds nothing of the kind.
 */
export async function unpackTables({ name, bytes }: NamedBytes): Promise<NamedBytes[] | undefined> {
  if (bytes.toString('latin1', 0, 2) !== zipSignature || /\.xls[xmb]?$/iu.test(name)) return undefined
  const zip = openZip(bytes)
  if (zip.has('[Content_Types].xml')) return undefined
  const wanted = zip.names.filter((one) => tableNames.test(one) && !/(?:^|\/)(?:\.|__MACOSX\/)/u.test(one))
  if (wanted.length === 0) throw refusal('no-tables')
  if (wanted.length > packedFiles) throw refusal('too-many-files')
  const files: NamedBytes[] = []
  for (const one of wanted) files.push({ name: `${name}／${one}`, bytes: await zip.read(one) })
  return files
}
