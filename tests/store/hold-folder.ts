/** A process that owns a folder until it is killed: prints `held`, or the code of the refusal. Arguments: folder. */
import { lockFolder } from '../../main/wire/local/folder-lock.ts'

const [folder = ''] = process.argv.slice(2)
try {
  lockFolder(folder)
  process.stdout.write('held\n')
  setInterval(() => {}, 60_000)
} catch (error) {
  process.stdout.write(`${error instanceof Error && 'code' in error ? String(error.code) : String(error)}\n`)
}
