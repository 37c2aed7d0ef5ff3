// Owns: a release as a file: its name, reading it within bounds.
// Does not own: its bytes (pack.ts: the whole pack, for who has nothing), where files lie.
// Start here: `readReleaseFile`.
import { basename } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { openBundleFile } from '../bundle/reader.ts'
import type { CatalogueDocument } from './documents.ts'
import type { SignedManifest } from './manifest.ts'
import { openPack, packLimitBytes, readDocuments, readManifests } from './pack.ts'

const ending = '.cunrelease'

/** The name of a release's file: `440282-事项标准-5.cunrelease`. */
export function releaseFileName({ manifest }: Pick<SignedManifest, 'manifest'>): string {
  return `${manifest.county}-事项标准-${manifest.release}${ending}`
}

/** Whether a name is one of a release's file. */
export function isReleaseFileName(name: string): boolean {
  return name.endsWith(ending) && !name.startsWith('.')
}

/** The bytes of a release's file. Throws FILE_NOT_FOUND, RELEASE_TOO_LARGE before anything is read, RELEASE_DAMAGED for what is no file. */
export async function readReleaseFile(path: string): Promise<Buffer> {
  const handle = await openBundleFile(path).catch((cause: unknown) => {
    if (cause instanceof AppError) throw new AppError('RELEASE_DAMAGED', { place: '它不是文件' }, { cause })
    throw new AppError('FILE_NOT_FOUND', { name: basename(path) }, { cause })
  })
  try {
    const { size } = await handle.stat()
    if (size > packLimitBytes) throw new AppError('RELEASE_TOO_LARGE', { place: '整个发布超过 4 MB' })
    const bytes = Buffer.alloc(size)
    for (let at = 0; at < size; ) {
      const { bytesRead } = await handle.read(bytes, at, size - at, at)
      if (bytesRead === 0) throw new AppError('RELEASE_DAMAGED', { place: '后面少了一截' })
      at += bytesRead
    }
    return bytes
  } finally {
    await handle.close()
  }
}

/** A release that stands on its own, with every document of it. */
export type WholeRelease = {
  readonly signed: SignedManifest
  /** Earlier releases that handed the publisher's key over. */
  readonly handovers: readonly SignedManifest[]
  readonly documents: readonly CatalogueDocument[]
}

/** Opens a whole pack; signatures and documents are still to be judged. Throws RELEASE_…, RELEASE_GAP for one that builds on another. */
export async function openWhole(bytes: Buffer): Promise<WholeRelease> {
  const pack = openPack(bytes)
  if (pack.base !== null) throw new AppError('RELEASE_GAP', { base: pack.base.release, why: '这个文件只有改动的部分' })
  const manifests = await readManifests(pack, undefined)
  const signed = manifests.at(-1)
  if (signed === undefined) throw new AppError('RELEASE_DAMAGED', { place: '里面没有发布清单' })
  const documents = await readDocuments(pack, signed, { manifest: null, documentOf: () => undefined })
  return { signed, handovers: manifests.slice(0, -1), documents }
}
