// Owns: what a relay says to its county in its own name: asking which stations it serves, telling where they reach it.
// Does not own: what it says for its stations (onward.ts), how it was let in (upstream.ts).
// Start here: `askStations`.
import { readAnswer } from '../../main/wire/centre-answers.ts'
import type { CentreClient } from '../../main/wire/centre-client.ts'
import { verifyValue } from '../../main/wire/signatures.ts'
import { AppError } from '../../preload/contract/errors.ts'
import { type RelayStations, relayStationsSchema } from '../../preload/contract/relay.ts'
import type { Database } from '../database.ts'
import { noteRemoved, type Upstream } from './upstream.ts'

/** Who asks, and where it is noted that the county knows this relay no more. */
export type AskingRelay = { readonly database: Database; readonly upstream: Upstream; readonly now: () => Date }

/** The county's list of the relay's stations, by its signature. Throws CENTRE_NONSENSE for one that is not for this relay, and as the line does. */
export async function askStations(
  { database, upstream, now }: AskingRelay,
  own: CentreClient,
  signal: AbortSignal,
): Promise<RelayStations> {
  const path = `/v1/relays/${upstream.relayId}/stations`
  try {
    return checkList(readAnswer(relayStationsSchema, await own.send({ method: 'GET', path, signal })), upstream)
  } catch (error) {
    const reason = error instanceof AppError && error.code === 'CENTRE_REFUSED' ? error.details.reason : ''
    if (reason === 'station_unknown' || reason === 'unauthorized') await noteRemoved(database, now())
    throw error
  }
}

/** Tells the county where the hall's windows reach this relay; says whether it took that. */
export async function tellAddress(
  { relayId }: Upstream,
  own: CentreClient,
  address: string,
  signal: AbortSignal,
): Promise<boolean> {
  const headers = { 'content-type': 'application/json' }
  const body = Buffer.from(JSON.stringify({ url: address }))
  const reply = await own.send({ method: 'POST', path: `/v1/relays/${relayId}/address`, headers, body, signal })
  return reply.status === 200
}

/** Believes a list only where the county signed it for this relay. */
function checkList(list: RelayStations, upstream: Upstream): RelayStations {
  const { signature, ...said } = list
  if (!verifyValue(upstream.centrePublicKey, said, signature))
    throw new AppError('CENTRE_NONSENSE', { reason: 'signature' })
  if (list.relayId !== upstream.relayId || list.town !== upstream.town)
    throw new AppError('CENTRE_NONSENSE', { reason: 'foreign-station' })
  return list
}
