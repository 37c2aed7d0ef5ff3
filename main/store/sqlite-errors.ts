import { AppError } from '../../preload/contract/errors.ts'

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'])
const readOnlyCodes = new Set(['EROFS', 'EACCES', 'EPERM', 'SQLITE_PERM', 'SQLITE_AUTH'])
const damagedCodes = new Set(['EIO', 'SQLITE_NOTADB'])

/**
 * Turns what SQLite or the file system throws into the expected failure that it is; anything else comes back as it was
 * (a bug, or an `AppError` already). The only place where such codes are read.
 *
 * `SQLITE_FULL`, `ENOSPC` → `DISK_FULL` · `SQLITE_READONLY`, `SQLITE_CANTOPEN`, `EROFS`, `EACCES` → `STORE_READ_ONLY` ·
 * `SQLITE_CORRUPT`, `SQLITE_NOTADB`, `SQLITE_IOERR`, `EIO` → `STORE_DAMAGED` with a `reason` · `SQLITE_BUSY` → `FOLDER_IN_USE`.
 */
export function mapSqliteError(error: unknown): unknown {
  if (error instanceof AppError) return error
  const code = codeOf(error)
  if (code === undefined) return error
  if (fullCodes.has(code)) return new AppError('DISK_FULL', {}, { cause: error })
  if (readOnlyCodes.has(code) || startsWith(code, 'SQLITE_READONLY', 'SQLITE_CANTOPEN')) {
    return new AppError('STORE_READ_ONLY', {}, { cause: error })
  }
  if (startsWith(code, 'SQLITE_BUSY', 'SQLITE_LOCKED')) return new AppError('FOLDER_IN_USE', {}, { cause: error })
  if (startsWith(code, 'SQLITE_IOERR') || code === 'EIO') {
    return new AppError('STORE_DAMAGED', { reason: 'disk-error' }, { cause: error })
  }
  if (damagedCodes.has(code) || startsWith(code, 'SQLITE_CORRUPT')) {
    return new AppError('STORE_DAMAGED', { reason: 'page' }, { cause: error })
  }
  return error
}

/** Runs `work`, with what it throws mapped by `mapSqliteError`. */
export function withMappedErrors<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw mapSqliteError(error)
  }
}

/** Like `withMappedErrors`, for work that takes its time. */
export async function withMappedErrorsAsync<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw mapSqliteError(error)
  }
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

function startsWith(code: string, ...prefixes: string[]): boolean {
  return prefixes.some((prefix) => code === prefix || code.startsWith(`${prefix}_`))
}
