import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { feedItemSchema, relayItemSchema } from '../../../preload/contract/wire.ts'
import type { Projector } from '../../store/index.ts'
import { readFeedItems, writeRelay } from './store.ts'

/** The hall's relay, as the centre's feed last named it. */
export const hallProjector: Projector = {
  name: 'hall',
  tables: ['hall_relay'],
  kinds: ['feed.applied'],
  apply(entry, db) {
    const { from, to } = entry.payload as EntryPayload<'feed.applied@1'>
    for (const bytes of readFeedItems(db, from, to)) {
      const item = feedItemSchema.safeParse(JSON.parse(bytes)).data
      const said = item?.kind === 'hall.relay' ? relayItemSchema.safeParse(item.payload).data : undefined
      if (said !== undefined) writeRelay(db, said.relay)
    }
  },
}
