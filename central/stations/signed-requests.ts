// Owns: who an HTTP request is from: a station, its relay, or who proves a key for the first time.
// Does not own: whether a signature is good, fresh and new (authentication.ts), what is asked for (routes.ts and the other parts' routes).
// Start here: `requireStation`: every route of a station stands on it.
import type { FastifyRequest } from 'fastify'
import { readSignature, verifyRequest } from '../../main/wire/signatures.ts'
import type { Database } from '../database.ts'
import type { Sender } from '../ledger/entries.ts'
import { Refusal } from '../refusal.ts'
import { isOfTown } from '../relay/county.ts'
import { authenticate, findStation, refuseSkew, replaced, type Speaker } from './authentication.ts'

/**
 * The station of the address: by the request's own signature, or by that of the relay that the county let in for its town. For
 * a machine in whose place another is, the relay may bring what it took before it knew (`late`), and nothing else.
 */
export async function requireStation(
  database: Database,
  request: FastifyRequest,
  id: string,
  now: Date,
  { late = false }: { readonly late?: boolean } = {},
): Promise<Sender> {
  const { keyId, publicKey, town } = await requireSignature(database, request, now)
  if (keyId === id) return { stationId: id, publicKey }
  if (town === undefined || !isOfTown(id, town)) throw new Refusal('unauthorized', '这不是你的窗口')
  const station = await findStation(database, id)
  if (station === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  if (station.isReplaced && !late) throw replaced()
  return { stationId: id, publicKey: station.publicKey, via: keyId }
}

/** Whoever signed the request: a station or a relay that is let in. */
export function requireSignature(database: Database, request: FastifyRequest, now: Date): Promise<Speaker> {
  const signed = { method: request.method, path: request.raw.url ?? '', body: request.rawBody }
  return authenticate(database, signed, signatureHeaders(request), now)
}

/** At enrolment the key is not known yet: the request proves that its sender holds the key that it brings. */
export function requireOwnSignature(request: FastifyRequest, keyId: string, publicKey: string, now: Date): void {
  const signed = { method: request.method, path: request.raw.url ?? '', body: request.rawBody }
  const headers = signatureHeaders(request)
  const claimed = readSignature(headers)
  if (claimed?.keyId !== keyId || !verifyRequest(signed, headers, publicKey))
    throw new Refusal('unauthorized', '签名不对')
  refuseSkew(claimed.createdSeconds, now)
}

function signatureHeaders(request: FastifyRequest) {
  const one = (name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    'content-digest': one('content-digest'),
    'signature-input': one('signature-input'),
    signature: one('signature'),
  }
}
