import { matterSheets } from './tables/matter.ts'
import { templateSheets, themeSheets } from './tables/others.ts'
import type { DocumentSheets } from './tables/sheets.ts'

/** Which sheets a workbook of standards has. */

/** The sheets of every kind of document that has any. */
export const documentSheets: readonly DocumentSheets[] = [matterSheets, themeSheets, templateSheets]
/** The sheet of questions, a row each. */
export const formSheet = '表单'
/** The sheet of texts that are too long for a cell. */
export const longSheet = '长内容'
/** The sheet that tells how to fill the others in; it is not read. */
export const guideName = '填写说明'
