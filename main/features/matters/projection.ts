import type { EntryPayload } from '../../../preload/contract/entries.ts'
import { calendarItemSchema } from '../../../preload/contract/wire.ts'
import { feedItemsOf, type Projector } from '../../store/index.ts'

/** Which version of which matter is in force: a release names them all. */
export const mattersProjector: Projector = {
  name: 'matters',
  tables: ['matters_in_force'],
  kinds: ['catalogue.applied'],
  apply(entry, db) {
    const { release, matters } = entry.payload as EntryPayload<'catalogue.applied@1'>
    db.run('DELETE FROM matters_in_force')
    for (const { itemId, version, sha256 } of matters) {
      db.run('INSERT INTO matters_in_force (item_id, version, sha256, release) VALUES (?, ?, ?, ?)', [
        itemId,
        version,
        sha256,
        release,
      ])
    }
  },
}

/** Calendars that the centre published, from its feed. */
export const calendarsProjector: Projector = {
  name: 'calendars',
  tables: ['published_calendars'],
  kinds: ['feed.applied'],
  apply(entry, db) {
    for (const { cursor, kind, payload } of feedItemsOf(db, entry.payload as EntryPayload<'feed.applied@1'>)) {
      const published = kind === 'calendar.published' ? calendarItemSchema.safeParse(payload).data : undefined
      if (published === undefined) continue
      const row = [cursor, JSON.stringify(published.calendar)]
      db.run('INSERT INTO published_calendars (cursor, calendar) VALUES (?, ?)', row)
    }
  },
}
