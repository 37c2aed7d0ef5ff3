// Owns: what both shells serve of the built page: files, their headers, the content security policy.
// Does not own: how a shell carries them (browser/server.ts, electron/protocol.ts).
// Start here: `createPage`.
import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
}

/** The literal in index.html that is replaced by a fresh nonce in every answer. */
const noncePlace = '__CSP_NONCE__'

/** A file of the page, ready to be sent. */
export type PageAnswer = {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer<ArrayBuffer>
}

/** Answers a path of the page. */
export type Page = (path: string) => Promise<PageAnswer>

/** The content security policy of one answer: nothing but our own files, styles with this answer's nonce, no eval. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Headers of every answer, page or not: no sniffing, no referrer, no sharing with another origin. */
export const safeHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(self), microphone=(), geolocation=(), usb=(), payment=()',
  'x-frame-options': 'DENY',
} as const

/**
 * Serves the files under `folder` (out/renderer), `/` being index.html. A path that is not a file inside the folder,
 * through whatever spelling or link, is answered 404. Files under /assets/ carry a hash in their name and may be kept;
 * index.html is never kept, since each answer has its own nonce.
 */
export function createPage(folder: string): Page {
  return async (path) => {
    const found = await readInside(folder, path === '/' ? '/index.html' : path)
    const nonce = randomBytes(16).toString('base64url')
    const headers = { ...safeHeaders, 'content-security-policy': contentSecurityPolicy(nonce) }
    if (found === undefined) {
      return {
        status: 404,
        headers: { ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
        body: Buffer.from('404'),
      }
    }
    const isDocument = extname(found.file) === '.html'
    return {
      status: 200,
      headers: {
        ...headers,
        'content-type': mediaTypes[extname(found.file).toLowerCase()] ?? 'application/octet-stream',
        'cache-control': path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
      },
      body: isDocument ? Buffer.from(found.bytes.toString('utf8').replaceAll(noncePlace, nonce)) : found.bytes,
    }
  }
}

async function readInside(
  folder: string,
  path: string,
): Promise<{ file: string; bytes: Buffer<ArrayBuffer> } | undefined> {
  try {
    const plain = decodeURIComponent(path)
    if (plain.includes('\0') || plain.includes('\\')) return undefined
    const root = await realpath(folder)
    const file = await realpath(join(root, plain))
    if (!file.startsWith(root + sep)) return undefined
    return { file, bytes: await readFile(file) }
  } catch {
    // Not there, a folder, or not decodable: all the same to who asks.
    return undefined
  }
}
