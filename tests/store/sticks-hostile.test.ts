import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundleCommand } from '../../main/cli/bundle.ts'
import { openStickFile } from '../../main/features/bundles/stick-file.ts'
import { openedFile } from '../../main/features/bundles/sticks.ts'

const name = '440282113201-1-20260302-1.cunchuang'
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sticks-hostile-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const onLinux = test.skipIf(process.platform !== 'linux')

onLinux(
  'a pipe, a device or a folder under the name of a bundle is no bundle, and nobody waits for it',
  async () => {
    const io = { stdout: () => undefined, stderr: () => undefined }
    const pipe = join(folder, name)
    spawnSync('mkfifo', [pipe])
    const device = join(folder, `2${name}`)
    symlinkSync('/dev/zero', device)
    for (const path of [pipe, device, folder]) {
      await expect(openedFile(path)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' })
      await expect(bundleCommand(['show', path], io, {})).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' })
    }
  },
  5_000,
)

onLinux('what a link on a stick points to is not written over, neither anew nor going on', async () => {
  const precious = join(folder, 'precious')
  writeFileSync(precious, 'kept')
  const path = join(folder, `${name}.part`)
  symlinkSync(precious, path)
  await expect(openStickFile(path, 2, () => 0)).rejects.toMatchObject({ code: 'STICK_GONE' })
  const file = await openStickFile(path, 0, () => 0)
  await file.append(Buffer.from('bundle'))
  await file.finish(join(folder, name))
  expect([readFileSync(precious, 'utf8'), readFileSync(join(folder, name), 'utf8')]).toEqual(['kept', 'bundle'])
})
