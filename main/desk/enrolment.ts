import { setTimeout as wait } from 'node:timers/promises'
import type { EntryPayload } from '../../preload/contract/entries.ts'
import { AppError } from '../../preload/contract/errors.ts'
import type { CatalogueFeature } from '../features/catalogue/index.ts'
import type { SyncFeature } from '../features/sync/index.ts'
import { stationSubject } from '../store/index.ts'
import { createCentreClient } from '../wire/centre-client.ts'
import type { DeskContext } from './feature.ts'
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
  const { store, station } = context
  const { publicKey } = store.station.read()
  const code = await askForCode(place.centreData, station.stationId)
  const client = createCentreClient({
    baseUrl: place.centreUrl,
    stationId: station.stationId,
    sign: (bytes) => store.station.sign(bytes),
    now: () => context.clock.now().getTime(),
  })
  try {
    const reply = await client.enrol({ code, windowName: station.windowName, publicKey })
    const centre = { id: reply.centreId, url: place.centreUrl, publicKey: reply.centrePublicKey }
    store.transaction(() => {
      store.station.setCentre(centre)
      store.ledger.append([enrolledEntry(context, reply.centreId, publicKey)])
    })
    if (reply.publisherKey !== undefined) catalogue.pin(reply.publisherKey)
    sync.setCentre(centre)
  } finally {
    client.close()
  }
}

function enrolledEntry({ station, nowUtc }: DeskContext, centreId: string, publicKey: string) {
  const { stationId, windowName, mode } = station
  const payload: EntryPayload<'station.enrolled@1'> = { stationId, windowName, centreId, publicKey, mode }
  return { kind: 'station.enrolled', version: 1, subject: stationSubject, actor: 'system', at: nowUtc(), payload }
}
