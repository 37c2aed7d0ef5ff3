// Owns: what a shell is told on its command line.
// Does not own: what it does with it.
// Start here: `startOptions`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../../preload/contract/errors.ts'
import { dataFolder } from '../wire/data-folder.ts'

/** Where a shell works, and how. */
export type StartOptions = {
  readonly dataFolder: string
  /** DATA/shell: what belongs to windows, not to the station: port, browser profile, the shell's own lock. */
  readonly shellFolder: string
  /** Division code of the village of a new training station; the desk's own choice otherwise. */
  readonly division: string | undefined
  /** The port to try first (browser shell). */
  readonly port: number | undefined
  /** Whether a window may be opened; otherwise the address is printed alone. */
  readonly open: boolean
}

/**
 * Reads `--data DIR`, `--division CODE`, `--port N`, `--no-open`, and makes the folders (closed to others). Throws USAGE for a port that is
 * not one, STORE_READ_ONLY or DISK_FULL where the folder cannot be made. With `lenient`, unknown options are passed over:
 * Electron has its own among them.
 */
export function startOptions(args: readonly string[], { lenient = false } = {}): StartOptions {
  const values = read(args, lenient)
  const port = typeof values.port === 'string' ? Number(values.port) : undefined
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new AppError('USAGE', { why: '--port' })
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const folder = dataFolder({ argument: text(values.data) })
  const shellFolder = join(folder, 'shell')
  try {
    mkdirSync(shellFolder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
    throw new AppError(full ? 'DISK_FULL' : 'STORE_READ_ONLY', {}, { cause })
  }
  return { dataFolder: folder, shellFolder, division: text(values.division), port, open: values['no-open'] !== true }
}

function read(args: readonly string[], lenient: boolean) {
  const options = {
    data: { type: 'string' },
    port: { type: 'string' },
    division: { type: 'string' },
    'no-open': { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args: [...args], options, strict: !lenient, allowPositionals: lenient }).values
  } catch (cause) {
    throw new AppError('USAGE', { why: (cause as Error).message.split('.')[0] ?? '' }, { cause })
  }
}
