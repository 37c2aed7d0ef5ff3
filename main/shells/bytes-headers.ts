// Owns: which headers pass between a window and the desk's bytes routes, in both shells.
// Does not own: the routes (main/desk) or the way (browser/server.ts, electron/protocol.ts).
// Start here: `bytesRequestHeaders`, `bytesAnswerHeaders`.
import type { IncomingHttpHeaders } from 'node:http'
import { safeHeaders } from './page.ts'

/** What a window may say about bytes that it sends or wants; everything else (cookies, origins) stays behind. */
const askedHeaders = ['content-type', 'content-length', 'range'] as const
/** Only what has a body may announce one: otherwise the desk would take the next request on the same socket for it. */
const bodyHeaders: ReadonlySet<string> = new Set(['content-type', 'content-length'])
const answeredHeaders = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'accept-ranges',
  'etag',
] as const

/** The headers of a window's request that the desk gets to see. */
export function bytesRequestHeaders(
  method: 'GET' | 'PUT',
  header: (name: string) => string | null | undefined,
): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const name of askedHeaders) {
    if (method === 'GET' && bodyHeaders.has(name)) continue
    const value = header(name)
    if (value !== null && value !== undefined) passed[name] = value
  }
  return passed
}

/** The headers of the desk's answer that the window gets to see. A document that is opened by itself may run nothing and is never kept. */
export function bytesAnswerHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {
    ...safeHeaders,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cache-control': 'no-store',
  }
  for (const name of answeredHeaders) {
    const value = headers[name]
    if (value !== undefined) passed[name] = String(value)
  }
  return passed
}
