import type { FileState } from '../../preload/contract/sync.ts'

/** How many of a case's materials the centre has, and how many files of any sort it still lacks. */
export function arrivedOf(files: readonly FileState[]): {
  readonly done: number
  readonly all: number
  readonly waiting: number
} {
  const originals = files.filter((file) => file.class === 'original')
  return {
    done: originals.filter(({ state }) => state === 'at-centre').length,
    all: originals.length,
    waiting: files.filter(({ state }) => state !== 'at-centre').length,
  }
}

/** Whether a file is on its way without anybody's doing: what is said of it then is that it goes on by itself. */
export function goesOnByItself({ state, sentBytes }: FileState): boolean {
  return state === 'failed' || (state === 'waiting' && sentBytes > 0)
}
