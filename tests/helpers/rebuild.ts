import { openFeatures } from '../../main/desk/compose.ts'
import { readProfile } from '../../main/desk/profile.ts'
import { systemClock } from '../../preload/contract/clock.ts'
import { resourcesFolder } from './desk.ts'

/**
 * Opens the store of a data folder that no desk holds, and gives every projected row as it is and as a rebuild from ledger
 * and feed makes it, with the number of 收件 entries. `key` is base64, from `/shell/key`.
 */
export async function rebuiltTables(folder: string, key: string) {
  const profile = readProfile(folder)
  if (!profile) throw new Error('no profile')
  const ground = { clock: systemClock, emit: () => {}, log: () => {}, dataFolder: folder, resources: resourcesFolder }
  const features = openFeatures({ ...ground, station: profile }, new Uint8Array(Buffer.from(key, 'base64')))
  const { ledger, db } = features.context.store
  const before = ledger.snapshotTables()
  ledger.rebuild()
  const after = ledger.snapshotTables()
  const found = db.get<{ found: number }>("SELECT count(*) AS found FROM entries WHERE kind = 'case.received'")
  await features.close()
  return { before, after, receivedEntries: found?.found }
}
