// Owns: the private local socket by which one process on this machine talks to the owner of a data folder.
// Does not own: what is said over it (the desk's calls, the centre's back office) or the folder's lock (folder-lock.ts).
// Start here: `listenOnSocket` for the owner, `readOwner` and `requestOverSocket` for everyone else.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../preload/contract/errors.ts'

/** Who owns a data folder, and how to reach that process. Stands in `owner.json`, readable by the user alone. */
export type Owner = { readonly pid: number; readonly socketPath: string; readonly token: string }

/** A socket path of a unix domain socket may have 103 bytes on the narrowest system (macOS). */
const longestSocketPath = 103

/**
 * Where the owner of `folder` listens: a named pipe on Windows, elsewhere a socket in a directory of the user's own
 * (mode 0700; made when missing). The same folder gives the same path, however it is spelled.
 * Throws NOT_ALLOWED when that directory belongs to somebody else or is open to others.
 */
export function socketPathFor(folder: string): string {
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\cunchuang-${name}`
  const directory = `cunchuang-${process.getuid?.() ?? 0}`
  const bases = [process.env.XDG_RUNTIME_DIR ?? '', tmpdir(), '/tmp'].filter((base) => base !== '')
  const paths = bases.map((base) => join(base, directory, `${name}.sock`))
  for (const path of paths.filter((candidate) => Buffer.byteLength(candidate) <= longestSocketPath)) {
    if (makePrivateDirectory(join(path, '..'))) return path
  }
  throw new AppError('NOT_ALLOWED', { what: 'socket-directory' })
}

/** Whether the directory is there, is ours and is closed to others; it is made when missing. */
function makePrivateDirectory(directory: string): boolean {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const found = lstatSync(directory)
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
  } catch {
    return false
  }
}

/**
 * Starts listening on a socket path. A socket left by a dead owner is removed first: so call this only while holding the
 * folder's lock. Rejects with the system's error when the path cannot be had.
 */
export async function listenOnSocket(server: Server, socketPath: string): Promise<void> {
  if (process.platform !== 'win32') rmSync(socketPath, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
  if (process.platform !== 'win32') chmodSync(socketPath, 0o600)
}

/** A fresh token for an owner file. */
export function newOwnerToken(): string {
  return randomBytes(24).toString('base64url')
}

/** Whether an `authorization` header carries this token, compared in constant time. */
export function hasToken(authorization: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

/** Writes `owner.json` whole or not at all, mode 0600. */
export function writeOwner(folder: string, owner: Owner): void {
  const path = join(folder, 'owner.json')
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, JSON.stringify(owner), { mode: 0o600 })
  renameSync(aside, path)
}

/** Removes `owner.json`, at a clean end. */
export function removeOwner(folder: string): void {
  rmSync(join(folder, 'owner.json'), { force: true })
}

/** Reads `owner.json`; undefined where there is none or it is not one. It may name a process that has died since. */
export function readOwner(folder: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))
    return isOwner(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const { pid, socketPath, token } = value as Partial<Record<keyof Owner, unknown>>
  return typeof pid === 'number' && typeof socketPath === 'string' && typeof token === 'string'
}

/** A request over a private socket. `body` is sent as it is; a stream goes out as it comes. */
export type SocketRequest = {
  readonly socketPath: string
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | Readable
  /** Ends the request; the promise or the response stream then fails with an AbortError. */
  readonly signal?: AbortSignal
}

/** The answer's head, and its body still to be read. */
export type SocketResponse = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: IncomingMessage
}

/** Sends a request over a private socket and resolves with the head of the answer. Throws DESK_RESTARTING when nobody listens there. */
export async function requestOverSocket(options: SocketRequest): Promise<SocketResponse> {
  const { socketPath, method, path, headers = {}, body, signal } = options
  // A connection of its own: one kept from before may be closed by a busy owner in the moment in which it is used again.
  const agent = false
  // Yet the owner must not be the one who closes it: its answer to a refused file would be lost to a sender that still
  // writes. The connection ends here, once the answer is read.
  const kept = { ...headers, connection: 'keep-alive' }
  const outgoing = request({
    socketPath,
    method,
    path,
    headers: kept,
    agent,
    ...(signal === undefined ? {} : { signal }),
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve)
    outgoing.once('error', reject)
  })
  answered.catch(() => undefined)
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) outgoing.end(body)
  else pipeline(body, outgoing).catch((error: Error) => outgoing.destroy(error))
  try {
    const response = await answered
    return { status: response.statusCode ?? 0, headers: response.headers, body: response }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ECONNREFUSED' || code === 'ENOENT') throw new AppError('DESK_RESTARTING', {}, { cause })
    throw cause
  }
}

/** Reads a stream to its end as UTF-8 text; more than `limitBytes` is an error. */
export async function readText(stream: AsyncIterable<Uint8Array>, limitBytes = 8 << 20): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stream) {
    size += part.byteLength
    if (size > limitBytes) throw new AppError('FILE_TOO_LARGE', { limitBytes })
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
