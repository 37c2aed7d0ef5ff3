import { join } from 'node:path'
import { bundleFolder, unfinishedEnding } from '../../wire/bundle/format.ts'
import { openStickFile, stickFull } from './stick-file.ts'
import { freeBytes, placeOf } from './sticks.ts'

/** Writes a small file whole into our folder of a stick, over one of that name. Throws STICK_GONE, STICK_FULL, FILE_NOT_WRITABLE. */
export async function writeToStick(stickId: string, name: string, bytes: Buffer): Promise<void> {
  const place = await placeOf(stickId)
  const free = await freeBytes(place)
  if (free < bytes.length) throw stickFull(bytes.length - free)
  const path = join(place.folder, bundleFolder, name)
  const file = await openStickFile(`${path}${unfinishedEnding}`, 0, () => bytes.length)
  try {
    await file.append(bytes)
    await file.finish(path)
  } finally {
    await file.close()
  }
}
