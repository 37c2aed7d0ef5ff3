// Owns: the scheme app://cunchuang: the built page, and bytes to and from the desk.
// Does not own: what the page is (../page.ts) or the desk's routes.
// Start here: `declareScheme` before Electron is ready, `servePage` after.
import { Readable } from 'node:stream'
import { protocol, type Session } from 'electron'
import { AppError } from '../../../preload/contract/errors.ts'
import { bytesAnswerHeaders, bytesRequestHeaders } from '../bytes-headers.ts'
import type { DeskProcess, WindowSession } from '../desk-process.ts'
import type { Page } from '../page.ts'
import { isOurPage, pageScheme } from './origin.ts'

/** Makes app: a standard, secure scheme with fetch and streams. Must run before Electron is ready. */
export function declareScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true }
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges }])
}

/** Serves the page and the bytes of one window's session under app://cunchuang; any other host is 404. */
export function servePage(session: Session, page: Page, desk: DeskProcess, window: WindowSession): void {
  session.protocol.handle(pageScheme, async (request) => {
    const { pathname, search } = new URL(request.url)
    if (!isOurPage(request.url)) return new Response(null, { status: 404 })
    if (pathname.startsWith('/bytes/')) return await bytes(request, pathname + search, desk, window)
    if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 })
    const file = await page(pathname)
    return new Response(file.body, { status: file.status, headers: file.headers })
  })
}

async function bytes(request: Request, path: string, desk: DeskProcess, window: WindowSession): Promise<Response> {
  const { method } = request
  if (method !== 'GET' && method !== 'PUT') return new Response(null, { status: 405 })
  // A form or script of another origin has no way in here, but the check costs nothing: only our page sends no foreign Origin.
  const origin = request.headers.get('origin')
  if (origin !== null && !isOurPage(origin)) return new Response(null, { status: 403 })
  try {
    const body =
      request.body === null ? {} : { body: Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]) }
    const headers = bytesRequestHeaders(method, (name) => request.headers.get(name))
    const answered = await desk.bytes({ method, path, headers, signal: request.signal, ...body }, window)
    const stream = Readable.toWeb(answered.body) as unknown as ReadableStream<Uint8Array>
    return new Response(stream, { status: answered.status, headers: bytesAnswerHeaders(answered.headers) })
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'DESK_RESTARTING'
    return Response.json({ ok: false, error: { code, details: {} } }, { status: 503 })
  }
}
