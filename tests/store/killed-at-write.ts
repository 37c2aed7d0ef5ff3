/**
 * A process that opens a station, does one thing, and is killed (kill -9) as it is about to write to the store for the nth time;
 * 0: it is killed once all is done, before anybody is answered. Prints how many writes it saw. Arguments: folder, what, n, file or draft.
 */
import { readFileSync, writeSync } from 'node:fs'
import { openStation } from '../helpers/reconciling.ts'
import { settableClock } from '../helpers/store.ts'

const [folder = '', what = '', nth = '0', given = ''] = process.argv.slice(2)
const station = openStation(folder, settableClock('2026-03-02T13:00:00.000Z'))
const caller = { sessionId: 's', account: 'clerk', displayName: '文书' }
const { db } = station.context.store
const { run } = db
let writes = 0
Object.assign(db, {
  run: (...order: Parameters<typeof run>) => {
    writes += 1
    if (writes === Number(nth)) process.kill(process.pid, 'SIGKILL')
    return run(...order)
  },
})
if (what === 'receive') await station.handlers['drafts.receive']?.({ draftId: given }, caller)
if (what === 'take') await station.catalogue.take(readFileSync(given), 'clerk')
writeSync(1, `${writes}\n`)
process.kill(process.pid, 'SIGKILL')
