import { stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { bundleFolder } from '../../wire/bundle/format.ts'
import { isReleaseFileName, readReleaseFile } from '../../wire/catalogue/release-file.ts'
import { type TakingGround, takenInWords, takePack } from './taking.ts'

/** Where the file of a release lies: in a folder or in its `村窗`. */
export type ReleasePlace = { readonly folder: string; readonly file: string }

/**
 * Takes a release from a file, checked as over the link, and says what came of it. Throws NOT_FOUND for a name or a place that
 * is none, and as `takePack`.
 */
export async function takeFile(ground: TakingGround, { folder, file }: ReleasePlace, actor: string): Promise<string> {
  const bytes = await readReleaseFile(await findFile(folder, file))
  const signed = await takePack(ground, bytes, { actor })
  return takenInWords(signed, ground.context.nowUtc())
}

async function findFile(folder: string, file: string): Promise<string> {
  const isName = isReleaseFileName(file) && !/[/\\]/.test(file) && isAbsolute(folder)
  for (const path of isName ? [join(folder, bundleFolder, file), join(folder, file)] : [])
    if ((await stat(path).catch(() => undefined))?.isFile()) return path
  throw new AppError('NOT_FOUND', { what: '这个事项标准发布文件（名字以 .cunrelease 结尾）' })
}
