// Owns: what counts as our own page in Electron.
// Does not own: what it may do (permissions.ts, calls.ts, window.ts).
// Start here: `isOurPage`.

/** The page's scheme and host: a privileged standard scheme of our own instead of file:. */
export const pageScheme = 'app'
export const pageHost = 'cunchuang'
/** Where the window starts. */
export const pageAddress = `${pageScheme}://${pageHost}/index.html`

/** Whether an address belongs to our own page; false for anything that is not an address. */
export function isOurPage(address: string | undefined): boolean {
  try {
    const { protocol, host } = new URL(address ?? '')
    return protocol === `${pageScheme}:` && host === pageHost
  } catch {
    return false
  }
}
