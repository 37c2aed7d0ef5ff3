import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../preload/contract/errors.ts'
import type { CatalogueFeature } from '../features/catalogue/index.ts'
import type { SyncFeature } from '../features/sync/index.ts'
import type { DeskContext } from './feature.ts'
import { enrolAt } from './joining.ts'
import { askForCode, offerSamples } from './training-centre.ts'

/** Where a training station enrols. */
export type EnrolmentPlace = { readonly centreUrl: string; readonly centreData: string }

/** The features that an enrolment concerns. */
export type EnrolledFeatures = { readonly sync: SyncFeature; readonly catalogue: CatalogueFeature }

const firstWaitMs = 300
/** The centre is on this machine: asking costs nothing. */
const longestWaitMs = 3_000

/**
 * Enrols the station at the centre that runs on this machine, as soon as that can be reached, and tells the link where it
 * is now (its port changes with every start). The samples that are in force here are offered to it before, so that it can
 * name their publisher. Works on by itself until it is done or stopped; a pulled cable makes it wait. Returns the way to stop it.
 */
export function keepEnrolling(
  context: DeskContext,
  { sync, catalogue }: EnrolledFeatures,
  place: EnrolmentPlace,
): () => void {
  const stopped = new AbortController()
  const work = async () => {
    for (let waitMs = firstWaitMs; !stopped.signal.aborted; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      if (await tryOnce(context, { sync, catalogue }, place)) return
      await wait(waitMs, undefined, { signal: stopped.signal, ref: false })
    }
  }
  work().catch((error: Error) => {
    if (error.name !== 'AbortError') context.log('enrolment', error)
  })
  return () => stopped.abort()
}

async function tryOnce(
  context: DeskContext,
  { sync, catalogue }: EnrolledFeatures,
  place: EnrolmentPlace,
): Promise<boolean> {
  const { centre } = context.store.station.read()
  if (centre && centre.url !== place.centreUrl) sync.setCentre({ ...centre, url: place.centreUrl })
  if (!sync.status().linkOn) return false
  try {
    await offerSamples(context, catalogue, place.centreData)
    if (!centre) await enrol(context, { sync, catalogue }, place)
    return true
  } catch (error) {
    if (!(error instanceof AppError)) context.log('enrolment', error)
    return false
  }
}

async function enrol(
  context: DeskContext,
  { sync, catalogue }: EnrolledFeatures,
  place: EnrolmentPlace,
): Promise<void> {
  const code = await askForCode(place.centreData, context.station.stationId)
  const reply = await enrolAt(context, { centreUrl: place.centreUrl, code })
  if (reply.publisherKey !== undefined) catalogue.pin(reply.publisherKey, reply.publisherBefore)
  sync.setCentre({ id: reply.centreId, url: place.centreUrl, publicKey: reply.centrePublicKey })
}
