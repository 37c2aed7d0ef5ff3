// Owns: what a training station asks of the back office of the centre on its own machine: a code, a publisher, the samples.
// Does not own: when (enrolment.ts), what the centre makes of it.
// Start here: `askForCode`, `offerSamples`.
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../preload/contract/errors.ts'
import type { CatalogueFeature } from '../features/catalogue/index.ts'
import { packMediaType } from '../wire/catalogue/pack.ts'
import { readOwner, readText, requestOverSocket } from '../wire/local/private-socket.ts'
import type { DeskContext } from './feature.ts'

type Reply = { readonly status: number; readonly text: string }

/** Asks over the centre's private socket. Throws CENTRE_UNREACHABLE while it is not there. */
async function ask(centreData: string, path: string, mediaType: string, body: string | Buffer): Promise<Reply> {
  const owner = readOwner(join(centreData, 'centre'))
  if (!owner) throw new AppError('CENTRE_UNREACHABLE')
  const { status, body: answer } = await requestOverSocket({
    ...{ socketPath: owner.socketPath, method: 'POST', path, body },
    headers: { authorization: `Bearer ${owner.token}`, 'content-type': mediaType },
  })
  return { status, text: await readText(answer) }
}

/** A one-time code for the station. Throws CENTRE_UNREACHABLE while the centre is not there, CENTRE_REFUSED. */
export async function askForCode(centreData: string, stationId: string): Promise<string> {
  const path = '/v1/office/enrolment-codes'
  const { status, text } = await ask(centreData, path, 'application/json', JSON.stringify({ stationId }))
  if (status !== 200) throw new AppError('CENTRE_REFUSED', { why: '登记码' })
  return z.object({ code: z.string() }).parse(JSON.parse(text)).code
}

const offeredKey = 'catalogue.offered'

/**
 * Registers the training publisher at the centre where the county has none, and publishes there what is in force here. Whom the
 * centre works with instead (another training station may have been first) a station that it let in before believes from then
 * on; one that is to be let in hears it then, with the keys before it. Done once for each release. Throws
 * CENTRE_UNREACHABLE, DESK_RESTARTING while the centre is not there.
 */
export async function offerSamples(
  context: DeskContext,
  catalogue: CatalogueFeature,
  centreData: string,
): Promise<void> {
  const offer = await catalogue.wholePack()
  if (offer === undefined || isOffered(context, offer.sha256)) return
  const county = context.station.stationId.slice(0, 6)
  const order = { publicKey: offer.publisher, county, name: '演练发布人', ifNone: true }
  const registered = await ask(centreData, '/v1/office/publishers', 'application/json', JSON.stringify(order))
  // A centre that will not is no reason to stay outside: it tells at enrolment whom it works with.
  if (registered.status !== 200) {
    context.log('catalogue', new Error(`the publisher was not registered: ${registered.text}`))
    return
  }
  const working = z.object({ publicKey: z.string() }).parse(JSON.parse(registered.text)).publicKey
  if (working === offer.publisher) {
    const { status, text } = await ask(centreData, '/v1/releases', packMediaType, offer.pack)
    if (status !== 200) context.log('catalogue', new Error(`the samples were not published: ${text}`))
  }
  if (context.store.station.read().centre !== undefined) catalogue.pin(working)
  context.store.settings.set(offeredKey, offer.sha256)
}

/** Whether what is in force was offered to the centre. */
function isOffered({ store }: DeskContext, sha256: string): boolean {
  return store.settings.get(offeredKey) === sha256
}
