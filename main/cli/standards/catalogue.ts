// Owns: a whole set of documents from where it lies: a folder of files, or a release's file.
// Does not own: single documents (files.ts), whose signature counts (a station's pin).
// Start here: `readCatalogue`.
import { basename } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { documentInWords } from '../../../preload/contract/standards/documents.ts'
import { type CatalogueDocument, readDocument } from '../../wire/catalogue/documents.ts'
import { assertSignedBy, isSigned, placeOf } from '../../wire/catalogue/manifest.ts'
import { isReleaseFileName, openWhole, readReleaseFile, type WholeRelease } from '../../wire/catalogue/release-file.ts'
import { readDocumentsFolder } from './documents-folder.ts'
import { isFolder } from './files.ts'

/** Whether a path is a folder or names a release's file. Throws NOT_FOUND for a path that is nothing. */
export function isCatalogue(path: string): boolean {
  return isFolder(path) || isReleaseFileName(basename(path))
}

/** The documents of a folder or a release's file, each place once. Throws as these, INPUT_INVALID for a folder with two versions of one document. */
export async function readCatalogue(path: string): Promise<readonly CatalogueDocument[]> {
  if (!isFolder(path)) return (await readSoundRelease(path)).documents
  const documents = readDocumentsFolder(path)
  const seen = new Set<string>()
  for (const document of documents) {
    const place = placeOf(document)
    if (seen.has(place))
      throw new AppError('INPUT_INVALID', {
        field: `${basename(path)} 里有两份标识相同的（${documentInWords(document)}），一份只能有一版`,
      })
    seen.add(place)
  }
  return documents
}

/** A release whose every document is what its list names, and whose signature, where it has one, is of the key that it names. Throws NOT_FOUND, INPUT_INVALID for a folder, RELEASE_…. */
export async function readSoundRelease(file: string): Promise<WholeRelease> {
  if (isFolder(file)) throw new AppError('INPUT_INVALID', { field: `${basename(file)} 是文件夹，要写一个发布文件` })
  const whole = await openWhole(await readReleaseFile(file))
  if (isSigned(whole.signed)) assertSignedBy(whole.signed, whole.signed.publisher)
  for (const { bytes, ...ref } of whole.documents) readDocument(ref, bytes)
  return whole
}
