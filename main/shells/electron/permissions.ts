// Owns: what any web content in this program may do: nothing, but for our page's camera and a folder that a person chose.
// Does not own: the window (window.ts).
// Start here: `denyByDefault`, `confine`.
import type { App, Session } from 'electron'
import { isOurPage } from './origin.ts'

/**
 * The page takes photos of papers, writes to the clipboard when a clerk copies a number, and puts sealed papers into a
 * folder that the clerk has chosen in the system's own dialog.
 */
const allowed = new Set(['media', 'clipboard-sanitized-write', 'fullscreen', 'fileSystem'])

/** Denies every permission of a session but those of our own page; sound is never one of them. */
export function denyByDefault(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide, details) => {
    const sound = 'mediaTypes' in details && details.mediaTypes?.includes('audio') === true
    decide(allowed.has(permission) && !sound && details.isMainFrame && isOurPage(contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return allowed.has(permission) && details.mediaType !== 'audio' && isOurPage(origin)
  })
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event, item) => {
    if (!isOurPage(item.getURL()) && !item.getURL().startsWith('blob:app://cunchuang/')) event.preventDefault()
  })
}

/** Confines every web content that this program ever makes: no other page, no new window, no webview. */
export function confine(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.on('will-frame-navigate', (event) => {
      if (!isOurPage(event.url)) event.preventDefault()
    })
    contents.on('will-redirect', (event) => {
      if (!isOurPage(event.url)) event.preventDefault()
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
  })
}
