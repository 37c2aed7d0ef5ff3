import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { relayItemSchema } from '../../../preload/contract/wire.ts'
import { feedItemsOf, type Projector } from '../../store/index.ts'
import { writeRelay } from './store.ts'

/** The hall's relay, as the centre's feed last named it. */
export const hallProjector: Projector = {
  name: 'hall',
  tables: ['hall_relay'],
  kinds: ['feed.applied'],
  apply(entry, db) {
    for (const item of feedItemsOf(db, entry.payload as EntryPayload<'feed.applied@1'>)) {
      const said = item.kind === 'hall.relay' ? relayItemSchema.safeParse(item.payload).data : undefined
      if (said !== undefined) writeRelay(db, said.relay)
    }
  },
}
