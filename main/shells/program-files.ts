// Owns: where the built programs, the page and the resources lie.
// Does not own: what they hold.
// Start here: `programFiles`.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The files of one build. */
export type ProgramFiles = {
  readonly deskFile: string
  readonly centreFile: string
  readonly preloadFile: string
  /** out/renderer */
  readonly pageFolder: string
  /** The folder `resources/`. */
  readonly resources: string
}

/** Finds them from the folder of this code (out/main, out/main/chunks, or a folder of the sources), which lies in the program's folder. */
export function programFiles(): ProgramFiles {
  const root = programFolder(import.meta.dirname)
  return {
    deskFile: join(root, 'out', 'main', 'desk.js'),
    centreFile: join(root, 'out', 'main', 'central.js'),
    preloadFile: join(root, 'out', 'preload', 'index.cjs'),
    pageFolder: join(root, 'out', 'renderer'),
    resources: join(root, 'resources'),
  }
}

function programFolder(from: string): string {
  if (existsSync(join(from, 'package.json'))) return from
  const above = dirname(from)
  if (above === from) throw new Error('package.json is missing beside the program')
  return programFolder(above)
}
