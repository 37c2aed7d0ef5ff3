import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, expect, test } from '@playwright/test'
import { electronCopy, electronEnvironment, electronUser, noRuntime, startDisplay } from '../helpers/electron.ts'

test('a window that is closed while its page loads ends the program without an error box', async () => {
  test.skip(noRuntime() !== undefined, noRuntime() ?? '')
  await startDisplay()
  const dataFolder = mkdtempSync(join(tmpdir(), 'cunchuang-closing-'))
  electronUser().own(dataFolder)
  const copy = electronCopy()
  const electron = await _electron.launch({
    executablePath: copy.command,
    args: [copy.program, '--data', dataFolder],
    chromiumSandbox: true,
    env: electronEnvironment(copy.folder),
  })
  const child = electron.process()
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => said.push(String(text)))
  // The box would wait for a press: what it says is told instead.
  await electron.evaluate(({ app, dialog }) => {
    dialog.showErrorBox = (title, content) => process.stderr.write(`error box: ${title} ${content}\n`)
    app.on('browser-window-created', (_, window) =>
      window.webContents.once('did-start-navigation', () => window.close()),
    )
  })
  const code = await ended
  rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 })

  expect({ code, said: said.join('') }).toEqual({ code: 0, said: expect.not.stringMatching(/error box|窗口已打开/u) })
})
