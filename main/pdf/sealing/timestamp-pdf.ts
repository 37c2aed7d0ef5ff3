import { AppError } from '../../../preload/contract/errors.ts'
import { takenNames } from '../reading/fields.ts'
import { PdfFile } from '../reading/reader.ts'
import { sealRecords } from '../reading/seal-records.ts'
import { damaged } from '../reading/syntax.ts'
import { addToForm, addToPage } from '../writing/form-growth.ts'
import { signatureDictionary, signUpdate } from '../writing/signed-update.ts'
import { PdfUpdate } from '../writing/update.ts'
import { freshName } from './certification.ts'
import { refuseRangesPastEnd } from './seal-pdf.ts'
import { type SealedParts, withJoined } from './seal-request.ts'
import { widgetDictionary, withName } from './seal-widget.ts'

/** Who tells the time: gives an RFC 3161 TimeStampToken (DER, at most 16 KB) over the parts. `main/signing` has one. */
export type TimestampAuthority = { timestamp(parts: readonly Uint8Array[]): Promise<Uint8Array> }

/**
 * Appends a document timestamp (ETSI EN 319 142-1, 5.4.3; ISO 32000-2, 12.8.5): an incremental update with an invisible
 * signature field, /Type /DocTimeStamp, over all that stands before it. Certified and locked files take one too: the
 * standard counts it as no change. Throws NOT_FOUND where no seal is there to be timed, PDF_DAMAGED (never written
 * anew: a seal would be lost) and the other refusals of `PdfFile.open`, or what the authority throws.
 */
export async function timestampPdf(request: {
  readonly pdf: Uint8Array
  readonly authority: TimestampAuthority
}): Promise<SealedParts & { readonly field: string }> {
  const file = PdfFile.open(request.pdf)
  if (sealRecords(file).length === 0) throw new AppError('NOT_FOUND', { what: 'seal' })
  refuseRangesPastEnd(file)
  const first = file.pages().next().value
  if (first === undefined) throw damaged('page tree')
  const field = freshName('Timestamp', takenNames(file))
  const update = new PdfUpdate(file)
  const kind = { type: 'DocTimeStamp', subFilter: 'ETSI.RFC3161' } as const
  const signature = update.add(signatureDictionary(file.context, kind))
  const invisible = { page: first.ref, rect: [0, 0, 0, 0], appearance: undefined }
  const widget = update.add(withName(widgetDictionary(file, invisible), field, signature))
  addToPage(file, update, first, widget)
  addToForm(file, update, [widget])
  const signed = await signUpdate(file, update, signature, ({ parts }) => request.authority.timestamp(parts), undefined)
  return withJoined({ ...signed, field })
}
