import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { lockFolder } from '../../main/wire/local/folder-lock.ts'
import { failureOf, newStationStore, openTestStore, temporaryFolder } from '../helpers/store.ts'

const rounds = 30

function start(script: string, folder: string): ChildProcess {
  const file = join(import.meta.dirname, script)
  return spawn(process.execPath, [file, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
}

/** Kills a process after it printed `lines` lines; gives all lines that it got out. */
async function killAfter(child: ChildProcess, lines: number): Promise<string[]> {
  const printed: string[] = []
  if (!child.stdout) throw new Error('no output')
  const reader = createInterface({ input: child.stdout })
  const closed = once(child, 'close')
  for await (const line of reader) {
    printed.push(line)
    if (printed.length === lines) child.kill('SIGKILL')
  }
  await closed
  return printed
}

test(`every entry that was answered is there after ${rounds} kills, none twice`, { timeout: 600_000 }, async () => {
  using folder = temporaryFolder()
  newStationStore(folder.path).close()
  for (let round = 1; round <= rounds; round += 1) {
    const printed = await killAfter(start('append-forever.ts', folder.path), 1 + ((round * 37) % 60))
    const store = openTestStore(folder.path)
    const verdict = store.ledger.verify()
    store.close()
    expect(verdict.ok).toBe(true)
    expect(verdict.ok && verdict.count).toBeGreaterThanOrEqual(Number(printed.at(-1)))
  }
})

test('a second process is refused the folder, and a killed owner frees it', async () => {
  using folder = temporaryFolder()
  const owner = start('hold-folder.ts', folder.path)
  if (!owner.stdout) throw new Error('no output')
  const [line] = await once(createInterface({ input: owner.stdout }), 'line')
  expect(line).toBe('held')
  const refused = await failureOf(() => lockFolder(folder.path))
  const closed = once(owner, 'close')
  owner.kill('SIGKILL')
  await closed
  const lock = lockFolder(folder.path)
  expect(refused).toEqual({ code: 'FOLDER_IN_USE', details: {} })
  expect(await killAfter(start('hold-folder.ts', folder.path), 1)).toEqual(['FOLDER_IN_USE'])
  lock.release()
  lock.release()
  expect(await killAfter(start('hold-folder.ts', folder.path), 1)).toEqual(['held'])
})
