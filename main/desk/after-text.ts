// Owns: what goes over the link once text has gone, and in what order.
// Does not own: when the link has room for it (main/features/sync), what is said of each (its feature).
// Start here: `afterText`.
import type { CatalogueFeature } from '../features/catalogue/index.ts'
import type { Drafts } from '../features/drafts/index.ts'
import type { Files } from '../features/files/index.ts'
import type { Hall } from '../features/hall/index.ts'
import type { StandardsFeature } from '../features/standards/index.ts'
import type { CentreClient } from '../wire/centre-client.ts'

/** Who has something to say after text. */
export type Speakers = {
  readonly drafts: Pick<Drafts, 'tell'>
  readonly standards: Pick<StandardsFeature, 'sendWaiting' | 'catchUp'>
  readonly catalogue: Pick<CatalogueFeature, 'fetch'>
  readonly files: Pick<Files, 'fetch' | 'run'>
}

/** How a run is bounded: `signal` ends it at once, `shouldYield` once text waits again. */
export type Bounds = Parameters<Files['run']>[1] & { readonly onBytes: () => void }

/**
 * Lets them speak over the centre's line, one after the other. What is small comes and goes first: drafts, releases that
 * everybody waits for, what the centre hands back. Throws what stops the link.
 */
export async function afterText(speakers: Speakers, client: CentreClient, bounds: Bounds): Promise<void> {
  const { drafts, standards, catalogue, files } = speakers
  const line = endedBy(bounds.signal, client)
  await drafts.tell(line, bounds)
  await standards.sendWaiting(line)
  await catalogue.fetch({ send: line.send, route: 'centre' }, bounds)
  await standards.catchUp(line)
  await files.fetch(line, bounds)
  await files.run(line, bounds)
}

/** As `afterText` over the hall's relay, which takes files and hands on releases, and nothing else. */
export async function afterTextOverRelay(
  { catalogue, files, hall }: Pick<Speakers, 'catalogue' | 'files'> & { readonly hall: Pick<Hall, 'fileLine'> },
  bounds: Omit<Bounds, 'onBytes'>,
): Promise<void> {
  const { line, relay } = hall.fileLine()
  await catalogue.fetch({ send: line.send, route: 'relay' }, { ...bounds, onBytes: () => undefined })
  await files.run(line, { ...bounds, relay })
}

/** The line with every request ended by `signal`, also those of a speaker who does not ask for one. */
function endedBy(signal: AbortSignal, client: CentreClient): CentreClient {
  return { ...client, send: (request) => client.send({ ...request, signal: request.signal ?? signal }) }
}
