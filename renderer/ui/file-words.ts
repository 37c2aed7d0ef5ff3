import type { FileState } from '../../preload/contract/sync.ts'

/** How many of a case's materials the centre has, and how many files of any sort it still lacks. */
export function arrivedOf(files: readonly FileState[]): {
  readonly done: number
  readonly all: number
  readonly waiting: number
} {
  const originals = files.filter((file) => file.class === 'original')
  return {
    done: originals.filter(isAtCentre).length,
    all: originals.length,
    waiting: files.filter((file) => !isAtCentre(file)).length,
  }
}

const elsewhere: readonly FileState['state'][] = ['in-centre', 'fetch-waiting', 'fetching', 'fetched', 'absent']

/** Whether a file belongs to a case of another machine: it comes from the centre, and never goes there. */
export function isFromElsewhere({ state }: FileState): boolean {
  return elsewhere.includes(state)
}

/** Whether the centre has a file. */
export function isAtCentre(file: FileState): boolean {
  return file.state === 'at-centre' || (isFromElsewhere(file) && file.state !== 'absent')
}

/** Whether a file moves without anybody's doing, so that it is worth looking at again soon. */
export function isMoving(file: FileState): boolean {
  return isFromElsewhere(file) ? file.state === 'fetch-waiting' || file.state === 'fetching' : !isAtCentre(file)
}

/** Whether a file is on its way without anybody's doing: what is said of it then is that it goes on by itself. */
export function goesOnByItself({ state, sentBytes }: FileState): boolean {
  return state === 'failed' || (state === 'waiting' && sentBytes > 0) || (state === 'fetch-waiting' && sentBytes > 0)
}
