import { readdir, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { StickRelease } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import type { SqlDatabase } from '../../store/index.ts'
import { bundleFolder } from '../../wire/bundle/format.ts'
import { openPack, readManifests } from '../../wire/catalogue/pack.ts'
import { isReleaseFileName, readReleaseFile } from '../../wire/catalogue/release-file.ts'
import { selectRelease } from './store.ts'
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

/** As many files of one stick are looked at, those of the highest numbers. */
const mostFiles = 50

/** A stick that is plugged in. */
export type StickFolder = { readonly label: string; readonly folder: string }

/** The releases on sticks, the newest first. Their outside alone is read; whether one is right is said when it is taken. */
export async function releasesOnSticks(db: SqlDatabase, sticks: readonly StickFolder[]): Promise<StickRelease[]> {
  const found: StickRelease[] = []
  for (const { label, folder } of sticks) {
    for (const file of await releaseFilesIn(folder)) found.push(await lookAt(db, { label, folder, file }))
  }
  return found.toSorted((one, other) => other.release - one.release)
}

async function releaseFilesIn(folder: string): Promise<string[]> {
  const names = new Set<string>()
  for (const place of [join(folder, bundleFolder), folder])
    for (const name of await readdir(place).catch((): string[] => [])) if (isReleaseFileName(name)) names.add(name)
  const newestFirst = (one: string, other: string) => other.localeCompare(one, 'zh', { numeric: true })
  return [...names].toSorted(newestFirst).slice(0, mostFiles)
}

async function lookAt(db: SqlDatabase, where: StickFolder & { readonly file: string }): Promise<StickRelease> {
  try {
    const pack = openPack(await readReleaseFile(await findFile(where.folder, where.file)))
    const signed = (await readManifests(pack, undefined)).at(-1)
    if (signed === undefined || pack.base !== null) throw new AppError('RELEASE_DAMAGED')
    const { release, note, effectiveAtUtc } = signed.manifest
    const state = selectRelease(db, signed.sha256) === undefined ? 'new' : 'here'
    return { ...where, release, note, effectiveAtUtc, state }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { ...where, release: 0, note: '', effectiveAtUtc: null, state: 'damaged' }
  }
}
