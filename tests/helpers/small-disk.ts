import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own that can be filled or made read-only. */
export type SmallDisk = Disposable & { readonly path: string; readonly makeReadOnly: () => void }

/** Why tests that need a small disk are skipped where `smallDisk` gives none. */
export const noSmallDisk = 'this user may not mount a file system in memory (it takes Linux and root)'

/** Mounts a file system in memory of `sizeKiB`, or gives undefined where this user may not mount. */
export function smallDisk(sizeKiB: number): SmallDisk | undefined {
  if (process.platform !== 'linux') return undefined
  const path = mkdtempSync(join(tmpdir(), 'cunchuang-disk-'))
  const mount = (...options: string[]) => spawnSync('mount', options, { stdio: 'ignore' }).status === 0
  if (!mount('-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', path)) {
    rmSync(path, { recursive: true })
    return undefined
  }
  return {
    path,
    makeReadOnly() {
      if (!mount('-o', 'remount,ro', path)) throw new Error('cannot make the small disk read-only')
    },
    [Symbol.dispose]() {
      spawnSync('umount', ['--lazy', path], { stdio: 'ignore' })
      rmSync(path, { recursive: true, force: true })
    },
  }
}
