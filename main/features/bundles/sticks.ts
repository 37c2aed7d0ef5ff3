// Owns: where sticks are plugged in, and which bundles lie on them.
// Does not own: what is written or read there (exporting.ts, carrying.ts, applying.ts).
// Start here: `findSticks`, `listBundles`.
import { execFile } from 'node:child_process'
import type { Dirent } from 'node:fs'
import { readdir, stat, statfs } from 'node:fs/promises'
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../../preload/contract/errors.ts'
import type { Stick } from '../../../preload/contract/sync.ts'
import {
  answerFileName,
  type BundleHeader,
  bundleFolder,
  isBundleFileName,
  unfinishedEnding,
} from '../../wire/bundle/format.ts'
import { fileSource, glanceAt, openBundleFile, readHead } from '../../wire/bundle/reader.ts'

/** A place where bundles may lie. */
export type StickPlace = { readonly stickId: string; readonly label: string; readonly folder: string }

/** What decides where sticks are looked for, so that tests can set it. */
export type StickQuestion = {
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly platform?: NodeJS.Platform
}

/** What a stick's id begins with where somebody named a folder on the command line. */
export const namedFolder = 'folder:'

/**
 * Sticks that are plugged in: on Linux what is mounted below /media, /run/media and /mnt, on Windows the removable drives,
 * and the folders of CUNCHUANG_STICKS (for odd machines).
 */
export async function findSticks({
  environment = process.env,
  platform = process.platform,
}: StickQuestion = {}): Promise<StickPlace[]> {
  const named = (environment.CUNCHUANG_STICKS ?? '').split(delimiter).filter((folder) => folder !== '')
  const found = platform === 'win32' ? await windowsDrives() : await linuxMounts()
  const places = new Map<string, StickPlace>()
  for (const folder of named)
    if (await isFolder(folder)) places.set(folder, { stickId: folder, label: basename(folder), folder })
  for (const place of found) if (!places.has(place.folder)) places.set(place.folder, place)
  return [...places.values()]
}

async function linuxMounts(): Promise<StickPlace[]> {
  const places: StickPlace[] = []
  for (const base of ['/media', '/run/media', '/mnt']) {
    for (const first of await foldersIn(base)) {
      const below = base === '/mnt' ? [] : await foldersIn(first)
      for (const folder of [first, ...below])
        if (await isMount(folder)) places.push({ stickId: folder, label: basename(folder), folder })
    }
  }
  return places
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
}

async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() === true
}

/** A folder on another device than the one above it. */
async function isMount(folder: string): Promise<boolean> {
  const [own, above] = await Promise.all([stat(folder), stat(dirname(folder))]).catch(() => [undefined, undefined])
  return own !== undefined && above !== undefined && own.dev !== above.dev
}

/** .NET's own list of drives: Node has none, and a drive's letter does not tell what it is. */
const listDrives =
  "[System.IO.DriveInfo]::GetDrives() | Where-Object { $_.DriveType -eq 'Removable' -and $_.IsReady } | ForEach-Object { $_.Name + '|' + $_.VolumeLabel }"

async function windowsDrives(): Promise<StickPlace[]> {
  const said = await promisify(execFile)('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', listDrives], {
    windowsHide: true,
    timeout: 10_000,
  }).catch(() => ({ stdout: '' }))
  return said.stdout
    .split(/\r?\n/)
    .filter((line) => line.includes('|'))
    .map((line) => {
      const [folder = '', label = ''] = line.split('|')
      return { stickId: folder, label: label || folder, folder }
    })
}

/** What a stick is called. Throws STICK_GONE. */
export async function nameOfStick(stickId: string): Promise<string> {
  return (await placeOf(stickId)).label
}

/** The place behind an id: a stick that is plugged in now, or a folder that was named. Throws STICK_GONE. */
export async function placeOf(stickId: string): Promise<StickPlace> {
  if (stickId.startsWith(namedFolder)) {
    const folder = stickId.slice(namedFolder.length)
    if (isAbsolute(folder) && (await isFolder(folder))) return { stickId, label: basename(folder), folder }
    throw new AppError('STICK_GONE')
  }
  const place = (await findSticks()).find((one) => one.stickId === stickId)
  if (place === undefined) throw new AppError('STICK_GONE')
  return place
}

/** The path of a bundle on a stick, in its folder or beside it. Throws NOT_FOUND also for a name that no bundle has. */
export async function findBundleFile(place: StickPlace, file: string): Promise<string> {
  if (isBundleFileName(file)) {
    for (const path of [join(place.folder, bundleFolder, file), join(place.folder, file)])
      if ((await stat(path).catch(() => undefined))?.isFile()) return path
  }
  throw new AppError('NOT_FOUND', { what: 'U盘上的这个文件' })
}

/** Free bytes for us. Throws STICK_GONE. */
export async function freeBytes(place: StickPlace): Promise<number> {
  const facts = await statfs(place.folder).catch((cause: unknown) => {
    throw new AppError('STICK_GONE', {}, { cause })
  })
  return facts.bavail * facts.bsize
}

/** What the list needs to know of this station. */
export type BundleViewer = {
  readonly stationId: string
  readonly publicKey: string
  readonly centre: { readonly id: string; readonly publicKey: string } | undefined
  /** Whether the answer to a bundle of ours was taken in. */
  readonly isReturned: (bundleId: string) => boolean
}

/** A stick as people see it: its free space and its bundles, the newest first. Only their heads and ends are read. */
export async function describeStick(place: StickPlace, viewer: BundleViewer): Promise<Stick> {
  const bundles: Stick['bundles'] = []
  const folders = [join(place.folder, bundleFolder), place.folder]
  const names = new Set<string>()
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])
    for (const name of entries.filter((entry) => entry.isFile()).map((entry) => entry.name)) {
      if (!isBundleFileName(name.replace(unfinishedEnding, '')) || names.has(name)) continue
      names.add(name)
      bundles.push(
        await describeBundle(join(folder, name), viewer, (other) => names.has(other) || hasName(entries, other)),
      )
    }
  }
  bundles.sort((one, other) => other.file.localeCompare(one.file, 'en', { numeric: true }))
  return { stickId: place.stickId, label: place.label, freeBytes: await freeBytes(place), bundles }
}

const hasName = (entries: readonly Dirent[], name: string) => entries.some((entry) => entry.name === name)

type BundleOnStick = Stick['bundles'][number]

async function describeBundle(
  path: string,
  viewer: BundleViewer,
  isBeside: (name: string) => boolean,
): Promise<BundleOnStick> {
  const file = basename(path)
  const looked = await lookAt(path, viewer)
  const { header, sizeBytes } = looked
  const kind = header?.kind ?? (/-回执\./u.test(file) ? 'return' : 'out')
  const stationId = header?.stationId ?? /^[0-9]{12}-[0-9]+/.exec(file)?.[0] ?? ''
  const madeAtUtc = header?.madeAtUtc ?? dayInName(file)
  const known = { file, kind, stationId, ours: stationId === viewer.stationId, madeAtUtc, sizeBytes }
  if (looked.state !== 'ready') return { ...known, state: looked.state }
  if (header !== undefined && header.centreId !== viewer.centre?.id) return { ...known, state: 'foreign-centre' }
  const ourBundle = kind === 'out' ? header?.bundleId : header?.answers
  const isOver = known.ours && viewer.isReturned(ourBundle ?? '')
  const isAnswered = kind === 'out' && isBeside(answerFileName(file))
  return { ...known, state: isOver || isAnswered ? 'done' : 'ready' }
}

function dayInName(file: string): string {
  const [, year, month, day] = /-([0-9]{4})([0-9]{2})([0-9]{2})-/.exec(file) ?? []
  const date = new Date(`${year}-${month}-${day}T00:00:00.000Z`)
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString()
}

type Look = { readonly header?: BundleHeader; readonly sizeBytes: number; readonly state: 'ready' | 'torn' | 'damaged' }

/** Reads head and end. Signatures of others' bundles cannot be checked here: the centre does. */
async function lookAt(path: string, viewer: BundleViewer): Promise<Look> {
  const isUnfinished = path.endsWith(unfinishedEnding)
  let sizeBytes = 0
  try {
    await using handle = await openedFile(path)
    const source = await fileSource(handle.file)
    sizeBytes = source.sizeBytes
    const { header } = await readHead(source)
    if (!isUnfinished) await glanceAt(source, signerOf(header, viewer))
    return { header, sizeBytes, state: isUnfinished ? 'torn' : 'ready' }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { sizeBytes, state: isUnfinished ? 'torn' : 'damaged' }
  }
}

/** Whose signature the end must carry, as far as this station can know. */
function signerOf(header: BundleHeader, viewer: BundleViewer): string | undefined {
  if (header.kind === 'return') return header.centreId === viewer.centre?.id ? viewer.centre.publicKey : undefined
  return header.stationId === viewer.stationId ? viewer.publicKey : undefined
}

/** Opens a file of a stick for reading; closed by `await using`. Throws STICK_GONE, and BUNDLE_DAMAGED for what is no file. */
export async function openedFile(path: string) {
  const file = await openBundleFile(path).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause
    throw new AppError('STICK_GONE', {}, { cause })
  })
  return { file, [Symbol.asyncDispose]: () => file.close() }
}
