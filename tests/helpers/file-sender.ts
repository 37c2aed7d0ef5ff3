// Sends what waits in a station's store; a process of its own, so that it can be killed: node file-sender.ts FOLDER URL
import { openFileDesk } from './file-desk.ts'

const [, , folder = '', url = ''] = process.argv
const desk = openFileDesk(folder, false)
await desk.send(url)
desk.close()
