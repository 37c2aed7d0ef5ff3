// Owns: the browser shell as a program: desk, loopback server, address, browser, and a clean end.
// Does not own: any of these parts.
// Start here: `main`.
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import { ProgramRefused } from '../child-program.ts'
import { keepDesk } from '../desk-process.ts'
import { createPage } from '../page.ts'
import { programFiles } from '../program-files.ts'
import { type StartOptions, startOptions } from '../start-options.ts'
import { listenOnKeptPort } from './kept-port.ts'
import { createLaunchTokens } from './launch-tokens.ts'
import { launchNode } from './node-program.ts'
import { becomeShell, type ShellOwner } from './running-shell.ts'
import { createShellServer } from './server.ts'
import { linesFor, openInBrowser } from './system-browser.ts'

z.config({ jitless: true })

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const options = startOptions(process.argv.slice(2))
  const shell = await becomeShell(options.shellFolder)
  if ('address' in shell) {
    say('村窗已在运行，这是它的新地址。 Already running; here is a fresh address.')
    return await show(shell.address, options)
  }
  await run(shell, options)
}

async function run(shell: ShellOwner, options: StartOptions): Promise<void> {
  const files = programFiles()
  const desk = keepDesk({
    ...files,
    dataFolder: options.dataFolder,
    division: options.division,
    centrePort: options.centrePort,
    centreUrl: options.centreUrl,
    launch: launchNode,
    say,
  })
  await desk.ready
  const tokens = createLaunchTokens()
  const server = createShellServer({ page: createPage(files.pageFolder), desk, tokens })
  const { port, taken } = await listenOnKeptPort(server, join(options.shellFolder, 'port.json'), options.port)
  if (taken !== undefined) say(failureLine({ code: 'PORT_TAKEN', details: { port: taken } }))
  const freshAddress = () => `http://127.0.0.1:${port}/#t=${tokens.issue()}`
  await shell.serve(freshAddress)
  endOnSignal(async () => {
    server.close()
    server.closeAllConnections()
    await desk.stop()
    shell.release()
  })
  await show(freshAddress(), options)
}

/** Opens the address where a window may be opened, and prints it in any case: once, on a line of its own. */
async function show(address: string, options: StartOptions): Promise<void> {
  const machine = { environment: process.env, userId: process.getuid?.() }
  const profile = join(options.shellFolder, 'browser')
  const notOpened = options.open ? await openInBrowser(address, profile, machine) : 'no-display'
  for (const line of linesFor(notOpened, address)) say(line)
}

function endOnSignal(close: () => Promise<void>): void {
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    say('正在关闭，数据都已保存。 Closing; everything is saved.')
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
}

main().catch((error: unknown) => {
  if (error instanceof AppError) process.stderr.write(`${failureLine(error)}\n`)
  else if (error instanceof ProgramRefused) process.stderr.write(`${error.sentence}\n`)
  else process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`)
  process.exit(error instanceof AppError && error.code === 'USAGE' ? 2 : 1)
})
