import { statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { catalogueLimits } from '../../../preload/contract/catalogue.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { largestDocumentBytes } from '../../../preload/contract/standards/documents.ts'
import type { NamedText } from '../../standards/index.ts'
import { namesInFolder, readGivenFile } from '../../wire/local/given-file.ts'

/** The most files of one folder: some hundred matters with their templates. */
const mostFiles = 2000
/** And the most bytes of them: all are held at once, and a catalogue has half as many. */
const mostBytes = 2 * catalogueLimits.catalogueBytes
/** Files that lie in a catalogue's folder and are no documents. */
const notDocuments = new Set(['release.json', 'manifest.json'])

/** The documents of a folder: its .json files, by name. Throws NOT_FOUND, INPUT_INVALID for too many or too much, and as `readFile`. */
export function readFolder(folder: string): NamedText[] {
  const names = namesInFolder(folder)
    .filter((name) => name.toLowerCase().endsWith('.json') && !notDocuments.has(name))
    .toSorted()
  if (names.length === 0) throw new AppError('NOT_FOUND', { what: `${folder} 里的 .json 文件` })
  if (names.length > mostFiles) throw new AppError('INPUT_INVALID', { field: `文件夹里超过 ${mostFiles} 个文件` })
  let bytes = 0
  return names.map((name) => {
    const read = readFile(join(folder, name))
    bytes += 'text' in read ? Buffer.byteLength(read.text) : 0
    if (bytes > mostBytes)
      throw new AppError('INPUT_INVALID', { field: `文件夹里的文件合计超过 ${mostBytes >> 20} MB` })
    return read
  })
}

/** One document; of a file that is too large for one only its size. Throws NOT_FOUND, and INPUT_INVALID as `readGivenFile` does. */
export function readFile(file: string): NamedText {
  if (isFolder(file)) throw new AppError('INPUT_INVALID', { field: `${file} 是文件夹` })
  const name = basename(file)
  const given = readGivenFile(file, largestDocumentBytes)
  if ('tooLargeBytes' in given) return { name, ...given }
  const text = textOf(given.bytes)
  return text === undefined ? { name, isForeign: true } : { name, text }
}

/** The text of a file without the mark that editors on Windows put first; undefined for bytes that are not UTF-8: another code page would be read as other words. */
export function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Whether a path is a folder. Throws NOT_FOUND for a path that is nothing. */
export function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new AppError('NOT_FOUND', { what: `文件 ${path}` })
  return found.isDirectory()
}
