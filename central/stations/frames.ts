// Owns: a request of frames at the centre: each is taken and durable as soon as its bytes are there.
// Does not own: bytes (main/wire/packing/frame-codec.ts) or what taking means (../ledger).
// Start here: `takeFrames`.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Head } from '../../main/wire/entry.ts'
import { decodeFrames, framesMediaType } from '../../main/wire/packing/frame-codec.ts'
import type { PushBatch } from '../../main/wire/packing/push-codec.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { Database } from '../database.ts'
import { openInlet } from '../inlet.ts'
import { type Sender, takeBatch } from '../ledger/entries.ts'
import { Refusal } from '../refusal.ts'

/** Lets requests of frames through unread: they are taken in while they arrive. */
export function readFramesAsTheyCome(app: FastifyInstance): void {
  app.addContentTypeParser(framesMediaType, (_request, _payload, done) => done(null))
}

/** Whether a request brings frames. */
export function bringsFrames(request: FastifyRequest): boolean {
  return request.headers['content-type'] === framesMediaType
}

/** Where a station's chain stands. Refuses `station_unknown`. */
export async function headOf(database: Database, stationId: string): Promise<Head> {
  const [head] = await database.query<Head>(
    'select acknowledged as seq, head_hash as hash from stations where station_id = $1',
    [stationId],
  )
  if (head === undefined) throw new Refusal('station_unknown', '中心没有登记过这个窗口')
  return head
}

/**
 * Takes frames one after the other, each by `takeBatch`, and returns where the chain stands at the end. What was taken stays
 * taken whatever follows. Refuses what `takeBatch` refuses, `too_large`, and `malformed` for a request that was cut off, out
 * of order or no frames at all; every refusal says where the chain stands by then. `afterEach` hears each batch that was taken.
 */
export async function takeFrames(
  database: Database,
  sender: Sender,
  request: FastifyRequest,
  now: () => Date,
  afterEach: (batch: PushBatch, head: Head) => Promise<void> = async () => undefined,
): Promise<Head> {
  let head: Head | undefined
  const inlet = openInlet(request.raw)
  try {
    for await (const batch of decodeFrames(inlet.bytes)) {
      head = await takeBatch(database, sender, batch, now())
      await afterEach(batch, head)
    }
    return head ?? (await headOf(database, sender.stationId))
  } catch (error) {
    const refusal = refusalOf(error, request)
    if (refusal === undefined) throw error
    const { seq, hash } = head ?? (await headOf(database, sender.stationId))
    throw new Refusal(refusal.error, refusal.message, { acknowledged: seq, hash, ...refusal.details })
  } finally {
    inlet.shut()
  }
}

function refusalOf(error: unknown, request: FastifyRequest): Refusal | undefined {
  if (error instanceof Refusal) return error
  // Nobody hears it: it keeps a cut link from being taken for a fault of the centre.
  if (request.raw.destroyed && !request.raw.complete) return new Refusal('malformed', '连接断了，断处以前的已经收下')
  if (!(error instanceof AppError) || error.code !== 'INPUT_INVALID') return undefined
  const { reason } = error.details
  if (reason === 'too-large') return new Refusal('too_large', '一段记录太大，前面的已经收下')
  if (reason === 'truncated') return new Refusal('malformed', '记录没有传完整，完整的部分已经收下')
  if (reason === 'order') return new Refusal('malformed', '记录的次序不对，前面的已经收下')
  return new Refusal('malformed', '记录的内容不合规定，前面的已经收下')
}
