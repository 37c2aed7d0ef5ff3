import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import type { SyncFeature } from '../features/sync/index.ts'
import { readOwner, readText, requestOverSocket } from '../wire/local/private-socket.ts'
import type { DeskContext } from './feature.ts'
import { enrolAt } from './joining.ts'

/** Where a training station enrols. */
export type EnrolmentPlace = { readonly centreUrl: string; readonly centreData: string }

const firstWaitMs = 300
/** The centre is on this machine: asking costs nothing. */
const longestWaitMs = 3_000

/**
 * Enrols the station at the centre that runs on this machine, as soon as that can be reached, and tells the link where it
 * is now (its port changes with every start). Works on by itself until it is done or stopped; a pulled cable makes it
 * wait. Returns the way to stop it.
 */
export function keepEnrolling(context: DeskContext, sync: SyncFeature, place: EnrolmentPlace): () => void {
  const stopped = new AbortController()
  const work = async () => {
    for (let waitMs = firstWaitMs; !stopped.signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      if (await tryOnce(context, sync, place)) return
      await wait(waitMs, undefined, { signal: stopped.signal, ref: false })
    }
  }
  work().catch((error: Error) => {
    if (error.name !== 'AbortError') context.log('enrolment', error)
  })
  return () => stopped.abort()
}

async function tryOnce(context: DeskContext, sync: SyncFeature, place: EnrolmentPlace): Promise<boolean> {
  const { centre } = context.store.station.read()
  if (centre) {
    if (centre.url !== place.centreUrl) sync.setCentre({ ...centre, url: place.centreUrl })
    return true
  }
  if (!sync.status().linkOn) return false
  try {
    await enrol(context, sync, place)
    return true
  } catch (error) {
    if (!(error instanceof AppError)) context.log('enrolment', error)
    return false
  }
}

async function enrol(context: DeskContext, sync: SyncFeature, place: EnrolmentPlace): Promise<void> {
  const code = await askForCode(place.centreData, context.station.stationId)
  const reply = await enrolAt(context, { centreUrl: place.centreUrl, code })
  sync.setCentre({ id: reply.centreId, url: place.centreUrl, publicKey: reply.centrePublicKey })
}

/** A one-time code from the embedded centre's office, over its private socket. Throws CENTRE_UNREACHABLE while it is not there. */
async function askForCode(centreData: string, stationId: string): Promise<string> {
  const owner = readOwner(join(centreData, 'centre'))
  if (!owner) throw new AppError('CENTRE_UNREACHABLE')
  const { status, body } = await requestOverSocket({
    socketPath: owner.socketPath,
    method: 'POST',
    path: '/v1/office/enrolment-codes',
    headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stationId }),
  })
  const text = await readText(body)
  if (status !== 200) throw new AppError('CENTRE_REFUSED', { why: '登记码' })
  return z.object({ code: z.string() }).parse(JSON.parse(text)).code
}
