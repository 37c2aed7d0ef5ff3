import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'
import { maxPdfBytes } from '../reading/reader.ts'
import { openOrResave } from '../writing/resave.ts'
import { writeBeside } from '../writing/write-beside.ts'
import { sealOpened } from './seal-pdf.ts'
import type { SealedPdf, SealRequest } from './seal-request.ts'

/** `sealPdf`'s request with files in place of bytes. */
export type SealFileRequest = Omit<SealRequest, 'pdf'> & { readonly input: string; readonly output: string }

const chunkBytes = 8 * 1024 * 1024

/**
 * Seals the PDF file `input` into `output`. The original is only read; the sealed file is written beside its place,
 * reaches the disk, and is renamed. The file is in memory once, and its bytes are hashed once, while they are read.
 * Throws as `sealPdf` does, and FILE_NOT_FOUND, FILE_NOT_WRITABLE, DISK_FULL, INPUT_INVALID (`output` is `input`),
 * PDF_DAMAGED with `what: 'changed while read'`.
 */
export async function sealPdfFile({ input, output, ...request }: SealFileRequest): Promise<SealedPdf> {
  await refuseSameFile(input, output)
  const { bytes, hash } = await readHashed(input)
  const opened = await openOrResave(bytes)
  const sealed = await sealOpened(opened, request, opened.resaved ? undefined : hash)
  await writeBeside(output, sealed.parts)
  return sealed
}

async function refuseSameFile(input: string, output: string): Promise<void> {
  const [one, other] = await Promise.all([input, output].map((path) => stat(path).catch(() => undefined)))
  if (one !== undefined && other !== undefined && one.ino === other.ino && one.dev === other.dev) {
    throw new AppError('INPUT_INVALID', { field: '输出文件不能就是原文件' })
  }
}

/** The file's bytes and their SHA-256, each chunk hashed while the next is on its way. */
async function readHashed(path: string): Promise<{ bytes: Uint8Array; hash: Hash }> {
  const file = await open(path).catch((cause: unknown) => {
    throw new AppError('FILE_NOT_FOUND', { name: basename(path) }, { cause })
  })
  try {
    const before = await file.stat()
    if (!before.isFile()) return await readPipe(file, path)
    if (before.size > maxPdfBytes) throw new AppError('PDF_TOO_LARGE', { limitMb: maxPdfBytes / 1024 / 1024 })
    const bytes = Buffer.allocUnsafeSlow(before.size)
    const hash = createHash('sha256')
    let next = readChunk(file, bytes, 0)
    for (let at = 0; at < bytes.length; ) {
      const count = await next
      if (count === 0) break
      next = readChunk(file, bytes, at + count)
      hash.update(bytes.subarray(at, at + count))
      at += count
    }
    const after = await file.stat()
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new AppError('PDF_DAMAGED', { what: 'changed while read' })
    }
    return { bytes, hash }
  } finally {
    await file.close()
  }
}

async function readChunk(file: FileHandle, into: Buffer, at: number): Promise<number> {
  if (at >= into.length) return 0
  return (await file.read(into, at, Math.min(chunkBytes, into.length - at), at)).bytesRead
}

/** A pipe tells no size; it is read to its end, or until it is too much. Throws FILE_NOT_FOUND for a folder. */
async function readPipe(file: FileHandle, path: string): Promise<{ bytes: Uint8Array; hash: Hash }> {
  const chunks: Buffer[] = []
  const hash = createHash('sha256')
  try {
    for (let size = 0; ; ) {
      const chunk = Buffer.allocUnsafeSlow(1 << 16)
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null)
      if (bytesRead === 0) return { bytes: Buffer.concat(chunks), hash }
      size += bytesRead
      if (size > maxPdfBytes) throw new AppError('PDF_TOO_LARGE', { limitMb: maxPdfBytes / 1024 / 1024 })
      chunks.push(chunk.subarray(0, bytesRead))
      hash.update(chunk.subarray(0, bytesRead))
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('FILE_NOT_FOUND', { name: basename(path) }, { cause })
  }
}
