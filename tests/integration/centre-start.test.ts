import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startCentre } from '../helpers/centre.ts'
import { programs } from '../helpers/programs.ts'
import { temporaryFolder } from '../helpers/store.ts'

test('a centre whose first start was killed while its database was made starts as a new one', async () => {
  using folder = temporaryFolder()
  const centreFolder = join(folder.path, 'centre')
  mkdirSync(centreFolder)
  const first = spawn(process.execPath, [programs.centre, 'serve', '--data', folder.path], { stdio: 'ignore' })
  const gone = new Promise((resolve) => first.once('exit', resolve))
  using _watching = killWhenMade(centreFolder, () => first.kill('SIGKILL'))
  await gone
  const left = readdirSync(centreFolder)
  const second = await startCentre(folder.path)
  await second.kill('SIGTERM')
  expect(left).toContain('database.new')
  expect(left).not.toContain('database')
  expect(readdirSync(centreFolder)).toContain('database')
  expect(readdirSync(centreFolder)).not.toContain('database.new')
})

/** Kills as soon as a database begins to be made in a folder. */
function killWhenMade(folder: string, kill: () => void): Disposable {
  const watcher = watch(folder, (_event, name) => {
    if (name?.startsWith('database') === true) kill()
  })
  return { [Symbol.dispose]: () => watcher.close() }
}
