// Owns: whether a request comes from our own page on this machine.
// Does not own: whether its window was let in (launch-tokens.ts).
// Start here: `isFromOurPage`, `mayAskApi`.
import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a request's headers are those of our own page: Host is our loopback address (another name that resolves to
 * 127.0.0.1 is refused: DNS rebinding), and Origin, where a browser sends one, names ourselves.
 */
export function isFromOurPage(headers: IncomingHttpHeaders, port: number): boolean {
  const ourselves = `127.0.0.1:${port}`
  return headers.host === ourselves && (headers.origin === undefined || headers.origin === `http://${ourselves}`)
}

/**
 * Whether a request to /api/ may go on: what changes something must carry our Origin, and no browser may say that
 * another site asked (Sec-Fetch-Site). The page itself may be opened from anywhere: it shows nothing without a cookie.
 */
export function mayAskApi(headers: IncomingHttpHeaders, changesSomething: boolean): boolean {
  if (changesSomething && headers.origin === undefined) return false
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'same-origin'
}

/** The value of one cookie. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}
