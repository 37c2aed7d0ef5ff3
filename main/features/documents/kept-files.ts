import type { DeskContext } from '../../desk/feature.ts'
import { isFileNamed } from './paper-rows.ts'

/** Files that are stored before any row names them. Two papers may have the same bytes, and then have one file. */
export type KeptFiles = {
  /**
   * Runs work that stores files and then names them in a row; it tells each file as soon as that is stored. Those that no row
   * names when it ends are removed, once nobody else is at such work: they may be about to name the same file.
   */
  readonly whileKeeping: <T>(work: (stored: (sha256: string) => void) => Promise<T>) => Promise<T>
  /** Removes a file that a row named until now, unless another row names it. */
  readonly letGo: (sha256: string) => Promise<void>
}

/** Files over one open store. */
export function keptFiles(context: DeskContext): KeptFiles {
  let atWork = 0
  const loose = new Set<string>()
  const removeLoose = async () => {
    while (atWork === 0) {
      const [sha256] = loose
      if (sha256 === undefined) return
      loose.delete(sha256)
      if (isFileNamed(context.store.db, sha256)) continue
      await context.blobs.remove(sha256).catch((error) => context.log('a file that nothing names could not go', error))
    }
  }
  return {
    async whileKeeping(work) {
      atWork += 1
      try {
        return await work((sha256) => void loose.add(sha256))
      } finally {
        atWork -= 1
        await removeLoose()
      }
    },
    async letGo(sha256) {
      loose.add(sha256)
      await removeLoose()
    },
  }
}
