// Owns: which folder a command works on.
// Does not own: what lies in the folder, or its lock (folder-lock.ts).
// Start here: `dataFolder`.
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** What decides the data folder, so that tests can set it. */
export type FolderQuestion = {
  /** What followed `--data` on the command line. */
  readonly argument?: string | undefined
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
}

/**
 * The data folder as an absolute path: `--data`, else `CUNCHUANG_DATA`, else `%APPDATA%\cunchuang` on Windows and
 * `$XDG_DATA_HOME/cunchuang` (`~/.local/share/cunchuang`) elsewhere. Makes nothing.
 */
export function dataFolder({
  argument,
  environment = process.env,
  platform = process.platform,
}: FolderQuestion = {}): string {
  const named = argument || environment.CUNCHUANG_DATA
  if (named) return resolve(named)
  if (platform === 'win32') return join(environment.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'cunchuang')
  return join(environment.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'cunchuang')
}
