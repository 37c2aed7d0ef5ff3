import { X509Certificate } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AppError } from '../../../preload/contract/errors.ts'

/** More than any PDF that can be sealed (main/pdf). */
const mostBytes = 1 << 30

/**
 * A whole regular file. Throws FILE_NOT_FOUND, INPUT_INVALID for a folder, a pipe or a device (which may have no end, or
 * never begin), PDF_TOO_LARGE, PDF_DAMAGED with `what: 'changed while read'` for one that somebody is writing.
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  const name = basename(path)
  const missing = (cause: unknown) => new AppError('FILE_NOT_FOUND', { name }, { cause })
  // A pipe that nobody writes to keeps a plain open waiting for ever.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((cause) => {
    throw missing(cause)
  })
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw new AppError('INPUT_INVALID', { field: `${name} 不是普通文件` })
    if (facts.size > mostBytes) throw new AppError('PDF_TOO_LARGE', { limitMb: mostBytes / 1024 / 1024 })
    return await readUnchanged(file, facts)
  } catch (cause) {
    throw cause instanceof AppError ? cause : missing(cause)
  } finally {
    await file.close()
  }
}

/** As many bytes as the file had at first: one that grows all the time has no end. */
async function readUnchanged(file: FileHandle, before: Stats): Promise<Buffer> {
  const bytes = Buffer.alloc(before.size)
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  const after = await file.stat()
  if (filled < bytes.length || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    throw new AppError('PDF_DAMAGED', { what: 'changed while read' })
  }
  return bytes
}

/** The PIN in a file, without the mark and the line end that editors on Windows add. */
export async function readPin(path: string): Promise<string> {
  const bytes = await readRegularFile(path)
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes).replace(/\r?\n$/, '')
}

/** The certificates of a PEM file (one or more), or the one of a DER file, as PEM. Throws INPUT_INVALID, naming the option. */
export async function readCertificates(path: string, option: string): Promise<string> {
  const bytes = await readRegularFile(path)
  const blocks = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  try {
    return (blocks ?? [bytes]).map((block) => new X509Certificate(block).toString()).join('')
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { field: `${option} 的文件不是证书` }, { cause })
  }
}

/** The sealed file may take the place of nothing that it is made from: the document, the seal, its PIN. Throws USAGE. */
export async function refuseSameFile(given: string, output: string): Promise<void> {
  if (await isSameFile(given, output)) {
    throw new AppError('USAGE', { why: '输出文件不能就是原文件、印章文件或口令文件' })
  }
}

/** Whether two paths lead to one file or folder. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)))
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev
}
