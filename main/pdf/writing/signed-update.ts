import { createHash, type Hash } from 'node:crypto'
import { type PDFContext, type PDFDict, PDFHexString, type PDFRef } from 'pdf-lib'
import type { PdfFile } from '../reading/reader.ts'
import type { PdfUpdate } from './update.ts'

/** What a signature covers: everything but the gap that is kept for it. */
export type SignedContent = {
  readonly parts: readonly Uint8Array[]
  /** SHA-256 of the parts. The base is not read again for it. */
  sha256(): Uint8Array
}

/** A file with one signed update at its end. */
export type SignedFile = { readonly parts: readonly [Uint8Array, Uint8Array]; readonly sha256: string }

const contentsBytes = 16 * 1024
const byteRangePlaceholder = [0, 9_999_999_999, 9_999_999_999, 9_999_999_999]

/**
 * A signature dictionary with room for a CMS or a timestamp token of 16 KB.
 * /ByteRange and /Contents come before any text of a request: they are found by their keys.
 */
export function signatureDictionary(
  context: PDFContext,
  kind: { readonly type: 'Sig' | 'DocTimeStamp'; readonly subFilter: string },
): PDFDict {
  return context.obj({
    Type: kind.type,
    Filter: 'Adobe.PPKLite',
    SubFilter: kind.subFilter,
    ByteRange: byteRangePlaceholder,
    Contents: PDFHexString.of('0'.repeat(contentsBytes * 2)),
  })
}

/**
 * Writes the update, fills in /ByteRange of the signature in it, has everything around /Contents signed, and puts what
 * `sign` gives into /Contents. `begun` is the SHA-256 of the base where somebody has read it already.
 */
export async function signUpdate(
  file: PdfFile,
  update: PdfUpdate,
  signature: PDFRef,
  sign: (content: SignedContent) => Promise<Uint8Array>,
  begun: Hash | undefined,
): Promise<SignedFile> {
  const { bytes, offsets } = update.write()
  const start = offsets.get(signature.objectNumber)
  if (start === undefined) throw new Error('the signature is not in its own update')
  const gap = writeByteRange(bytes, start, file.bytes.length)
  const after = bytes.subarray(gap.end)
  const hash = begun ?? createHash('sha256').update(file.bytes)
  hash.update(bytes.subarray(0, gap.start))
  const token = await sign({
    parts: [file.bytes, bytes.subarray(0, gap.start), after],
    sha256: () => hash.copy().update(after).digest(),
  })
  if (token.length > contentsBytes) {
    throw new Error(`the signature has ${token.length} bytes, more than the space kept for it`)
  }
  bytes.write(Buffer.from(token).toString('hex'), gap.start + 1, 'latin1')
  return { parts: [file.bytes, bytes], sha256: hash.update(bytes.subarray(gap.start)).digest('hex') }
}

/** Where in the update /Contents lies, with its angle brackets. */
function writeByteRange(update: Buffer, signatureOffset: number, baseLength: number): { start: number; end: number } {
  const start = update.indexOf('<', update.indexOf('/Contents', signatureOffset))
  const end = start + contentsBytes * 2 + 2
  const open = update.indexOf('[', update.indexOf('/ByteRange', signatureOffset))
  const close = update.indexOf(']', open)
  const range = `[ 0 ${baseLength + start} ${baseLength + end} ${update.length - end}`
  update.write(range.padEnd(close - open, ' '), open, 'latin1')
  return { start, end }
}
