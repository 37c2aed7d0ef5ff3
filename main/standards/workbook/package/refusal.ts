import { AppError } from '../../../../preload/contract/errors.ts'

/** Why a file is not read at all. Each has its words in preload/contract/sentences.ts. */
export type WorkbookRefusal =
  | 'too-large'
  | 'bomb'
  | 'old-format'
  | 'password'
  | 'not-a-workbook'
  | 'damaged'
  | 'entities'
  | 'macros'
  | 'external'
  | 'embedded'
  | 'too-many-cells'
  | 'no-sheets'
  | 'encoding'

/** The failure of a file that is not read. */
export function refusal(why: WorkbookRefusal, cause?: unknown): AppError {
  return new AppError('WORKBOOK_REFUSED', { why }, { cause })
}
