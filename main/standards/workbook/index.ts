// Owns: standards as people keep them in tables: Excel workbooks, JSON sets, the national platform's tables; bytes in,
// documents or findings out, in short steps and within bounds whatever the bytes are. No file is opened here.
// Does not own: what a standard is and what is wrong with one (preload/contract/standards, ../check.ts), files (main/cli).
// Start here: import-workbook.ts and export-workbook.ts; tables/ says which columns there are, package/ and sheets/ read and write OOXML.
export { exportWorkbook, templateWorkbook, type WorkbookDocument } from './export-workbook.ts'
export { importWorkbook } from './import-workbook.ts'
export type { Imported, ImportedDocument } from './imported.ts'
export { exportJson, importJson } from './json-documents.ts'
export { exportNational } from './national/export.ts'
export { importNational, type TableFile } from './national/import.ts'
export { type KeptTable, keptTablesSchema } from './national/kept.ts'
export { Pace } from './pace.ts'
export { refusedBy } from './package/refusal.ts'
export { recogniseTables, type TableForm, unpackTables } from './recognise.ts'
export { type ImportedFile, importedTogether } from './several.ts'
