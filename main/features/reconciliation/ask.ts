import { type DayReply, type DayRequest, dayReplySchema } from '../../../preload/contract/days.ts'
import { AppError } from '../../../preload/contract/errors.ts'
import { wireErrorSchema } from '../../../preload/contract/wire.ts'
import type { CentreClient } from '../../wire/centre-client.ts'
import { verifyValue } from '../../wire/signatures.ts'
import { refused, unreachable } from '../../wire/transport/link-failures.ts'

/** What asking about a day stands on. */
export type DayLine = {
  readonly client: Pick<CentreClient, 'send'>
  readonly stationId: string
  readonly centrePublicKey: string
  readonly signal: AbortSignal | undefined
}

/** Asks the centre about a day and believes only its own signed answer about that day. Throws CENTRE_UNREACHABLE, CENTRE_REFUSED, CENTRE_NONSENSE. */
export async function askDay(line: DayLine, day: string, request: DayRequest): Promise<DayReply> {
  const reply = await line.client.send({
    method: 'POST',
    path: `/v1/stations/${line.stationId}/days/${day}`,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(request)),
    signal: line.signal,
  })
  const said = reply.contentType.startsWith('application/json') ? parse(reply.body) : undefined
  if (reply.status === 200) return believe(line, day, said)
  const refusal = wireErrorSchema.safeParse(said)
  if (refusal.success) throw refused(refusal.data)
  if (reply.status >= 500) throw unreachable('gateway')
  throw new AppError('CENTRE_NONSENSE', { reason: 'status', status: reply.status })
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function believe({ stationId, centrePublicKey }: DayLine, day: string, said: unknown): DayReply {
  const reply = dayReplySchema.safeParse(said)
  if (!reply.success) throw new AppError('CENTRE_NONSENSE', { reason: 'shape' }, { cause: reply.error })
  const { signature, ...rest } = reply.data
  if (!verifyValue(centrePublicKey, rest, signature)) throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
  if (rest.station !== stationId) throw new AppError('CENTRE_NONSENSE', { reason: 'foreign-station' })
  if (rest.day !== day) throw new AppError('CENTRE_NONSENSE', { reason: 'other-day' })
  return reply.data
}
