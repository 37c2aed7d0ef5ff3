import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { largestDocumentBytes } from '../../../preload/contract/standards/documents.ts'
import type { NamedText } from '../../standards/index.ts'

/** The most files of one folder: some hundred matters with their templates. */
const mostFiles = 2000
/** Files that lie in a catalogue's folder and are no documents. */
const notDocuments = new Set(['release.json', 'manifest.json'])

/** The documents of a folder: its .json files, by name. Throws NOT_FOUND, INPUT_INVALID for too many. */
export function readFolder(folder: string): NamedText[] {
  const names = readdirSync(folder)
    .filter((name) => name.toLowerCase().endsWith('.json') && !notDocuments.has(name))
    .toSorted()
  if (names.length === 0) throw new AppError('NOT_FOUND', { what: `${folder} 里的 .json 文件` })
  if (names.length > mostFiles) throw new AppError('INPUT_INVALID', { field: `文件夹里超过 ${mostFiles} 个文件` })
  return names.map((name) => readFile(join(folder, name)))
}

/** One document; of a file that is too large for one only its size. Throws NOT_FOUND, INPUT_INVALID for a folder. */
export function readFile(file: string): NamedText {
  if (isFolder(file)) throw new AppError('INPUT_INVALID', { field: `${file} 是文件夹` })
  const name = basename(file)
  const { size } = statSync(file)
  if (size > largestDocumentBytes) return { name, tooLargeBytes: size }
  return { name, text: readFileSync(file, 'utf8').replace(/^\uFEFF/u, '') }
}

/** Whether a path is a folder. Throws NOT_FOUND for a path that is nothing. */
export function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new AppError('NOT_FOUND', { what: `文件 ${path}` })
  return found.isDirectory()
}
