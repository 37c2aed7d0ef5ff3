import { AppError } from '../../../preload/contract/errors.ts'
import type { TransportReply } from '../transport/http-transport.ts'
import { deflateWith, inflateWith } from './dictionaries.ts'

/** Media type of JSON in raw deflate (RFC 1951), for answers that are long and alike. Who accepts it gets it; others get JSON. */
export const deflatedJsonType = 'application/vnd.cunchuang.json-deflate'

/** The most that such an answer inflates to: five thousand windows take a third of it. */
const inflatedLimitBytes = 4 << 20
const noDictionary = Buffer.alloc(0)

/** Encodes an answer. */
export function encodeJson(value: unknown): Promise<Buffer> {
  return deflateWith(noDictionary, Buffer.from(JSON.stringify(value)))
}

/** An answer as plain JSON, whichever of the two it came as. Throws CENTRE_NONSENSE for what does not inflate within the bound. */
export async function asJsonReply(reply: TransportReply): Promise<TransportReply> {
  if (reply.contentType !== deflatedJsonType) return reply
  const body = await inflateWith(noDictionary, reply.body, inflatedLimitBytes).catch((cause: unknown) => {
    throw new AppError('CENTRE_NONSENSE', { reason: 'shape', status: reply.status }, { cause })
  })
  return { ...reply, contentType: 'application/json', body }
}
