// Owns: contract calls and events over IPC, with the sender checked. The only user of ipcMain.
// Does not own: what a call does (the desk).
// Start here: `carryCalls`.
import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import { callNames } from '../../../preload/contract/api.ts'
import type { Result } from '../../../preload/contract/errors.ts'
import type { DeskProcess, WindowSession } from '../desk-process.ts'
import { isOurPage } from './origin.ts'

/**
 * Answers every call of the contract for one window and tells it the desk's events; returns what ends the events. A
 * call from any frame but the top frame of our own page is refused (Electron's checklist, item 17).
 */
export function carryCalls(contents: WebContents, desk: DeskProcess, window: WindowSession): () => void {
  for (const name of callNames) {
    ipcMain.handle(`cunchuang:call:${name}`, async (event, input: unknown): Promise<Result<unknown>> => {
      if (event.sender !== contents || !isTopFrameOfOurPage(event.senderFrame)) {
        return { ok: false, error: { code: 'REQUEST_REFUSED', details: {} } }
      }
      return await desk.call(name, input, window)
    })
  }
  return desk.onEvent((message) => {
    if (!contents.isDestroyed()) contents.send('cunchuang:event', message)
  })
}

function isTopFrameOfOurPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isOurPage(frame.url)
}
