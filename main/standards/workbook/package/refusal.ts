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
  | 'empty'
  | 'no-tables'
  | 'too-many-files'

/** What a step gives; a refusal then names the file, where it did not yet. */
export async function refusedBy<T>(name: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'WORKBOOK_REFUSED') throw error
    throw new AppError(error.code, { name, ...error.details }, { cause: error })
  }
}

/** The failure of a file that is not read. */
export function refusal(why: WorkbookRefusal, cause?: unknown): AppError {
  return new AppError('WORKBOOK_REFUSED', { why }, { cause })
}
