// Owns: the Electron shell's life: one instance a data folder, desk, window, a clean end.
// Does not own: each of these parts.
// Start here: `runElectronShell`.
import { join } from 'node:path'
import { app, type BrowserWindow, dialog, session } from 'electron'
import { AppError } from '../../../preload/contract/errors.ts'
import { failureLine } from '../../../preload/contract/sentences.ts'
import { ProgramRefused } from '../child-program.ts'
import { type DeskProcess, keepDesk, type WindowSession } from '../desk-process.ts'
import { createPage } from '../page.ts'
import { programFiles } from '../program-files.ts'
import { startOptions } from '../start-options.ts'
import { carryCalls } from './calls.ts'
import { pageAddress } from './origin.ts'
import { confine, denyByDefault } from './permissions.ts'
import { declareScheme, servePage } from './protocol.ts'
import { launchUtility } from './utility-program.ts'
import { makeWindow, setMenu } from './window.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Runs the shell. To be called before Electron is ready: it declares the scheme and forces every renderer's sandbox. */
export function runElectronShell(): void {
  app.enableSandbox()
  declareScheme()
  confine(app)
  start().catch(fail)
}

async function start(): Promise<void> {
  const options = startOptions(process.argv.slice(1), { lenient: true })
  // Everything that Chromium keeps lies in the data folder, and the instance lock with it: one instance a data folder.
  app.setPath('userData', join(options.shellFolder, 'electron'))
  if (!app.requestSingleInstanceLock()) {
    say('村窗已在运行，已把它的窗口放到前面。 Already running; its window was brought to the front.')
    return app.exit(0)
  }
  await app.whenReady()
  setMenu()
  const files = programFiles()
  const desk = keepDesk({
    ...files,
    dataFolder: options.dataFolder,
    division: options.division,
    centrePort: options.centrePort,
    centreUrl: options.centreUrl,
    launch: launchUtility,
    say,
  })
  const ending = endInOrder(desk)
  // What was stopped in the middle of its start has no more to say.
  await Promise.race([show(files, desk), ending])
}

/** Opens the window once the desk answers; resolves when its page is there, or the window closed. Throws as `DeskProcess.ready`. */
async function show(files: ReturnType<typeof programFiles>, desk: DeskProcess): Promise<void> {
  await desk.ready
  const window = openWindow(files.preloadFile, files.pageFolder, desk)
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
  // A window that is closed meanwhile breaks off its page: an end, and no failure.
  let isClosed = false
  window.once('close', () => {
    isClosed = true
  })
  await window.loadURL(pageAddress).catch((error: unknown) => {
    if (!isClosed) throw error
  })
  if (!isClosed) say('窗口已打开。 Window open.')
}

function openWindow(preloadFile: string, pageFolder: string, desk: DeskProcess): BrowserWindow {
  const windowSession: WindowSession = { sessionId: undefined }
  denyByDefault(session.defaultSession)
  servePage(session.defaultSession, createPage(pageFolder), desk, windowSession)
  const window = makeWindow(preloadFile)
  window.once('closed', carryCalls(window.webContents, desk, windowSession))
  return window
}

/** Closes desk and centre before the application ends, whatever asks it to. Resolves as soon as something asks. */
function endInOrder(desk: DeskProcess): Promise<void> {
  let stopped = false
  app.on('window-all-closed', () => app.quit())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())
  return new Promise((resolve) => {
    app.on('will-quit', (event) => {
      if (stopped) return
      resolve()
      event.preventDefault()
      desk.stop().finally(() => {
        stopped = true
        app.quit()
      })
    })
  })
}

/** What cannot start is said in one sentence, on a screen where there is one, and ends the program. */
function fail(error: unknown): void {
  const sentence =
    error instanceof AppError
      ? failureLine(error)
      : error instanceof ProgramRefused
        ? error.sentence
        : failureLine({ code: 'INTERNAL', details: {} })
  process.stderr.write(`${error instanceof AppError || error instanceof ProgramRefused ? sentence : String(error)}\n`)
  if (app.isReady()) dialog.showErrorBox('村窗', sentence)
  app.exit(1)
}
