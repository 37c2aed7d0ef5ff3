import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { namesInFolder, readGivenFile } from '../../wire/local/given-file.ts'
import { wrongUsage } from '../seal/arguments.ts'

/** Files of tables: read within bounds, written whole or not at all. */

const forms = ['workbook', 'json', 'national'] as const
/** How standards lie in a file. */
export type Form = (typeof forms)[number]

/** A file that was read. */
export type TableFile = { readonly name: string; readonly bytes: Buffer }

/** Where the platform's tables are kept in a folder of imported standards. */
export const keptFile = 'national/tables.json'
/** More than any file that is read (main/standards/workbook). */
const largestFile = 16 * 1024 * 1024

/** The form that was asked for, or that a file's name tells. Throws USAGE. */
export function formOf(asked: string | undefined, file: string): Form {
  if (asked === undefined)
    return /\.json$/iu.test(file) ? 'json' : /\.(?:csv|tsv|txt)$/iu.test(file) ? 'national' : 'workbook'
  const found = forms.find((form) => form === asked)
  if (found === undefined) throw wrongUsage(`--form 只能写 ${forms.join('、')}`)
  return found
}

/** A file's bytes. Throws NOT_FOUND, INPUT_INVALID as `readGivenFile` does, WORKBOOK_REFUSED for one that is too large, which is not read. */
export function readTableFile(file: string): TableFile {
  const name = basename(file)
  if (statSync(file, { throwIfNoEntry: false }) === undefined) throw new AppError('NOT_FOUND', { what: `文件 ${file}` })
  const given = readGivenFile(file, largestFile)
  if ('tooLargeBytes' in given) throw new AppError('WORKBOOK_REFUSED', { why: 'too-large', name })
  return { name, bytes: given.bytes }
}

/** Throws INPUT_INVALID where a file is there already that nobody said may be replaced, and for what is no plain file. */
export function assertMayWrite(file: string, mayReplace: boolean): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isFile()) throw new AppError('INPUT_INVALID', { field: `${file} 不是普通文件，写不了` })
  if (!mayReplace) throw new AppError('INPUT_INVALID', { field: `${file} 已经有了，要换掉它请加 --replace` })
}

/**
 * Writes a file whole or not at all, in the place of one of that name: beside it, then renamed. `assertMayWrite` comes
 * before. Throws FILE_NOT_WRITABLE, DISK_FULL.
 */
export function writeWhole(file: string, bytes: Buffer): void {
  const aside = `${file}.${randomUUID()}.aside`
  written(basename(file), () => {
    try {
      writeFileSync(aside, bytes)
      renameSync(aside, file)
    } finally {
      rmSync(aside, { force: true })
    }
  })
}

/** Writes files into a new folder, all or none. Throws INPUT_INVALID for a folder that holds anything, FILE_NOT_WRITABLE, DISK_FULL. */
export function writeFolder(folder: string, files: readonly TableFile[]): void {
  const isThere = existsSync(folder)
  if (isThere && (!statSync(folder).isDirectory() || namesInFolder(folder).length > 0)) {
    throw new AppError('INPUT_INVALID', { field: `${folder} 里已经有文件，请换一个空的或新的文件夹` })
  }
  written(basename(folder), () => {
    const place = resolve(folder)
    mkdirSync(dirname(place), { recursive: true })
    const aside = mkdtempSync(join(dirname(place), `.${basename(place)}-`))
    try {
      for (const { name, bytes } of files) {
        mkdirSync(dirname(join(aside, name)), { recursive: true })
        writeFileSync(join(aside, name), bytes)
      }
      if (isThere) rmdirSync(place)
      renameSync(aside, place)
    } finally {
      rmSync(aside, { recursive: true, force: true })
    }
  })
}

function written(name: string, step: () => void): void {
  try {
    step()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    if (code === 'ENOSPC') throw new AppError('DISK_FULL', {}, { cause })
    throw new AppError('FILE_NOT_WRITABLE', { name }, { cause })
  }
}
