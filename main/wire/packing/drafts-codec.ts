// Owns: drafts as bytes on the link.
// Does not own: what a draft is (preload/contract/hand-over.ts), when it goes (main/features/drafts).
// Start here: `encodeDrafts` and `decodeDrafts`.
import { AppError } from '../../../preload/contract/errors.ts'
import { type DraftsRequest, draftLimits, draftsRequestSchema } from '../../../preload/contract/hand-over.ts'
import { canonicalBytes } from '../canonical.ts'
import { deflateWith, dictionaryOf, inflateWith } from './dictionaries.ts'

/** Media type of encoded drafts. The first byte is the dictionary's version, the rest is raw deflate of canonical JSON. */
export const draftsMediaType = 'application/vnd.cunchuang.drafts'

const dictionary = 2

/** Encodes drafts for one request. */
export async function encodeDrafts(request: DraftsRequest): Promise<Buffer> {
  const body = await deflateWith(dictionaryOf(dictionary), canonicalBytes(request))
  return Buffer.concat([Buffer.from([dictionary]), body])
}

/** Decodes drafts and checks their shape. Throws INPUT_INVALID with `reason` dictionary | too-large | truncated | shape. */
export async function decodeDrafts(bytes: Buffer): Promise<DraftsRequest> {
  const limit = draftLimits.requestBytes + (64 << 10)
  const inflated = await inflateWith(dictionaryOf(bytes[0]), bytes.subarray(1), limit)
  try {
    return draftsRequestSchema.parse(JSON.parse(inflated.toString('utf8')))
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { reason: 'shape' }, { cause })
  }
}
