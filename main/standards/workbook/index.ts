// Owns: standards as people keep them in tables: Excel workbooks, JSON sets, the national platform's tables; bytes in,
// documents or findings out, in short steps and within bounds whatever the bytes are. No file is opened here.
// Does not own: what a standard is and what is wrong with one (preload/contract/standards, ../check.ts), files (main/cli).
// Start here: import-workbook.ts and export-workbook.ts; tables/ says which columns there are, package/ and sheets/ read and write OOXML.
import { Findings } from './cell-findings.ts'
import { readWorkbook } from './import-workbook.ts'
import { checkImported, type Imported } from './imported.ts'

export { exportWorkbook, templateWorkbook, type WorkbookDocument } from './export-workbook.ts'
export type { Imported, ImportedDocument } from './imported.ts'
export { exportJson, importJson } from './json-documents.ts'
export { exportNational } from './national/export.ts'
export { importNational, type TableFile } from './national/import.ts'
export { type KeptTable, keptTablesSchema } from './national/kept.ts'

/**
 * Imports the standards of a workbook. Everything that is wrong is told at once, with its cell (`“申请材料”表 C7`); where
 * anything must be mended there are no documents. Throws WORKBOOK_REFUSED for a file that is not read at all.
 * @param name how the file is called in findings.
 */
export async function importWorkbook(bytes: Buffer, name: string): Promise<Imported> {
  const { documents, findings } = await readWorkbook(bytes, name)
  return await checkImported(documents, Findings.of(name, findings))
}
