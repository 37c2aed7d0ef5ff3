/** A process that appends entries to a store until it is killed: prints each number after its commit. Arguments: folder. */
import { writeSync } from 'node:fs'
import { appendAll, draftOf, openTestStore } from '../helpers/store.ts'

const [folder = ''] = process.argv.slice(2)
const store = openTestStore(folder)
for (;;) {
  const entries = appendAll(store, [draftOf({ subject: 'case' }), draftOf({ payload: { text: '档'.repeat(700) } })])
  writeSync(1, `${entries.at(-1)?.seq}\n`)
}
