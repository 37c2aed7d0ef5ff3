// Owns: what an answer over the link comes to: a value of the wanted shape, or the failure that it tells.
// Does not own: who sends (centre-client.ts, bundle/client.ts), the words of failures (transport/link-failures.ts).
// Start here: `readAnswer`.
import type { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import { type WireError, wireErrorSchema } from '../../preload/contract/wire.ts'
import type { TransportReply } from './transport/http-transport.ts'
import { refused, unreachable } from './transport/link-failures.ts'

/** The body of an answer of 200, in the wanted shape. Throws as `assertTaken`, and CENTRE_NONSENSE for another shape. */
export function readAnswer<T>(wanted: z.ZodType<T>, reply: TransportReply): T {
  assertTaken(reply)
  const parsed = wanted.safeParse(parseJson(reply))
  if (parsed.success) return parsed.data
  throw new AppError('CENTRE_NONSENSE', { reason: 'shape', status: reply.status }, { cause: parsed.error })
}

/** Throws what an answer other than 200 says: its refusal, CENTRE_UNREACHABLE for the centre's own fault, CENTRE_NONSENSE for anything else. */
export function assertTaken(reply: TransportReply): void {
  if (reply.status === 200) return
  const refusal = readRefusal(reply)
  if (refusal !== undefined) throw refused(refusal)
  if (reply.status >= 500) throw unreachable('gateway')
  throw new AppError('CENTRE_NONSENSE', { reason: 'status', status: reply.status })
}

/** Throws CENTRE_UNREACHABLE `busy` where the centre, or what stands before it, asks to be left alone for a while (RFC 9110, 10.2.3). */
export function refuseWhileBusy(reply: TransportReply): void {
  if (reply.status !== 429 && reply.status !== 503) return
  const seconds = /^[0-9]{1,6}$/.exec(reply.headers['retry-after'] ?? '')?.[0]
  const said = readRefusal(reply)?.retryAfterSeconds ?? (seconds === undefined ? undefined : Number(seconds))
  if (said === undefined && reply.status === 503) return
  throw unreachable('busy', undefined, { retryAfterSeconds: Math.min(said ?? 5, 3600) })
}

/** What a refusal says; undefined for an answer that is none, or none of ours. */
export function readRefusal(reply: TransportReply): WireError | undefined {
  if (reply.status < 400) return undefined
  return wireErrorSchema.safeParse(parseJson(reply)).data
}

function parseJson(reply: TransportReply): unknown {
  if (!reply.contentType.startsWith('application/json')) return undefined
  try {
    return JSON.parse(reply.body.toString('utf8'))
  } catch {
    return undefined
  }
}
