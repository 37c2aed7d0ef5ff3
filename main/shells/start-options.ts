// Owns: what a shell is told on its command line.
// Does not own: what it does with it.
// Start here: `startOptions`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../../preload/contract/errors.ts'
import { dataFolder } from '../wire/local/data-folder.ts'

/** Where a shell works, and how. */
export type StartOptions = {
  readonly dataFolder: string
  /** DATA/shell: what belongs to windows, not to the station: port, browser profile, the shell's own lock. */
  readonly shellFolder: string
  /** Division code of the village of a new training station; the desk's own choice otherwise. */
  readonly division: string | undefined
  /** The port to try first (browser shell). */
  readonly port: number | undefined
  /** The port of the centre on this machine; one that is free without it. */
  readonly centrePort: number | undefined
  /** The address by which the desk reaches that centre where something stands between them; the port itself without it. */
  readonly centreUrl: string | undefined
  /** Whether a window may be opened; otherwise the address is printed alone. */
  readonly open: boolean
}

/**
 * Reads `--data DIR`, `--division CODE`, `--port N`, `--centre-port N`, `--centre-url URL`, `--no-open`, and makes the
 * folders (closed to others). Throws USAGE for a port or an address that is not one, STORE_READ_ONLY or DISK_FULL where the folder cannot be made. With `lenient`, unknown options are passed over:
 * Electron has its own among them.
 */
export function startOptions(args: readonly string[], { lenient = false } = {}): StartOptions {
  const values = read(args, lenient)
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const port = portOf(text(values.port), '--port')
  const centrePort = portOf(text(values['centre-port']), '--centre-port')
  const centreUrl = text(values['centre-url'])
  if (centreUrl !== undefined && !URL.canParse(centreUrl)) throw new AppError('USAGE', { why: '--centre-url' })
  const folder = dataFolder({ argument: text(values.data) })
  const shellFolder = join(folder, 'shell')
  try {
    mkdirSync(shellFolder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC'
    throw new AppError(full ? 'DISK_FULL' : 'STORE_READ_ONLY', {}, { cause })
  }
  const division = text(values.division)
  return { dataFolder: folder, shellFolder, division, port, centrePort, centreUrl, open: values['no-open'] !== true }
}

function portOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) throw new AppError('USAGE', { why: name })
  return port
}

function read(args: readonly string[], lenient: boolean) {
  const options = {
    data: { type: 'string' },
    port: { type: 'string' },
    division: { type: 'string' },
    'centre-port': { type: 'string' },
    'centre-url': { type: 'string' },
    'no-open': { type: 'boolean' },
  } as const
  try {
    return parseArgs({ args: [...args], options, strict: !lenient, allowPositionals: lenient }).values
  } catch (cause) {
    throw new AppError('USAGE', { why: (cause as Error).message.split('.')[0] ?? '' }, { cause })
  }
}
