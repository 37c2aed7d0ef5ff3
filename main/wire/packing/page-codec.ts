// Owns: a page of the feed as bytes on the link.
// Does not own: what a page is (preload/contract/wire.ts) or whether it is believed (centre-client.ts).
// Start here: `encodePage` and `decodePage`.
import { AppError } from '../../../preload/contract/errors.ts'
import { type FeedPage, feedPageSchema } from '../../../preload/contract/wire.ts'
import { canonicalBytes } from '../canonical.ts'
import { deflateWith, dictionaryOf, inflateWith } from './dictionaries.ts'

/** Media type of an encoded page. Its first byte is the dictionary's version, the rest is raw deflate. A station that accepts it gets it; others get JSON. */
export const pageMediaType = 'application/vnd.cunchuang.page'

/** What a station accepts that also wants to know up to where the centre has its ledger; a centre that does not know this reads the type before it. */
export const tellingPageMediaType = `${pageMediaType};ledger`

/** An inflated page has at most 8 MiB. */
const pageLimitBytes = 8 << 20

/** A page's dictionary is the one that its station is known to have: every station that accepts this type has the second. */
const pageDictionary = 2

/** Encodes a signed page: canonical JSON, deflated with a preset dictionary. */
export async function encodePage(page: FeedPage): Promise<Buffer> {
  const body = await deflateWith(dictionaryOf(pageDictionary), canonicalBytes(page))
  return Buffer.concat([Buffer.from([pageDictionary]), body])
}

/** Decodes a page and checks its shape. Throws INPUT_INVALID with `reason` dictionary | too-large | truncated | shape. */
export async function decodePage(bytes: Buffer): Promise<FeedPage> {
  const inflated = await inflateWith(dictionaryOf(bytes[0]), bytes.subarray(1), pageLimitBytes)
  try {
    return feedPageSchema.parse(JSON.parse(inflated.toString('utf8')))
  } catch (cause) {
    throw new AppError('INPUT_INVALID', { reason: 'shape' }, { cause })
  }
}
