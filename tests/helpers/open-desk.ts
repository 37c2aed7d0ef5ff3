// Owns: an open desk that is there while a file's tests run, and gone after them.
// Does not own: the desk process (desk.ts), what is done with papers on it (papers.ts).
// Start here: `openDeskFor`.

import { cpSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { type DeskUnderTest, freshFolder, removeFolder, startDesk } from './desk.ts'
import { type OpenDesk, openDesk } from './papers.ts'

/** The open desk of the test that runs; its fields follow what `start` and `logIn` do. */
export type DeskInUse = OpenDesk & {
  readonly folder: string
  /** Starts a desk on the folder of one that has ended; nobody is logged in. */
  readonly start: () => Promise<void>
  /** Logs the training clerk in, anew where somebody was. */
  readonly logIn: () => Promise<void>
}

/**
 * Opens a training desk on a folder of its own, before each test or once for all tests of the file; kills it and removes the
 * folder afterwards. The folders of the tests of a file are copies of one, as a first start leaves it.
 */
export function openDeskFor(which: 'each test' | 'all tests'): DeskInUse {
  let folder = ''
  let desk: DeskUnderTest
  let login: OpenDesk
  const start = async () => {
    desk = await startDesk(folder)
  }
  const logIn = async () => {
    login = await openDesk(desk)
  }
  const begin = async (copied?: string) => {
    folder = freshFolder()
    if (copied !== undefined) cpSync(copied, folder, { recursive: true })
    await start()
    await logIn()
  }
  // A test that is skipped before its desk starts comes here too.
  const end = async () => {
    await desk?.kill('SIGKILL')
    removeFolder(folder)
  }
  if (which === 'each test') {
    const firstStarted = freshFolder()
    beforeAll(async () => void (await (await startDesk(firstStarted)).kill('SIGTERM')))
    beforeEach(() => begin(firstStarted))
    afterEach(end)
    afterAll(() => removeFolder(firstStarted))
  } else {
    beforeAll(() => begin())
    afterAll(end)
  }
  return {
    get folder() {
      return folder
    },
    get desk() {
      return desk
    },
    get sessionId() {
      return login.sessionId
    },
    get sealPin() {
      return login.sealPin
    },
    start,
    logIn,
  }
}
