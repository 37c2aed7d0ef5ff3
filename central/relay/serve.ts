// Owns: making a served centre a relay, where it is told to be one or is one already.
// Does not own: listening (../host.ts), what a relay does (onward.ts, hall-routes.ts).
// Start here: `openRelay`.
import type { Database } from '../database.ts'
import type { ContentStore } from '../files/content.ts'
import { type Identity, renameCentre } from '../identity.ts'
import { handFilesOn } from './files.ts'
import type { RelayParts } from './hall-routes.ts'
import { createOnward, type HandFilesOn } from './onward.ts'
import { openUpstream, readUpstream, type UpstreamWanted } from './upstream.ts'

/** A relay's parts, and who it is: it has a name of its own. */
export type OpenRelay = { readonly identity: Identity; readonly parts: RelayParts }

/** What a relay stands on. */
export type OpenRelayOptions = {
  readonly database: Database
  readonly identity: Identity
  /** Where files lie; without it none are taken and none handed on. */
  readonly content?: ContentStore | undefined
  /** What was said at the start; without it a database that is a relay's goes on as it was. */
  readonly upstream?: UpstreamWanted | undefined
  readonly now: () => Date
  readonly onBug: (incident: string, error: unknown) => void
}

const firstName = '大厅中转机'

/** The relay that this database is, or shall be; undefined for a centre of its own. Its traffic begins at `onward.start()`. Refuses and throws as `openUpstream`. */
export async function openRelay(options: OpenRelayOptions): Promise<OpenRelay | undefined> {
  const { database, content, upstream: wanted, now, onBug } = options
  const known = await readUpstream(database)
  if (known === undefined && wanted === undefined) return undefined
  const name = wanted?.name ?? (known === undefined ? firstName : options.identity.name)
  const identity = { ...options.identity, name }
  const upstream = wanted === undefined ? known : await openUpstream(database, identity, wanted, now())
  if (upstream === undefined) return undefined
  await renameCentre(database, name)
  const address = wanted?.address ?? null
  const { centrePublicKey } = upstream
  const files: HandFilesOn | undefined =
    content && ((lineOf, signal) => handFilesOn({ database, content, centrePublicKey, now }, lineOf, signal))
  const onward = createOnward({ database, identity, upstream, address, now, onBug, files })
  return { identity, parts: { upstream, onward } }
}
