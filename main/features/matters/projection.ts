import type { EntryPayload } from '../../../preload/contract/entries.ts'
import type { Projector } from '../../store/index.ts'

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
